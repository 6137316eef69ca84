import assert from "node:assert/strict";
import { test } from "node:test";
import { plural, singular } from "../../src/codegen/words.js";
import { sqlCode, stringCode } from "../../src/kinds/source.js";
import { camelCase, pascalCase, propertyNames } from "../../src/kinds/source-names.js";
import { snakeCase } from "../../src/model/naming.js";
import { sql } from "../../src/sql/sql.js";

const pairs: readonly (readonly [string, string])[] = [
  ["user", "users"],
  ["category", "categories"],
  ["key", "keys"],
  ["address", "addresses"],
  ["status", "statuses"],
  ["box", "boxes"],
  ["branch", "branches"],
  ["house", "houses"],
  ["database", "databases"],
  ["cache", "caches"],
  ["movie", "movies"],
  ["person", "people"],
  ["child", "children"],
  ["analysis", "analyses"],
  ["index", "indexes"],
  ["series", "series"],
  ["news", "news"],
  ["data", "data"],
  ["staff", "staff"],
];

test("singular and plural are each other's inverse, and leave alone what they are not sure of", () => {
  for (const [one, many] of pairs) {
    assert.equal(singular(many), one);
    assert.equal(plural(one), many);
    assert.equal(singular(one), one);
    assert.equal(plural(many), many);
  }
  for (const word of ["bus", "gas", "dns", "tennis", "virus", "s", ""]) assert.equal(singular(word), word);
});

test("names become names of TypeScript, whatever they are", () => {
  assert.equal(camelCase("created_at", "column"), "createdAt");
  assert.equal(camelCase("HTTPServer id", "column"), "httpServerId");
  assert.equal(camelCase("2fa", "column"), "column2fa");
  assert.equal(camelCase("😀", "column"), "column");
  assert.equal(pascalCase("größe_übrig", "Table"), "GrößeÜbrig");
});

test("a property is one that leads back to its column, and each column has its own", () => {
  const columns = ["a_b", "aB", "a b", "constructor", "__proto__", "x_1", "x1"];
  const names = propertyNames(columns, snakeCase);
  assert.equal(names.get("a_b"), "aB");
  assert.equal(names.get("x1"), "x1");
  assert.equal(new Set(names.values()).size, columns.length);
  assert.ok(![...names.values()].some((name) => name === "constructor" || name === "__proto__"));
});

test("SQL and strings come through TypeScript as they were", () => {
  const context = { use: (name: string) => name };
  for (const text of ["a`b", "$" + "{x} $ {", "\\d\\", "a\r\nb\rc\n", "\u2028\u2029", "😀"]) {
    const tag = sqlCode(text, context);
    assert.equal(new Function("sql", `return ${tag}`)(sql).toString(), text);
    assert.equal(new Function(`return ${stringCode(text)}`)(), text);
  }
});
