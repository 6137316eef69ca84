/**
 * The transaction layer: takes a connection at the first statement, begins, and gives the connection back at the end.
 * Everything that sends SQL goes through here, the unit of work and the migrator included.
 */

import type { Connection, HeldConnection, QueryOptions, QueryResult, ReleaseOptions } from "../engine/connection.js";
import type { ConnectOptions, Engine, IsolationLevel } from "../engine/engine.js";
import { DatabaseError } from "../engine/errors.js";
import { PendingRollbackError, SessionError } from "./errors.js";

export interface TransactionOptions {
  readonly isolationLevel?: IsolationLevel | undefined;
  readonly readOnly?: boolean | undefined;
  /** With `serializable` and `readOnly`: waits for a snapshot that can't fail. */
  readonly deferrable?: boolean | undefined;
}

/** Where connections come from: the pool, or one that the caller holds, which stays the caller's. */
export type ConnectionSource = Engine | HeldConnection;

/** `BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE`, in one statement. */
export function beginStatement({ isolationLevel, readOnly, deferrable }: TransactionOptions): string {
  const modes = [
    isolationLevel && `ISOLATION LEVEL ${isolationLevel.toUpperCase()}`,
    readOnly !== undefined && (readOnly ? "READ ONLY" : "READ WRITE"),
    deferrable !== undefined && (deferrable ? "DEFERRABLE" : "NOT DEFERRABLE"),
  ];
  return ["BEGIN", modes.filter(Boolean).join(", ")].join(" ").trim();
}

const commit = "COMMIT";

/** A transaction that has begun for its user; PostgreSQL hears of it with the first statement. */
interface Current {
  readonly options: TransactionOptions;
  connection: HeldConnection | undefined;
  /** Names of the savepoints that are open, outermost first. */
  readonly savepoints: string[];
  /** The error that has aborted it. */
  failure: unknown;
  /** Nothing was done in it but to read: no change, no lock on a row. */
  onlyRead: boolean;
  /** COMMIT was sent with its last statement. */
  committed: boolean;
}

export class TransactionLayer {
  readonly #source: ConnectionSource;
  readonly #defaults: TransactionOptions;
  #current: Current | undefined;
  #savepointNumber = 0;
  #number = 0;

  constructor(source: ConnectionSource, defaults: TransactionOptions) {
    this.#source = source;
    const isolationLevel = "connect" in source ? source.isolationLevel : undefined;
    this.#defaults = { isolationLevel, ...defaults };
  }

  /** Tells transactions of this session apart: what belongs to one, such as a cursor, ends with it. */
  get number(): number {
    return this.#number;
  }

  get begun(): boolean {
    return this.#current !== undefined;
  }

  /** How many transactions have ended. */
  get ended(): number {
    return this.begun ? this.#number - 1 : this.#number;
  }

