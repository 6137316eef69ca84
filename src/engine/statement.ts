/**
 * One statement on the wire. It stands in for pg's own Query, for three reasons: rows are arrays that are parsed in
 * place, a prepared statement is described once per connection rather than every time, and what isn't SQL text with one
 * statement in it can't be sent by mistake (pg falls back to the simple protocol where there are no parameters).
 */

import type pg from "pg";
import { AthanorError } from "../errors.js";
import type { QueryResult } from "./connection.js";
import { sqlstateOf } from "./translate.js";
import { type Parse, parserFor } from "./types/codecs.js";
import type { WireValue } from "./types/serialize.js";

/** What a statement's rows look like; kept for each prepared one. */
interface RowShape {
  readonly columns: readonly string[];
  readonly parsers: readonly (Parse | undefined)[];
}

/** The prepared statements of one connection, by name; `stale` is one whose tables have changed under it. */
export type PreparedShapes = Map<string, RowShape | "stale">;

/** The parts of pg's Connection that its type declarations leave out, or give extra arguments to. */
export interface Wire {
  readonly stream: { cork?(): void; uncork?(): void };
  readonly parsedStatements: Readonly<Record<string, string | undefined>>;
  query(text: string): void;
  parse(message: { text: string; name: string }): void;
  bind(message: { statement: string; values: readonly WireValue[] }): void;
  describe(message: { type: "P" }): void;
  close(message: { type: "S"; name: string }): void;
  execute(message?: undefined): void;
  sync(): void;
  sendCopyFail(message: string): void;
}

const noRows: RowShape = { columns: [], parsers: [] };
const countingTag = /^([A-Z ]+?)(?: \d+)??(?: (\d+))?$/;

export interface StatementOptions {
  readonly name?: string;
  readonly raw?: boolean;
  readonly parsers?: readonly (Parse | null)[];
  readonly shapes: PreparedShapes;
  /** Refuses COPY FROM STDIN before it can ask for data: PGlite ends itself where there are none to read. */
  readonly refuseCopyAhead?: boolean | undefined;
}

const copyRefusal = "COPY FROM STDIN can't be sent as a statement";

/** A prepared `SELECT *` after its table got another column: it has to be prepared again. */
export function isStalePlan(error: unknown): boolean {
  return sqlstateOf(error) === "0A000" && error instanceof Error && error.message.startsWith("cached plan");
}

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
    private readonly options: StatementOptions,
    readonly callback: (error: unknown, result: QueryResult) => void,
  ) {
    this.name = options.name ?? "";
  }

  submit(connection: pg.Connection): Error | null {
    // pg's declarations lack what `Wire` lists; the methods are there (pg/lib/connection.js).
    const wire = connection as unknown as Wire;
    const known = wire.parsedStatements[this.name];
    if (this.name !== "" && known !== undefined && known !== this.text)
      return new AthanorError(
        "statement.name_taken",
        `The prepared statement ${JSON.stringify(this.name)} has another text on this connection; give each text a name of its own.`,
      );
    wire.stream.cork?.();
    if (this.values === null) this.#sendScript(wire);
    else this.#send(wire, this.values, this.name !== "" && known !== undefined);
    wire.stream.uncork?.();
    return null;
  }

  #sendScript(wire: Wire): void {
    wire.query(this.text);
    // PostgreSQL ignores this outside of a copy, here and below.
    if (this.options.refuseCopyAhead) wire.sendCopyFail(copyRefusal);
  }

  #send(wire: Wire, values: readonly WireValue[], parsed: boolean): void {
    const shape = parsed ? this.options.shapes.get(this.name) : undefined;
    if (shape === "stale") wire.close({ type: "S", name: this.name });
    if (!parsed || shape === "stale") wire.parse({ text: this.text, name: this.name });
    wire.bind({ statement: this.name, values });
    if (shape === undefined || shape === "stale") wire.describe({ type: "P" });
    else this.#shape = shape;
    wire.execute();
    if (this.options.refuseCopyAhead) wire.sendCopyFail(copyRefusal);
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
    const own = this.options.parsers;
    for (let i = 0; i < row.length; i++) {
      const parse = own?.[i] ?? parsers[i];
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
    if (isStalePlan(error)) this.options.shapes.set(this.name, "stale");
    this.callback(error, { columns: [], rows: [], rowCount: 0, command: "" });
  }

  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
  handleCopyData(): void {}

  /** COPY … FROM STDIN has no data here; PostgreSQL answers this with an error, which ends the statement. */
  handleCopyInResponse(connection: pg.Connection): void {
    if (this.options.refuseCopyAhead) return;
    // As in `submit`.
    const wire = connection as unknown as Wire;
    wire.sendCopyFail(copyRefusal);
    // The one that was sent with the statement was swallowed as part of the copy.
    if (this.values !== null) wire.sync();
  }
}
