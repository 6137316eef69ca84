/** Names of catalog objects, and positions in the write-ahead log. */

import { type ColumnDef, columnOf } from "../column.js";
import { builtin } from "../sql-type.js";

/** `oid`. */
export function oid(): ColumnDef<number> {
  return columnOf(builtin("oid", "number"));
}

/** `regclass`: a relation by name. */
export function regclass(): ColumnDef<string> {
  return columnOf(builtin("regclass", "string", "oid"));
}

/** `regcollation`: a collation by name. */
export function regcollation(): ColumnDef<string> {
  return columnOf(builtin("regcollation", "string", "oid"));
}

/** `regconfig`: a text search configuration by name. */
export function regconfig(): ColumnDef<string> {
  return columnOf(builtin("regconfig", "string", "oid"));
}

/** `regdictionary`: a text search dictionary by name. */
export function regdictionary(): ColumnDef<string> {
  return columnOf(builtin("regdictionary", "string", "oid"));
}

/** `regnamespace`: a schema by name. */
export function regnamespace(): ColumnDef<string> {
  return columnOf(builtin("regnamespace", "string", "oid"));
}

/** `regoper`: an operator by name. */
export function regoper(): ColumnDef<string> {
  return columnOf(builtin("regoper", "string", "oid"));
}

/** `regoperator`: an operator with its arguments by name. */
export function regoperator(): ColumnDef<string> {
  return columnOf(builtin("regoperator", "string", "oid"));
}

/** `regproc`: a function by name. */
export function regproc(): ColumnDef<string> {
  return columnOf(builtin("regproc", "string", "oid"));
}

/** `regprocedure`: a function with its arguments by name. */
export function regprocedure(): ColumnDef<string> {
  return columnOf(builtin("regprocedure", "string", "oid"));
}

/** `regrole`: a role by name. */
export function regrole(): ColumnDef<string> {
  return columnOf(builtin("regrole", "string", "oid"));
}

/** `regtype`: a type by name. */
export function regtype(): ColumnDef<string> {
  return columnOf(builtin("regtype", "string", "oid"));
}

/** `pg_lsn`: `16/B374D848`. */
export function pgLsn(): ColumnDef<string> {
  return columnOf(builtin("pg_lsn", "string"));
}
