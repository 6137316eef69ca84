/** From PostgreSQL's text to rows. */

import type { Fields, Parsers } from "./connection.js";
import type { DataRow } from "./data-row.js";
import { parserFor } from "./types/codecs.js";

/** What a statement's rows look like. */
export interface RowShape {
  readonly columns: readonly string[];
  readonly parsers: Parsers;
}

export const noRows: RowShape = { columns: [], parsers: [] };

/** pg's message before the first row. */
export interface RowDescription {
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
}

export function shapeOf({ fields }: RowDescription): RowShape {
  return {
    columns: fields.map((field) => field.name),
    parsers: fields.map((field) => parserFor(field.dataTypeID)),
  };
}

export interface ReadOptions {
  /** PostgreSQL's text as it is. */
  readonly raw?: boolean | undefined;
  readonly read?: ((fields: Fields, parsers: Parsers) => unknown) | undefined;
  readonly readRow?: ((row: DataRow, parsers: Parsers) => unknown) | undefined;
}

/** What makes a row of what came. */
export function readerFor({ parsers }: RowShape, { raw, read, readRow }: ReadOptions): (row: DataRow) => unknown {
  if (readRow !== undefined) return (row) => readRow(row, parsers);
  if (read !== undefined) return (row) => read(row.texts(), parsers);
  return raw ? (row) => row.texts() : (row) => parsed(row, parsers);
}

function parsed(row: DataRow, parsers: Parsers): unknown[] {
  const values: unknown[] = row.texts();
  for (let i = 0; i < values.length; i++) {
    const parse = parsers[i];
    const text = values[i];
    if (parse !== undefined && typeof text === "string") values[i] = parse(text);
  }
  return values;
}
