/** Privileges through the command line: what the models say of them is generated, run, changed, checked and written back. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type CliProject, createProject } from "../support/cli.js";
import { createRoles } from "../support/corpus.js";
import { createDatabase, type TestDatabase } from "../support/database.js";

const base = (options = "") => `import { declarativeBase, grant } from "athanor"; void grant;
export const Base = declarativeBase(${options});`;

/** @param rights options of the model, the view and the function. */
function models({ model = "", view = "", routine = "", more = "", type = "integer()" } = {}): string {
  return `import { bigint, defaultPrivileges, grant, integer, pgEnum, rights, serial, sql, sqlFunction, text } from "athanor";
import { Base } from "../base.js";
void [bigint, defaultPrivileges, grant, rights];
export const mood = pgEnum("mood", ["ok"]);
export class Note extends Base.model({ id: serial().primaryKey(), owner: text(), size: ${type} }, {}, { tablename: "notes", ${model} }) {}
export class Size extends Base.view({ size: ${type} }, { as: sql\`SELECT size FROM notes\`, name: "sizes", ${view} }) {}
export const total = sqlFunction("total", { returns: ${type}, body: sql\`SELECT 1::${type.replace("()", "")}\`, ${routine} });
${more}\n`;
}

const acl = `SELECT o || ' ' || CASE grantee WHEN 0 THEN 'public' ELSE grantee::regrole::text END || ' ' || string_agg(privilege_type, ',' ORDER BY privilege_type) AS x FROM (
    SELECT relname::text AS o, relowner AS owner, relacl AS acl FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT proname, proowner, proacl FROM pg_proc WHERE pronamespace = 'public'::regnamespace) x, aclexplode(acl)
  WHERE grantee <> owner GROUP BY o, grantee ORDER BY 1`;

