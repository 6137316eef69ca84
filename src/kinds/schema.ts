/** Schemas. Which of them are managed is the reader's business; here is what one is. */

import type { CatalogObject } from "../catalog/catalog.js";
import { type Declarations, namedIn } from "../model/declarations.js";
import { quoteIdentifier, quotePath } from "../sql/identifier.js";
import type { Kind } from "./kind.js";
import { overlap } from "./likeness.js";
import { callCode, objectCode, stringCode } from "./source.js";
import { notMember } from "./statements.js";

export type SchemaDefinition = Record<string, never>;

export const schemaKind: Kind<SchemaDefinition> = {
  name: "schema",
  inNoSchema: true,

  query: () => `
    SELECT 'pg_namespace'::regclass::oid, n.oid, 0, NULL::text, json_build_array(n.nspname),
      nullif(obj_description(n.oid, 'pg_namespace'), CASE WHEN n.nspname = 'public' THEN 'standard public schema' END),
      '{}'::json
    FROM managed n WHERE ${notMember("pg_namespace", "n.oid")}`,

  *declare(declarations) {
    const comments = new Map(declarations.schemas.map(({ name, comment }) => [name, comment]));
    for (const name of schemasIn(declarations))
      yield { path: [name], comment: comments.get(name) ?? null, definition: {} };
  },

  // The schema `public` comes with every new database, and may have been dropped from this one.
  create: ({ path }) => [{ sql: `CREATE SCHEMA ${path[0] === "public" ? "IF NOT EXISTS " : ""}${quotePath(path)}` }],
  // Every new database has it: that models leave it empty is no reason to drop it.
  isOutside: ({ path }) => path[0] === "public",
  drop: ({ path }) => [{ sql: `DROP SCHEMA ${quotePath(path)}` }],
  rename: ({ path }, name) => `ALTER SCHEMA ${quotePath(path)} RENAME TO ${quoteIdentifier(name)}`,
  likeness: (_from, _to, inside) => {
    const names = (objects: readonly CatalogObject[]) =>
      objects.map(({ kind, path }) => JSON.stringify([kind, ...path.slice(1)]));
    return overlap(names(inside.from), names(inside.to));
  },
  commentTarget: ({ path }) => `SCHEMA ${quotePath(path)}`,

  source(object, context) {
    const {
      path: [name = ""],
      comment,
    } = object;
    const fields = { comment: comment === null ? null : stringCode(comment), ...context.entries(object) };
    const isNamedByOthers = [...context.catalog.objects.values()].some(
      ({ kind, path }) => path.length > 1 && path[0] === name && kind !== "unmanaged",
    );
    const options = objectCode(fields);
    if (options === "" && isNamedByOthers) return null;
    return { at: "objects", code: () => callCode(context.use("schema"), stringCode(name), options) };
  },
};

/** The schemas that are declared, or that something declared lies in. */
export function schemasIn(declarations: Declarations): readonly string[] {
  const held = [...namedIn(declarations), ...declarations.plain].flatMap(({ schema }) => schema ?? []);
  return [...new Set([...declarations.schemas.map(({ name }) => name), ...held])];
}
