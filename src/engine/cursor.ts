/** One statement whose rows are fetched in batches: a portal that is executed with a limit, over and over. */

import type pg from "pg";
import type { DataRow } from "./data-row.js";
import { type RowSink, rowTapOf } from "./row-tap.js";
import { noRows, type ReadOptions, type RowDescription, readerFor, shapeOf } from "./rows.js";
import { copyRefusal, whenReady } from "./statement.js";
import type { WireValue } from "./types/serialize.js";
import { inOnePiece, type Wire, wireOf } from "./wire.js";

export interface CursorOptions extends ReadOptions {
  /** Rows at a time. */
  readonly batch: number;
  /** See `StatementOptions`. */
  readonly refuseCopyAhead?: boolean | undefined;
}

export interface Batch {
  readonly rows: unknown[];
  /** No more will come, and the connection is free. */
  readonly last: boolean;
}

/** Who waits for the next batch. */
interface Waiter {
  resolve(batch: Batch): void;
  reject(error: unknown): void;
}

/**
 * No Sync is sent before the end: outside a transaction, that would end the portal. Until then pg takes the connection
 * for busy, which it is.
 */
export class Cursor implements pg.Submittable, RowSink {
  readonly #text: string;
  readonly #values: readonly WireValue[];
  readonly #options: CursorOptions;
  #wire: Wire | undefined;
  #state: "running" | "suspended" | "ended" = "running";
  #waiter: Waiter | undefined;
  #answered: Promise<Batch> | undefined;
  #read: (row: DataRow) => unknown;
  #rows: unknown[] = [];
  #failed = false;
  #synced = false;
  /** Why there is no batch: what reading a row threw, or what the driver says. */
  #trouble: { readonly error: unknown } | undefined;

  constructor(text: string, values: readonly WireValue[], options: CursorOptions) {
    this.#text = text;
    this.#values = values;
    this.#options = options;
    this.#read = readerFor(noRows, options);
  }

  /** The first batch, for which `run` hands the cursor to pg. */
  first(run: (cursor: Cursor) => void): Promise<Batch> {
    return this.#wait(() => run(this));
  }

  /** The next batch, after one that was not the last. */
  next(): Promise<Batch> {
    return this.#wait(() => this.#fetch());
  }

  /** Whether the driver said that it went wrong, and not a row's reader. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Closes the portal if it is still open, after the batch that is on its way; the connection is free then. */
  async close(): Promise<void> {
    // What it answers is its caller's to know.
    await this.#answered?.catch(() => {});
    if (this.#state !== "suspended") return;
    await this.#wait(() => {
      this.#state = "running";
      const wire = this.#wire!; // it was submitted: it is suspended
      inOnePiece(wire, () => {
        wire.close({ type: "P", name: "" });
        this.#sync(wire);
      });
    });
  }

  #wait(start: () => void): Promise<Batch> {
    const answered = new Promise<Batch>((resolve, reject) => {
      this.#waiter = { resolve, reject };
      start();
    });
    this.#answered = answered;
    return answered;
  }

  #fetch(): void {
    this.#state = "running";
    const wire = this.#wire!; // as in close
    inOnePiece(wire, () => {
      wire.execute({ rows: this.#options.batch });
      if (this.#options.refuseCopyAhead) wire.sendCopyFail(copyRefusal);
      wire.flush();
    });
  }

  /** Once: what fails by it, such as a deferred constraint, has had its Sync. */
  #sync(wire: Wire): void {
    if (!this.#synced) wire.sync();
    this.#synced = true;
  }

  #answer(last: boolean): void {
    const [waiter, rows, trouble] = [this.#waiter, this.#rows, this.#trouble];
    this.#waiter = undefined;
    this.#rows = [];
    this.#trouble = undefined;
    if (trouble === undefined) waiter?.resolve({ rows, last });
    else waiter?.reject(trouble.error);
  }

  submit(connection: pg.Connection): null {
    const wire = wireOf(connection);
    this.#wire = wire;
    rowTapOf(connection).sink = this;
    inOnePiece(wire, () => {
      wire.parse({ text: this.#text, name: "" });
      wire.bind({ statement: "", values: this.#values });
      wire.describe({ type: "P" });
      this.#fetch();
    });
    return null;
  }

  handleRowDescription(message: RowDescription): void {
    this.#read = readerFor(shapeOf(message), this.#options);
  }

  row(row: DataRow): void {
    if (this.#trouble !== undefined) return;
    try {
      this.#rows.push(this.#read(row));
    } catch (error) {
      this.#trouble = { error };
    }
  }

  handlePortalSuspended(): void {
    this.#state = "suspended";
    this.#answer(false);
  }

  handleCommandComplete(_message: unknown, connection: pg.Connection): void {
    this.#sync(wireOf(connection));
  }

  handleEmptyQuery(connection: pg.Connection): void {
    this.#sync(wireOf(connection));
  }

  handleReadyForQuery(): void {
    this.#state = "ended";
    this.#answer(true);
  }

  handleError(error: unknown, connection: pg.Connection): void {
    this.#state = "ended";
    this.#failed = true;
    this.#trouble = { error };
    const wire = wireOf(connection);
    this.#sync(wire);
    whenReady(wire, error, () => this.#answer(true));
  }

  handleCopyData(): void {}

  handleCopyInResponse(connection: pg.Connection): void {
    if (this.#options.refuseCopyAhead) return;
    wireOf(connection).sendCopyFail(copyRefusal);
  }
}
