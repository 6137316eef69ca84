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
  const label = firstLabel(elementType(type), catalog);
  return label === null ? null : quoteLiteral(label).trimStart();
}

function firstLabel(type: string, catalog: Catalog): string | null {
  const parts = [...type.matchAll(/"((?:[^"]|"")*)"|([^".]+)/g)].map(([, quoted, bare]) =>
    quoted === undefined ? (bare ?? "") : quoted.replaceAll('""', '"'),
  );
  const definition = catalog.objects.get(objectId("enum", parts))?.definition;
  if (typeof definition !== "object" || definition === null || !("labels" in definition)) return null;
  const [label] = Array.isArray(definition.labels) ? definition.labels : [];
  return typeof label === "string" ? label : null;
}
