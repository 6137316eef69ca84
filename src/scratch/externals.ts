/**
 * What a database has beside the managed objects and these may need: functions that defaults and checks call, tables of
 * other schemas that foreign keys reference. Loaded into scratch databases only.
 */

import { planCreation } from "../diff/plan.js";
import type { Connection } from "../engine/connection.js";
import { readCatalog } from "../kinds/read.js";
import type { Loadable } from "./load.js";

const userSchema = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

const functionQuery = `
  SELECT pg_get_functiondef(p.oid), p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE ${userSchema} AND p.prokind IN ('f', 'p')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'))`;

/**
 * Statements that create functions of the database, and all tables and types of schemas that are not managed.
 *
 * @param managed the managed schemas, `"*"`: all.
 */
export async function readExternals(connection: Connection, managed: readonly string[] | "*"): Promise<Loadable[]> {
  const functions = await connection.query(functionQuery);
  const loadable = functions.rows.map(([sql, name]) => ({ sql: String(sql), origin: `function ${name}` }));
  if (managed === "*") return loadable;
  const { rows } = await connection.query(
    `SELECT n.nspname FROM pg_namespace n WHERE ${userSchema} AND n.nspname <> ALL ($1::text[])`,
    [managed],
  );
  const others = rows.map(([name]) => String(name));
  if (others.length === 0) return loadable;
  const catalog = await readCatalog(connection, { schemas: others });
  const creations = planCreation(catalog);
  return [...creations.map(({ sql, sentence }) => ({ sql, origin: sentence })), ...loadable];
}