describe("privileges", () => {
  let project: CliProject;
  let database: TestDatabase;
  before(async () => {
    await createRoles(["cli_reader", "cli_app", "cli_owner", "cli_other"]);
    database = await createDatabase();
    project = await createProject({
      "orm.config.json": JSON.stringify({ url: database.url }),
      "base.ts": base(),
      "models/all.ts": models(),
    });
  });
  after(async () => {
    await project[Symbol.asyncDispose]();
    await database.drop();
  });

  const run = (...args: string[]) => project.succeed(args);
  const granted = async () => (await database.query<{ x: string }>(acl)).map(({ x }) => x);
  const change = async (files: Record<string, string>) => {
    await project.write(files);
    await run("migrate", "generate");
    await run("migrate", "up");
    await run("migrate", "check");
  };

  test("what is granted by hand and not in the models is nobody's difference", async () => {
    await run("migrate", "generate", "-m", "first");
    await run("migrate", "up");
    await database.query("GRANT SELECT ON notes, sizes TO cli_reader; REVOKE EXECUTE ON FUNCTION total FROM PUBLIC");
    await database.query("GRANT EXECUTE ON FUNCTION total TO cli_reader; ALTER TABLE notes OWNER TO cli_other");
    await run("migrate", "check");
    await run("diff", "--exit-code");
  });

  test("and is put back on what is made anew", async () => {
    await change({ "models/all.ts": models({ type: "bigint()" }) });
    assert.deepEqual(await granted(), [
      "notes cli_reader SELECT",
      "sizes cli_reader SELECT",
      "total cli_reader EXECUTE",
    ]);
    await run("migrate", "down");
    assert.deepEqual(await granted(), [
      "notes cli_reader SELECT",
      "sizes cli_reader SELECT",
      "total cli_reader EXECUTE",
    ]);
    await run("migrate", "up");
  });

  test("what the models grant is all that there is, on what they speak of", async () => {
    await change({
      "models/all.ts": models({
        type: "bigint()",
        model: `grants: [grant(["select", "insert"], { to: ["cli_app"] }), grant("update", { to: "cli_app", columns: ["size"] })]`,
        routine: `grants: [grant("execute", { to: ["cli_app", "public"] })]`,
        more: `export const numbers = rights("sequence", "notes_id_seq", { grants: [grant("usage", { to: "cli_app" })] });`,
      }),
    });
    assert.deepEqual(await granted(), [
      "notes cli_app INSERT,SELECT",
      "notes_id_seq cli_app USAGE",
      "sizes cli_reader SELECT",
      "total cli_app EXECUTE",
      "total public EXECUTE",
    ]);
    await database.query("GRANT DELETE ON notes TO cli_reader");
    const { code, stdout } = await project.orm(["migrate", "check"]);
    assert.equal(code, 4);
    assert.match(stdout, /privileges of cli_reader on table notes is too many/);
    await database.query("REVOKE DELETE ON notes FROM cli_reader");
  });

  test("a Base says it for all of its models, and an owner", async () => {
    await change({ "base.ts": base(`{ grants: [grant("select", { to: "cli_app" })], owner: "cli_owner" }`) });
    assert.deepEqual(
      (await granted()).filter((line) => line.startsWith("sizes")),
      ["sizes cli_app SELECT"],
    );
    const owners = await database.query<{ o: string }>(
      "SELECT relowner::regrole::text AS o FROM pg_class WHERE relname IN ('notes', 'sizes')",
    );
    assert.deepEqual(
      owners.map(({ o }) => o),
      ["cli_owner", "cli_owner"],
    );
  });

  test("default privileges; what they give a new table is no difference", async () => {
    const defaults = `export const readable = defaultPrivileges({ role: "postgres", schema: "public", on: "tables", grants: [grant("select", { to: "cli_reader" })] });`;
    await change({ "models/all.ts": models({ type: "bigint()", more: defaults }) });
    const more = `${defaults} export class Tag extends Base.model({ id: integer().primaryKey() }, {}, { tablename: "tags" }) {}`;
    await change({ "models/all.ts": models({ type: "bigint()", more }) });
    assert.deepEqual(
      (await granted()).filter((line) => line.startsWith("tags")),
      ["tags cli_app SELECT", "tags cli_reader SELECT"],
    );
  });

  test("introspect writes them where it is asked, and then there is no difference", async () => {
    const text = (folder: string) => {
      const at = join(project.folder, folder);
      return readdirSync(at)
        .map((name) => readFileSync(join(at, name), "utf8"))
        .join("\n");
    };
    await run("introspect", "--out", "plain");
    assert.doesNotMatch(text("plain"), /grant\(|owner: "|defaultPriv/);
    await run("introspect", "--privileges", "--owners", "--out", "whole");
    assert.match(text("whole"), /grants: \[/);
    assert.match(text("whole"), /owner: "cli_owner"/);
    assert.match(text("whole"), /defaultPrivileges\(\{ role: "postgres", schema: "public", on: "tables"/);
    assert.match(text("whole"), /rights\("sequence", "notes_id_seq"/);
    const before = text("whole");
    await run("introspect", "--privileges", "--owners", "--out", "whole", "--force");
    assert.equal(text("whole"), before);
    await run("diff", "--exit-code", "--privileges", "--models", "whole/*.ts");
  });
});

test("without a server, in the embedded database, roles that are nowhere are no obstacle", async () => {
  const rights = `grants: [grant("select", { to: "nobody_yet" })], owner: "nobody_else"`;
  await using project = await createProject({
    "orm.config.json": "{}",
    "base.ts": base(),
    "models/all.ts": models({ model: rights }),
  });
  const generate = async () => {
    const { code, stdout, stderr } = await project.orm(["migrate", "generate", "--from", "migrations", "--json"]);
    assert.equal(code, 0, stdout + stderr);
    return stdout;
  };
  assert.match(await generate(), /GRANT SELECT ON TABLE .*nobody_yet/);
  await project.write({
    "models/all.ts": models({ model: rights, view: `grants: [grant("select", { to: "nobody_yet" })]` }),
  });
  const second = await generate();
  assert.match(second, /GRANT SELECT ON TABLE .*sizes.* TO .*nobody_yet/);
  assert.doesNotMatch(second, /OWNER TO/);
});
