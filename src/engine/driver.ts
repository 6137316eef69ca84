/** A `Connection` over pg's client. The embedded database speaks the same protocol, so this is the only driver. */

import type pg from "pg";
import { AthanorError } from "../errors.js";
import { requireBatchSize } from "./batch-size.js";
import type {
  Connection,
  QueryOptions,
  QueryResult,
  ReleaseOptions,
  StreamOptions,
  TransactionStatus,
} from "./connection.js";
import { type Batch, Cursor } from "./cursor.js";
import { ConnectionLostError, type DatabaseError, QueryCanceledError, SerializationError } from "./errors.js";
import { Reporter, type ReportOptions } from "./log.js";
import { PreparedStatements } from "./prepared.js";
import { isStalePlan, type Settled, Statement, type StatementOptions } from "./statement.js";
import { translateQueryError } from "./translate.js";
import { serializeParameter, type WireValue } from "./types/serialize.js";

export interface DriverOptions extends ReportOptions {
  /** Where the database is, for messages: `localhost:5432`. */
  readonly place: string;
  /** Asks the server to cancel what the client is doing. Absent where that can't be done. */
  readonly cancel?: ((client: pg.Client) => Promise<void>) | undefined;
  /** Keeps prepared statements, which is the default. */
  readonly prepare?: boolean | undefined;
  /** See `StatementOptions`. */
  readonly refuseCopyAhead?: boolean | undefined;
  /** Runs after the connection was closed. */
  readonly closed?: (() => Promise<void>) | undefined;
}

/** How many prepared statements a connection keeps: each costs the server some memory. */
const preparedLimit = 256;

const rollback = { text: "ROLLBACK", parameters: [] };

const statusByLetter = { I: "idle", T: "open", E: "failed" } as const;

export class DriverConnection implements Connection {
  readonly openedAt = performance.now();
  readonly serverVersion: number;
  readonly #client: pg.Client;
  readonly #options: DriverOptions;
  readonly #reporter: Reporter;
  readonly #prepared: PreparedStatements | undefined;
  /** The stream that is being read. */
  #cursor: Cursor | undefined;
  #broken = false;
  /** Of a transaction that was left open: not sent yet, or on its way. */
  #rollback: "owed" | Promise<void> | null = null;

