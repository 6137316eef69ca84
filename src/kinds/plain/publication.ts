/** Publications: which changes other databases may subscribe to. They lie in no schema. */

import { sameData } from "../../catalog/catalog.js";
import { quoteIdentifier, quotePath } from "../../sql/identifier.js";
import type { Alteration, Kind } from "../kind.js";
import { columnList } from "../statements.js";
import { isUsers, type PlainCatalogDefinition, plainBase, plainColumns, renames } from "./plain.js";

type Definition = PlainCatalogDefinition<"publication">;

const target = (path: readonly string[]) => `PUBLICATION ${quotePath(path)}`;

/** A table with nothing else said of it is its name alone. */
function tablesField(version: number): string {
  const columns =
    "(SELECT json_agg(a.attname ORDER BY a.attname) FROM pg_attribute a WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs))";
  const element =
    version < 150000
      ? "to_json(r.prrelid::regclass::text)"
      : `CASE WHEN r.prattrs IS NULL AND r.prqual IS NULL THEN to_json(r.prrelid::regclass::text)
          ELSE json_strip_nulls(json_build_object('table', r.prrelid::regclass::text, 'columns', ${columns}, 'where', pg_get_expr(r.prqual, r.prrelid))) END`;
  return `(SELECT json_agg(${element} ORDER BY r.prrelid::regclass::text) FROM pg_publication_rel r WHERE r.prpubid = x.oid)`;
}

/** The addresses of what it lists, which have dependencies of their own. */
function aliases(version: number): string {
  const of = (catalog: string, column: string) =>
    `SELECT '${catalog}'::regclass::oid || '/' || r.oid FROM ${catalog} r WHERE r.${column} = x.oid`;
  const schemas = version < 150000 ? "" : ` UNION ALL ${of("pg_publication_namespace", "pnpubid")}`;
  return `(SELECT string_agg(q.address, ' ') FROM (${of("pg_publication_rel", "prpubid")}${schemas}) q (address))`;
}

/** Whether all that it lists is elsewhere. */
function outsideField(version: number): string {
  const tables =
    "SELECT c.relnamespace FROM pg_publication_rel r JOIN pg_class c ON c.oid = r.prrelid WHERE r.prpubid = x.oid";
  const schemas =
    version < 150000 ? "" : " UNION ALL SELECT r.pnnspid FROM pg_publication_namespace r WHERE r.pnpubid = x.oid";
  return `(SELECT nullif(bool_and(q.schema NOT IN (SELECT oid FROM managed)), false) FROM (${tables}${schemas}) q (schema))`;
}

export const publicationKind: Kind<Definition> = {
  ...plainBase("publication", { factory: "publication", inNoSchema: true, isLabelled: true }),
  ...renames(target),

  seenIn: "pg_publication",
  query: ({ version }) =>
    `${plainColumns(
      "pg_publication",
      "x.pubname",
      {
        allTables: "CASE WHEN x.puballtables THEN true END",
        tables: tablesField(version),
        ...(version < 150000
          ? {}
          : {
              schemas: `(SELECT json_agg(sn.nspname ORDER BY sn.nspname) FROM pg_publication_namespace r JOIN pg_namespace sn ON sn.oid = r.pnnspid WHERE r.pnpubid = x.oid)`,
            }),
        publish: `CASE WHEN NOT (x.pubinsert AND x.pubupdate AND x.pubdelete AND x.pubtruncate)
        THEN array_to_json(array_remove(ARRAY[CASE WHEN x.pubinsert THEN 'insert' END, CASE WHEN x.pubupdate THEN 'update' END,
          CASE WHEN x.pubdelete THEN 'delete' END, CASE WHEN x.pubtruncate THEN 'truncate' END], NULL)) END`,
        viaRoot: "CASE WHEN x.pubviaroot THEN true END",
        ...(version < 180000 ? {} : { generatedColumns: "CASE x.pubgencols WHEN 's' THEN 'stored' END" }),
        outside: outsideField(version),
      },
      aliases(version),
    )} WHERE ${isUsers("pg_publication")}`,

  create({ path, definition }) {
    const list = membersSql(definition);
    const whom = definition.allTables ? " FOR ALL TABLES" : list === "" ? "" : ` FOR ${list}`;
    const options = optionsSql({}, definition);
    return [{ sql: `CREATE ${target(path)}${whom}${options === "" ? "" : ` WITH (${options})`}` }];
  },
  alter(from, to): Alteration {
    const [before, after] = [from.definition, to.definition];
    if (before.allTables !== after.allTables) return { op: "replace" };
    const options = optionsSql(before, after);
    return {
      op: "statements",
      statements: [...memberChanges(before, after), ...(options === "" ? [] : [`SET (${options})`])].map((change) => ({
        sql: `ALTER ${target(to.path)} ${change}`,
      })),
    };
  },
  // The condition on rows holds on to the types of columns.
  bindsColumns: ({ definition: { tables = [] } }) =>
    tables.some((table) => typeof table !== "string" && table.where !== undefined),
};

