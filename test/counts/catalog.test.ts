/** How many queries it takes: never a clock. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createEngine } from "../../src/engine/engine.js";
import { readCatalog } from "../../src/kinds/read.js";
import { createDatabase } from "../support/database.js";

test("reading a catalog takes as many queries for a thousand tables as for one, and at most 12", async () => {
  const [one, thousand] = [await queriesFor(1), await queriesFor(1000)];
  assert.deepEqual(thousand, one);
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
