/**
 * Values for rows whose own were lost: when a dropped NOT NULL column comes back on the way down, PostgreSQL wants a
 * value for every row that stands.
 */

import { type Catalog, objectId } from "../catalog/catalog.js";
import { quoteLiteral } from "../sql/identifier.js";
import { elementType, isArrayType, typeFamily } from "./type.js";

const neutral: Readonly<Record<string, string>> = {
  integer: "0",
  numeric: "0",
  float: "0",
  money: "0",
  string: "''",
  boolean: "false",
  bytea: "''",
  uuid: "'00000000-0000-0000-0000-000000000000'",
  json: "'null'",
  jsonb: "'null'",
  date: "'-infinity'",
  "timestamp without time zone": "'-infinity'",
  "timestamp with time zone": "'-infinity'",
  "time without time zone": "'00:00'",
  "time with time zone": "'00:00+00'",
  interval: "'0'",
  inet: "'0.0.0.0'",
  cidr: "'0.0.0.0/32'",
  macaddr: "'00:00:00:00:00:00'",
  macaddr8: "'00:00:00:00:00:00:00:00'",
  tsvector: "''",
  tsquery: "''",
  point: "'(0,0)'",
  xml: "''",
};

/** A literal that a column of the type takes, null where none is known. `type` is as `format_type` prints it. */
export function fillValue(type: string, catalog: Catalog): string | null {
  if (isArrayType(type)) return "'{}'";
  const family = typeFamily(type);
  if (family in neutral) return neutral[family] ?? null;
  if (family === "bit") return `B'${"0".repeat(Number(/\((\d+)\)/.exec(type)?.[1] ?? 1))}'`;
  if (/^(int[48]|num|ts|tstz|date)range$/.test(family)) return "'empty'";
  if (family.endsWith("multirange")) return "'{}'";
  const domain = definitionOf("domain", type, catalog);
  if (domain !== null) return textField(domain, "default") ?? fillValue(textField(domain, "type") ?? "", catalog);
  const labels = definitionOf("enum", elementType(type), catalog)?.labels;
  const [label] = Array.isArray(labels) ? labels : [];
  return typeof label === "string" ? quoteLiteral(label).trimStart() : null;
}

/** Whether a column of the type takes no NULL, though it does not say so itself: a domain may. */
export function refusesNull(type: string, catalog: Catalog): boolean {
  const domain = definitionOf("domain", type, catalog);
  return domain !== null && (domain.notNull === true || refusesNull(textField(domain, "type") ?? "", catalog));
}

/** The definition of the user's type that `format_type` prints so. */
function definitionOf(kind: string, type: string, catalog: Catalog): Readonly<Record<string, unknown>> | null {
  const path = [...type.matchAll(/"((?:[^"]|"")*)"|([^".]+)/g)].map(([, quoted, bare]) =>
    quoted === undefined ? (bare ?? "") : quoted.replaceAll('""', '"'),
  );
  const definition = catalog.objects.get(objectId(kind, path))?.definition;
  // Definitions are plain objects; which fields they have is for the callers to see.
  return typeof definition === "object" ? (definition as Readonly<Record<string, unknown>> | null) : null;
}

function textField(definition: Readonly<Record<string, unknown>>, field: string): string | null {
  const value = definition[field];
  return typeof value === "string" ? value : null;
}
