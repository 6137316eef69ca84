/** How much a server reads to print a catalog, by what grows in it: never a clock. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createEngine } from "../../src/engine/engine.js";
import { objectsQuery } from "../../src/kinds/read.js";
import { createDatabase } from "../support/database.js";

/** The statements that make the `i`th of what there is many of. */
const growing: Readonly<Record<string, { readonly first?: string; each(i: number): string }>> = {
  tables: {
    each: (i) => `CREATE TABLE t${i} (id int PRIMARY KEY, a int DEFAULT 1 CHECK (a > 0), b int REFERENCES t${i})`,
  },
  indexes: { first: "CREATE TABLE t (a int)", each: (i) => `CREATE INDEX i${i} ON t ((a + ${i})) WHERE a > ${i}` },
  partitions: {
    first: "CREATE TABLE t (a int, b text, c date, PRIMARY KEY (a)) PARTITION BY RANGE (a); CREATE INDEX ON t (b)",
    each: (i) => `CREATE TABLE t${i} PARTITION OF t FOR VALUES FROM (${i}) TO (${i + 1})`,
  },
  children: {
    first: "CREATE TABLE t (a int DEFAULT 1 CHECK (a > 0), b text, c date)",
    each: (i) => `CREATE TABLE t${i} (a int DEFAULT 2, d int) INHERITS (t)`,
  },
  views: { first: "CREATE TABLE t (a int, b text)", each: (i) => `CREATE VIEW v${i} AS SELECT a, b AS c FROM t` },
  functions: { each: (i) => `CREATE FUNCTION f${i}(a int, b int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 1'` },
  triggers: {
    first: `CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`,
    each: (i) => `CREATE TRIGGER g${i} AFTER UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION f()`,
  },
  policies: {
    first: "CREATE TABLE t (a int)",
    each: (i) => `CREATE POLICY p${i} ON t USING (a > ${i}) WITH CHECK (a > ${i})`,
  },
  types: {
    each: (i) =>
      `CREATE TYPE e${i} AS ENUM ('a', 'b'); CREATE DOMAIN d${i} AS int CHECK (VALUE > 0); CREATE TYPE c${i} AS (a int)`,
  },
  sequences: { each: (i) => `CREATE SEQUENCE s${i}` },
};

/** Ten times as much may take ten times the pages and a bit, for the trees of indexes grow too. */
const [few, many, atMost] = [30, 300, 15];

for (const [name, { first = "SELECT", each }] of Object.entries(growing))
  test(`ten times the ${name} cost some ten times the pages, though the planner knows nothing of them yet`, async () => {
    const base = await pagesFor(first);
    const pages = async (count: number) =>
      (await pagesFor([first, ...Array.from({ length: count }, (_, i) => each(i))].join(";\n"))) - base;
    const [small, large] = [await pages(few), await pages(many)];
    assert.ok(large <= atMost * small, `${few} take ${small} pages, ${many} take ${large}`);
  });

/** The pages that printing a database takes which was made by a script a moment ago. */
async function pagesFor(script: string): Promise<number> {
  await using database = await createDatabase({ script });
  await using engine = createEngine(database.url);
  await using connection = await engine.connect();
  const query = objectsQuery({ version: connection.serverVersion }, { schemas: ["public"] });
  // The first run fills the caches of the connection, whose pages would count too.
  await connection.query(query);
  const { rows } = await connection.query(`EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ${query}`);
  const [{ Plan }] = rows[0]![0] as [{ Plan: Record<string, number> }];
  return Plan["Shared Hit Blocks"]! + Plan["Shared Read Blocks"]!;
}
