/** What the kinds of types share. */

import type { CatalogObject } from "../catalog/catalog.js";

/** A type's name, which no table, sequence or other type of the schema may have at the same time. */
export function typeSlots(path: readonly string[]): readonly string[] {
  return [`type ${JSON.stringify(path)}`];
}

/** A relation's name; tables and composite types take a type's name too. */
export function relationSlot(path: readonly string[]): string {
  return `relation ${JSON.stringify(path)}`;
}

/** `"public"."status"[]` → `"public"."status"`: a type as SQL without array brackets. */
export function elementType(type: string): string {
  return type.replace(/(\[\])+$/, "");
}

/** Whether a type as SQL is an array. */
export function isArrayType(type: string): boolean {
  return type.endsWith("[]");
}

const families: Readonly<Record<string, string>> = {
  smallint: "integer",
  integer: "integer",
  bigint: "integer",
  text: "string",
  "character varying": "string",
  character: "string",
  bpchar: "string",
  real: "float",
  "double precision": "float",
  "bit varying": "bit",
};

/**
 * Types within one family turn into one another by PostgreSQL's assignment casts, keep their operators, and may
 * reference one another by foreign keys. `type` is as `format_type` prints it.
 */
export function typeFamily(type: string): string {
  const bare = elementType(type)
    .replace(/\([^)]*\)/, "")
    .replace(/ +/g, " ")
    .trim();
  const family = families[bare] ?? bare;
  return isArrayType(type) ? `${family}[]` : family;
}

/** Whether a type as `format_type` prints it is a user's: then it is qualified, which no built-in type is. */
export function isUserType(type: string): boolean {
  return /^("(?:[^"]|"")*"|[^".\s(]+)\./.test(type);
}

/** The type of an object that has one, such as a column or a domain. */
export function typeOf(object: CatalogObject | undefined): string | null {
  const definition = object?.definition;
  if (typeof definition !== "object" || definition === null || !("type" in definition)) return null;
  return typeof definition.type === "string" ? definition.type : null;
}
