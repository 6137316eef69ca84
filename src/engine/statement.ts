/**
 * One statement on the wire. It stands in for pg's own Query, for three reasons: rows are made of PostgreSQL's text in
 * one go, a prepared statement is described once per connection rather than every time, and BEGIN and COMMIT travel with
 * the statement that they come before or after.
 */

import type pg from "pg";
import type { QueryResult } from "./connection.js";
import type { DataRow } from "./data-row.js";
import type { Prepared, PreparedStatements } from "./prepared.js";
import { type RowSink, rowTapOf } from "./row-tap.js";
import { noRows, type ReadOptions, type RowDescription, type RowShape, readerFor, shapeOf } from "./rows.js";
import { sqlstateOf } from "./translate.js";
import type { WireValue } from "./types/serialize.js";
import { inOnePiece, type Wire, wireOf } from "./wire.js";

const countingTag = /^([A-Z ]+?)(?: \d+)??(?: (\d+))?$/;

export interface StatementOptions extends ReadOptions {
  /** Sent along, each a statement without parameters or rows. */
  readonly before?: readonly string[] | undefined;
  readonly after?: string | undefined;
  /** Where it is to be prepared and kept. */
  readonly prepared?: PreparedStatements | undefined;
  /** Refuses COPY FROM STDIN before it can ask for data: PGlite ends itself where there are none to read. */
  readonly refuseCopyAhead?: boolean | undefined;
}

/** How a statement ended. */
export interface Settled {
  /** What the driver says went wrong. */
  readonly error?: unknown;
  /** What reading a row threw; the statement itself went well. */
  readonly unread?: unknown;
  /** The statement that failed, or the one itself. */
  readonly text: string;
  readonly result: QueryResult<unknown>;
}

export const copyRefusal = "COPY FROM STDIN can't be sent as a statement";

/** A prepared statement whose tables have changed (`SELECT *` got another column), or that was deallocated. */
export function isStalePlan(error: unknown): boolean {
  const state = sqlstateOf(error);
  if (state === "26000") return true;
  return state === "0A000" && error instanceof Error && error.message.startsWith("cached plan");
}

export class Statement implements pg.Submittable, RowSink {
  readonly #text: string;
  /** null: sent by the simple protocol. */
  readonly #values: readonly WireValue[] | null;
  readonly #options: StatementOptions;
  readonly #settle: (settled: Settled) => void;
  readonly #rows: unknown[] = [];
  #prepared: Prepared | undefined;
  /** BEGIN and the like, which are prepared with it. */
  readonly #travelling: Prepared[] = [];
  #shape: RowShape = noRows;
  #read: (row: DataRow) => unknown;
  #tag = "";
  /** The statements that are still to be answered; the first is the one that is running. */
  readonly #running: string[];
  #unread: unknown;

  constructor(
    text: string,
    values: readonly WireValue[] | null,
    options: StatementOptions,
    settle: (settled: Settled) => void,
  ) {
    this.#text = text;
    this.#values = values;
    this.#options = options;
    this.#settle = settle;
    this.#running = [...(options.before ?? []), text];
    if (options.after !== undefined) this.#running.push(options.after);
    this.#read = readerFor(noRows, options);
  }

