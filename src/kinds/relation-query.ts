/** What views and materialized views share: a query with columns of its own making. */

import { type CatalogObject, sameData } from "../catalog/catalog.js";
import type { ViewColumnDeclaration, ViewDeclaration } from "../model/declarations.js";
import { displayName, quoteIdentifier, quoteLiteral, quotePath } from "../sql/identifier.js";
import { type ColumnSettings, columnSettingFields, settingCalls } from "./column.js";
import type { Kind, Statement } from "./kind.js";
import { columnLabelCall } from "./security-label.js";
import { callCode, type SourceContext, sqlCode, stringCode } from "./source.js";
import { compact, jsonObject, parameterChanges } from "./statements.js";
import { relationSlot, typeSlots } from "./type.js";

/** A column: its name and type follow from the query, the rest is said of it. */
export interface ViewColumn extends ColumnSettings {
  readonly name: string;
  readonly type: string;
  readonly collation?: string;
  /** Of a view: what INSERT puts there. */
  readonly default?: string;
  readonly comment?: string;
}

export interface QueryDefinition {
  /** Without a semicolon. */
  readonly query: string;
  readonly columns: readonly ViewColumn[];
}

/** `query` and `columns` as SQL, over the relation's `pg_class` named `c`. */
export const queryFields: Readonly<Record<string, string>> = {
  query: "rtrim(ltrim(pg_get_viewdef(c.oid)), ';')",
  columns: `(SELECT coalesce(json_agg(${jsonObject({
    name: "a.attname",
    type: "format_type(a.atttypid, a.atttypmod)",
    default: "pg_get_expr(d.adbin, d.adrelid)",
    comment: "col_description(a.attrelid, a.attnum)",
    ...columnSettingFields,
  })} ORDER BY a.attnum), '[]')
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)`,
};

/** The columns that such a query begins with, and where it reads from. */
export function relationQuery(relation: string, fields: Readonly<Record<string, string>>): string {
  return `
    SELECT 'pg_class'::regclass::oid, c.oid, 0, 'pg_type/' || c.reltype || ' pg_type/' || rt.typarray,
      json_build_array(c.nspname, c.relname), obj_description(c.oid, 'pg_class'), ${jsonObject(fields)}
    FROM ${relation} c JOIN pg_type rt ON rt.oid = c.reltype`;
}

/** A CTE of the managed relations of a sort, as `managed_table` is of tables. */
export function managedRelations(relkind: string): string {
  return `
    SELECT c.oid, n.nspname, c.relname, c.reltype, c.reloptions, c.reltoastrelid, c.reltablespace, c.relam, c.relispopulated
    FROM pg_class c JOIN managed n ON n.oid = c.relnamespace
    WHERE c.relkind = '${relkind}' AND c.relpersistence <> 't'
      AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_class'::regclass AND m.objid = c.oid)`;
}

/** What both kinds say alike. `word`: as after CREATE. */
export function queryBase(word: "VIEW" | "MATERIALIZED VIEW") {
  return {
    name: word.toLowerCase(),
    rename: ({ path }, name) => `ALTER ${word} ${quotePath(path)} RENAME TO ${quoteIdentifier(name)}`,
    renamesFreely: true,
    bindsColumns: () => true,
    commentTarget: ({ path }) => `${word} ${quotePath(path)}`,
    slots: ({ path }) => [...typeSlots(path), relationSlot(path)],
    contradiction,
  } satisfies Partial<Kind<QueryDefinition>>;
}

/** Whether the columns of the one are the first of the other. */
export function beginsWith(to: readonly ViewColumn[], from: readonly ViewColumn[]): boolean {
  const shape = ({ name, type, collation }: ViewColumn) => ({ name, type, collation });
  return from.every((column, i) => {
    const now = to[i];
    return now !== undefined && sameData(shape(column), shape(now));
  });
}

/** Statements for all that is said of columns beside the query; `from`: what is said already. */
export function columnChanges(
  word: "VIEW" | "MATERIALIZED VIEW",
  path: readonly string[],
  from: readonly ViewColumn[],
  to: readonly ViewColumn[],
): readonly Statement[] {
  return to.flatMap((column) => {
    const before = from.find(({ name }) => name === column.name);
    const actions = [
      ...(before?.default === column.default
        ? []
        : [column.default === undefined ? "DROP DEFAULT" : `SET DEFAULT ${column.default}`]),
      ...(before?.storage === column.storage ? [] : [`SET STORAGE ${column.storage?.toUpperCase() ?? "DEFAULT"}`]),
      ...(before?.compression === column.compression ? [] : [`SET COMPRESSION ${column.compression ?? "DEFAULT"}`]),
      ...(before?.statistics === column.statistics ? [] : [`SET STATISTICS ${column.statistics ?? -1}`]),
      ...parameterChanges(before?.options, column.options),
    ];
    const name = quoteIdentifier(column.name);
    return [
      ...actions.map((action) => ({ sql: `ALTER ${word} ${quotePath(path)} ALTER COLUMN ${name} ${action}` })),
      ...(before?.comment === column.comment ? [] : [commentStatement([...path, column.name], column.comment)]),
    ];
  });
}

function commentStatement(column: readonly string[], comment: string | undefined): Statement {
  const text = comment === undefined ? "NULL" : quoteLiteral(comment).trimStart();
  return {
    sql: `COMMENT ON COLUMN ${quotePath(column)} IS ${text}`,
    sentence: `${comment === undefined ? "remove the comment from" : "comment on"} column ${displayName(column)}`,
  };
}

export function declaredQuery({ query, columns }: ViewDeclaration): QueryDefinition {
  return { query, columns: columns.map(declaredColumn) };
}

function declaredColumn({ origin: _, ...column }: ViewColumnDeclaration): ViewColumn {
  return compact<ViewColumn>({ ...column, collation: null });
}

/** A column that is declared and that the query does not give, or gives with another type: length and precision aside. */
function contradiction(declared: QueryDefinition, printed: QueryDefinition): string | null {
  for (const { name, type } of declared.columns) {
    const found = printed.columns.find((column) => column.name === name);
    if (found === undefined)
      return `its query gives no column ${displayName([name])}; it gives ${printed.columns.map((column) => displayName([column.name])).join(", ")}`;
    if (plainType(found.type) !== plainType(type))
      return `its query gives the column ${displayName([name])} as ${found.type}, and the model declares it as ${plainType(type)}`;
  }
  return null;
}

/** Without quotes and modifiers, neither of which changes how its values are read. */
function plainType(type: string): string {
  return type.replaceAll('"', "").replace(/\([\d,]+\)/, "");
}

/** Each column as models say it, by its name. The query says what may be null; none of it is known. */
export function columnCodes(
  view: CatalogObject<QueryDefinition>,
  context: SourceContext,
): ReadonlyMap<string, () => readonly string[]> {
  return new Map(
    view.definition.columns.map((column) => [
      column.name,
      () => [
        context.type(column.type),
        ".nullable()",
        ...(column.default === undefined ? [] : [callCode(".serverDefault", sqlCode(column.default, context))]),
        ...settingCalls(column),
        columnLabelCall(view, column.name, context),
        ...(column.comment === undefined ? [] : [callCode(".comment", stringCode(column.comment))]),
      ],
    ]),
  );
}

/** `as: …`, and the comment. */
export function queryCodes(
  object: CatalogObject<QueryDefinition>,
  context: SourceContext,
): Readonly<Record<string, string | null>> {
  const { path, comment, definition } = object;
  return {
    comment: comment === null ? null : stringCode(comment),
    ...context.entries(object),
    as: context.sql(path, definition.query),
  };
}
