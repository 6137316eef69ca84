/**
 * What a database has beside the managed schemas and their objects may need: tables that foreign keys reference, functions
 * that defaults call. Loaded into scratch databases only.
 */

import { planCreation } from "../diff/plan.js";
import type { Connection } from "../engine/connection.js";
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
  const creations = planCreation(await readCatalog(connection, { schemas: others }));
  return creations.map(({ sql, sentence }) => ({ sql, origin: sentence }));
}
