/** A query's rows out of a cursor: other statements can be sent between batches, such as those that load relationships. */

import { requireBatchSize } from "../engine/batch-size.js";
import { type LoadContext, loadAfter } from "../orm/query/load.js";
import type { PreparedQuery } from "../orm/query/prepare.js";
import { RowReader } from "../orm/query/reader.js";
import { SessionError } from "./errors.js";
import { nameRow } from "./row.js";
import type { TransactionLayer } from "./transaction.js";

export interface SessionStreamOptions {
  /** How many rows are fetched at a time. Default 1,000. */
  readonly batch?: number;
  /** Cancels the statement that is running. */
  readonly signal?: AbortSignal;
  /** Overwrites what is loaded already, changes that were not flushed included. Default false. */
  readonly populateExisting?: boolean;
}

let cursors = 0;

export class Batches {
  readonly #context: LoadContext;
  readonly #query: PreparedQuery;
  readonly #transaction: TransactionLayer;
  readonly #size: number;
  readonly #cursor = `"athanor_${++cursors}"`;
  /** The transaction that the cursor belongs to. */
  #number: number | null = null;

  /** @throws AthanorError `stream.batch` */
  constructor(context: LoadContext, query: PreparedQuery, transaction: TransactionLayer, size: number) {
    requireBatchSize(size);
    this.#context = context;
    this.#query = query;
    this.#transaction = transaction;
    this.#size = size;
  }

  get open(): boolean {
    return this.#number !== null;
  }

  /** The next rows; none when there are no more. @throws SessionError `session.stream_ended` */
  async next(): Promise<unknown[][]> {
    const { database } = this.#context;
    if (!this.open) {
      await database.run(`DECLARE ${this.#cursor} NO SCROLL CURSOR FOR ${this.#query.text}`, this.#query.parameters);
      this.#number = this.#transaction.number;
    }
    if (!this.#isAlive())
      throw new SessionError(
        "session.stream_ended",
        "The transaction in which this stream began has ended, and the stream with it. Read it to its end before commit() or rollback().",
      );
    const reader = new RowReader(this.#context, this.#query);
    const { signal } = this.#context;
    const { rows } = await database.run(`FETCH FORWARD ${this.#size} FROM ${this.#cursor}`, [], {
      readRow: (row, parsers) => reader.read(row, parsers),
      ...(signal === undefined ? {} : { signal }),
    });
    await loadAfter(this.#context, reader);
    return rows.flatMap((row) => (row === null ? [] : [nameRow(row, this.#query.names)]));
  }

  /** `CLOSE`, where the transaction hasn't done it. */
  async close(): Promise<void> {
    if (this.#isAlive() && !this.#transaction.failed) await this.#context.database.run(`CLOSE ${this.#cursor}`);
    this.#number = null;
  }

  #isAlive(): boolean {
    return this.#transaction.begun && this.#transaction.number === this.#number;
  }
}
