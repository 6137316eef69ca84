/** What an index is over, element by element: shared by indexes and exclusion constraints. */

import type { IndexElement } from "../model/declarations.js";
import { quoteIdentifier } from "../sql/identifier.js";
import { callCode, qualifiedCode, type SourceContext, settingsCode, sqlCode } from "./source.js";
import { columnNames, compact, jsonObject, storageParameterList } from "./statements.js";

export interface IndexElementDefinition {
  readonly column?: string;
  readonly expression?: string;
  readonly collation?: string;
  readonly operatorClass?: string;
  readonly operatorClassParameters?: Readonly<Record<string, string>>;
  readonly order?: "desc";
  readonly nulls?: "first" | "last";
}

/** What an index declaration and an exclusion constraint say alike. */
export interface IndexBody {
  readonly method: string;
  readonly elements: readonly IndexElementDefinition[];
  readonly include?: readonly string[];
  readonly where?: string;
}

/**
 * The fields of `IndexBody` as SQL, over `pg_index i` and its `pg_class ic`. An operator class is left out where it is
 * the default for the column's type and has no parameters, as in `get_opclass_name` of PostgreSQL's ruleutils.c; a
 * collation where it is the column's own.
 */
export function indexBodyFields(
  extraElementField: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const descending = "(i.indoption::int2[])[e.n - 1] & 1 = 1";
  const nullsFirst = "(i.indoption::int2[])[e.n - 1] & 2 = 2";
  const element = jsonObject({
    column: "a.attname",
    expression: "CASE WHEN e.attnum = 0 THEN pg_get_indexdef(i.indexrelid, e.n::int, false) END",
    collation: `CASE WHEN (i.indcollation::oid[])[e.n - 1] NOT IN (0, coalesce(a.attcollation, 'pg_catalog."default"'::regcollation)) THEN
      (SELECT quote_ident(cn.nspname) || '.' || quote_ident(co.collname) FROM pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace
        WHERE co.oid = (i.indcollation::oid[])[e.n - 1]) END`,
    operatorClass: `(SELECT CASE WHEN ocn.nspname = 'pg_catalog' THEN '' ELSE quote_ident(ocn.nspname) || '.' END || quote_ident(oc.opcname)
      FROM pg_opclass oc JOIN pg_namespace ocn ON ocn.oid = oc.opcnamespace
      WHERE oc.oid = (i.indclass::oid[])[e.n - 1] AND NOT (oc.opcdefault AND ia.attoptions IS NULL AND (oc.opcintype IN (ia.atttypid, a.atttypid) OR NOT EXISTS (
        SELECT FROM pg_opclass d WHERE d.opcmethod = oc.opcmethod AND d.opcdefault AND d.opcintype = coalesce(a.atttypid, ia.atttypid)))))`,
    operatorClassParameters:
      "(SELECT json_object_agg(split_part(o, '=', 1), substr(o, strpos(o, '=') + 1)) FROM unnest(ia.attoptions) o)",
    order: `CASE WHEN ${descending} THEN 'desc' END`,
    nulls: `CASE WHEN ${descending} AND NOT ${nullsFirst} THEN 'last' WHEN NOT (${descending}) AND ${nullsFirst} THEN 'first' END`,
    ...extraElementField,
  });
  return {
    method: "(SELECT amname FROM pg_am WHERE oid = ic.relam)",
    elements: `(SELECT json_agg(${element} ORDER BY e.n)
      FROM unnest((i.indkey::int2[])[:i.indnkeyatts - 1]) WITH ORDINALITY e(attnum, n)
      LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = e.attnum AND e.attnum > 0
      JOIN pg_attribute ia ON ia.attrelid = i.indexrelid AND ia.attnum = e.n)`,
    include: `CASE WHEN i.indnatts > i.indnkeyatts THEN ${columnNames("i.indrelid", "(i.indkey::int2[])[i.indnkeyatts:]")} END`,
    where: "pg_get_expr(i.indpred, i.indrelid)",
  };
}

/** A declared element as a definition. */
export function elementDefinition(element: IndexElement): IndexElementDefinition {
  const { target, collation, operatorClass, operatorClassParameters, order, nulls } = element;
  const usual = order === "desc" ? "first" : "last";
  return compact<IndexElementDefinition>({
    column: "column" in target ? target.column : null,
    expression: "expression" in target ? target.expression : null,
    collation,
    operatorClass,
    operatorClassParameters,
    order: order === "desc" ? order : null,
    nulls: nulls === usual ? null : nulls,
  });
}

/** `"name" COLLATE "C" gin_trgm_ops (siglen='32') DESC NULLS LAST`. */
export function elementSql(element: IndexElementDefinition): string {
  const { column, expression, collation, operatorClass, operatorClassParameters, order, nulls } = element;
  return [
    column === undefined ? `(${expression})` : quoteIdentifier(column),
    ...(collation === undefined ? [] : [`COLLATE ${collation}`]),
    // Parameters can only follow an operator class by name.
    ...(operatorClass === undefined ? [] : [operatorClass]),
    ...(operatorClassParameters === undefined ? [] : [`(${storageParameterList(operatorClassParameters)})`]),
    ...(order === undefined ? [] : ["DESC"]),
    ...(nulls === undefined ? [] : [`NULLS ${nulls.toUpperCase()}`]),
  ].join(" ");
}

/** The element as models write it: `c.title`, `c.createdAt.desc()`, sql`lower(email)`. */
export function elementCode(table: readonly string[], element: IndexElementDefinition, context: SourceContext): string {
  const { column, expression, collation, operatorClass, operatorClassParameters, order, nulls } = element;
  const calls = [
    ...(collation === undefined ? [] : [callCode("collate", qualifiedCode(collation))]),
    ...(operatorClass === undefined
      ? []
      : [callCode("opclass", qualifiedCode(operatorClass), settingsCode(operatorClassParameters) ?? "")]),
    ...(order === undefined ? [] : ["desc()"]),
    ...(nulls === undefined ? [] : [nulls === "first" ? "nullsFirst()" : "nullsLast()"]),
  ];
  if (column !== undefined) {
    // A column has the methods that start an order; where the first is none of these, asc() is.
    const start = calls[0]?.startsWith("nulls") ? ["asc()"] : [];
    return [context.column(table, column), ...start, ...calls].join(".");
  }
  const target = sqlCode(expression ?? "", context);
  return calls.length === 0 ? target : [callCode(context.use("asc"), target), ...calls].join(".");
}

/** `expr` for an expression, as names are derived. */
export function elementNames(body: IndexBody): readonly string[] {
  return [...body.elements.map(({ column }) => column ?? "expr"), ...(body.include ?? [])];
}
