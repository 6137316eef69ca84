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
  /** What each value is cast to, once it stands alone; null: nothing. unnest() takes arrays of arrays apart to the end. */
  readonly cast: string | null;
}

export function arrayParameterType(type: SqlType, defaultSchema: string): ParameterType {
  const bare = bareType(type, defaultSchema);
  return holdsArray(type) ? { element: "text", cast: bare } : { element: bare, cast: null };
}

function holdsArray(type: SqlType): boolean {
  return type.value === "array" || (type.value === "domain" && type.of !== null && holdsArray(type.of));
}

function bareType(type: SqlType, defaultSchema: string): string {
  // A domain checks its values itself, length included, and has no modifiers.
  if (type.value === "domain") return type.sql(defaultSchema);
  if (type.value === "array" && type.of !== null) {
    const whole = type.sql(defaultSchema);
    return bareType(type.of, defaultSchema) + whole.slice(type.of.sql(defaultSchema).length);
  }
  const bare = withoutModifiers(type.sql(defaultSchema));
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