/** `TABLE a, b (x) WHERE (y > 0), TABLES IN SCHEMA s`. */
function membersSql({ tables = [], schemas = [] }: Definition): string {
  return [
    ...(tables.length === 0 ? [] : [`TABLE ${tables.map(tableSql).join(", ")}`]),
    ...(schemas.length === 0 ? [] : [`TABLES IN SCHEMA ${schemas.map(quoteIdentifier).join(", ")}`]),
  ].join(", ");
}

type Table = NonNullable<Definition["tables"]>[number];

function tableSql(table: Table): string {
  if (typeof table === "string") return table;
  const columns = table.columns === undefined ? "" : ` ${columnList(table.columns)}`;
  return `${table.table}${columns}${table.where === undefined ? "" : ` WHERE (${table.where})`}`;
}

/** What comes is added and what goes is dropped; what changes takes the whole list anew. */
function memberChanges(from: Definition, to: Definition): readonly string[] {
  const nameOf = (table: Table) => (typeof table === "string" ? table : table.table);
  const [before, after] = [from.tables ?? [], to.tables ?? []];
  const changed = after.filter((table) => {
    const old = before.find((other) => nameOf(other) === nameOf(table));
    return old !== undefined && !sameData(old, table);
  });
  if (changed.length > 0) return [`SET ${membersSql(to)}`];
  const missing = (list: readonly Table[], other: readonly Table[]) =>
    list.filter((table) => !other.some((each) => nameOf(each) === nameOf(table)));
  const without = (list: Definition["schemas"] = [], other: Definition["schemas"] = []) =>
    list.filter((schema) => !other.includes(schema));
  const gone = membersSql({ tables: missing(before, after).map(nameOf), schemas: without(from.schemas, to.schemas) });
  const come = membersSql({ tables: missing(after, before), schemas: without(to.schemas, from.schemas) });
  return [...(gone === "" ? [] : [`DROP ${gone}`]), ...(come === "" ? [] : [`ADD ${come}`])];
}

const everything = ["insert", "update", "delete", "truncate"] as const;

/** `publish = 'insert', publish_via_partition_root = true` as far as they differ. */
function optionsSql(from: Definition, to: Definition): string {
  const changes: string[] = [];
  if (!sameData(from.publish ?? everything, to.publish ?? everything))
    changes.push(`publish = '${(to.publish ?? everything).join(", ")}'`);
  if ((from.viaRoot ?? false) !== (to.viaRoot ?? false))
    changes.push(`publish_via_partition_root = ${to.viaRoot ?? false}`);
  if (from.generatedColumns !== to.generatedColumns)
    changes.push(`publish_generated_columns = ${to.generatedColumns ?? "none"}`);
  return changes.join(", ");
}
