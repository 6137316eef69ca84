/** What a column's type is: its SQL, how its values look in JavaScript, and the objects it needs. */

import type { StandaloneDefinition } from "./objects.js";

/**
 * How values of a type are held in JavaScript:
 *
 * - `string`: the text that PostgreSQL prints, digit for digit (also numeric, date, interval, ranges, points);
 * - `date`: a `Date` (timestamp, read as UTC, and timestamptz);
 * - `json`: whatever `JSON.parse` gives; `array` and `composite`: of such values again; `domain`: as the type below it.
 */
export type ValueKind =
  | "string"
  | "number"
  | "bigint"
  | "boolean"
  | "date"
  | "bytes"
  | "json"
  | "array"
  | "composite"
  | "domain";

/** Turns a value into the text that PostgreSQL reads, and the text that it prints into a value. */
export interface Codec<Value> {
  encode(value: Value): string;
  decode(text: string): Value;
}

/** Values of the type below become those of the model, and back: see `ColumnDef.transform`. Neither gets a null. */
export interface Transform<Below, Value> {
  read(value: Below): Value;
  write(value: Value): Below;
}

export interface SqlType {
  /**
   * As SQL: `numeric(10,2)`, `"public"."gender"[]`.
   *
   * @param defaultSchema of types that name none; null: `"gender"[]`, which is where search_path leads, as in queries.
   */
  sql(defaultSchema: string | null): string;
  readonly value: ValueKind;
  /** Given by the user, for a custom type. */
  readonly codec: Codec<unknown> | null;
  readonly transform: Transform<unknown, unknown> | null;
  /** Types with one family can reference each other (integer and bigint); null: unknown, anything goes. */
  readonly family: string | null;
  /** The element of an array, the base of a domain. */
  readonly of: SqlType | null;
  /** The attributes of a composite type, by property. */
  readonly attributes: Readonly<Record<string, SqlType>> | null;
  /** Objects that must exist for this type: they join the declarations with it. */
  readonly uses: readonly StandaloneDefinition[];
  /** `serial()`: integer with a sequence of its own. */
  readonly serial: boolean;
}

/** A type of PostgreSQL's own. */
export function builtin(sql: string, value: ValueKind, family: string = sql): SqlType {
  return {
    sql: () => sql,
    value,
    codec: null,
    transform: null,
    family,
    of: null,
    attributes: null,
    uses: [],
    serial: false,
  };
}

/** `numeric` with `10, 2` → `numeric(10,2)`; modifiers left out end the list. */
export function withModifiers(name: string, ...modifiers: readonly (number | undefined)[]): string {
  const given = modifiers.filter((modifier) => modifier !== undefined);
  return given.length === 0 ? name : `${name}(${given.join(",")})`;
}
