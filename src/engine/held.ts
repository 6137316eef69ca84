/** A connection on loan from the pool. */

import type {
  Connection,
  HeldConnection,
  QueryOptions,
  QueryResult,
  ReleaseOptions,
  StreamOptions,
  TransactionStatus,
} from "./connection.js";
import type { DriverConnection } from "./driver.js";
import { ConnectionLostError } from "./errors.js";
import type { Pool } from "./pool.js";

export class PooledConnection implements HeldConnection {
  readonly serverVersion: number;
  readonly #pool: Pool;
  #inner: DriverConnection | undefined;
  #last: Promise<unknown> | undefined;

  constructor(inner: DriverConnection, pool: Pool) {
    this.#inner = inner;
    this.#pool = pool;
    this.serverVersion = inner.serverVersion;
  }

  get broken(): boolean {
    return this.#inner?.broken ?? true;
  }

  get transactionStatus(): TransactionStatus {
    return this.#inner?.transactionStatus ?? "idle";
  }

  async query<Row = unknown[]>(
    text: string,
    parameters?: readonly unknown[],
    options?: QueryOptions<Row>,
  ): Promise<QueryResult<Row>> {
    return this.#follow(this.#connection().query(text, parameters, options));
  }

  stream<Row = unknown[]>(
    text: string,
    parameters?: readonly unknown[],
    options?: StreamOptions<Row>,
  ): AsyncIterable<Row> {
    return this.#connection().stream(text, parameters, options);
  }

  async script(text: string): Promise<void> {
    return this.#follow(this.#connection().script(text));
  }

  async release(options?: ReleaseOptions): Promise<void> {
    const inner = this.#inner;
    this.#inner = undefined;
    if (inner === undefined) return;
    // `return held.query(…)` gives the connection back while the statement is on its way.
    await this.#last?.catch(() => {});
    await this.#pool.release(inner, options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }

  #follow<T>(statement: Promise<T>): Promise<T> {
    this.#last = statement;
    return statement;
  }

  #connection(): Connection {
    if (this.#inner !== undefined) return this.#inner;
    throw new ConnectionLostError(
      "connection.released",
      "This connection was given back. Take another: engine.connect().",
    );
  }
}
