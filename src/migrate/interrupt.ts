/** What the steps of a migration run on: a connection that a signal interrupts, and a session that the runner ends. */

import type {
  HeldConnection,
  QueryOptions,
  QueryResult,
  ReleaseOptions,
  StreamOptions,
  TransactionStatus,
} from "../engine/connection.js";
import type { Session } from "../session/session.js";
import { SqlSession } from "../session/sql-session.js";

/** Cancels whatever runs on a connection when the signal comes, code in migrations included. */
export class InterruptibleConnection implements HeldConnection {
  readonly #inner: HeldConnection;
  readonly #signal: AbortSignal | undefined;
  readonly serverVersion: number;

  constructor(inner: HeldConnection, signal: AbortSignal | undefined) {
    this.#inner = inner;
    this.#signal = signal;
    this.serverVersion = inner.serverVersion;
  }

  get transactionStatus(): TransactionStatus {
    return this.#inner.transactionStatus;
  }

  get broken(): boolean {
    return this.#inner.broken;
  }

  query<Row = unknown[]>(
    text: string,
    parameters?: readonly unknown[],
    options: QueryOptions<Row> = {},
  ): Promise<QueryResult<Row>> {
    // The rollback is what an interruption ends in; and what has come as far as its commit is done.
    const interruptible = this.#signal !== undefined && text !== "ROLLBACK" && text !== "COMMIT";
    return this.#inner.query(text, parameters, interruptible ? { signal: this.#signal, ...options } : options);
  }

  stream<Row = unknown[]>(
    text: string,
    parameters?: readonly unknown[],
    options: StreamOptions<Row> = {},
  ): AsyncIterable<Row> {
    return this.#inner.stream(
      text,
      parameters,
      this.#signal === undefined ? options : { signal: this.#signal, ...options },
    );
  }

  script(text: string): Promise<void> {
    return this.#inner.script(text);
  }

  release(options?: ReleaseOptions): Promise<void> {
    return this.#inner.release(options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }
}

/** The session that a migration's steps run in. */
export class MigrationSession extends SqlSession {
  /** Runs a step's code in this session's transaction, which it may not end. */
  lend(code: (session: Session) => Promise<void>): Promise<void> {
    return this.#run(code, async () => (await import("./lent-session.js")).LentSession);
  }

  /** Runs a step's code, which may commit in between. */
  handOver(code: (session: Session) => Promise<void>): Promise<void> {
    return this.#run(code, async () => (await import("../session/session.js")).Session);
  }

  /** Most migrations have no code, and don't wait for the ORM to load. */
  async #run(
    code: (session: Session) => Promise<void>,
    load: () => Promise<new (transaction: SqlSession) => Session>,
  ): Promise<void> {
    const session = new (await load())(this);
    try {
      await code(session);
      await session.flush();
    } finally {
      // Code may have left a call behind that is still running.
      await session.idle();
    }
  }
}
