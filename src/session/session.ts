/** A session: one conversation with the database, in transactions that begin by themselves. */

import type { Connection } from "../engine/connection.js";
import type { AnyModel, InstanceOf } from "../model/relations.js";
import type { RowOptions } from "../orm/get.js";
import { requireState } from "../orm/mapper.js";
import { compile } from "../query/compile.js";
import type { Query } from "../query/query.js";
import type { Statement } from "../query/statement.js";
import type { Sql } from "../sql/sql.js";
import type { SessionStreamOptions } from "./batches.js";
import { SessionError } from "./errors.js";
import { LoadBatch } from "./load-batch.js";
import { type ExecuteOptions, SessionObjects } from "./objects.js";
import { Result, type RowOf } from "./result.js";
import { Savepoint } from "./savepoint.js";
import { RowStream } from "./stream.js";
import { type ConnectionSource, TransactionLayer, type TransactionOptions } from "./transaction.js";

export interface SessionOptions extends TransactionOptions {
  /** Whether loaded objects are read anew after a commit. Default false. */
  readonly expireOnCommit?: boolean;
  /** Whether changes are flushed before every query. Default true. */
  readonly autoflush?: boolean;
}

/** What a session executes: SQL, or a statement over models. */
export type Executable<Row> = Sql<Row> | Statement<Row & readonly unknown[]>;

/**
 * No connection is taken before the first statement; that one begins a transaction, which lasts until `commit()`,
 * `rollback()` or `close()`. After that the session can be used again. It does one thing at a time: a call made while
 * another runs throws `session.busy`. Tasks that run side by side need a session each.
 *
 * ```ts
 * await using session = Sessions();
 * await session.execute(sql`UPDATE users SET active = true`);   // BEGIN; UPDATE users SET active = true
 * await session.commit();                                       // COMMIT
 * ```                                                           // without it: ROLLBACK
 */
export class Session implements AsyncDisposable {
  readonly #transaction: TransactionLayer;
  readonly #objects: SessionObjects;
  readonly #loads: LoadBatch;
  readonly #expireOnCommit: boolean;
  #running: Promise<unknown> | undefined;

  /** @param source an engine, or a connection that the caller holds and the session never gives back. */
  constructor(source: ConnectionSource, options: SessionOptions = {}) {
    const { expireOnCommit = false, autoflush = true } = options;
    this.#transaction = new TransactionLayer(source, options);
    this.#loads = new LoadBatch((states, attribute) => this.#exclusive(() => this.#objects.load(states, attribute)));
    this.#objects = new SessionObjects(this.#transaction, (state, name) => this.#loads.add(state, name), autoflush);
    this.#expireOnCommit = expireOnCommit;
  }

  /** Whether a transaction has begun, be it that PostgreSQL doesn't know yet. */
  inTransaction(): boolean {
    return this.#transaction.begun;
  }

  /**
   * Begins a transaction with a mode of its own. PostgreSQL hears of it with the first statement:
   * `BEGIN ISOLATION LEVEL SERIALIZABLE, READ ONLY`.
   *
   * @throws SessionError `session.begun`
   */
  async begin(options: TransactionOptions = {}): Promise<void> {
    this.#transaction.begin(options);
  }

  /**
   * ```ts
   * const result = await session.execute(sql<[number, string]>`SELECT id, name FROM users WHERE id = ${7}`);
   * const rows = await session.execute(select(User.id, User.username).where(User.id.eq(7)));
   * ```
   * @throws DatabaseError what PostgreSQL answered; the transaction is aborted then, until `rollback()`.
   * @throws PendingRollbackError in a transaction that is aborted.
   */
  execute<Row>(statement: Executable<Row>, options: ExecuteOptions = {}): Promise<Result<RowOf<Row>>> {
    return this.#exclusive(async () => {
      if (statement.kind !== "sql") return new Result(await this.#objects.execute(statement, options));
      await this.#objects.flushAhead();
      const { text, parameters } = compile(statement);
      const { signal } = options;
      return new Result(await this.#transaction.run(text, parameters, signal === undefined ? {} : { signal }));
    });
  }

