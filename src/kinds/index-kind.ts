/** Indexes of tables, other than those under a constraint. */

import { type CatalogObject, sameData } from "../catalog/catalog.js";
import { displayName, quoteIdentifier, quotePath } from "../sql/identifier.js";
import { dropsWithColumns } from "./constraint.js";
import {
  elementCode,
  elementDefinition,
  elementNames,
  elementSql,
  type IndexBody,
  indexBodyFields,
} from "./index-element.js";
import { type IndexSettings, indexSettingChanges, tablespaceName } from "./index-settings.js";
import type { Alteration, Kind } from "./kind.js";
import {
  callCode,
  columnsCode,
  hasDerivedName,
  type InlineCall,
  namedCode,
  objectCode,
  qualifiedCode,
  type SourceContext,
  settingsCode,
  sqlCode,
  stringCode,
} from "./source.js";
import { columnList, compact, jsonObject, notMember, optionsObject, storageParameterList } from "./statements.js";
import { relationSlot } from "./type.js";

export interface IndexDefinition extends IndexBody, IndexSettings {
  readonly unique?: true;
  readonly nullsNotDistinct?: true;
  /** Left behind by a CREATE INDEX CONCURRENTLY that failed: never declared, so always a difference. */
  readonly invalid?: true;
}

export const indexKind: Kind<IndexDefinition> = {
  name: "index",
  parent: "table",

  query: ({ version }) => `
    SELECT 'pg_class'::regclass::oid, i.indexrelid, 0, NULL::text, json_build_array(c.nspname, c.relname, ic.relname),
      obj_description(i.indexrelid, 'pg_class'),
      ${jsonObject({
        ...indexBodyFields(),
        unique: "CASE WHEN i.indisunique THEN true END",
        ...(version >= 150000 ? { nullsNotDistinct: "CASE WHEN i.indnullsnotdistinct THEN true END" } : {}),
        storageParameters: `CASE WHEN ic.reloptions IS NOT NULL THEN ${optionsObject("ic.reloptions")} END`,
        tablespace: tablespaceName("ic.reltablespace"),
        clustered: "CASE WHEN i.indisclustered THEN true END",
        statistics:
          "(SELECT json_object_agg(s.attnum, s.attstattarget) FROM pg_attribute s WHERE s.attrelid = i.indexrelid AND nullif(s.attstattarget, -1) IS NOT NULL)",
        invalid: "CASE WHEN NOT i.indisvalid THEN true END",
      })}
    FROM managed_table c JOIN pg_index i ON i.indrelid = c.oid JOIN pg_class ic ON ic.oid = i.indexrelid
    WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x'))
      AND ${notMember("pg_class", "ic.oid")}`,

  *declare({ tables }) {
    for (const { schema, name: table, indexes } of tables)
      for (const index of indexes)
        yield {
          path: [schema, table, index.name],
          comment: index.comment,
          definition: compact<IndexDefinition>({
            method: index.method,
            unique: index.unique || null,
            nullsNotDistinct: index.nullsNotDistinct || null,
            elements: index.elements.map(elementDefinition),
            include: index.include,
            where: index.where,
            storageParameters: index.storageParameters,
            tablespace: index.tablespace,
            clustered: index.clustered || null,
            statistics: index.statistics,
            invalid: null,
          }),
        };
  },

  create: (object) => {
    const { clustered, statistics } = object.definition;
    return [
      { sql: createIndex(object), hazards: object.definition.unique ? ["may-fail", "scan"] : ["scan"] },
      ...indexSettingChanges(
        object.path,
        {},
        compact<IndexSettings>({ clustered, statistics, storageParameters: null, tablespace: null }),
      ),
    ];
  },
  drop: ({ path }) => [{ sql: `DROP INDEX ${quotePath(relationPath(path))}` }],
  dropsWith: dropsWithColumns,
  alter(from, to): Alteration {
    if (!sameData(shape(from.definition), shape(to.definition))) return { op: "replace" };
    return { op: "statements", statements: indexSettingChanges(to.path, from.definition, to.definition) };
  },
  rename: ({ path }, name) => `ALTER INDEX ${quotePath(relationPath(path))} RENAME TO ${quoteIdentifier(name)}`,
  renamesFreely: true,
  commentTarget: ({ path }) => `INDEX ${quotePath(relationPath(path))}`,
  slots: ({ path }) => [relationSlot(relationPath(path))],

  source(object, context) {
    if (object.definition.invalid) {
      context.leaveOut(
        `index ${displayName(relationPath(object.path))} is invalid, left behind by a build that failed: the models leave it out`,
      );
      return null;
    }
    const inline = inlineIndex(object, context);
    return { at: "constraints", code: () => indexCode(object, context), ...(inline === null ? {} : { inline }) };
  },
};

