/** What the steps of a migration run on: a connection that a signal interrupts, and a session that the runner ends. */

import type {
  HeldConnection,
  QueryOptions,
  QueryResult,
  StreamOptions,
  TransactionStatus,
} from "../engine/connection.js";
import { AthanorError } from "../errors.js";
import { Session } from "../session/session.js";

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

  release(): Promise<void> {
    return this.#inner.release();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }
}

/** The session that a migration's code gets. The transaction is the runner's: the history's entry belongs into it. */
export class MigrationSession extends Session {
  #lent = false;

  /** Runs a step's code, which may not end the transaction. */
  async lend(code: (session: Session) => Promise<void>): Promise<void> {
    this.#lent = true;
    try {
      await code(this);
    } finally {
      this.#lent = false;
    }
  }

  override async commit(): Promise<void> {
    this.#refuseLent("commit");
    await super.commit();
  }

  override async rollback(): Promise<void> {
    this.#refuseLent("rollback");
    await super.rollback();
  }

  override async close(): Promise<void> {
    this.#refuseLent("close");
    await super.close();
  }

  #refuseLent(call: string): void {
    if (!this.#lent) return;
    throw new AthanorError(
      "migration.transaction",
      `A migration's step called session.${call}(). The runner ends the transaction, with the history's entry in it; remove the call, use session.nested() for a part that may fail, or give the migration transaction: false to commit in between.`,
    );
  }
}
