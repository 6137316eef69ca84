/** What a table says of a column that comes from another: a partition, a child of INHERITS or a typed table says little. */

import { type Catalog, type CatalogObject, objectId, sameData } from "../catalog/catalog.js";
import { displayName, quoteIdentifier, quotePath } from "../sql/identifier.js";
import type { ColumnDefinition } from "./column.js";
import { ancestorsOf, comingColumn, type EffectiveColumn, effectiveColumn, heirsOf } from "./family.js";
import type { Hazard, Kind, PlanContext, Statement } from "./kind.js";
import { fieldCodes, settingsCode, sqlCode, stringCode } from "./source.js";
import { alterTable, compact, jsonObject, optionsObject, parameterChanges } from "./statements.js";

/** Only what is otherwise than where it comes from; statistics and options, which don't come along, where there are any. */
export interface InheritedColumnDefinition extends Pick<ColumnDefinition, "generated" | "storage"> {
  readonly compression?: "pglz" | "lz4" | "default";
  readonly notNull?: boolean;
  /** False: none, though where it comes from there is one. */
  readonly default?: string | false;
  readonly statistics?: number;
  readonly options?: Readonly<Record<string, string>>;
}

const expressionOf = (column: string) =>
  `CASE WHEN ${column}.adbin IS NOT NULL THEN pg_get_expr(${column}.adbin, ${column}.adrelid) END`;

/** Whether the two defaults, `d` and its source's `pd`, are otherwise; their trees are compared first, which is cheap. */
const otherDefault = `(d.adbin IS DISTINCT FROM pd.adbin AND ${expressionOf("d")} IS DISTINCT FROM ${expressionOf("pd")})`;

const storageName =
  "CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'm' THEN 'main' ELSE 'extended' END";

/** What is said of a column `a` that comes from `p`, and when. Nearly all columns end at the conditions. */
const words: Readonly<Record<string, { readonly when: string; readonly value: string }>> = {
  notNull: { when: "a.attnotnull <> coalesce(p.attnotnull, false)", value: "a.attnotnull" },
  default: {
    when: `a.attgenerated = '' AND ${otherDefault}`,
    value: `coalesce(to_json(${expressionOf("d")}), 'false'::json)`,
  },
  generated: {
    when: `a.attgenerated <> '' AND ${otherDefault}`,
    value: `json_build_object('expression', ${expressionOf("d")}, 'storage', CASE a.attgenerated WHEN 's' THEN 'stored' ELSE 'virtual' END)`,
  },
  storage: { when: "a.attstorage <> coalesce(p.attstorage, t.typstorage)", value: storageName },
  compression: {
    when: "a.attcompression <> coalesce(p.attcompression, '')",
    value: "CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' ELSE 'default' END",
  },
  statistics: { when: "a.attstattarget <> -1", value: "a.attstattarget" },
  options: { when: "a.attoptions IS NOT NULL", value: optionsObject("a.attoptions") },
};

