/** Ranges and multiranges, as the text that PostgreSQL prints: `[1,10)`, `{[1,3),[5,7)}`. */

import { type ColumnDef, columnOf } from "../column.js";
import { builtin } from "../sql-type.js";

/** `int4range`. */
export function int4range(): ColumnDef<string> {
  return columnOf(builtin("int4range", "string"));
}

/** `int8range`. */
export function int8range(): ColumnDef<string> {
  return columnOf(builtin("int8range", "string"));
}

/** `numrange`. */
export function numrange(): ColumnDef<string> {
  return columnOf(builtin("numrange", "string"));
}

/** `tsrange`. */
export function tsrange(): ColumnDef<string> {
  return columnOf(builtin("tsrange", "string"));
}

/** `tstzrange`. */
export function tstzrange(): ColumnDef<string> {
  return columnOf(builtin("tstzrange", "string"));
}

/** `daterange`. */
export function daterange(): ColumnDef<string> {
  return columnOf(builtin("daterange", "string"));
}

/** `int4multirange`. */
export function int4multirange(): ColumnDef<string> {
  return columnOf(builtin("int4multirange", "string"));
}

/** `int8multirange`. */
export function int8multirange(): ColumnDef<string> {
  return columnOf(builtin("int8multirange", "string"));
}

/** `nummultirange`. */
export function nummultirange(): ColumnDef<string> {
  return columnOf(builtin("nummultirange", "string"));
}

/** `tsmultirange`. */
export function tsmultirange(): ColumnDef<string> {
  return columnOf(builtin("tsmultirange", "string"));
}

/** `tstzmultirange`. */
export function tstzmultirange(): ColumnDef<string> {
  return columnOf(builtin("tstzmultirange", "string"));
}

/** `datemultirange`. */
export function datemultirange(): ColumnDef<string> {
  return columnOf(builtin("datemultirange", "string"));
}
