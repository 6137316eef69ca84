/**
 * One statement on the wire. It stands in for pg's own Query, for three reasons: rows are arrays that are parsed in
 * place, a prepared statement is described once per connection rather than every time, and what isn't SQL text with one
 * statement in it can't be sent by mistake (pg falls back to the simple protocol where there are no parameters).
 */

import type pg from "pg";
import type { QueryResult } from "./connection.js";
import { type Parse, parserFor } from "./types/codecs.js";
import type { WireValue } from "./types/serialize.js";

/** What a statement's rows look like; kept for each prepared one. */
interface RowShape {
  readonly columns: readonly string[];
  readonly parsers: readonly (Parse | undefined)[];
}

/** The prepared statements of one connection, by name. */
export type PreparedShapes = Map<string, RowShape>;

/** The parts of pg's Connection that its type declarations leave out, or give extra arguments to. */
export interface Wire {
  readonly stream: { cork?(): void; uncork?(): void };
  readonly parsedStatements: Readonly<Record<string, string | undefined>>;
  query(text: string): void;
  parse(message: { text: string; name: string }): void;
  bind(message: { statement: string; values: readonly WireValue[] }): void;
  describe(message: { type: "P" }): void;
  execute(message?: undefined): void;
  sync(): void;
  sendCopyFail(message: string): void;
}

const noRows: RowShape = { columns: [], parsers: [] };
const countingTag = /^([A-Z ]+?)(?: \d+)?(?: (\d+))?$/;

export class Statement implements pg.Submittable {
  /** Read by pg, to keep its list of prepared statements. */
  readonly name: string;
  #shape: RowShape = noRows;
  readonly #rows: unknown[][] = [];
  #tag = "";
  #failure: unknown;

  constructor(
    readonly text: string,
    /** null: send by the simple protocol. */
    private readonly values: readonly WireValue[] | null,
    private readonly options: { readonly name?: string; readonly raw?: boolean; readonly shapes: PreparedShapes },
    readonly callback: (error: unknown, result: QueryResult) => void,
  ) {
    this.name = options.name ?? "";
  }

  submit(connection: pg.Connection): Error | null {
    // pg's declarations lack what `Wire` lists; the methods are there (pg/lib/connection.js).
    const wire = connection as unknown as Wire;
    if (this.values === null) {
      wire.query(this.text);
      return null;
    }
    const known = wire.parsedStatements[this.name];
    if (this.name !== "" && known !== undefined && known !== this.text)
      return new Error(`The prepared statement ${JSON.stringify(this.name)} has another text on this connection`);
    wire.stream.cork?.();
    this.#send(wire, this.values, this.name !== "" && known !== undefined);
    wire.stream.uncork?.();
    return null;
  }

  #send(wire: Wire, values: readonly WireValue[], parsed: boolean): void {
    const shape = parsed ? this.options.shapes.get(this.name) : undefined;
    if (!parsed) wire.parse({ text: this.text, name: this.name });
    wire.bind({ statement: this.name, values });
    if (shape === undefined) wire.describe({ type: "P" });
    else this.#shape = shape;
    wire.execute();
    wire.sync();
  }

  handleRowDescription(message: { fields: readonly { name: string; dataTypeID: number }[] }): void {
    this.#shape = {
      columns: message.fields.map((field) => field.name),
      parsers: message.fields.map((field) => parserFor(field.dataTypeID)),
    };
  }

  handleDataRow(message: { fields: unknown[] }): void {
    // A script's rows are read by nobody.
    if (this.#failure !== undefined || this.values === null) return;
    const row = message.fields;
    if (!this.options.raw) {
      try {
        this.#parse(row);
      } catch (error) {
        this.#failure = error;
      }
    }
    this.#rows.push(row);
  }

  #parse(row: unknown[]): void {
    const { parsers } = this.#shape;
    for (let i = 0; i < row.length; i++) {
      const parse = parsers[i];
      const text = row[i];
      if (parse !== undefined && typeof text === "string") row[i] = parse(text);
    }
  }

  handleCommandComplete(message: { text: string }): void {
    this.#tag = message.text;
  }

  handleReadyForQuery(): void {
    if (this.name !== "") this.options.shapes.set(this.name, this.#shape);
    const [, command = "", count] = countingTag.exec(this.#tag) ?? [];
    const result = { columns: this.#shape.columns, rows: this.#rows, rowCount: Number(count ?? 0), command };
    this.callback(this.#failure, result);
  }

  handleError(error: unknown): void {
    this.options.shapes.delete(this.name);
    this.callback(error, { columns: [], rows: [], rowCount: 0, command: "" });
  }

  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
  handleCopyData(): void {}

  /** COPY … FROM STDIN has no data here; PostgreSQL answers this with an error, which ends the statement. */
  handleCopyInResponse(connection: pg.Connection): void {
    // As in `submit`.
    (connection as unknown as Wire).sendCopyFail("COPY FROM STDIN can't be sent as a statement");
  }
}