/** `index(c.userId, c.createdAt.desc()).unique()`. */
function indexCode(object: CatalogObject<IndexDefinition>, context: SourceContext): string {
  const { unique, method, elements, include, nullsNotDistinct, storageParameters } = object.definition;
  const { tablespace, where, clustered, statistics } = object.definition;
  const table = object.path.slice(0, 2);
  return [
    callCode(context.use("index"), ...elements.map((element) => elementCode(table, element, context))),
    namedCode(object, "index", elementNames(object.definition), context),
    ...(unique ? [".unique()"] : []),
    ...(nullsNotDistinct ? [".nullsNotDistinct()"] : []),
    ...(method === "btree" ? [] : [`.using(${stringCode(method)})`]),
    ...(include === undefined ? [] : [`.include(${columnsCode(table, include, context)})`]),
    ...(where === undefined ? [] : [`.where(${sqlCode(where, context)})`]),
    ...(storageParameters === undefined ? [] : [`.with(${settingsCode(storageParameters)})`]),
    ...(tablespace === undefined ? [] : [`.tablespace(${stringCode(tablespace)})`]),
    ...(clustered ? [".clustered()"] : []),
    ...(statistics === undefined
      ? []
      : [
          `.statistics({ ${Object.entries(statistics)
            .map(([position, target]) => `${position}: ${target}`)
            .join(", ")} })`,
        ]),
  ].join("");
}

/** `.index()` on the column, where that can say it all. */
function inlineIndex(object: CatalogObject<IndexDefinition>, context: SourceContext): InlineCall | null {
  const { elements, method, unique, where, ...rest } = object.definition;
  const [element, second] = elements;
  if (element?.column === undefined || second !== undefined || object.comment !== null) return null;
  const { column, operatorClass, ...order } = element;
  if (Object.keys(rest).length > 0 || Object.keys(order).length > 0) return null;
  return {
    columns: [column],
    method: "index",
    argument: () =>
      objectCode({
        name: hasDerivedName(object, "index", [column], context) ? null : stringCode(object.path[2] ?? ""),
        unique: unique ? "true" : null,
        using: method === "btree" ? null : stringCode(method),
        opclass: operatorClass === undefined ? null : qualifiedCode(operatorClass),
        where: where === undefined ? null : sqlCode(where, context),
      }),
  };
}

/** An index is named in its schema; its table stands in the path only to say whose it is. */
function relationPath(path: readonly string[]): readonly string[] {
  return [path[0] ?? "", path[2] ?? ""];
}

/** What has no ALTER. */
function shape({ storageParameters: _a, tablespace: _b, clustered: _c, statistics: _d, ...rest }: IndexDefinition) {
  return rest;
}

function createIndex({ path, definition }: CatalogObject<IndexDefinition>): string {
  const { unique, method, elements, include, nullsNotDistinct, storageParameters, tablespace, where } = definition;
  return [
    `CREATE ${unique ? "UNIQUE " : ""}INDEX ${quoteIdentifier(path[2] ?? "")} ON ${quotePath(path.slice(0, 2))}`,
    ...(method === "btree" ? [] : [`USING ${quoteIdentifier(method)}`]),
    `(${elements.map(elementSql).join(", ")})`,
    ...(include === undefined ? [] : [`INCLUDE ${columnList(include)}`]),
    ...(nullsNotDistinct ? ["NULLS NOT DISTINCT"] : []),
    ...(storageParameters === undefined ? [] : [`WITH (${storageParameterList(storageParameters)})`]),
    ...(tablespace === undefined ? [] : [`TABLESPACE ${quoteIdentifier(tablespace)}`]),
    ...(where === undefined ? [] : [`WHERE ${where}`]),
  ].join(" ");
}