  submit(connection: pg.Connection): null {
    const wire = wireOf(connection);
    const values = this.#values;
    rowTapOf(connection).sink = this;
    inOnePiece(wire, () => (values === null ? this.#sendScript(wire) : this.#send(wire, values)));
    return null;
  }

  #sendScript(wire: Wire): void {
    wire.query(this.#text);
    // PostgreSQL ignores this outside of a copy, here and below.
    if (this.#options.refuseCopyAhead) wire.sendCopyFail(copyRefusal);
  }

  #send(wire: Wire, values: readonly WireValue[]): void {
    const { before = [], after } = this.#options;
    for (const text of before) this.#sendPlain(wire, text);
    const prepared = this.#parse(wire, this.#text);
    this.#prepared = prepared;
    wire.bind({ statement: prepared?.name ?? "", values });
    if (prepared?.shape === undefined) wire.describe({ type: "P" });
    else this.#takeShape(prepared.shape);
    wire.execute();
    if (this.#refusesCopyAhead) wire.sendCopyFail(copyRefusal);
    if (after !== undefined) this.#sendPlain(wire, after);
    wire.sync();
  }

  /** Has a statement parsed, unless that was done before. @returns what it is kept as, where it is kept. */
  #parse(wire: Wire, text: string): Prepared | undefined {
    const { statement, close = [] } = this.#options.prepared?.use(text) ?? {};
    for (const name of close) wire.close({ type: "S", name });
    if (statement?.shape === undefined) wire.parse({ text, name: statement?.name ?? "" });
    return statement;
  }

  #sendPlain(wire: Wire, text: string): void {
    const prepared = this.#parse(wire, text);
    if (prepared !== undefined) this.#travelling.push(prepared);
    wire.bind({ statement: prepared?.name ?? "", values: [] });
    wire.execute();
  }

  /** What follows in the same piece would be taken for data. */
  get #refusesCopyAhead(): boolean {
    return this.#options.refuseCopyAhead === true || this.#options.after !== undefined;
  }

  handleRowDescription(message: RowDescription): void {
    this.#takeShape(shapeOf(message));
  }

  #takeShape(shape: RowShape): void {
    this.#shape = shape;
    this.#read = readerFor(shape, this.#options);
  }

  row(row: DataRow): void {
    // A script's rows are read by nobody.
    if (this.#unread !== undefined || this.#values === null) return;
    try {
      this.#rows.push(this.#read(row));
    } catch (error) {
      this.#unread = error;
    }
  }

  handleCommandComplete(message: { text: string }): void {
    if (this.#running.shift() === this.#text) this.#tag = message.text;
  }

  handleEmptyQuery(): void {
    this.#running.shift();
  }

  handleReadyForQuery(): void {
    if (this.#prepared !== undefined) this.#prepared.shape = this.#shape;
    for (const prepared of this.#travelling) prepared.shape = noRows;
    const [, command = "", count] = countingTag.exec(this.#tag) ?? [];
    const result = { columns: this.#shape.columns, rows: this.#rows, rowCount: Number(count ?? 0), command };
    this.#settle({ unread: this.#unread, text: this.#text, result });
  }

  handleError(error: unknown, connection: pg.Connection): void {
    // Deallocated: the others are gone with it, as a rule.
    if (sqlstateOf(error) === "26000") this.#options.prepared?.forget();
    else if (this.#prepared !== undefined && isStalePlan(error)) this.#prepared.shape = undefined;
    const result = { columns: [], rows: [], rowCount: 0, command: "" };
    const settled = { error, text: this.#running[0] ?? this.#text, result };
    whenReady(wireOf(connection), error, () => this.#settle(settled));
  }

  handlePortalSuspended(): void {}
  handleCopyData(): void {}

  /** COPY … FROM STDIN has no data here; PostgreSQL answers this with an error, which ends the statement. */
  handleCopyInResponse(connection: pg.Connection): void {
    if (this.#refusesCopyAhead) return;
    const wire = wireOf(connection);
    wire.sendCopyFail(copyRefusal);
    // The one that was sent with the statement was swallowed as part of the copy.
    if (this.#values !== null) wire.sync();
  }
}

/** After an error, the server says where its transaction stands; before that, nobody should ask. */
export function whenReady(wire: Wire, error: unknown, then: () => void): void {
  // What the server didn't say, it won't follow up.
  if (sqlstateOf(error) === undefined) {
    then();
    return;
  }
  const done = () => {
    wire.off("readyForQuery", done);
    wire.off("end", done);
    then();
  };
  wire.once("readyForQuery", done);
  wire.once("end", done);
}
