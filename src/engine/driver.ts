/** A `Connection` over pg's client. The embedded database speaks the same protocol, so this is the only driver. */

import type pg from "pg";
import { AthanorError } from "../errors.js";
import type { Connection, Log, QueryOptions, QueryResult, TransactionStatus } from "./connection.js";
import { ConnectionLostError, QueryCanceledError } from "./errors.js";
import { isStalePlan, type PreparedShapes, Statement } from "./statement.js";
import { translateQueryError } from "./translate.js";
import { serializeParameter, type WireValue } from "./types/serialize.js";

export interface DriverOptions {
  /** Where the database is, for messages: `localhost:5432`. */
  readonly place: string;
  readonly log?: Log | undefined;
  readonly logParameters?: boolean | undefined;
  /** Asks the server to cancel what the client is doing. Absent where that can't be done. */
  readonly cancel?: ((client: pg.Client) => Promise<void>) | undefined;
  /** See `StatementOptions`. */
  readonly refuseCopyAhead?: boolean | undefined;
  /** Runs after the connection was closed. */
  readonly closed?: (() => Promise<void>) | undefined;
}

const statusByLetter = { I: "idle", T: "open", E: "failed" } as const;

export class DriverConnection implements Connection {
  readonly openedAt = performance.now();
  readonly serverVersion: number;
  readonly #client: pg.Client;
  readonly #options: DriverOptions;
  readonly #shapes: PreparedShapes = new Map();
  #broken = false;
  #failed = false;

  constructor(client: pg.Client, serverVersion: number, options: DriverOptions) {
    this.#client = client;
    this.serverVersion = serverVersion;
    this.#options = options;
    client.on("error", () => this.#lose());
    client.on("end", () => this.#lose());
  }

  get broken(): boolean {
    return this.#broken;
  }

  get transactionStatus(): TransactionStatus {
    const status = statusByLetter[this.#client.getTransactionStatus() ?? "I"];
    // An error is reported before the server says that it is ready again, with the status that follows from it.
    return this.#failed && status === "open" ? "failed" : status;
  }

  async query(text: string, parameters: readonly unknown[] = [], options: QueryOptions = {}): Promise<QueryResult> {
    const values = parameters.map(serializeParameter);
    return this.#logged(text, parameters, () =>
      this.#cancellable(text, options, () => this.#run(text, values, options)),
    );
  }

  async script(text: string): Promise<void> {
    await this.#logged(text, [], () => this.#run(text, null, {}));
  }

  /** While it waits in the pool, a connection doesn't keep the process from ending. */
  idle(): void {
    if (!this.#broken) setReferenced(this.#client, false);
  }

  inUse(): void {
    if (!this.#broken) setReferenced(this.#client, true);
  }

  async close(): Promise<void> {
    // The goodbye has to be heard: an idle connection no longer keeps the process up until then.
    this.inUse();
    this.#broken = true;
    await this.#client.end();
    await this.#options.closed?.();
  }

  #lose(): void {
    this.#broken = true;
  }

  async #run(text: string, values: readonly WireValue[] | null, options: QueryOptions): Promise<QueryResult> {
    if (this.#broken) throw this.#gone(text);
    try {
      const result = await this.#send(text, values, options).catch((error: unknown) => {
        // Inside a transaction the error has aborted it; outside, the caller needn't know.
        if (!isStalePlan(error) || this.#inTransaction()) throw error;
        return this.#send(text, values, options);
      });
      this.#failed = false;
      return result;
    } catch (error) {
      throw this.#translate(error, text);
    }
  }

  #inTransaction(): boolean {
    return this.#client.getTransactionStatus() !== "I";
  }

  #send(text: string, values: readonly WireValue[] | null, options: QueryOptions): Promise<QueryResult> {
    return new Promise((resolve, reject) => {
      const settle = (error: unknown, done: QueryResult) => (error === undefined ? resolve(done) : reject(error));
      const { refuseCopyAhead } = this.#options;
      const own = { ...options, shapes: this.#shapes, refuseCopyAhead };
      this.#client.query(new Statement(text, values, own, settle));
    });
  }

  #translate(error: unknown, text: string): AthanorError {
    // A value that can't be read: the statement itself went well.
    if (error instanceof AthanorError) return error;
    this.#failed = true;
    const translated = translateQueryError(error, text, this.#options.place);
    if (translated instanceof ConnectionLostError) this.#lose();
    return translated;
  }

  #gone(text: string): ConnectionLostError {
    const message = `The connection to PostgreSQL at ${this.#options.place} is closed. Take a new one.`;
    return new ConnectionLostError("db.connection_lost", message, { sql: text });
  }

  async #cancellable<T>(text: string, { signal }: QueryOptions, run: () => Promise<T>): Promise<T> {
    if (signal === undefined) return run();
    if (signal.aborted)
      throw new QueryCanceledError(
        "db.query_canceled",
        "The statement was cancelled before it was sent.",
        { sql: text },
        signal.reason,
      );
    let cancelling: Promise<void> | undefined;
    const cancel = () => {
      cancelling = this.#options.cancel?.(this.#client);
    };
    signal.addEventListener("abort", cancel, { once: true });
    try {
      return await run();
    } finally {
      signal.removeEventListener("abort", cancel);
      // A request that comes late must not hit the next statement.
      await cancelling;
    }
  }

  async #logged(sql: string, parameters: readonly unknown[], run: () => Promise<QueryResult>): Promise<QueryResult> {
    const { log, logParameters } = this.#options;
    if (log === undefined) return run();
    const start = performance.now();
    const event = () => ({
      sql,
      milliseconds: performance.now() - start,
      ...(logParameters ? { parameters } : {}),
    });
    try {
      const result = await run();
      log({ ...event(), rowCount: result.rowCount });
      return result;
    } catch (error) {
      log({ ...event(), rowCount: 0, error });
      throw error;
    }
  }
}

/** pg's declarations lack `ref` and `unref`. */
function setReferenced(client: pg.Client & { ref?(): void; unref?(): void }, referenced: boolean): void {
  if (referenced) client.ref?.();
  else client.unref?.();
}