  /**
   * The rows of a query a batch at a time, out of a cursor: for more than memory should hold.
   *
   * ```ts
   * for await (const user of session.stream(select(User), { batch: 500 }).scalars()) …
   * // DECLARE "athanor_1" NO SCROLL CURSOR FOR SELECT …; FETCH FORWARD 500 FROM "athanor_1"; …; CLOSE "athanor_1"
   * ```
   * Between batches the session does other things. Relationships are loaded batch by batch, collections by statements of
   * their own. Objects stay in the session: expunge those that are done with.
   *
   * @throws SessionError `session.stream_ended` where its transaction ended before it did, `session.stream_collection`,
   * `session.batch`
   */
  stream<Row extends readonly unknown[]>(
    statement: Query<Row, unknown>,
    options: SessionStreamOptions = {},
  ): RowStream<Row> {
    const batches = this.#objects.batches(statement, options);
    return new RowStream({
      next: () =>
        this.#exclusive(async () => {
          if (!batches.open) await this.#objects.flushAhead();
          return batches.next();
        }),
      close: () => this.#exclusive(() => batches.close()),
    });
  }

  /** Objects that the next flush inserts. */
  get new(): readonly object[] {
    return [...this.#objects.work.pending].map(({ instance }) => instance);
  }

  /** Objects of rows that differ from what was loaded. */
  get dirty(): readonly object[] {
    const { work } = this.#objects;
    work.reconcile();
    return [...work.persistent()].filter((state) => work.isModified(state)).map(({ instance }) => instance);
  }

  /** Objects whose rows the next flush deletes. */
  get deleted(): readonly object[] {
    return [...this.#objects.work.marked].map(({ instance }) => instance);
  }

  /** Whether an object is new or persistent in this session. */
  contains(instance: object): boolean {
    return this.#objects.work.contains(requireState(instance));
  }

  /** Whether an object differs from its row. */
  isModified(instance: object): boolean {
    const { work } = this.#objects;
    work.reconcile();
    return work.isModified(requireState(instance));
  }

  /**
   * A new object is inserted by the next flush, one that was detached is attached again; what it is related to comes with
   * it (cascade `save-update`). No SQL.
   *
   * @throws MappingError for one that is in another session, or whose row this session has another object for.
   */
  add(instance: object): void {
    this.#objects.work.add(instance);
  }

  /** `add` for each, in order. */
  addAll(instances: Iterable<object>): void {
    for (const instance of instances) this.add(instance);
  }

  /** The next flush deletes the object's row. @throws MappingError `orm.not_persistent` */
  delete(instance: object): void {
    this.#objects.work.delete(instance);
  }

  /**
   * Sends all changes, without committing them: INSERT, UPDATE and DELETE, one statement each for all objects of a model
   * that set the same columns, in an order that the foreign keys allow.
   *
   * @throws DatabaseError, StaleDataError; nothing more can be done then before `rollback()`.
   */
  flush(): Promise<void> {
    return this.#exclusive(() => this.#objects.flush());
  }

  /**
   * `await session.get(User, 7)` → `SELECT … FROM "users" WHERE "id" = $1`; no SQL where the session has it. A composite
   * key is an array in the key's order or an object: `get(Link, { postId: 1, tagId: 2 })`.
   */
  get<M extends AnyModel>(model: M, key: unknown, options: RowOptions = {}): Promise<InstanceOf<M> | null> {
    // What comes of a model is an instance of it.
    return this.#exclusive(() => this.#objects.get(model, key, options)) as Promise<InstanceOf<M> | null>;
  }

  /**
   * Copies what `instance` says onto this session's object for the same row, which is loaded if need be, or onto a new
   * one; with it what it is related to (cascade `merge`). @returns that object; `instance` stays as it is.
   */
  merge<T extends object>(instance: T): Promise<T> {
    // It is of the same model.
    return this.#exclusive(() => this.#objects.merge(instance)) as Promise<T>;
  }

  /**
   * Reads an object's attributes anew; all that are loaded with it unless some are named.
   *
   * @throws ObjectDeletedError where its row is gone.
   */
  refresh<T extends object>(instance: T, attributes?: readonly (keyof T & string)[]): Promise<void> {
    return this.#exclusive(() => this.#objects.refresh(instance, attributes));
  }

  /**
   * Makes attributes read as not loaded. Their changes are lost; the key stays. Unless some are named, all of them, and
   * those of what it is related to by the cascade `refresh-expire`. No SQL.
   */
  expire<T extends object>(instance: T, attributes?: readonly (keyof T & string)[]): void {
    this.#objects.expire(instance, attributes);
  }

  /** Takes an object out of the session, with what it leads to by the cascade `expunge`. */
  expunge(instance: object): void {
    this.#objects.work.expunge(instance);
  }

  /** Takes every object out of the session. */
  expungeAll(): void {
    this.#objects.work.expungeAll();
  }

  /**
   * Loads an attribute that isn't loaded, of one object or of many in one statement.
   *
   * `await session.load(user, "posts")` → `SELECT … FROM "posts" WHERE "user_id" = …`
   */
  load<T extends object, K extends keyof T & string>(instance: T, attribute: K): Promise<T[K]>;
  load<T extends object, K extends keyof T & string>(instances: readonly T[], attribute: K): Promise<T[K][]>;
  async load(given: object | readonly object[], attribute: string): Promise<unknown> {
    const instances: readonly object[] = Array.isArray(given) ? given : [given];
    const states = instances.map((instance) => this.#objects.own(instance));
    await this.#exclusive(() => this.#objects.load(states, attribute));
    const values = instances.map((instance): unknown => Reflect.get(instance, attribute));
    return Array.isArray(given) ? values : values[0];
  }

  /** Runs `work` without the flush that comes before every query. */
  async noAutoflush<T>(work: () => T | Promise<T>): Promise<T> {
    const before = this.#objects.autoflush;
    this.#objects.autoflush = false;
    try {
      return await work();
    } finally {
      this.#objects.autoflush = before;
    }
  }

  /**
   * One statement outside any transaction, for those that PostgreSQL refuses inside one: `CREATE INDEX CONCURRENTLY`.
   *
   * @throws SessionError `session.begun` when a transaction has begun.
   */
  executeAutocommit<Row>(
    statement: Sql<Row>,
    options: Pick<ExecuteOptions, "signal"> = {},
  ): Promise<Result<RowOf<Row>>> {
    const { text, parameters } = compile(statement);
    return this.#exclusive(async () => new Result(await this.#transaction.runAutocommit(text, parameters, options)));
  }

  /** The current transaction's connection (begins one), for scripts and raw values. The session stays its owner. */
  connection(): Promise<Connection> {
    return this.#exclusive(() => this.#transaction.connection());
  }

  /**
   * `SAVEPOINT sp_1`. What comes after can be undone alone.
   *
   * ```ts
   * await using savepoint = await session.beginNested();
   * await session.execute(sql`INSERT …`);
   * await savepoint.commit();   // RELEASE SAVEPOINT; without it: ROLLBACK TO SAVEPOINT
   * ```
   */
  beginNested(): Promise<Savepoint> {
    return this.#exclusive(async () => {
      const layer = this.#transaction;
      const objects = this.#objects;
      await objects.flush();
      const name = await layer.savepoint();
      const depth = objects.work.beginSavepoint();
      return new Savepoint({
        isOpen: () => layer.isOpen(name),
        commit: () =>
          this.#exclusive(async () => {
            await objects.flush();
            await layer.releaseSavepoint(name);
            objects.work.releaseSavepoint(depth);
          }),
        rollback: () =>
          this.#exclusive(async () => {
            await layer.rollbackSavepoint(name);
            objects.work.rollbackSavepoint(depth);
          }),
      });
    });
  }

  /** Runs `work` in a savepoint: released when it is done, rolled back to when it throws. */
  async nested<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const savepoint = await this.beginNested();
    try {
      const result = await work(this);
      if (savepoint.isOpen) await savepoint.commit();
      return result;
    } catch (error) {
      if (savepoint.isOpen) await savepoint.rollback();
      throw error;
    }
  }

  /**
   * Flushes, then `COMMIT`. Nothing is sent where there is nothing to store.
   *
   * @throws PendingRollbackError when an error has aborted the transaction.
   */
  commit(): Promise<void> {
    return this.#exclusive(async () => {
      await this.#objects.flush();
      try {
        await this.#transaction.commit();
      } catch (error) {
        // A deferred constraint that fails has ended the transaction.
        if (!this.#transaction.begun) this.#objects.rollback(true);
        throw error;
      }
      this.#objects.commit(this.#expireOnCommit);
    });
  }

  /**
   * `ROLLBACK` of the whole transaction, savepoints included. New objects are out of the session again, deleted ones back
   * in it, and all attributes but the keys read as not loaded: `refresh()` what is to be used on.
   */
  rollback(): Promise<void> {
    return this.#exclusive(async () => {
      const { begun } = this.#transaction;
      await this.#transaction.rollback();
      this.#objects.rollback(begun);
    });
  }

  /**
   * Rolls back what wasn't committed and gives the connection back; its objects are detached, and keep what was loaded.
   * Waits for a call that is still running.
   */
  async close(): Promise<void> {
    await this.#running?.catch(() => {});
    this.#objects.work.close();
    await this.rollback();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #exclusive<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running !== undefined)
      throw new SessionError(
        "session.busy",
        "This session is busy with another call. Await that one first, or give each task that runs at the same time a session of its own.",
      );
    const running = work();
    this.#running = running;
    try {
      return await running;
    } finally {
      this.#running = undefined;
    }
  }
}
