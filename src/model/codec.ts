/**
 * How the values of a column travel, chosen by the model's type and not by what the server reports: so an array of enums
 * is an array, and a string in a `jsonb` column is written as JSON.
 */

import type { WireValue } from "../engine/types/serialize.js";
import { arrayCodec } from "./codec-array.js";
import { compositeCodec } from "./codec-composite.js";
import { jsonCodec } from "./codec-json.js";
import {
  bigintCodec,
  booleanCodec,
  bytesCodec,
  customCodec,
  dateCodec,
  numberCodec,
  type ParseBytes,
  stringCodec,
  transformCodec,
  type ValueCodec,
} from "./codec-value.js";
import type { ColumnMetadata } from "./resolve/read.js";
import type { SqlType, ValueKind } from "./sql-type.js";

export interface ColumnCodec {
  /** PostgreSQL's text of a value that isn't NULL. @throws AthanorError `value.invalid` for one that the type can't hold. */
  parse(text: string): unknown;
  /** As `parse`, of the text's bytes; null: they take no less time than the text. */
  readonly parseBytes: ParseBytes | null;
  /** null and undefined: SQL's NULL. @throws DataError `value.unstorable`, which names the column. */
  write(value: unknown): WireValue;
  /** Whether both would be stored as the same value. */
  equals(a: unknown, b: unknown): boolean;
  /** A value of its own, which doesn't change when the given one is changed in place. */
  copy(value: unknown): unknown;
}

const codecs = new WeakMap<SqlType, Map<string, ColumnCodec>>();

/**
 * The codec of a column; made once.
 *
 * ```ts
 * const codec = codecOf(metadataOf(Profile).columns[0]!);
 * codec.write(["a", "b"]); // a column array(text()): '{a,b}'; jsonb(): '["a","b"]'
 * ```
 */
export function codecOf({ spec, origin }: Pick<ColumnMetadata, "spec" | "origin">): ColumnCodec {
  let known = codecs.get(spec.type);
  if (known === undefined) {
    known = new Map();
    codecs.set(spec.type, known);
  }
  let codec = known.get(origin);
  if (codec === undefined) {
    codec = nullable(codecOfType(spec.type, origin));
    known.set(origin, codec);
  }
  return codec;
}

function nullable(codec: ValueCodec): ColumnCodec {
  const absent = (value: unknown): value is null | undefined => value === null || value === undefined;
  return Object.freeze({
    parse: codec.parse,
    parseBytes: codec.parseBytes ?? null,
    write: (value: unknown) => (absent(value) ? null : codec.write(value)),
    equals: (a: unknown, b: unknown) => (absent(a) || absent(b) ? absent(a) && absent(b) : codec.equals(a, b)),
    copy: (value: unknown) => (absent(value) ? value : codec.copy(value)),
  });
}

/** @param where the column, for messages: `User.email`. */
function codecOfType(type: SqlType, where: string): ValueCodec {
  const own = type.codec === null ? byKind[type.value](type, where) : customCodec(type.codec, where);
  return type.transform === null ? own : transformCodec(type.transform, own, where);
}

const byKind: Readonly<Record<ValueKind, (type: SqlType, where: string) => ValueCodec>> = {
  string: ({ family }, where) => stringCodec(where, family === "number" || family === "oid"),
  number: (type, where) => numberCodec(type.sql(null), where),
  bigint: (_, where) => bigintCodec(where),
  boolean: (_, where) => booleanCodec(where),
  date: (_, where) => dateCodec(where),
  bytes: (_, where) => bytesCodec(where),
  json: (type, where) => jsonCodec(type.sql(null) === "jsonb", where),
  array: (type, where) => {
    const element = elementOf(type);
    const dimensions = (type.sql(null).length - element.sql(null).length) / "[]".length;
    return arrayCodec(codecOfType(element, where), {
      delimiter: isBox(element) ? ";" : ",",
      depth: holdsArrays(element) ? dimensions : Number.POSITIVE_INFINITY,
      where,
    });
  },
  composite: (type, where) =>
    compositeCodec(
      Object.entries(type.attributes ?? {}).map(([property, attribute]) => ({
        property,
        codec: codecOfType(attribute, `${where}.${property}`),
      })),
      where,
    ),
  domain: (type, where) => codecOfType(below(type), where),
};

/** PostgreSQL has no arrays of arrays, only more dimensions: `array(array(text()))` has text as its elements. */
function elementOf(type: SqlType): SqlType {
  const element = below(type);
  return element.value === "array" && element.transform === null ? elementOf(element) : element;
}

/** Whether a single value of the type may be an array in JavaScript. */
function holdsArrays(type: SqlType): boolean {
  if (type.transform !== null || type.codec !== null || type.value === "json") return true;
  return type.value === "domain" && (below(type).value === "array" || holdsArrays(below(type)));
}

function below({ of, sql }: SqlType): SqlType {
  if (of === null) throw new TypeError(`The type ${sql(null)} has no type below it.`);
  return of;
}

/** The one type whose arrays have another delimiter, which its domains share. */
function isBox(type: SqlType): boolean {
  return type.value === "domain" ? isBox(below(type)) : type.sql(null) === "box";
}
