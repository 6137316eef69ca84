/** Addresses and shapes: each as the text that PostgreSQL prints. */

import { type ColumnDef, columnOf } from "../column.js";
import { builtin } from "../sql-type.js";

/** `inet`. */
export function inet(): ColumnDef<string> {
  return columnOf(builtin("inet", "string", "inet"));
}

/** `cidr`. */
export function cidr(): ColumnDef<string> {
  return columnOf(builtin("cidr", "string", "inet"));
}

/** `macaddr`. */
export function macaddr(): ColumnDef<string> {
  return columnOf(builtin("macaddr", "string"));
}

/** `macaddr8`. */
export function macaddr8(): ColumnDef<string> {
  return columnOf(builtin("macaddr8", "string"));
}

/** `point`: `(1,2)`. */
export function point(): ColumnDef<string> {
  return columnOf(builtin("point", "string"));
}

/** `line`: `{1,2,3}`. */
export function line(): ColumnDef<string> {
  return columnOf(builtin("line", "string"));
}

/** `lseg`: `[(0,0),(1,1)]`. */
export function lseg(): ColumnDef<string> {
  return columnOf(builtin("lseg", "string"));
}

/** `box`: `(1,1),(0,0)`. */
export function box(): ColumnDef<string> {
  return columnOf(builtin("box", "string"));
}

/** `path`: `[(0,0),(1,1)]`, or in parentheses when closed. */
export function path(): ColumnDef<string> {
  return columnOf(builtin("path", "string"));
}

/** `polygon`: `((0,0),(1,1),(1,0))`. */
export function polygon(): ColumnDef<string> {
  return columnOf(builtin("polygon", "string"));
}

/** `circle`: `<(0,0),1>`. */
export function circle(): ColumnDef<string> {
  return columnOf(builtin("circle", "string"));
}
