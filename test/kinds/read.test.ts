import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compareCatalogs } from "../../src/diff/compare.js";
import type { Connection } from "../../src/engine/connection.js";
import { describe as describeObject } from "../../src/kinds/index.js";
import { type CatalogConnection, type ReadOptions, readCatalog } from "../../src/kinds/read.js";
import { createDatabase } from "../support/database.js";
import { queryRows } from "../support/query.js";
import { withConnection } from "../support/transition.js";

async function counting(connection: Connection): Promise<number> {
  let queries = 0;
  const counted: CatalogConnection = {
    serverVersion: connection.serverVersion,
    query: (...args) => {
      queries++;
      return connection.query(...args);
    },
  };
  await readCatalog(counted, { schemas: "*" });
  return queries;
}

const namesIn = (url: string, options: ReadOptions) =>
  withConnection(url, async (connection) => {
    const { objects } = await readCatalog(connection, options);
    return [...objects.values()].map(describeObject);
  });

describe("reading a catalog", () => {
  test("takes as many queries for a thousand tables as for one", async () => {
    await using database = await createDatabase({ script: "CREATE TABLE t0 (id int PRIMARY KEY)" });
    const one = await withConnection(database.url, counting);
    const more = Array.from(
      { length: 1000 },
      (_, i) => `CREATE TABLE t${i + 1} (id int PRIMARY KEY, a text NOT NULL DEFAULT 'x')`,
    );
    await queryRows(database.url, more.join(";"));
    assert.equal(await withConnection(database.url, counting), one);
    assert.ok(one <= 12, `${one} queries`);
  });

  test("leaves alone what belongs to extensions and what lies in other schemas", async () => {
    await using database = await createDatabase({
      script:
        "CREATE SCHEMA app; CREATE SCHEMA other; CREATE EXTENSION hstore SCHEMA app; CREATE TABLE other.t (id int); CREATE TABLE app.t (id int)",
    });
    assert.deepEqual(await namesIn(database.url, { schemas: ["app"] }), [
      "schema app",
      "extension hstore",
      "table app.t",
      "column app.t.id",
    ]);
  });

  test("names what it does not manage", async () => {
    await using database = await createDatabase({
      script: `CREATE VIEW v AS SELECT 1 AS one;
        CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TYPE shell`,
    });
    assert.deepEqual(await namesIn(database.url, { schemas: "*" }), [
      "schema public",
      "function f()",
      "view v",
      "type public.shell",
    ]);
  });

  test("sees an invalid index as a difference", async () => {
    const script = "CREATE TABLE t (a int); CREATE INDEX i ON t (a)";
    await using good = await createDatabase({ script });
    await using bad = await createDatabase({ script });
    await queryRows(bad.url, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'i'::regclass");
    const read = (url: string) => withConnection(url, (connection) => readCatalog(connection, { schemas: "*" }));
    const changes = compareCatalogs(await read(bad.url), await read(good.url));
    assert.deepEqual(
      changes.map((change) => [change.op, change.op === "drop" ? "" : describeObject(change.to)]),
      [["alter", "index t.i"]],
    );
  });
});
