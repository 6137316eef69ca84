/**
 * What applying migrations costs at the least: a transaction each, in which its statements and a line of record run.
 *
 *     node floor-apply.js URL MIGRATIONS.json
 */

import { readFileSync } from "node:fs";
import pg from "pg";

const [url, file] = process.argv.slice(2);
const client = new pg.Client({ connectionString: url });
await client.connect();
await client.query(
  "CREATE TABLE applied (number integer PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp())",
);
for (const [number, statements] of JSON.parse(readFileSync(file, "utf8")).entries()) {
  await client.query("BEGIN");
  for (const statement of statements) await client.query(statement);
  await client.query("INSERT INTO applied (number) VALUES ($1)", [number]);
  await client.query("COMMIT");
}
await client.end();
