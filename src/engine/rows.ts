/** From PostgreSQL's text to rows. */

import type { Fields } from "./connection.js";
import { type Parse, parserFor } from "./types/codecs.js";

/** What a statement's rows look like. */
export interface RowShape {
  readonly columns: readonly string[];
  readonly parsers: readonly (Parse | undefined)[];
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
  readonly read?: ((fields: Fields) => unknown) | undefined;
  /** By position, where more is known of a value than the server tells; null: as its type says. */
  readonly parsers?: readonly (Parse | null)[] | undefined;
}

/** The array that pg made for a row: each value is PostgreSQL's text, or null. */
export type PgRow = (string | null)[];

/** What makes a row of what pg gives. */
export function readerFor(shape: RowShape, { raw, read, parsers }: ReadOptions): (fields: PgRow) => unknown {
  if (read !== undefined) return read;
  if (raw) return (fields) => fields;
  const all = parsers === undefined ? shape.parsers : shape.parsers.map((parse, i) => parsers[i] ?? parse);
  return (fields) => parseInPlace(fields, all);
}

function parseInPlace(fields: unknown[], parsers: readonly (Parse | undefined)[]): unknown[] {
  for (let i = 0; i < fields.length; i++) {
    const parse = parsers[i];
    const text = fields[i];
    if (parse !== undefined && typeof text === "string") fields[i] = parse(text);
  }
  return fields;
}
