/**
 * What reading a schema costs at the least: one connection, the catalog queries as Athanor sends them, their rows.
 *
 *     node floor-read.js URL STATEMENTS.json
 */

import { readFileSync } from "node:fs";
import pg from "pg";

const [url, file] = process.argv.slice(2);
const client = new pg.Client({ connectionString: url });
await client.connect();
// Values stay PostgreSQL's own text.
const types = { getTypeParser: () => (text) => text };
let rows = 0;
for (const text of JSON.parse(readFileSync(file, "utf8")))
  rows += (await client.query({ text, rowMode: "array", types })).rows.length;
await client.end();
console.log(rows);
