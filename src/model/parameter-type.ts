/**
 * The SQL type under which a column's values travel, many in one array parameter.
 *
 * Without its length: `$1::character varying(3)[]` would cut what is too long, as every explicit cast does; without it the
 * column itself refuses such a value. (`bit` and `character` alone mean a length of 1, so they go by other names.)
 */

import type { SqlType } from "./sql-type.js";

export interface ParameterType {
  /** The element's type in the parameter: `integer` for `$1::integer[]`. */
  readonly element: string;
  /**
   * What each value is cast to, once it stands alone; null: nothing. unnest() takes arrays of arrays apart to the end, and
   * makes a column of each attribute of a composite.
   */
  readonly cast: string | null;
}

export function arrayParameterType(type: SqlType): ParameterType {
  const bare = bareType(type);
  return hasParts(type) ? { element: "text", cast: bare } : { element: bare, cast: null };
}

function hasParts(type: SqlType): boolean {
  if (type.value === "domain") return type.of !== null && hasParts(type.of);
  return type.value === "array" || type.value === "composite";
}

function bareType(type: SqlType): string {
  // A domain checks its values itself, length included, and has no modifiers.
  if (type.value === "domain") return type.sql(null);
  if (type.value === "array" && type.of !== null) {
    const whole = type.sql(null);
    return bareType(type.of) + whole.slice(type.of.sql(null).length);
  }
  const bare = withoutModifiers(type.sql(null));
  return otherNames.get(bare) ?? bare;
}

const otherNames: ReadonlyMap<string, string> = new Map([
  ["bit", "varbit"],
  ["character", "bpchar"],
]);

/** `numeric(10,2)` → `numeric`; quoted names stay as they are. */
function withoutModifiers(sql: string): string {
  return sql.replace(/("(?:[^"]|"")*")|\([^()"]*\)/g, (_, quoted: string | undefined) => quoted ?? "");
}
