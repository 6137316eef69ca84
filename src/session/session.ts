/** A session: one conversation with the database, in transactions that begin by themselves, and the objects of it. */

import type { AnyModel, InstanceOf } from "../model/relations.js";
import type { RowOptions } from "../orm/get.js";
import { requireState } from "../orm/mapper.js";
import type { LoaderOption } from "../query/loader.js";
import type { Query } from "../query/query.js";
import { requireStatement, type Statement } from "../query/statement.js";
import type { Sql } from "../sql/sql.js";
import type { SessionStreamOptions } from "./batches.js";
import type { SessionEvents } from "./events.js";
import { LoadBatch } from "./load-batch.js";
import { type ExecuteOptions, SessionObjects } from "./objects.js";
import { Result, type RowOf } from "./result.js";
import { type SavepointEnd, SqlSession } from "./sql-session.js";
import { RowStream } from "./stream.js";
import type { ConnectionSource, TransactionOptions } from "./transaction.js";

export interface SessionOptions extends TransactionOptions {
  /** Whether loaded objects are read anew after a commit. Default false. */
  readonly expireOnCommit?: boolean;
  /** Whether changes are flushed before every query. Default true. */
  readonly autoflush?: boolean;
  /**
   * Conditions that hold for all that the session reads of a model, `get` and `load` included, and for what `update()` and
   * `remove()` change:
   * `[withCriteria(Post, (post) => post.deletedAt.isNull())]`.
   */
  readonly criteria?: readonly LoaderOption<never>[];
  /** What is called when the session flushes, commits, rolls back and loads. */
  readonly events?: SessionEvents;
}

/** What a session executes: SQL, or a statement over models. */
export type Executable<Row> = Sql<Row> | Statement<Row & readonly unknown[]>;

/**
 * No connection is taken before the first statement; that one begins a transaction, which lasts until `commit()`,
 * `rollback()` or `close()`. After that the session can be used again. It does one thing at a time: a call made while
 * another runs throws `session.busy`, but for loads, which wait for each other. Tasks that run side by side need a session
 * each.
 *
 * ```ts
 * await using session = Sessions();
 * await session.execute(sql`UPDATE users SET active = true`);   // BEGIN; UPDATE users SET active = true
 * await session.commit();                                       // COMMIT
 * ```                                                           // without it: ROLLBACK
 */
export class Session extends SqlSession {
  readonly #objects: SessionObjects;
  readonly #loads: LoadBatch;
  readonly #expireOnCommit: boolean;
  readonly #events: SessionEvents;

