/** How many queries it takes: never a clock. */

import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { createEngine } from "../../src/engine/engine.js";
import { readCatalog } from "../../src/kinds/read.js";
import { introspect } from "../../src/migrate/introspect.js";
import type { Project } from "../../src/migrate/project.js";
import { openWorkspace } from "../../src/migrate/workspace.js";
import { createDatabase } from "../support/database.js";

test("reading a catalog takes as many queries for a thousand tables as for one, and at most 12", async () => {
  const [one, thousand] = [await queriesFor(1), await queriesFor(1000)];
  const withoutSize = (sent: readonly string[]) =>
    sent.map((text) => text.replace(/\n-- pg_depend of 2\^\d+ pages$/, ""));
  assert.deepEqual(withoutSize(thousand), withoutSize(one));
  assert.notEqual(thousand.at(-2), one.at(-2), "what is kept prepared for a small catalog is not used for a large one");
  assert.ok(one.length <= 12, `${one.length} queries`);
});

/** The statements that reading a database of so many tables sends. */
async function queriesFor(tables: number): Promise<string[]> {
  const script = Array.from({ length: tables }, (_, i) => `CREATE TABLE t${i} (a int DEFAULT 1)`).join(";");
  await using database = await createDatabase({ script });
  const sent: string[] = [];
  await using engine = createEngine(database.url, { log: ({ sql }) => sent.push(sql) });
  await using connection = await engine.connect();
  const { objects } = await readCatalog(connection, { schemas: ["public"] });
  assert.equal([...objects.values()].filter(({ kind }) => kind === "table").length, tables);
  return sent;
}

test("on one connection the catalog's query is planned once, for as long as the catalog is about as large", async () => {
  await using database = await createDatabase({ script: "CREATE TABLE t (a int)" });
  await using engine = createEngine(database.url);
  await using connection = await engine.connect();
  const prepared = async () => {
    const { rows } = await connection.query(
      "SELECT count(*)::int FROM pg_prepared_statements WHERE statement LIKE '%pg_depend of 2^%'",
    );
    return rows[0]?.[0];
  };
  await readCatalog(connection, { schemas: ["public"] });
  const first = await prepared();
  await connection.script("ALTER TABLE t ADD b int");
  const { objects } = await readCatalog(connection, { schemas: ["public"] });
  assert.equal([...objects.values()].filter(({ kind }) => kind === "column").length, 2);
  assert.deepEqual([first, await prepared()], [2, 2]);
});

test("introspection asks who depends on whom only where something is not managed", async () => {
  assert.equal(await dependencyQueries("CREATE TABLE a (b int DEFAULT 1)"), 0);
  assert.equal(await dependencyQueries("CREATE TABLE a (b int); CREATE TYPE shell"), 1);
});

async function dependencyQueries(script: string): Promise<number> {
  await using database = await createDatabase({ script });
  const sent: string[] = [];
  const folder = tmpdir();
  const project: Project = {
    ...{ root: folder, url: database.url, models: [], migrations: folder, schemas: null, defaultSchema: "public" },
    ...{
      shadow: null,
      ignore: [],
      privileges: false,
      cacheFolder: folder,
      history: { schema: "public", table: "orm_migrations" },
    },
  };
  await using workspace = openWorkspace(project, { log: ({ sql }) => sent.push(sql) });
  await introspect(workspace);
  return sent.filter((sql) => /FROM pg_depend d\s+WHERE refobjid/.test(sql)).length;
}
