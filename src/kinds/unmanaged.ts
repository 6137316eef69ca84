/**
 * Everything else that stands in the managed schemas: named, never created, altered or dropped. What is here shrinks as
 * kinds are added.
 */

import type { Kind } from "./kind.js";
import { notMember } from "./statements.js";
import { relationSlot, typeSlots } from "./type.js";

/** Its path is PostgreSQL's own word for it, such as `view` or `function`, and its identity. */
export interface UnmanagedDefinition {
  /** Where it has a name that a managed object may want: schema and name. */
  readonly name?: readonly string[];
}

/** A condition: it does not come and go with another object, as a range type's constructors and casts do. */
function ownLife(catalog: string): string {
  return `NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = '${catalog}'::regclass AND i.objid = x.oid AND i.deptype = 'i')`;
}

/** A catalog whose rows live in a schema. `name`: the column with a name that managed objects may want too. */
const inSchema: readonly { catalog: string; namespace: string; name?: string; where?: string }[] = [
  {
    catalog: "pg_class",
    namespace: "relnamespace",
    name: "relname",
    where: "x.relkind = 'f'",
  },
  {
    catalog: "pg_type",
    namespace: "typnamespace",
    name: "typname",
    where:
      "(x.typtype = 'p' AND NOT x.typisdefined OR x.typtype = 'b' AND NOT EXISTS (SELECT FROM pg_type el WHERE el.typarray = x.oid))",
  },
  { catalog: "pg_collation", namespace: "collnamespace" },
  { catalog: "pg_conversion", namespace: "connamespace" },
  { catalog: "pg_operator", namespace: "oprnamespace" },
  { catalog: "pg_opclass", namespace: "opcnamespace" },
  { catalog: "pg_opfamily", namespace: "opfnamespace" },
  { catalog: "pg_ts_config", namespace: "cfgnamespace" },
  { catalog: "pg_ts_dict", namespace: "dictnamespace" },
  { catalog: "pg_ts_parser", namespace: "prsnamespace" },
  { catalog: "pg_ts_template", namespace: "tmplnamespace" },
  { catalog: "pg_statistic_ext", namespace: "stxnamespace" },
];

/** A catalog whose rows belong to a relation. */
const onRelation: readonly { catalog: string; relation: string; where: string }[] = [
  { catalog: "pg_trigger", relation: "tgrelid", where: "NOT x.tgisinternal AND x.tgparentid = 0" },
  { catalog: "pg_rewrite", relation: "ev_class", where: "NOT (x.rulename = '_RETURN' AND c.relkind IN ('v', 'm'))" },
  { catalog: "pg_policy", relation: "polrelid", where: "true" },
];

/** Catalogs of what has no schema: a user's own rows have OIDs from 16384 up. */
const ofDatabase: readonly string[] = [
  "pg_cast",
  "pg_language",
  "pg_event_trigger",
  "pg_foreign_data_wrapper",
  "pg_foreign_server",
  "pg_publication",
  "pg_transform",
  "pg_am",
];

const row = (catalog: string, definition = "'{}'::json") => `
    SELECT '${catalog}'::regclass::oid, x.oid, 0, NULL::text,
      (SELECT json_build_array(o.type, o.identity) FROM pg_identify_object('${catalog}'::regclass, x.oid, 0) o), NULL::text, ${definition}
    FROM ${catalog} x`;

export const unmanagedKind: Kind<UnmanagedDefinition> = {
  name: "unmanaged",
  managed: false,

  query: () =>
    [
      ...inSchema.map(
        ({ catalog, namespace, name, where }) =>
          `${row(catalog, name && `json_build_object('name', json_build_array(n.nspname, x.${name}))`)} JOIN managed n ON n.oid = x.${namespace} WHERE ${where ?? "true"} AND ${notMember(catalog, "x.oid")}`,
      ),
      ...onRelation.map(
        ({ catalog, relation, where }) =>
          `${row(catalog)} JOIN pg_class c ON c.oid = x.${relation} JOIN managed n ON n.oid = c.relnamespace
           WHERE ${where} AND ${notMember(catalog, "x.oid")} AND ${notMember("pg_class", "c.oid")}`,
      ),
      ...ofDatabase.map(
        (catalog) => `${row(catalog)} WHERE x.oid >= 16384 AND ${ownLife(catalog)} AND ${notMember(catalog, "x.oid")}`,
      ),
    ].join(" UNION ALL "),

  slots({ path: [word], definition: { name } }) {
    if (name === undefined) return [];
    return word === "type" ? typeSlots(name) : [...typeSlots(name), relationSlot(name)];
  },
  bindsColumns: ({ path }) => path[0] !== "statistics object",
  describe: (_object, path) => `${path[0]} ${path[1]}`,
};
