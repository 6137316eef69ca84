/**
 * What a database has beside the managed schemas and their objects may need: tables that foreign keys reference, functions
 * that defaults call. Loaded into scratch databases only.
 */

import { type Catalog, type CatalogObject, objectId } from "../catalog/catalog.js";
import { planCreation } from "../diff/plan.js";
import type { Connection } from "../engine/connection.js";
import { parentId, schemaId } from "../kinds/index.js";
import { readCatalog } from "../kinds/read.js";
import type { Loadable } from "./load.js";

const otherSchemas = `
  SELECT n.nspname FROM pg_namespace n
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname <> ALL ($1::text[])`;

/**
 * Statements that create what the database holds in schemas that are not managed.
 *
 * @param managed the managed schemas, `"*"`: all.
 */
export async function readExternals(connection: Connection, managed: readonly string[] | "*"): Promise<Loadable[]> {
  if (managed === "*") return [];
  const { rows } = await connection.query(otherSchemas, [managed]);
  const others = rows.map(([name]) => String(name));
  if (others.length === 0) return [];
  const creations = planCreation(tiedToSchemas(await readCatalog(connection, { schemas: others }), others));
  return creations.map(({ sql, sentence }) => ({ sql, origin: sentence }));
}

/**
 * Of what lies in no schema, only what these schemas' objects are made of, or what is made of them, such as a cast by their
 * function. The rest, such as a publication of all tables, is the managed schemas' as well, and would be made twice.
 */
function tiedToSchemas(catalog: Catalog, schemas: readonly string[]): Catalog {
  const within = new Set(schemas.map((name) => objectId("schema", [name])));
  for (const object of catalog.objects.values()) if (schemaId(object) !== null) within.add(object.id);
  const needsOf = (object: CatalogObject) => [...(catalog.dependencies.get(object.id) ?? []), parentId(object) ?? ""];
  const kept = new Set(within);
  for (const object of catalog.objects.values()) if (needsOf(object).some((id) => within.has(id))) kept.add(object.id);
  // A Set gives what is added while it is walked.
  for (const id of kept) for (const need of catalog.dependencies.get(id) ?? []) kept.add(need);
  return { ...catalog, objects: new Map([...catalog.objects].filter(([id]) => kept.has(id))) };
}