  /** @throws SessionError `session.begun` */
  begin(options: TransactionOptions = {}): void {
    if (this.#current !== undefined)
      throw new SessionError(
        "session.begun",
        "A transaction has begun already. Commit it or roll it back first, or use beginNested().",
      );
    this.#start(options);
  }

  /** The current transaction's connection; begins one where there is none. */
  async connection(): Promise<Connection> {
    const current = this.#usable();
    // What its user does with it, nobody knows.
    current.onlyRead = false;
    current.connection ?? (await this.#open(current, (connection, begin) => connection.query(begin)));
    return current.connection!;
  }

  /** @throws PendingRollbackError after an error has aborted the transaction. */
  async run<Row = unknown[]>(
    text: string,
    parameters?: readonly unknown[],
    options?: QueryOptions<Row>,
  ): Promise<QueryResult<Row>> {
    const current = this.#usable();
    const { connection } = current;
    current.onlyRead &&= options?.onlyReads === true;
    if (connection !== undefined) return this.#watch(connection, () => connection.query(text, parameters, options));
    // BEGIN travels with the first statement.
    const send = (opened: HeldConnection, before: string) => opened.query(text, parameters, { ...options, before });
    return this.#open(current, send, options?.signal);
  }

  /**
   * As `run`, of a transaction's last statement, which is all or nothing by itself: COMMIT travels with it where nothing was
   * written before, and `commit()` finds it done. Where COMMIT fails, the transaction has ended.
   */
  async runLast<Row = unknown[]>(
    text: string,
    parameters?: readonly unknown[],
    options?: QueryOptions<Row>,
  ): Promise<QueryResult<Row>> {
    const current = this.#usable();
    if (!current.onlyRead || current.savepoints.length > 0) return this.run(text, parameters, options);
    current.committed = true;
    try {
      return await this.run(text, parameters, { ...options, after: commit });
    } catch (error) {
      if (error instanceof DatabaseError && error.sql === commit) await this.#end();
      else current.committed = false;
      throw error;
    }
  }

  /** Whether an error has aborted the transaction. */
  get failed(): boolean {
    const { failure, connection } = this.#current ?? {};
    return failure !== undefined || connection?.transactionStatus === "failed";
  }

  /** What was done can't be relied on: nothing more is, until `rollback()`. */
  fail(error: unknown): void {
    if (this.#current !== undefined) this.#current.failure ??= error;
  }

  /** @throws PendingRollbackError after an error has aborted the transaction. */
  refuseFailed(): void {
    if (this.#current !== undefined) this.#refuseFailed(this.#current);
  }

  /** One statement outside any transaction: `CREATE INDEX CONCURRENTLY`, `VACUUM`. */
  async runAutocommit(text: string, parameters?: readonly unknown[], options?: QueryOptions): Promise<QueryResult> {
    if (this.#current !== undefined)
      throw new SessionError(
        "session.begun",
        "This statement should run outside a transaction, and one has begun. Commit it or roll it back first.",
      );
    // Not in a transaction, nothing would keep it from writing.
    const connection = await this.#take({ readOnly: false, signal: options?.signal });
    try {
      return await connection.query(text, parameters, options);
    } finally {
      await this.#giveBack(connection);
    }
  }

  /**
   * @throws PendingRollbackError when the transaction was aborted.
   * @throws DatabaseError what COMMIT answered, such as a deferred constraint's violation; nothing was stored then.
   */
  async commit(): Promise<void> {
    const current = this.#current;
    if (current === undefined) return;
    this.#refuseFailed(current);
    if (current.connection === undefined || current.committed) return this.#end();
    this.#refuseEnded(current.connection);
    try {
      const { command } = await current.connection.query(commit);
      if (command !== commit)
        throw new DatabaseError(
          "session.commit_rolled_back",
          "PostgreSQL answered COMMIT with a rollback: a statement in the transaction had failed. Nothing was stored.",
        );
    } finally {
      await this.#end();
    }
  }

  /**
   * The whole transaction, savepoints included. Without one, nothing happens. Where it only read, and on a connection of the
   * pool's, nobody has to wait for it.
   */
  async rollback(): Promise<void> {
    const { connection, onlyRead } = this.#current ?? {};
    if (onlyRead && !this.failed && connection !== this.#source) return this.#end({ onlyRead });
    try {
      const open = connection !== undefined && !connection.broken && connection.transactionStatus !== "idle";
      if (open) await connection.query("ROLLBACK");
    } catch (error) {
      // The server rolls back what a lost connection leaves.
      if (!connection?.broken) throw error;
    } finally {
      await this.#end();
    }
  }

  /** @returns the savepoint's name. */
  async savepoint(): Promise<string> {
    const name = `sp_${++this.#savepointNumber}`;
    await this.run(`SAVEPOINT ${name}`);
    this.#current?.savepoints.push(name);
    return name;
  }

  isOpen(savepoint: string): boolean {
    return this.#current?.savepoints.includes(savepoint) ?? false;
  }

  async releaseSavepoint(name: string): Promise<void> {
    await this.run(`RELEASE SAVEPOINT ${name}`);
    this.#forget(name);
  }

  /** Undoes what came after the savepoint, an error that aborted the transaction included. */
  async rollbackSavepoint(name: string): Promise<void> {
    const current = this.#current;
    this.#forget(name);
    if (current?.connection === undefined) return;
    await current.connection.script(`ROLLBACK TO SAVEPOINT ${name}; RELEASE SAVEPOINT ${name}`);
    current.failure = undefined;
  }

  #start(options: TransactionOptions): Current {
    this.#number++;
    this.#current = {
      options: { ...this.#defaults, ...options },
      connection: undefined,
      savepoints: [],
      failure: undefined,
      onlyRead: true,
      committed: false,
    };
    return this.#current;
  }

  #usable(): Current {
    const current = this.#current ?? this.#start({});
    this.#refuseFailed(current);
    return current;
  }

  /** @param work sends `begin`, alone or with a statement. */
  async #open<T>(
    current: Current,
    work: (connection: HeldConnection, begin: string) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const connection = await this.#take({ readOnly: current.options.readOnly ?? false, signal });
    try {
      const result = await work(connection, beginStatement(current.options));
      current.connection = connection;
      this.#refuseEnded(connection);
      return result;
    } catch (error) {
      const begun = current.connection !== undefined || (!connection.broken && connection.transactionStatus !== "idle");
      if (begun) {
        current.connection = connection;
        noteAborted(current, error);
      } else {
        await this.#giveBack(connection);
      }
      throw error;
    }
  }

  async #watch<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      this.#refuseEnded(connection);
      return result;
    } catch (error) {
      if (this.#current !== undefined) noteAborted(this.#current, error);
      throw error;
    }
  }

  #refuseFailed({ failure, connection }: Current): void {
    if (failure !== undefined) throw new PendingRollbackError(failure);
    // Aborted by a statement that its user sent on the connection itself.
    if (connection?.transactionStatus === "failed") throw new PendingRollbackError(undefined);
  }

  #refuseEnded(connection: Connection): void {
    if (connection.broken || connection.transactionStatus !== "idle" || this.#current?.committed) return;
    throw new SessionError(
      "session.transaction_ended",
      "A statement ended the transaction by itself (COMMIT or ROLLBACK in its text). Use session.commit() and session.rollback().",
    );
  }

  #forget(savepoint: string): void {
    const { savepoints } = this.#current ?? {};
    savepoints?.splice(savepoints.indexOf(savepoint));
  }

  async #end(options?: ReleaseOptions): Promise<void> {
    const connection = this.#current?.connection;
    this.#current = undefined;
    if (connection !== undefined) await this.#giveBack(connection, options);
  }

  async #take(options: ConnectOptions): Promise<HeldConnection> {
    return "connect" in this.#source ? this.#source.connect(options) : this.#source;
  }

  async #giveBack(connection: HeldConnection, options?: ReleaseOptions): Promise<void> {
    if (connection !== this.#source) await connection.release(options);
  }
}

/** Keeps the error if it has aborted the transaction; not every one does, such as a value that can't be read. */
function noteAborted(current: Current, error: unknown): void {
  const { connection } = current;
  if (connection?.broken || connection?.transactionStatus !== "open") current.failure ??= error;
}
