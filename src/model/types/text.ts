/** Text, bits and bytes. */

import { type ColumnDef, columnOf } from "../column.js";
import { builtin, withModifiers } from "../sql-type.js";

/** `text`. */
export function text(): ColumnDef<string> {
  return columnOf(builtin("text", "string", "string"));
}

/** `varchar` or `varchar(80)`: at most so many characters. */
export function varchar(length?: number): ColumnDef<string> {
  return columnOf(builtin(withModifiers("character varying", length), "string", "string"));
}

/** `char` (one character) or `char(2)`: padded with blanks. */
export function char(length?: number): ColumnDef<string> {
  return columnOf(builtin(withModifiers("character", length), "string", "string"));
}

/** `bytea`. A Buffer is a Uint8Array too. */
export function bytea(): ColumnDef<Uint8Array> {
  return columnOf(builtin("bytea", "bytes"));
}

/** `bit` (one bit) or `bit(8)`: a string of 0 and 1. */
export function bit(length?: number): ColumnDef<string> {
  return columnOf(builtin(withModifiers("bit", length), "string", "bit"));
}

/** `bit varying` or `bit varying(8)`: a string of 0 and 1. */
export function varbit(length?: number): ColumnDef<string> {
  return columnOf(builtin(withModifiers("bit varying", length), "string", "bit"));
}

/** `json`: kept as the text it was written in. Most want `jsonb()`. Null is SQL's NULL; JSON's is `jsonNull`. */
export function json<T = unknown>(): ColumnDef<T> {
  return columnOf(builtin("json", "json"));
}

/** `jsonb`: parsed once and indexable. Null is SQL's NULL; JSON's is `jsonNull`. */
export function jsonb<T = unknown>(): ColumnDef<T> {
  return columnOf(builtin("jsonb", "json"));
}

/** `xml`. */
export function xml(): ColumnDef<string> {
  return columnOf(builtin("xml", "string"));
}

/** `boolean`. */
export function boolean(): ColumnDef<boolean> {
  return columnOf(builtin("boolean", "boolean"));
}

/** `uuid`. */
export function uuid(): ColumnDef<string> {
  return columnOf(builtin("uuid", "string"));
}

/** `tsvector`, as its text. */
export function tsvector(): ColumnDef<string> {
  return columnOf(builtin("tsvector", "string"));
}

/** `tsquery`, as its text. */
export function tsquery(): ColumnDef<string> {
  return columnOf(builtin("tsquery", "string"));
}
