import assert from "node:assert/strict";
import { test } from "node:test";
import { corpusPairs, loadPair } from "./corpus.js";
import { createDatabase } from "./database.js";
import { differences, fingerprintOf, skipWithoutShared } from "./oracle.js";
import { serverMajor } from "./servers.js";

test("two databases made alike do not differ", async (t) => {
  if (skipWithoutShared(t)) return;
  const script = "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL)";
  await using a = await createDatabase({ script });
  await using b = await createDatabase({ script });
  assert.equal(await differences(a.url, b.url), "");
  assert.equal((await fingerprintOf(a.url)).kinds.table, 1);
});

test("what differs is shown, and can be narrowed to some kinds", async (t) => {
  if (skipWithoutShared(t)) return;
  await using a = await createDatabase({ script: "CREATE TABLE users (id bigint)" });
  await using b = await createDatabase({ script: "CREATE TABLE users (id int); CREATE VIEW v AS SELECT 1 AS one" });
  const all = await differences(a.url, b.url);
  assert.match(all, /^- .*bigint$/m);
  assert.match(all, /^\+ view public\.v/m);
  const views = await differences(a.url, b.url, { kinds: (kind) => kind === "view" });
  assert.doesNotMatch(views, /bigint/);
  assert.match(views, /^\+ view public\.v/m);
});

test("a pair of the corpus differs as it says", async (t) => {
  if (skipWithoutShared(t)) return;
  const pair = corpusPairs(await serverMajor()).find((each) => each.name === "dependencies");
  if (pair === undefined) return t.skip("the corpus has no such pair for this server");
  await using sides = await loadPair(pair);
  assert.match(await differences(sides.old.url, sides.new.url), /^- function /m);
});
