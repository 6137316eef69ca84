/**
 * Triggers, rules and policies through the command line, by a role that may not create databases: the embedded scratch
 * database has to do, which knows none of the server's roles.
 */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type CliProject, createProject } from "../support/cli.js";
import { createRoles } from "../support/corpus.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { serverMajor } from "../support/servers.js";

const base = `import { declarativeBase } from "athanor"; export const Base = declarativeBase();`;

const models = (
  role: string,
) => `import { boolean, integer, policy, rule, select, sql, sqlFunction, text, trigger } from "athanor";
import { Base } from "../base.js";
export const shout = sqlFunction("shout", { returns: "trigger", language: "plpgsql",
  body: sql\`BEGIN NEW.title = upper(NEW.title); RETURN NEW; END\` });
export class Member extends Base.model({ id: integer().primaryKey(), team: integer(), login: text() }, {}, {}) {}
export class Note extends Base.model(
  { id: integer().primaryKey(), team: integer(), title: text(), kept: boolean().serverDefault(sql\`false\`) }, {},
  {
    rowLevelSecurity: "on",
    policies: (c) => [
      policy("own", { to: [${JSON.stringify(role)}], using: select(Member.id).where(Member.team.eq(c.team), sql\`\${Member.login} = current_user\`).exists() }),
    ],
    triggers: (c, OLD, NEW) => [
      trigger("shout", { before: ["insert", "update"], of: [c.title], when: NEW.title.ne("quiet"), call: shout }),
      trigger("kept", { before: "update", when: NEW.title.isDistinctFrom(OLD.title).and(OLD.kept), call: shout, enabled: false, comment: "not yet" }),
    ],
    rules: (OLD) => [rule("keep", { on: "delete", where: OLD.kept, instead: "nothing" })],
  }) {}
export class Titles extends Base.view({ id: integer(), title: text() }, {
  as: () => select(Note.id, Note.title),
  rules: () => [rule("none", { on: "update", instead: "nothing" })],
  triggers: () => [trigger("shout", { insteadOf: "insert", call: "shout" })],
}) {}\n`;

describe("triggers, rules and policies", () => {
  let project: CliProject;
  let database: TestDatabase;
  before(async () => {
    database = await createDatabase();
    await createRoles(["tr owner", "tr_app", "tr_other"]);
    await database.query(`ALTER ROLE "tr owner" LOGIN`);
    await database.query(`ALTER SCHEMA public OWNER TO "tr owner"`);
    const url = new URL(database.url);
    url.username = "tr owner";
    project = await createProject({
      "orm.config.json": JSON.stringify({ url: url.href }),
      "base.ts": base,
      "models/all.ts": models("tr_app"),
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
    await database.query("INSERT INTO note VALUES (1, 1, 'loud', true), (2, 1, 'quiet', false)");
    await database.query("DELETE FROM note");
    assert.deepEqual(await database.query("SELECT title FROM note"), [{ title: "LOUD" }]);
    await run("migrate", "check");
  });

  test("another role is one statement, and so is the way back", async () => {
    await project.write({ "models/all.ts": models("tr_other") });
    assert.equal(await run("diff", "--sql", "--quiet"), 'ALTER POLICY "own" ON "public"."note" TO "tr_other";\n');
    await run("migrate", "generate", "-m", "second");
    await run("migrate", "up");
    await run("migrate", "down");
    await run("migrate", "up");
    await run("migrate", "check");
  });

  test("a role that is nowhere is made on scratch servers only", async () => {
    await project.write({ "models/all.ts": models("tr_nowhere") });
    assert.equal(await run("diff", "--sql", "--quiet"), 'ALTER POLICY "own" ON "public"."note" TO "tr_nowhere";\n');
    const { value } = await project.json<{ error: { message: string } }>(["sync", "--yes"]);
    assert.match(value.error.message, /role "tr_nowhere" does not exist/);
    await project.write({ "models/all.ts": models("tr_other") });
  });

  test("introspection writes models that differ in nothing", async () => {
    await run("introspect", "--out", "found");
    await project.write({
      "orm.config.json": (await project.read("orm.config.json")).replace("}", ',"models":"found/*.ts"}'),
    });
    assert.equal(await run("diff", "--sql", "--quiet"), "");
    if ((await serverMajor()) < 16) return;
    assert.match(await project.read("found/note.ts"), /triggers: \(c\) => \[\n {6}trigger\("kept", \{/);
    assert.match(await project.read("found/note.ts"), /policy\("own", \{\n {8}to: \["tr_other"\],/);
  });
});
