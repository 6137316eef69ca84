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

/** A catalog whose rows live in a schema. `name`: the column with a name that managed objects may want too. */
const inSchema: readonly { catalog: string; namespace: string; name?: string; where?: string }[] = [
  {
    catalog: "pg_type",
    namespace: "typnamespace",
    name: "typname",
    where:
      "(x.typtype = 'p' AND NOT x.typisdefined OR x.typtype = 'b' AND NOT EXISTS (SELECT FROM pg_type el WHERE el.typarray = x.oid))",
  },
];

/** A condition: what it hangs on is neither a table nor a view that is managed. */
const unmanagedCarrier =
  "NOT EXISTS (SELECT FROM managed_table mt WHERE mt.oid = c.oid) AND NOT EXISTS (SELECT FROM managed_view mv WHERE mv.oid = c.oid)";

const unmanagedStatistics =
  "NOT EXISTS (SELECT FROM managed_table mt WHERE mt.oid = c.oid) AND NOT EXISTS (SELECT FROM managed_matview mm WHERE mm.oid = c.oid)";

/** A catalog whose rows belong to a relation. */
const onRelation: readonly { catalog: string; relation: string; where: string }[] = [
  {
    catalog: "pg_trigger",
    relation: "tgrelid",
    where: `NOT x.tgisinternal AND x.tgparentid = 0 AND ${unmanagedCarrier}`,
  },
  { catalog: "pg_rewrite", relation: "ev_class", where: `x.ev_type <> '1' AND ${unmanagedCarrier}` },
  { catalog: "pg_statistic_ext", relation: "stxrelid", where: unmanagedStatistics },
  { catalog: "pg_policy", relation: "polrelid", where: unmanagedCarrier },
];

const row = (catalog: string, definition = "'{}'::json") => `
    SELECT '${catalog}'::regclass::oid, x.oid, 0, NULL::text,
      (SELECT json_build_array(o.type, o.identity) FROM pg_identify_object('${catalog}'::regclass, x.oid, 0) o), NULL::text, ${definition}
    FROM ${catalog} x`;

export const unmanagedKind: Kind<UnmanagedDefinition> = {
  name: "unmanaged",
  inNoSchema: true,
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
    ].join(" UNION ALL "),

  slots({ path: [word], definition: { name } }) {
    if (name === undefined) return [];
    return word === "type" ? typeSlots(name) : [...typeSlots(name), relationSlot(name)];
  },
  bindsColumns: ({ path }) => path[0] !== "statistics object",
  describe: (_object, path) => `${path[0]} ${path[1]}`,
};
