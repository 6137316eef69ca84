/**
 * Rows: arrays by position that also carry their columns' names.
 *
 * The names sit on a prototype made once per list of columns, so they cost a row next to nothing. A name that an array
 * has already (`map`, `length`) or that two columns share is read by position only.
 */

import { AthanorError } from "../errors.js";

const prototypes = new WeakMap<readonly string[], object>();

/** Gives an array its columns' names, in place. */
export function nameRow(row: unknown[], columns: readonly string[]): unknown[] {
  return Object.setPrototypeOf(row, prototypeFor(columns));
}

function prototypeFor(columns: readonly string[]): object {
  const known = prototypes.get(columns);
  if (known !== undefined) return known;
  const prototype: object = Object.create(Array.prototype);
  const shared = repeated(columns);
  for (const [i, column] of columns.entries()) {
    if (column in Array.prototype || shared.has(column)) continue;
    Object.defineProperty(prototype, column, {
      get(this: unknown[]) {
        return this[i];
      },
    });
  }
  prototypes.set(columns, prototype);
  return prototype;
}

/**
 * A row as a plain object.
 *
 * @throws AthanorError `result.ambiguous_column` when two columns have one name.
 */
export function rowToObject(row: readonly unknown[], columns: readonly string[]): Record<string, unknown> {
  const [twice] = repeated(columns);
  if (twice !== undefined)
    throw new AthanorError(
      "result.ambiguous_column",
      `Two columns are named ${JSON.stringify(twice)}. Name one otherwise with AS.`,
    );
  return Object.fromEntries(columns.map((column, i) => [column, row[i]]));
}

function repeated(columns: readonly string[]): Set<string> {
  return new Set(columns.filter((column, i) => columns.indexOf(column) !== i));
}