  /**
   * @param source an engine, a connection that the caller holds and the session never gives back, or a session whose
   *   transaction this one shares.
   */
  constructor(source: ConnectionSource | SqlSession, options: SessionOptions = {}) {
    super(source, options);
    const { expireOnCommit = false, autoflush = true, criteria = [], events = {} } = options;
    this.#loads = new LoadBatch(
      (work) => this.exclusive(work),
      (states, attribute) => this.#objects.load(states, attribute),
    );
    this.#objects = new SessionObjects(
      this.transaction,
      (state, name) => this.#loads.add([state], name),
      { autoflush, criteria },
      {
        beforeFlush: () => events.beforeFlush?.(this),
        ...(events.afterFlush === undefined ? {} : { afterFlush: () => events.afterFlush?.(this) }),
        ...(events.load === undefined ? {} : { load: (instance) => events.load?.(instance, this) }),
      },
    );
    this.#events = events;
    this.#expireOnCommit = expireOnCommit;
  }

  /**
   * ```ts
   * const result = await session.execute(sql<[number, string]>`SELECT id, name FROM users WHERE id = ${7}`);
   * const rows = await session.execute(select(User.id, User.username).where(User.id.eq(7)));
   * ```
   * @throws DatabaseError what PostgreSQL answered; the transaction is aborted then, until `rollback()`.
   * @throws PendingRollbackError in a transaction that is aborted.
   */
  override execute<Row>(statement: Executable<Row>, options: ExecuteOptions = {}): Promise<Result<RowOf<Row>>> {
    return this.exclusive(async () => {
      requireStatement(statement);
      if (statement.kind !== "sql") return new Result(await this.#objects.execute(statement, options));
      await this.#objects.flushAhead();
      return this.run(statement, options);
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
   * `stream.batch`
   */
  stream<Row extends readonly unknown[]>(
    statement: Query<Row, unknown>,
    options: SessionStreamOptions = {},
  ): RowStream<Row> {
    const batches = this.#objects.batches(statement, options);
    return new RowStream({
      next: () =>
        this.exclusive(async () => {
          if (!batches.open) await this.#objects.flushAhead();
          return batches.next();
        }),
      close: () => this.exclusive(() => batches.close()),
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
    return this.exclusive(() => this.#objects.flush());
  }

  /**
   * `await session.get(User, 7)` → `SELECT … FROM "users" WHERE "id" = $1`; no SQL where the session has it. A composite
   * key is an array in the key's order or an object: `get(Link, { postId: 1, tagId: 2 })`. null for a key that is null, as a
   * foreign key may be: no SQL.
   */
  get<M extends AnyModel>(model: M, key: unknown, options: RowOptions = {}): Promise<InstanceOf<M> | null> {
    // What comes of a model is an instance of it.
    return this.exclusive(() => this.#objects.get(model, key, options)) as Promise<InstanceOf<M> | null>;
  }

  /**
   * Copies what `instance` says onto this session's object for the same row, which is loaded if need be, or onto a new
   * one; with it what it is related to (cascade `merge`). @returns that object; `instance` stays as it is.
   */
  merge<T extends object>(instance: T): Promise<T> {
    // It is of the same model.
    return this.exclusive(() => this.#objects.merge(instance)) as Promise<T>;
  }

  /**
   * Reads an object's attributes anew; all that are loaded with it unless some are named.
   *
   * @throws ObjectDeletedError where its row is gone.
   */
  refresh<T extends object>(instance: T, attributes?: readonly (keyof T & string)[]): Promise<void> {
    return this.exclusive(() => this.#objects.refresh(instance, attributes));
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
   * Loads an attribute that isn't loaded, of one object or of many in one statement. Calls that are made at once, as in
   * `Promise.all`, are put together: one statement for each attribute, one after the other.
   *
   * `await session.load(user, "posts")` → `SELECT … FROM "posts" WHERE "user_id" = …`
   */
  load<T extends object, K extends keyof T & string>(instance: T, attribute: K): Promise<T[K]>;
  load<T extends object, K extends keyof T & string>(instances: readonly T[], attribute: K): Promise<T[K][]>;
  async load(given: object | readonly object[], attribute: string): Promise<unknown> {
    const instances: readonly object[] = Array.isArray(given) ? given : [given];
    const states = instances.map((instance) => this.#objects.own(instance));
    await this.#loads.add(states, attribute);
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
   * Rolls back what wasn't committed and gives the connection back; its objects are detached, and keep what was loaded.
   * Waits for a call that is still running.
   */
  override async close(): Promise<void> {
    await this.idle();
    this.#objects.work.close();
    await super.close();
  }

  protected override prepareToCommit(): Promise<void> {
    return this.#objects.flushLast();
  }

  protected override prepareSavepoint(): Promise<void> {
    return this.#objects.flush();
  }

  protected override savepointBegan(): SavepointEnd {
    const { work } = this.#objects;
    const depth = work.beginSavepoint();
    return { released: () => work.releaseSavepoint(depth), rolledBack: () => work.rollbackSavepoint(depth) };
  }

  protected override committed(wasBegun: boolean): void {
    this.#objects.commit(this.#expireOnCommit);
    if (wasBegun) this.#events.afterCommit?.(this);
  }

  protected override rolledBack(wasBegun: boolean): void {
    this.#objects.rollback(wasBegun);
    if (wasBegun) this.#events.afterRollback?.(this);
  }
}
