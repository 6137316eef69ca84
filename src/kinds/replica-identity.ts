/** What logical replication tells changed rows by. */

import { type CatalogObject, objectId } from "../catalog/catalog.js";
import { displayName, quoteIdentifier } from "../sql/identifier.js";
import type { Kind } from "./kind.js";
import { fieldCodes, objectCode, stringCode } from "./source.js";
import { alterTable } from "./statements.js";

/** FULL, NOTHING, or an index of the table; no object at all where it is the default. */
export interface ReplicaIdentityDefinition {
  readonly identity: "full" | "nothing" | { readonly index: string };
}

export const replicaIdentityKind: Kind<ReplicaIdentityDefinition> = {
  name: "replica identity",
  parent: "table",
  sharesParentPath: true,

  query: () => `
    SELECT 0::oid, c.oid, 0, NULL::text, json_build_array(c.nspname, c.relname), NULL::text,
      json_build_object('identity', CASE c.relreplident WHEN 'f' THEN '"full"'::json WHEN 'n' THEN '"nothing"'::json
        ELSE json_build_object('index', (SELECT ic.relname FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid
          WHERE i.indrelid = c.oid AND i.indisreplident)) END)
    FROM managed_table c
    WHERE c.relkind IN ('r', 'p') AND c.relreplident IN ('f', 'n')
      OR c.relreplident = 'i' AND EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisreplident)`,

  *declare({ tables }) {
    for (const { schema, name, replicaIdentity } of tables)
      if (replicaIdentity !== "default")
        yield { path: [schema, name], comment: null, definition: { identity: replicaIdentity } };
  },

  create: (object) => [{ sql: replicaIdentity(object) }],
  drop: ({ path }) => [{ sql: alterTable(path, "REPLICA IDENTITY DEFAULT") }],
  alter: (_from, to) => ({ op: "statements", statements: [{ sql: replicaIdentity(to) }] }),
  needs: ({ path, definition: { identity } }) =>
    typeof identity === "string"
      ? []
      : [objectId("index", [...path, identity.index]), objectId("key", [...path, identity.index])],
  describe: (_object, path) => `replica identity of table ${displayName(path)}`,

  source: ({ definition: { identity } }) => ({
    at: "options",
    code: () =>
      fieldCodes({
        replicaIdentity:
          typeof identity === "string" ? stringCode(identity) : objectCode({ index: stringCode(identity.index) }),
      }),
  }),
};

function replicaIdentity({ path, definition: { identity } }: CatalogObject<ReplicaIdentityDefinition>): string {
  const what = typeof identity === "string" ? identity.toUpperCase() : `USING INDEX ${quoteIdentifier(identity.index)}`;
  return alterTable(path, `REPLICA IDENTITY ${what}`);
}