export const inheritedColumnKind: Kind<InheritedColumnDefinition> = {
  name: "inherited column",
  parent: "table",

  seenIn: "pg_class WHERE reloftype <> 0 OR EXISTS (SELECT FROM pg_catalog.pg_inherits)",
  // The first parent that has it is where it comes from; a type says only the type. LATERAL keeps the planner, which knows
  // nothing of catalogs that are as new as a scratch database's, from reading all columns for each.
  query: () => `
    SELECT 'pg_class'::regclass::oid, a.attrelid, a.attnum::int, NULL::text, json_build_array(c.nspname, c.relname, a.attname), ds.description,
      ${jsonObject(mapValues(words, ({ when, value }) => `CASE WHEN ${when} THEN ${value} END`))}
    FROM managed_table c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
      LEFT JOIN LATERAL (SELECT p.* FROM pg_inherits i JOIN pg_attribute p ON p.attrelid = i.inhparent
        WHERE i.inhrelid = a.attrelid AND p.attname = a.attname ORDER BY i.inhseqno LIMIT 1) p ON true
      LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      LEFT JOIN pg_attrdef pd ON pd.adrelid = p.attrelid AND pd.adnum = p.attnum
      LEFT JOIN pg_description ds ON ds.objoid = a.attrelid AND ds.classoid = 'pg_class'::regclass AND ds.objsubid = a.attnum
    WHERE a.attnum > 0 AND NOT a.attisdropped AND (a.attinhcount > 0 OR c.reloftype <> 0)
      AND (ds.description IS NOT NULL OR ${Object.values(words)
        .map(({ when }) => when)
        .join(" OR ")})`,

  *declare({ tables }) {
    for (const { schema, name, inheritedColumns } of tables)
      for (const { name: column, comment, ...said } of inheritedColumns) {
        const definition = {
          ...compact<Omit<InheritedColumnDefinition, "notNull" | "default">>({
            generated: said.generated,
            storage: said.storage,
            compression: said.compression,
            statistics: said.statistics,
            options: said.options,
          }),
          ...(said.notNull === null ? {} : { notNull: said.notNull }),
          ...(said.default === null ? {} : { default: said.default }),
        };
        if (comment !== null || Object.keys(definition).length > 0)
          yield { path: [schema, name, column], comment, definition };
      }
  },

  create: ({ path }, context) => changes(path, context),
  drop(object, context) {
    const { path, id, definition } = object;
    if (!context.to.objects.has(id)) return [...changes(path, context), ...commentGone(object, context)];
    // It makes way for something that changes where the column comes from, and only a new type is hindered by a default.
    return typeof definition.default === "string" && changesType(path, context) ? [action(path, "DROP DEFAULT")] : [];
  },
  alter: (_from, { path }, context) => ({ op: "statements", statements: changes(path, context) }),
  needs: ({ path }, objects) => sourcesOf({ objects }, path),
  commentTarget: ({ path }) => `COLUMN ${quotePath(path)}`,

  source: ({ comment, definition }, context) => ({
    at: "inherited column",
    code: () =>
      fieldCodes({
        notNull: definition.notNull === undefined ? null : String(definition.notNull),
        serverDefault:
          definition.default === undefined
            ? null
            : definition.default === false
              ? "null"
              : sqlCode(definition.default, context),
        generated: definition.generated === undefined ? null : sqlCode(definition.generated.expression, context),
        storage: definition.storage === undefined ? null : stringCode(definition.storage),
        compression: definition.compression === undefined ? null : stringCode(definition.compression),
        statistics: definition.statistics === undefined ? null : String(definition.statistics),
        options: settingsCode(definition.options),
        comment: comment === null ? null : stringCode(comment),
      }),
  }),
};

/** The column stays, and its comment with it. */
function commentGone({ path, comment }: CatalogObject, { to }: PlanContext): readonly Statement[] {
  if (comment === null || effectiveColumn(to, path)?.from == null) return [];
  return [
    {
      sql: `COMMENT ON COLUMN ${quotePath(path)} IS NULL`,
      sentence: `remove the comment from column ${displayName(path)}`,
    },
  ];
}

function changesType(path: readonly string[], { from, to }: PlanContext): boolean {
  const [before, after] = [from, to].map((catalog) => comingColumn(catalog, path)?.object.definition);
  return before?.type !== after?.type || before?.collation !== after?.collation;
}

function mapValues<In, Out>(fields: Readonly<Record<string, In>>, map: (value: In) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, map(value)]));
}

/** All that its place in the tree is made of: the columns, defaults and words of those that it comes from. */
function sourcesOf(catalog: Pick<Catalog, "objects">, path: readonly string[]): readonly string[] {
  return ancestorsOf(catalog, path).flatMap((parent) =>
    ["column", "default", "inherited column"].map((kind) => objectId(kind, [...parent, path[2] ?? ""])),
  );
}

/**
 * What is left to do once the changes of where the column comes from have reached it. Whether it may be null, its default,
 * expression and storage follow from there; the rest stays as it is.
 */
