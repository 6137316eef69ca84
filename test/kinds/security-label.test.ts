import assert from "node:assert/strict";
import { test } from "node:test";
import { planChanges } from "../../src/diff/plan.js";
import { describe } from "../../src/kinds/index.js";
import { createDatabase } from "../support/database.js";
import { withClient } from "../support/query.js";
import { readDatabase } from "../support/transition.js";

/** No provider is at hand: a label is put where one would put it. */
const label = (object: string, column = 0) =>
  `INSERT INTO pg_seclabel VALUES ('${object}'::regclass, 'pg_class'::regclass, ${column}, 'anon', 'MASKED')`;

test("labels are named, and what would lose one is refused", async () => {
  await using labelled = await createDatabase({
    script: "CREATE TABLE t (id int, name text); CREATE VIEW v AS SELECT id FROM t; CREATE TABLE other (id int)",
  });
  await withClient(labelled.url, async (client) => {
    await client.query("SET allow_system_table_mods = on");
    for (const sql of [label("t", 2), label("v")]) await client.query(sql);
  });
  await using goal = await createDatabase({
    script: "CREATE TABLE t (id bigint, name text); CREATE VIEW v AS SELECT id FROM t",
  });
  const [from, to] = [await readDatabase(labelled.url), await readDatabase(goal.url)];
  const labels = [...from.objects.values()].filter(({ kind }) => kind === "security label");
  assert.deepEqual(labels.map(describe), [
    "security label of anon on column t.name",
    "security label of anon on view v",
  ]);
  assert.throws(() => planChanges(from, to), {
    code: "plan.unmanaged",
    message: /security label of anon on view v depends on/,
  });
});
