/** Numbers. What a JavaScript number can't hold digit for digit is a bigint (bigint) or a string (numeric). */

import { ColumnDef, columnOf } from "../column.js";
import { builtin, withModifiers } from "../sql-type.js";

/** `smallint`, two bytes. */
export function smallint(): ColumnDef<number> {
  return columnOf(builtin("smallint", "number", "number"));
}

/** `integer`, four bytes. */
export function integer(): ColumnDef<number> {
  return columnOf(builtin("integer", "number", "number"));
}

/** `bigint`, eight bytes: a JavaScript bigint, since a number would lose digits above 2^53. */
export function bigint(): ColumnDef<bigint> {
  return columnOf(builtin("bigint", "bigint", "number"));
}

/** `numeric`, `numeric(10)` or `numeric(10,2)`: a string, which keeps every digit and trailing zero. */
export function numeric(precision?: number, scale?: number): ColumnDef<string> {
  return columnOf(builtin(withModifiers("numeric", precision, scale), "string", "number"));
}

/** `real`, four bytes of floating point. */
export function real(): ColumnDef<number> {
  return columnOf(builtin("real", "number", "number"));
}

/** `double precision`: what a JavaScript number is. */
export function doublePrecision(): ColumnDef<number> {
  return columnOf(builtin("double precision", "number", "number"));
}

/** `money`, as text in the server's locale. */
export function money(): ColumnDef<string> {
  return columnOf(builtin("money", "string"));
}

/** `smallint` with a sequence of its own, named as PostgreSQL names it: see `serial`. */
export function smallserial(): ColumnDef<number, true> {
  return new ColumnDef({ ...smallint().spec, type: { ...smallint().spec.type, serial: true } });
}

/**
 * `integer DEFAULT nextval('users_id_seq')` and the sequence `users_id_seq`, owned by the column. New tables rather take
 * `integer().identity()`, whose sequence can't be set apart from its column.
 */
export function serial(): ColumnDef<number, true> {
  return new ColumnDef({ ...integer().spec, type: { ...integer().spec.type, serial: true } });
}

/** `bigint` with a sequence of its own: see `serial`. */
export function bigserial(): ColumnDef<bigint, true> {
  return new ColumnDef({ ...bigint().spec, type: { ...bigint().spec.type, serial: true } });
}
