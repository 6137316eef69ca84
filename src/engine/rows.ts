/** From PostgreSQL's text to rows. */

import type { Fields, Parsers } from "./connection.js";
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
}

/** The array that pg made for a row: each value is PostgreSQL's text, or null. */
export type PgRow = (string | null)[];

/** What makes a row of what pg gives. */
export function readerFor({ parsers }: RowShape, { raw, read }: ReadOptions): (fields: PgRow) => unknown {
  if (read !== undefined) return (fields) => read(fields, parsers);
  return raw ? (fields) => fields : (fields) => parseInPlace(fields, parsers);
}

function parseInPlace(fields: unknown[], parsers: Parsers): unknown[] {
  for (let i = 0; i < fields.length; i++) {
    const parse = parsers[i];
    const text = fields[i];
    if (parse !== undefined && typeof text === "string") fields[i] = parse(text);
  }
  return fields;
}
