/** Indexes of tables and of materialized views, other than those under a constraint. */

import { type CatalogObject, sameData } from "../catalog/catalog.js";
import type { Declarations, TableDeclaration } from "../model/declarations.js";
import { displayName, quoteIdentifier, quotePath } from "../sql/identifier.js";
import { dropsWithColumns } from "./constraint.js";
import { isTakenOver, relatedParts } from "./family.js";
import {
  elementCode,
  elementDefinition,
  elementNames,
  elementSql,
  type IndexBody,
  indexBodyFields,
} from "./index-element.js";
import {
  clusterSlots,
  type IndexSettings,
  indexAlteration,
  indexSettingFields,
  indexSettingsCode,
  lateIndexSettings,
  withoutSettings,
} from "./index-settings.js";
import type { Kind } from "./kind.js";
import {
  callCode,
  columnsCode,
  hasDerivedName,
  type InlineCall,
  namedCode,
  objectCode,
  qualifiedCode,
  type SourceContext,
  sqlCode,
  stringCode,
} from "./source.js";
import { columnList, compact, jsonObject, notMember, storageParameterList } from "./statements.js";
import { relationSlot } from "./type.js";

export interface IndexDefinition extends IndexBody, IndexSettings {
  readonly unique?: true;
  readonly nullsNotDistinct?: true;
  /** Left behind by a CREATE INDEX CONCURRENTLY that failed: never declared, so always a difference. */
  readonly invalid?: true;
}

/** Indexes of one sort of relation. They are told apart by their parent, and are all called indexes. */
function indexKindOf(
  parent: "table" | "materialized view",
  relations: string,
  declared: (declarations: Declarations) => readonly Indexed[],
): Kind<IndexDefinition> {
  return {
    name: parent === "table" ? "index" : `${parent} index`,
    parent,

    ...(parent === "materialized view" ? { seenIn: "pg_class WHERE relkind = 'm'" } : {}),
    query: ({ version }) => `
    SELECT 'pg_class'::regclass::oid, i.indexrelid, 0, NULL::text, json_build_array(c.nspname, c.relname, ic.relname),
      obj_description(i.indexrelid, 'pg_class'),
      ${jsonObject({
        ...indexBodyFields(),
        unique: "CASE WHEN i.indisunique THEN true END",
        ...(version >= 150000 ? { nullsNotDistinct: "CASE WHEN i.indnullsnotdistinct THEN true END" } : {}),
        ...indexSettingFields,
        statistics:
          "(SELECT json_object_agg(s.attnum, s.attstattarget) FROM pg_attribute s WHERE s.attrelid = i.indexrelid AND nullif(s.attstattarget, -1) IS NOT NULL)",
        invalid: "CASE WHEN NOT i.indisvalid THEN true END",
      })}
    FROM ${relations} c JOIN pg_index i ON i.indrelid = c.oid JOIN pg_class ic ON ic.oid = i.indexrelid
    WHERE NOT ic.relispartition AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x'))
      AND ${notMember("pg_class", "ic.oid")}`,

    *declare(declarations) {
      for (const { schema, name: table, indexes } of declared(declarations))
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

    create: (object) => [
      { sql: createIndex(object), hazards: object.definition.unique ? ["may-fail", "scan"] : ["scan"] },
      ...lateIndexSettings(object.path, object.definition),
    ],
    drop: (object, context) =>
      isTakenOver(object, context, isSameBody) ? [] : [{ sql: `DROP INDEX ${quotePath(relationPath(object.path))}` }],
    dropsWith: dropsWithColumns,
    createsAfter: relatedParts,
    alter: indexAlteration,
    rename: ({ path }, name) => `ALTER INDEX ${quotePath(relationPath(path))} RENAME TO ${quoteIdentifier(name)}`,
    renamesFreely: true,
    commentTarget: ({ path }) => `INDEX ${quotePath(relationPath(path))}`,
    slots: (object) => [relationSlot(relationPath(object.path)), ...clusterSlots(object)],

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
    describe: (_object, path) => `index ${displayName(path)}`,
  };
}

/** Whether PostgreSQL takes the one for the other's part, whatever their settings. */
function isSameBody(own: CatalogObject, parents: CatalogObject): boolean {
  // Both are indexes.
  const [a, b] = [own, parents].map(({ definition }) => withoutSettings(definition as IndexDefinition));
  return sameData(a, b);
}

/** What has indexes. */
type Indexed = Pick<TableDeclaration, "schema" | "name" | "indexes">;

export const indexKind = indexKindOf("table", "managed_table", ({ tables }) => tables);
export const materializedViewIndexKind = indexKindOf("materialized view", "managed_matview", ({ views }) => views);

/** `index(c.userId, c.createdAt.desc()).unique()`. */
function indexCode(object: CatalogObject<IndexDefinition>, context: SourceContext): string {
  const { unique, method, elements, include, nullsNotDistinct, where } = object.definition;
  const table = object.path.slice(0, 2);
  return [
    callCode(context.use("index"), ...elements.map((element) => elementCode(table, element, context))),
    namedCode(object, "index", elementNames(object.definition), context),
    ...(unique ? [".unique()"] : []),
    ...(nullsNotDistinct ? [".nullsNotDistinct()"] : []),
    ...(method === "btree" ? [] : [`.using(${stringCode(method)})`]),
    ...(include === undefined ? [] : [`.include(${columnsCode(table, include, context)})`]),
    ...(where === undefined ? [] : [`.where(${sqlCode(where, context)})`]),
    indexSettingsCode(object.definition),
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
