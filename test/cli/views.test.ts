/** Views and functions through the command line: what the models say is generated, run, changed, checked and written back. */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type CliProject, createProject } from "../support/cli.js";
import { createDatabase, type TestDatabase } from "../support/database.js";

const base = `import { declarativeBase } from "athanor"; export const Base = declarativeBase();`;

function models(query: string, type = "integer()"): string {
  return `import { boolean, external, integer, select, sql, sqlAggregate, sqlFile, sqlFunction, text } from "athanor";
import { Base } from "../base.js";
export const tidy = sqlFunction("tidy", { arguments: { x: text() }, returns: text(), volatility: "immutable",
  body: sqlFile(new URL("./tidy.sql", import.meta.url)) });
export class Person extends Base.model(
  { id: integer().primaryKey(), label: text().serverDefault(sql\`tidy('x')\`), active: boolean() }, {}, { tablename: "people" }) {}
export class Active extends Base.view({ id: ${type}.primaryKey(), label: text() }, { as: sql\`${query}\`, comment: "who is in" }) {}
export class Labels extends Base.view({ label: text() }, { as: () => select(Active.label), materialized: true }) {}
export const everyone = sqlFunction("everyone", { returns: "SETOF active", body: sql\`SELECT * FROM active\` });
export const like = external(sql\`CREATE OPERATOR <~> (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq)\`);
export const apart = external(sql\`CREATE FUNCTION apart() RETURNS integer LANGUAGE sql AS 'SELECT 1'\`);\n`;
}

const first = models("SELECT id, tidy(label) AS label FROM people WHERE active");

describe("views and functions", () => {
  let project: CliProject;
  let database: TestDatabase;
  before(async () => {
    database = await createDatabase();
    project = await createProject({
      "orm.config.json": JSON.stringify({ url: database.url }),
      "base.ts": base,
      "models/all.ts": first,
      "models/tidy.sql": "SELECT trim(x)",
    });
  });
  after(async () => {
    await project[Symbol.asyncDispose]();
    await database.drop();
  });

  const run = (...args: string[]) => project.succeed(args);

  test("a first migration makes them, and check finds nothing to do", async () => {
    await run("migrate", "generate", "-m", "first");
    await run("migrate", "up");
    await database.query("INSERT INTO people (id, label, active) VALUES (1, ' ada ', true), (2, 'bo', false)");
    assert.deepEqual(await database.query("SELECT * FROM everyone()"), [{ id: 1, label: "ada" }]);
    await run("migrate", "check");
    await run("migrate", "check");
  });

  test("another query, another body and another column type are one migration, there and back", async () => {
    await project.write({
      "models/all.ts": models("SELECT id, label FROM people WHERE active OR id > 1", "bigint()")
        .replace("id: integer().primaryKey(), label", "id: bigint().primaryKey(), label")
        .replace("import { boolean", "import { bigint, boolean"),
      "models/tidy.sql": "SELECT upper(trim(x));\n",
    });
    await run("migrate", "generate", "-m", "second");
    await run("migrate", "up");
    assert.deepEqual(await database.query("SELECT * FROM labels ORDER BY 1"), [{ label: " ada " }, { label: "bo" }]);
    await run("migrate", "check");
    await run("migrate", "down");
    assert.deepEqual(await database.query("SELECT * FROM everyone()"), [{ id: 1, label: "ada" }]);
  });

  test("a column that the query does not give is refused with its name and type", async () => {
    for (const [query, says] of [
      ["SELECT id FROM people", /view active: its query gives no column label; it gives id\./],
      ["SELECT id, active AS label FROM people", /the column label as boolean, and the model declares it as text\./],
    ] as const) {
      await project.write({
        "models/all.ts": models(query).replace(/^export (class Labels|const everyone).*\n/gm, ""),
      });
      const { value } = await project.json<{ error: { code: string; message: string } }>(["diff"]);
      assert.equal(value.error.code, "model.contradiction");
      assert.match(value.error.message, says);
    }
  });

  test("what is gone from the models is dropped", async () => {
    await project.write({
      "models/tidy.sql": "SELECT trim(x)",
      "models/all.ts": first.replace(/^export (class (Active|Labels)|const (everyone|apart)).*\n/gm, ""),
    });
    assert.equal(
      await run("diff", "--sql", "--quiet"),
      [
        'DROP MATERIALIZED VIEW "public"."labels";',
        'DROP FUNCTION "public"."apart"();',
        'DROP FUNCTION "public"."everyone"();',
        'DROP VIEW "public"."active";',
        "",
      ].join("\n"),
    );
  });

  test("introspection writes models that differ in nothing", async () => {
    await run("introspect", "--out", "found");
    await project.write({ "orm.config.json": JSON.stringify({ url: database.url, models: "found/*.ts" }) });
    assert.equal(await run("diff", "--sql", "--quiet"), "");
    assert.match(
      await project.read("found/active.ts"),
      /export class Active extends Base\.view\(\n {2}\{\n {4}id: integer\(\)\.nullable\(\),/,
    );
  });
});
