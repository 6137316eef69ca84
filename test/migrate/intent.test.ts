import assert from "node:assert/strict";
import { test } from "node:test";
import { objectId } from "../../src/catalog/catalog.js";
import { planOptions, withModelRenames } from "../../src/migrate/intent.js";
import { pgEnum } from "../../src/model/named-types.js";
import { collectDeclarations } from "../../src/model/registry.js";
import { sqlFunction } from "../../src/model/routines.js";
import { integer } from "../../src/model/types/index.js";
import { createDatabase } from "../support/database.js";
import { checkTransition } from "../support/transition.js";

const declarations = collectDeclarations([pgEnum("status", ["open", "done"], { replacedLabels: { stale: "done" } })]);

test("what flags say of labels beats the models", () => {
  const { labelReplacements } = planOptions(declarations, new Map([["status", { stale: "open" }]]));
  assert.deepEqual(labelReplacements?.get(objectId("enum", ["public", "status"])), { stale: "open" });
});

test("a label that is none, and an enum that is none, are refused before anything is planned", () => {
  assert.throws(() => planOptions(declarations, new Map([["status", { stale: "opne" }]])), {
    code: "question.answer",
    message: 'Rows that hold status.stale can\'t take "opne", which is no label of it; it has open, done.',
  });
  assert.throws(() => planOptions(declarations, new Map([["state", { stale: "open" }]])), { code: "question.answer" });
});

test("a function's former name decides between several that are alike", async () => {
  const f = (name: string) => `CREATE FUNCTION ${name}(int) RETURNS int LANGUAGE sql AS 'SELECT $1'`;
  const former = sqlFunction("g", { arguments: [integer()], returns: "integer", body: "SELECT $1", renamedFrom: "b" });
  const { given } = withModelRenames({ given: new Map() }, collectDeclarations([former]));
  assert.deepEqual([...given.keys()], ["b", '"b(integer)"']);
  await using live = await createDatabase({ script: `${f("a")}; ${f("b")}` });
  await using goal = await createDatabase({ script: f("g") });
  await using scratch = await createDatabase();
  const { change } = await checkTransition(
    { live: live.url, goal: goal.url, scratch: scratch.url },
    { decider: { given } },
  );
  assert.deepEqual(
    change.up.map(({ sql }) => sql),
    ['ALTER FUNCTION "public"."b"(integer) RENAME TO "g"', 'DROP FUNCTION "public"."a"(integer)'],
  );
});
