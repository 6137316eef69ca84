/** What everything above the drivers sees of a database. */

import type { DataRow } from "./data-row.js";

/** PostgreSQL's text of each value, by position; null is NULL. Only good until the reader returns: it may be used again. */
export type Fields = readonly (string | null)[];

/** How each column's text is read by its type; undefined: it stays text. */
export type Parsers = readonly (((text: string) => unknown) | undefined)[];

export interface QueryOptions<Row = unknown[]> {
  /** Makes a row of PostgreSQL's text, as each arrives; `rows` holds what it gives. */
  readonly read?: (fields: Fields, parsers: Parsers) => Row;
  /** As `read`, of the bytes that came, for whoever reads thousands. */
  readonly readRow?: (row: DataRow, parsers: Parsers) => Row;
  /** Values as PostgreSQL's own text, unparsed: `string | null`. */
  readonly raw?: boolean;
  /** Keeps the statement prepared, so that PostgreSQL parses it once per connection. Not with `createEngine`'s `prepare: false`. */
  readonly prepare?: boolean;
  /** Statements without parameters that travel with this one, in the same round trip: `BEGIN`, and `COMMIT`. */
  readonly before?: string;
  readonly after?: string;
  /** It changes nothing and locks no rows. */
  readonly onlyReads?: boolean;
  /** Cancels the statement by a cancel request on a second connection. The embedded database can't be interrupted. */
  readonly signal?: AbortSignal;
}

export interface StreamOptions<Row = unknown[]> extends Pick<QueryOptions<Row>, "raw" | "read" | "readRow" | "signal"> {
  /** How many rows are fetched at a time, and held in memory. Default 1,000. */
  readonly batch?: number;
}

export interface QueryResult<Row = unknown[]> {
  readonly columns: readonly string[];
  /** Values by position, unless the query had a reader. */
  readonly rows: Row[];
  /** Rows returned or changed; 0 where the command counts none. */
  readonly rowCount: number;
  /** The command's tag without its numbers: `SELECT`, `INSERT`, `CREATE TABLE`, … */
  readonly command: string;
}

/** Where the server stands: `failed` is a transaction that an error has aborted and that awaits its ROLLBACK. */
export type TransactionStatus = "idle" | "open" | "failed";

/** One connection, one statement at a time. */
export interface Connection {
  /** `server_version_num`: 180004 for 18.4. */
  readonly serverVersion: number;
  readonly transactionStatus: TransactionStatus;
  /** The connection is lost or closed and will never answer again. */
  readonly broken: boolean;
  /**
   * One statement by the extended protocol, with `$1`, `$2`, … for parameters.
   *
   * ```ts
   * const options = { read: ([id, name]: Fields) => ({ id: Number(id), name }) };
   * const { rows } = await connection.query("SELECT id, name FROM users WHERE id < $1", [9], options);
   * ```
   *
   * @throws DatabaseError what PostgreSQL answered, or that the connection was lost.
   */
  query<Row = unknown[]>(
    text: string,
    parameters?: readonly unknown[],
    options?: QueryOptions<Row>,
  ): Promise<QueryResult<Row>>;
  /**
   * The rows of one statement as they are read, a batch at a time. Leaving the loop ends it.
   *
   * ```ts
   * for await (const [id, name] of connection.stream("SELECT id, name FROM users", [], { batch: 500 })) …
   * ```
   *
   * Until it has ended, the connection sends nothing else.
   *
   * @throws AthanorError `stream.open` for another statement meanwhile, `stream.batch`
   * @throws DatabaseError what PostgreSQL answered, or that the connection was lost.
   */
  stream<Row = unknown[]>(
    text: string,
    parameters?: readonly unknown[],
    options?: StreamOptions<Row>,
  ): AsyncIterable<Row>;
  /** Several statements in one simple-protocol message, without parameters; one implicit transaction unless they say. */
  script(text: string): Promise<void>;
}

export interface ReleaseOptions {
  /**
   * Whether all that was done since BEGIN was to read: the ROLLBACK is not waited for then, and travels with what is sent
   * next, which is at the end of this turn if nobody sends anything before.
   */
  readonly onlyRead?: boolean;
}

/** A connection out of the pool for as long as its holder wants: `await using connection = await engine.connect()`. */
export interface HeldConnection extends Connection, AsyncDisposable {
  /** Gives it back, rolled back if a transaction was open. What was SET or locked for the session stays: undo it first. */
  release(options?: ReleaseOptions): Promise<void>;
}

/** A statement that is about to be sent. */
export interface StatementEvent {
  readonly sql: string;
  readonly parameterCount: number;
  /** Only with `logParameters`: they are data, and may be secret. */
  readonly parameters?: readonly unknown[];
}

/** One statement that was sent, for logs and for tests that count statements. */
export interface LogEvent extends StatementEvent {
  /** 0 for one that travelled with another: see `QueryOptions.before`. */
  readonly milliseconds: number;
  readonly rowCount: number;
  readonly error?: unknown;
}

export type Log = (event: LogEvent) => void;

/** What an engine calls around each statement, BEGIN, SAVEPOINT and COMMIT included: at once, on whatever connection. */
export interface EngineEvents {
  /** Before it is sent. What this throws, the statement's caller hears, and nothing is sent. */
  readonly beforeExecute?: (event: StatementEvent) => void;
  /** When it was answered, or failed. `log` is the same. */
  readonly afterExecute?: Log;
}
