/** Rows that are read while they are fetched. */

import type { FirstOf } from "./result.js";

/** Where a stream's rows come from. */
export interface StreamSource {
  /** No rows: there are no more. */
  next(): Promise<unknown[][]>;
  close(): Promise<void>;
}

/** The rows of `session.stream`, read once. Leaving the loop ends it. */
export class RowStream<Row extends readonly unknown[]> implements AsyncIterable<Row> {
  readonly #source: StreamSource;

  constructor(source: StreamSource) {
    this.#source = source;
  }

  /** Batches, as they are fetched. */
  async *partitions(): AsyncIterable<Row[]> {
    try {
      for (;;) {
        const rows = await this.#source.next();
        if (rows.length === 0) return;
        // The statement says what its rows are.
        yield rows as unknown as Row[];
      }
    } finally {
      await this.#source.close();
    }
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Row> {
    for await (const rows of this.partitions()) yield* rows;
  }

  /** The first column of each row. */
  async *scalars(): AsyncIterable<FirstOf<Row>> {
    // As above.
    for await (const rows of this.partitions()) for (const row of rows) yield row[0] as FirstOf<Row>;
  }
}
