/** How values are ordered, written in other encodings and turned into other types. */

import type { Declares } from "../brand.js";
import type { ObjectOptions } from "../objects.js";
import { type DatabaseObjectOptions, type PlainDefinition, plain, type TypeName, typeInName } from "./plain.js";

export interface CollationOptions {
  /** Default: `libc`. `builtin` from PostgreSQL 17 on. */
  readonly provider?: "icu" | "libc" | "builtin";
  readonly locale?: string;
  /** Of `libc`, where the two are not the same locale. */
  readonly lcCollate?: string;
  readonly lcCtype?: string;
  /** False: strings that differ may be equal; ICU only. Default: true. */
  readonly deterministic?: boolean;
  /** Further rules of ICU; PostgreSQL 16. */
  readonly rules?: string;
}

/**
 * ``export const german = collation("german", { provider: "icu", locale: "de-u-ks-level2", deterministic: false })`` →
 * `CREATE COLLATION "german" (provider = 'icu', locale = 'de-u-ks-level2', deterministic = false)`. A column takes it by
 * `.collate("german")`.
 */
export function collation(name: string, options: CollationOptions & ObjectOptions): Declares<PlainDefinition> {
  return plain("collation", { factory: "collation", name }, options, { inSchema: true });
}

export interface ConversionOptions {
  /** Encodings, such as `UTF8`. */
  readonly from: string;
  readonly to: string;
  /** As SQL: a function's name. */
  readonly function: string;
  readonly default?: boolean;
}

/** `CREATE DEFAULT CONVERSION "name" FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1`. */
export function conversion(name: string, options: ConversionOptions & ObjectOptions): Declares<PlainDefinition> {
  return plain("conversion", { factory: "conversion", name }, options, { inSchema: true });
}

export interface CastOptions {
  /** As SQL, with its arguments: `mood_to_text(mood)`. Left out: see `method`. */
  readonly function?: string;
  /** Where no function does it: by the types' input and output, or not at all, since both are stored alike. Default: `binary`. */
  readonly method?: "inout" | "binary";
  /** Where it happens unasked: on assignment, or anywhere. Left out: only where `CAST` or `::` says so. */
  readonly context?: "assignment" | "implicit";
}

export interface CastSettings extends CastOptions {
  readonly source: TypeName;
  readonly target: TypeName;
}

/**
 * ``export const moodCast = sqlCast(text(), mood(), { method: "inout", context: "assignment" })`` →
 * `CREATE CAST (text AS "mood") WITH INOUT AS ASSIGNMENT`.
 */
export function sqlCast(
  source: TypeName,
  target: TypeName,
  options: CastOptions & Pick<DatabaseObjectOptions, "comment"> = {},
): Declares<PlainDefinition> {
  const name = [source, target]
    .map((type) => (typeof type === "string" ? type : type.spec.type.sql(null)))
    .join(" AS ");
  return plain(
    "cast",
    { factory: "sqlCast", name },
    { source, target, ...options },
    {
      inSchema: false,
      path: (settings) => [`${typeInName(settings.source)} AS ${typeInName(settings.target)}`],
    },
  );
}
