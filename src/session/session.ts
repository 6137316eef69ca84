/** A session: one conversation with the database, in transactions that begin by themselves. */

import type { Connection, QueryOptions, QueryResult } from "../engine/connection.js";
import { type CompiledStatement, compile } from "../query/compile.js";
import { namesOf, parsersOf } from "../query/read.js";
import type { Statement } from "../query/statement.js";
import type { Sql } from "../sql/sql.js";
import { SessionError } from "./errors.js";
import { Result, type RowOf } from "./result.js";
import { Savepoint } from "./savepoint.js";
import { type ConnectionSource, TransactionLayer, type TransactionOptions } from "./transaction.js";

export interface SessionOptions extends TransactionOptions {
  /** Whether loaded objects are read anew after a commit. Default false. */
  readonly expireOnCommit?: boolean;
}

export interface ExecuteOptions {
  /** Cancels the statement on the server. The embedded database can't be interrupted. */
  readonly signal?: AbortSignal;
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
  #running: Promise<unknown> | undefined;

  /** @param source an engine, or a connection that the caller holds and the session never gives back. */
  constructor(source: ConnectionSource, options: SessionOptions = {}) {
    this.#transaction = new TransactionLayer(source, options);
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
    const compiled = compile(statement);
    return this.#exclusive(async () => readRows(compiled, await this.#transaction.run(...request(compiled, options))));
  }

  /**
   * One statement outside any transaction, for those that PostgreSQL refuses inside one: `CREATE INDEX CONCURRENTLY`.
   *
   * @throws SessionError `session.begun` when a transaction has begun.
   */
  executeAutocommit<Row>(statement: Executable<Row>, options: ExecuteOptions = {}): Promise<Result<RowOf<Row>>> {
    const compiled = compile(statement);
    return this.#exclusive(async () =>
      readRows(compiled, await this.#transaction.runAutocommit(...request(compiled, options))),
    );
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
      const name = await layer.savepoint();
      return new Savepoint({
        isOpen: () => layer.isOpen(name),
        commit: () => this.#exclusive(() => layer.releaseSavepoint(name)),
        rollback: () => this.#exclusive(() => layer.rollbackSavepoint(name)),
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
   * `COMMIT`. Nothing is sent where no statement was.
   *
   * @throws PendingRollbackError when an error has aborted the transaction.
   */
  commit(): Promise<void> {
    return this.#exclusive(() => this.#transaction.commit());
  }

  /** `ROLLBACK` of the whole transaction, savepoints included. */
  rollback(): Promise<void> {
    return this.#exclusive(() => this.#transaction.rollback());
  }

  /** Rolls back what wasn't committed and gives the connection back. Waits for a call that is still running. */
  async close(): Promise<void> {
    await this.#running?.catch(() => {});
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

type Request = [text: string, parameters: readonly unknown[], options: QueryOptions];

function request({ text, parameters, columns }: CompiledStatement, options: ExecuteOptions): Request {
  return [text, parameters, { ...options, parsers: parsersOf(columns) }];
}

/** Rows whose elements go by the names that the statement gives them, where it has a plan. */
function readRows<Row>({ columns }: CompiledStatement, data: QueryResult): Result<Row> {
  return new Result(columns.length === 0 ? data : { ...data, columns: namesOf(columns) });
}