  constructor(client: pg.Client, serverVersion: number, options: DriverOptions) {
    this.#client = client;
    this.serverVersion = serverVersion;
    this.#options = options;
    this.#reporter = new Reporter(options);
    this.#prepared = options.prepare === false ? undefined : new PreparedStatements(preparedLimit);
    client.on("error", () => this.#lose());
    client.on("end", () => this.#lose());
  }

  get broken(): boolean {
    return this.#broken;
  }

  get transactionStatus(): TransactionStatus {
    if (this.#rollback !== null) return "idle";
    return statusByLetter[this.#client.getTransactionStatus() ?? "I"];
  }

  async query<Row = unknown[]>(
    text: string,
    parameters: readonly unknown[] = [],
    options: QueryOptions<Row> = {},
  ): Promise<QueryResult<Row>> {
    const values = parameters.map(serializeParameter);
    const { raw, read, readRow, after, prepare } = options;
    const prepared = prepare ? this.#prepared : undefined;
    const before = options.before === undefined ? undefined : [options.before];
    const own = { raw, read, readRow, before, after, prepared, refuseCopyAhead: this.#options.refuseCopyAhead };
    const result = await this.#cancellable(text, options.signal, () => this.#run(text, values, own, parameters));
    // The rows are what `read` gave, or arrays where there was none.
    return result as QueryResult<Row>;
  }

  async *stream<Row = unknown[]>(
    text: string,
    parameters: readonly unknown[] = [],
    { batch = 1_000, raw, read, readRow, signal }: StreamOptions<Row> = {},
  ): AsyncIterable<Row> {
    requireBatchSize(batch);
    this.#refuse(text);
    this.#reporter.announce({ text, parameters });
    this.#rollBackNow();
    const { refuseCopyAhead } = this.#options;
    const cursor = new Cursor(text, parameters.map(serializeParameter), { batch, raw, read, readRow, refuseCopyAhead });
    this.#cursor = cursor;
    const start = performance.now();
    let rowCount = 0;
    let error: unknown;
    try {
      const next = (fetch: () => Promise<Batch>) => this.#cancellable(text, signal, fetch);
      let fetched = await next(() => cursor.first((first) => this.#client.query(first)));
      for (;;) {
        rowCount += fetched.rows.length;
        // The rows are what `read` gave, or arrays where there was none.
        yield* fetched.rows as Row[];
        if (fetched.last) return;
        if (this.#cursor !== cursor || this.#broken) throw this.#gone(text);
        fetched = await next(() => cursor.next());
      }
    } catch (cause) {
      error = cursor.failed ? this.#translate(cause, text) : cause;
      throw error;
    } finally {
      await this.#endStream(cursor);
      const settled = { error, text, result: { columns: [], rows: [], rowCount, command: "" } };
      this.#reporter.report({ text, parameters, start, settled, error });
    }
  }

  async script(text: string): Promise<void> {
    await this.#run(text, null, { refuseCopyAhead: this.#options.refuseCopyAhead }, []);
  }

  /** Ends what its user has left open: a stream that was not read to its end, a transaction. */
  async reset({ onlyRead = false }: ReleaseOptions = {}): Promise<void> {
    if (this.#cursor !== undefined) await this.#endStream(this.#cursor);
    if (this.#broken || this.transactionStatus === "idle") return;
    if (onlyRead) this.#rollBackLater();
    else await this.query(rollback.text);
  }

  /** See `ReleaseOptions`. For whoever listens it is sent now: what it travels with is another's. */
  #rollBackLater(): void {
    this.#reporter.announce(rollback);
    const settled = { text: rollback.text, result: { columns: [], rows: [], rowCount: 0, command: "ROLLBACK" } };
    this.#reporter.report({ ...rollback, start: performance.now(), settled, error: undefined });
    this.#rollback = "owed";
    setImmediate(() => this.#rollBackNow());
  }

  /** What is sent after this comes after it, without having to wait. */
  #rollBackNow(): void {
    if (this.#rollback !== "owed" || this.#broken) return;
    this.#rollback = this.#send(rollback.text, [], {}).then(() => {
      this.#rollback = null;
    });
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
    this.#rollBackNow();
    await this.#rollback;
    this.#broken = true;
    await this.#client.end();
    await this.#options.closed?.();
  }

  #lose(): void {
    this.#broken = true;
  }

  async #run(
    text: string,
    values: readonly WireValue[] | null,
    options: StatementOptions,
    parameters: readonly unknown[],
  ): Promise<QueryResult<unknown>> {
    this.#refuse(text);
    const sending = { before: options.before, text, after: options.after, parameters };
    this.#reporter.announce(sending);
    const start = performance.now();
    let settled = await this.#sendFirst(text, values, options);
    if (isStalePlan(settled.error) && (await this.#mayRepeat(options)))
      settled = await this.#send(text, values, options);
    const stale = options.prepared !== undefined && isStalePlan(settled.error);
    const failure = settled.error === undefined ? undefined : this.#translate(settled.error, settled.text);
    const error = failure === undefined ? settled.unread : stale ? stalePlan(failure) : failure;
    this.#reporter.report({ ...sending, start, settled, error });
    if (error !== undefined) throw error;
    return settled.result;
  }

  #refuse(text: string): void {
    if (this.#broken) throw this.#gone(text);
    if (this.#cursor !== undefined)
      throw new AthanorError(
        "stream.open",
        "The connection is in the middle of a stream. Read it to its end or leave its loop first, or take another connection.",
      );
  }

  async #endStream(cursor: Cursor): Promise<void> {
    if (this.#cursor !== cursor) return;
    try {
      await cursor.close();
    } catch (error) {
      this.#translate(error, "CLOSE");
    } finally {
      this.#cursor = undefined;
    }
  }

  /** Sends a statement that may be the first since another transaction was left open; BEGIN takes the ROLLBACK along. */
  #sendFirst(text: string, values: readonly WireValue[] | null, options: StatementOptions): Promise<Settled> {
    if (this.#rollback === "owed" && options.before !== undefined) {
      this.#rollback = null;
      return this.#send(text, values, { ...options, before: [rollback.text, ...options.before] });
    }
    this.#rollBackNow();
    return this.#send(text, values, options);
  }

  #send(text: string, values: readonly WireValue[] | null, options: StatementOptions): Promise<Settled> {
    return new Promise((resolve) => {
      this.#client.query(new Statement(text, values, options, resolve));
    });
  }

  /** Whether a stale plan has spoilt nothing: outside a transaction, or in one that began with the statement itself. */
  async #mayRepeat({ before, prepared }: StatementOptions): Promise<boolean> {
    if (prepared === undefined || this.transactionStatus === "idle") return prepared !== undefined;
    if (before === undefined) return false;
    await this.#send(rollback.text, [], {});
    return true;
  }

  #translate(error: unknown, text: string): DatabaseError {
    const translated = translateQueryError(error, text, this.#options.place);
    if (translated instanceof ConnectionLostError) this.#lose();
    return translated;
  }

  #gone(text: string): ConnectionLostError {
    const message = `The connection to PostgreSQL at ${this.#options.place} is closed. Take a new one.`;
    return new ConnectionLostError("db.connection_lost", message, { sql: text });
  }

  async #cancellable<T>(text: string, signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
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
}

function stalePlan(error: DatabaseError): SerializationError {
  const message =
    "The tables of a prepared statement have changed, and with it PostgreSQL has aborted the transaction. Run the transaction again; the statement is prepared anew then.";
  return new SerializationError("db.stale_plan", message, error, error.cause);
}

/** pg's declarations lack `ref` and `unref`. */
function setReferenced(client: pg.Client & { ref?(): void; unref?(): void }, referenced: boolean): void {
  if (referenced) client.ref?.();
  else client.unref?.();
}