function changes(path: readonly string[], context: PlanContext): readonly Statement[] {
  const { from, to } = context;
  const after = effectiveColumn(to, path);
  if (after === undefined || after.from === null) return [];
  const before = context.survives("table", path.slice(0, 2)) ? effectiveColumn(from, path) : undefined;
  const [sourceBefore, sourceAfter] = [comingColumn(from, path), comingColumn(to, path)];
  const isAnew = from.objects.has(objectId("inherited column", path)) && !context.survives("inherited column", path);
  const differing = <Value>(read: (column: EffectiveColumn) => Value, follows = true): boolean => {
    const source = sourceAfter === undefined ? undefined : read(sourceAfter);
    const isMoved = follows && !sameData(sourceBefore && read(sourceBefore), source);
    return !sameData(before === undefined || isMoved ? source : read(before), read(after));
  };
  const { notNull, storage, compression, statistics, options, generated } = after.object.definition;
  const settings = before?.object.definition;
  const actions: (readonly [string, ...Hazard[]])[] = [
    ...((isAnew && after.default !== null) || (generated === undefined && differing((column) => column.default))
      ? [[after.default === null ? "DROP DEFAULT" : `SET DEFAULT ${after.default}`] as const]
      : []),
    ...(generated !== undefined && differing((column) => column.object.definition.generated?.expression)
      ? [
          [
            `SET EXPRESSION AS (${generated.expression})`,
            ...(generated.storage === "stored" ? (["rewrite"] as const) : []),
          ] as const,
        ]
      : []),
    ...(differing((column) => column.object.definition.notNull)
      ? [notNull ? (["SET NOT NULL", "may-fail", "scan"] as const) : (["DROP NOT NULL"] as const)]
      : []),
    ...(differing((column) => column.object.definition.storage)
      ? [[`SET STORAGE ${storage?.toUpperCase() ?? "DEFAULT"}`] as const]
      : []),
    ...(differing((column) => column.object.definition.compression, false)
      ? [[`SET COMPRESSION ${compression ?? "DEFAULT"}`] as const]
      : []),
    ...(settings?.statistics === statistics ? [] : [[`SET STATISTICS ${statistics ?? -1}`] as const]),
    ...parameterChanges(settings?.options, options).map((change) => [change] as const),
  ];
  const isCompressed = actions.some(([text]) => text.startsWith("SET COMPRESSION"));
  return [
    ...actions.map(([text, ...hazards]) => action(path, text, hazards)),
    ...(isCompressed ? compressionFollowed(path, context) : []),
  ];
}

function action(path: readonly string[], text: string, hazards: readonly Hazard[] = []): Statement {
  return { sql: alterTable(path, `ALTER COLUMN ${quoteIdentifier(path[2] ?? "")} ${text}`), hazards };
}

/** A table's new default goes to all that have the column from it: those with another of their own are given it back. */
export function defaultsKept(path: readonly string[], context: PlanContext): readonly Statement[] {
  const isDropped = !context.to.objects.has(objectId("default", path));
  return heirsOf(context.to, path.slice(0, 2)).flatMap((heir) => {
    const column = [...heir.path, path[2] ?? ""];
    const id = objectId("inherited column", column);
    // Objects of this kind have this definition.
    const [before, after] = [context.from.objects.get(id), context.to.objects.get(id)].map(
      (object) => object?.definition as InheritedColumnDefinition | undefined,
    );
    if (after?.default === undefined || !context.survives("inherited column", column)) return [];
    if (!isDropped && before?.default !== after.default) return [];
    return [action(column, after.default === false ? "DROP DEFAULT" : `SET DEFAULT ${after.default}`)];
  });
}

/** Of a column's compression those that have the column from the table don't hear. */
export function compressionFollowed(path: readonly string[], context: PlanContext): readonly Statement[] {
  return heirsOf(context.to, path.slice(0, 2)).flatMap((heir) => {
    const column = [...heir.path, path[2] ?? ""];
    const id = objectId("inherited column", column);
    if (context.to.objects.has(id)) return [];
    const compression = effectiveColumn(context.to, column)?.object.definition.compression;
    return [action(column, `SET COMPRESSION ${compression ?? "DEFAULT"}`)];
  });
}
