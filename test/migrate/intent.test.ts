import assert from "node:assert/strict";
import { test } from "node:test";
import { objectId } from "../../src/catalog/catalog.js";
import { planOptions } from "../../src/migrate/intent.js";
import { pgEnum } from "../../src/model/named-types.js";
import { collectDeclarations } from "../../src/model/registry.js";

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
