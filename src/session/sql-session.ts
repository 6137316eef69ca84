/** The part of a session that knows SQL and transactions, and no models: what migrations and their history run on. */

import type { Connection } from "../engine/connection.js";
import type { Sql } from "../sql/sql.js";
import { compileSql } from "../sql/writer.js";
import { SessionError } from "./errors.js";
import { Result, type RowOf } from "./result.js";
import { Savepoint } from "./savepoint.js";
import { type ConnectionSource, TransactionLayer, type TransactionOptions } from "./transaction.js";

/** What a savepoint takes with it when it ends. */
export interface SavepointEnd {
  released(): void;
  rolledBack(): void;
}

/**
 * No connection is taken before the first statement; that one begins a transaction, which lasts until `commit()`,
 * `rollback()` or `close()`. After that the session can be used again. It does one thing at a time: a call made while
 * another runs throws `session.busy`. Tasks that run side by side need a session each.
 */
export class SqlSession implements AsyncDisposable {
  protected readonly transaction: TransactionLayer;
  #running: Promise<unknown> | undefined;

  /**
   * @param source an engine, a connection that the caller holds and the session never gives back, or another session, whose
   *   transaction this one shares.
   */
  constructor(source: ConnectionSource | SqlSession, options: TransactionOptions = {}) {
    this.transaction = source instanceof SqlSession ? source.transaction : new TransactionLayer(source, options);
  }

  /** Whether a transaction has begun, be it that PostgreSQL doesn't know yet. */
  inTransaction(): boolean {
    return this.transaction.begun;
  }

  /**
   * Begins a transaction with a mode of its own. PostgreSQL hears of it with the first statement:
   * `BEGIN ISOLATION LEVEL SERIALIZABLE, READ ONLY`.
   *
   * @throws SessionError `session.begun`
   */
  async begin(options: TransactionOptions = {}): Promise<void> {
    this.transaction.begin(options);
  }

  /**
   * `await session.execute(sql`UPDATE users SET active = ${true}`)`
   *
   * @throws DatabaseError what PostgreSQL answered; the transaction is aborted then, until `rollback()`.
   * @throws PendingRollbackError in a transaction that is aborted.
   */
  execute<Row>(statement: Sql<Row>, options: { readonly signal?: AbortSignal } = {}): Promise<Result<RowOf<Row>>> {
    return this.exclusive(() => this.run(statement, options));
  }

  /**
   * One statement outside any transaction, for those that PostgreSQL refuses inside one: `CREATE INDEX CONCURRENTLY`.
   *
   * @throws SessionError `session.begun` when a transaction has begun.
   */
  executeAutocommit<Row>(
    statement: Sql<Row>,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<Result<RowOf<Row>>> {
    const { text, parameters } = compileSql(statement);
    return this.exclusive(async () => new Result(await this.transaction.runAutocommit(text, parameters, options)));
  }

  /** The current transaction's connection (begins one), for scripts and raw values. The session stays its owner. */
  connection(): Promise<Connection> {
    return this.exclusive(() => this.transaction.connection());
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
    return this.exclusive(async () => {
      await this.prepareSavepoint();
      const layer = this.transaction;
      const name = await layer.savepoint();
      const end = this.savepointBegan();
      return new Savepoint({
        isOpen: () => layer.isOpen(name),
        commit: () =>
          this.exclusive(async () => {
            await this.prepareSavepoint();
            await layer.releaseSavepoint(name);
            end.released();
          }),
        rollback: () =>
          this.exclusive(async () => {
            await layer.rollbackSavepoint(name);
            end.rolledBack();
          }),
      });
    });
  }

  /** Runs `work` in a savepoint: released when it is done, rolled back to when it throws. */
  async nested<T>(work: (session: this) => Promise<T>): Promise<T> {
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
   * `COMMIT`, after the flush in a session with objects. Nothing is sent where there is nothing to store.
   *
   * @throws PendingRollbackError when an error has aborted the transaction.
   */
  commit(): Promise<void> {
    return this.exclusive(async () => {
      const { ended } = this.transaction;
      try {
        await this.prepareToCommit();
        await this.transaction.commit();
      } catch (error) {
        // A deferred constraint that fails has ended the transaction.
        if (this.transaction.ended > ended) this.rolledBack(true);
        throw error;
      }
      this.committed(this.transaction.ended > ended);
    });
  }

  /**
   * `ROLLBACK` of the whole transaction, savepoints included. In a session with objects, new ones are out of it again,
   * deleted ones back in it, and all attributes but the keys read as not loaded: `refresh()` what is to be used on.
   */
  rollback(): Promise<void> {
    return this.exclusive(async () => {
      const { begun } = this.transaction;
      await this.transaction.rollback();
      this.rolledBack(begun);
    });
  }

  /** Rolls back what wasn't committed and gives the connection back. Waits for a call that is still running. */
  async close(): Promise<void> {
    await this.idle();
    await this.rollback();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  protected async run<Row>(
    statement: Sql<Row>,
    { signal }: { readonly signal?: AbortSignal | undefined },
  ): Promise<Result<RowOf<Row>>> {
    const { text, parameters } = compileSql(statement);
    return new Result(await this.transaction.run(text, parameters, signal === undefined ? {} : { signal }));
  }

  protected async prepareToCommit(): Promise<void> {}

  /** Before a savepoint begins or ends. */
  protected async prepareSavepoint(): Promise<void> {}

  protected savepointBegan(): SavepointEnd {
    return { released() {}, rolledBack() {} };
  }

  /** @param _wasBegun whether there was a transaction. */
  protected committed(_wasBegun: boolean): void {}

  protected rolledBack(_wasBegun: boolean): void {}

  /** Ends when no call is running; its error is its caller's. */
  async idle(): Promise<void> {
    await this.#running?.catch(() => {});
  }

  protected async exclusive<T>(work: () => Promise<T>): Promise<T> {
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
