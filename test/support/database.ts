/** Databases for tests, each fresh and of its own. */

import { randomBytes } from "node:crypto";
import type pg from "pg";
import { dropSubscriptions, objectInUse } from "../../src/scratch/scratch.js";
import { quoteIdentifier } from "../../src/sql/identifier.js";
import { queryRows, runScript, withClient } from "./query.js";
import { serverUrl } from "./servers.js";

/** Copying files takes a sixth of the time; PostgreSQL 14 knows nothing else and has no word for it. */
const fastestStrategy = `SELECT CASE WHEN current_setting('server_version_num')::int >= 150000
  THEN 'STRATEGY file_copy' ELSE '' END AS strategy`;

/** A database that a test has for itself. */
export interface TestDatabase extends AsyncDisposable {
  readonly name: string;
  readonly url: string;
  /** The rows of a query, on a connection of its own: `SET` and temporary tables don't last; see `withClient`. */
  query<Row extends pg.QueryResultRow>(text: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** Drops the database, and cuts the connections that are still there. */
  drop(): Promise<void>;
}

/**
 * Creates an empty database on the shared server. Roles are the server's, not the database's: take names of your own.
 *
 * ```ts
 * await using database = await createDatabase({ script: "CREATE TABLE users (id int)" });
 * await database.query("SELECT * FROM users WHERE id = $1", [1]);
 * ```
 */
export async function createDatabase(options: { script?: string; server?: string } = {}): Promise<TestDatabase> {
  const server = options.server ?? (await serverUrl());
  const name = `athanor_test_${randomBytes(6).toString("hex")}`;
  await withClient(server, async (client) => {
    const [row] = (await client.query<{ strategy: string }>(fastestStrategy)).rows;
    await client.query(`CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE template0 ${row!.strategy}`);
  });
  const location = new URL(server);
  location.pathname = `/${name}`;
  const url = location.href;
  const drop = async () => {
    const dropping = () => queryRows(server, `DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`);
    await dropping().catch(async (error: pg.DatabaseError) => {
      if (error.code !== objectInUse) throw error;
      await runScript(url, dropSubscriptions);
      await dropping();
    });
  };
  if (options.script !== undefined) {
    try {
      await runScript(url, options.script);
    } catch (error) {
      await drop();
      throw error;
    }
  }
  return {
    name,
    url,
    query: (text, parameters) => queryRows(url, text, parameters),
    drop,
    [Symbol.asyncDispose]: drop,
  };
}
