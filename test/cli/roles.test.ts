/** Roles through the command line, on a server of this file's own: two databases share them, and scratch databases don't touch them. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { type CliProject, createProject } from "../support/cli.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { withServer } from "../support/engines.js";
import { queryRows, runScript, withClient } from "../support/query.js";

const base = 'import { declarativeBase } from "athanor";\nexport const Base = declarativeBase();\n';

function models(roles: string, grants = 'grant("select", { to: "reader" })', more = ""): string {
  return `import { grant, integer, policy, role, sql } from "athanor";
import { Base } from "../base.js";
void policy; void sql;
${roles}
export class Note extends Base.model({ id: integer().primaryKey() }, {}, { tablename: "notes", grants: [${grants}], ${more} }) {}
`;
}

const first = `export const reader = role("reader");
export const app = role("app", { login: true, memberOf: ["reader"], settings: { statement_timeout: "5s" }, databaseSettings: { work_mem: "8MB" } });`;

describe("roles", () => {
  withServer((server) => {
    const url = (database = "postgres") => server().url(database);
    const rows = async (query: string) => (await queryRows<{ x: string }>(url(), query)).map(({ x }) => x);
    const roles = () =>
      rows(
        "SELECT rolname || CASE WHEN rolcanlogin THEN ' login' ELSE '' END AS x FROM pg_roles WHERE oid >= 16384 ORDER BY 1",
      );
    const expect = async (project: CliProject, code: number, ...args: string[]) => {
      const result = await project.orm(args);
      assert.equal(result.code, code, result.stdout + result.stderr);
      return result.stdout + result.stderr;
    };
    const projectOn = (database: string, files: Record<string, string>) =>
      createProject({ "orm.config.json": JSON.stringify({ url: url(database) }), "base.ts": base, ...files });
    const clear = () =>
      runScript(
        url(),
        `DO $$ DECLARE r text; BEGIN FOR r IN SELECT quote_ident(rolname) FROM pg_roles WHERE oid >= 16384 LOOP EXECUTE 'DROP ROLE ' || r; END LOOP; END $$`,
      );
    test("made by a migration, which two databases run; changed, checked, and left on the way back", async () => {
      await using one = await createDatabase({ server: url() });
      await using other = await createDatabase({ server: url() });
      await using project = await projectOn(one.name, { "models/all.ts": models(first) });
      const on = (database: TestDatabase) => ["--url", url(database.name)];

      await expect(project, 0, "migrate", "generate", "-m", "first");
      assert.deepEqual(await roles(), [], "nothing of the proof touches the server");
      const [file = ""] = await project.list("migrations");
      assert.match(
        await project.read(`migrations/${file}`),
        /onServer\(sql`DO \$do\$\nBEGIN[\s\S]*CREATE ROLE "reader"/,
      );
      await expect(project, 0, "migrate", "up");
      assert.deepEqual(await roles(), ["app login", "reader"]);
      await expect(project, 0, "migrate", "check");
      assert.match(await expect(project, 0, "diff"), /No differences/);

      await expect(project, 0, "migrate", "up", ...on(other));
      await expect(project, 0, "migrate", "check", ...on(other));
      assert.deepEqual(await rows("SELECT count(*)::text AS x FROM pg_db_role_setting WHERE setdatabase <> 0"), ["2"]);

      await runScript(url(), "ALTER ROLE app NOLOGIN; CREATE ROLE somebody");
      assert.match(await expect(project, 4, "migrate", "check"), /role app differs/);
      assert.match(await expect(project, 4, "diff", "--exit-code"), /\+ +CREATE ROLE "app" LOGIN/);
      await runScript(url(), "ALTER ROLE app LOGIN");

      await project.write({
        "models/all.ts": models(
          first.replace("login: true", "login: true, connectionLimit: 3"),
          `grant("select", { to: ["reader", "late"] })`,
          `policies: () => [policy("p", { to: ["late"] })]`,
        ).replace("export class", 'export const late = role("late"); export class'),
      });
      await expect(project, 0, "migrate", "generate", "-m", "second");
      await expect(project, 0, "migrate", "generate", "-m", "second", "--from", "migrations", "--dry-run");
      await expect(project, 0, "migrate", "up");
      assert.deepEqual(await roles(), ["app login", "late", "reader", "somebody"]);
      await expect(project, 0, "migrate", "check");

      await expect(project, 0, "migrate", "down", "base");
      assert.deepEqual(await roles(), ["app login", "late", "reader", "somebody"]);
      assert.deepEqual(await rows("SELECT rolconnlimit::text AS x FROM pg_roles WHERE rolname = 'app'"), ["-1"]);
      await expect(project, 0, "migrate", "up");
      await expect(project, 0, "migrate", "check");
    });

    test("one that another database's migration makes at the same time is waited for, and taken as it is", async () => {
      await clear();
      await using one = await createDatabase({ server: url() });
      await using project = await projectOn(one.name, {
        "models/all.ts": models('export const reader = role("reader", { comment: "reads" });'),
      });
      await expect(project, 0, "migrate", "generate");
      await withClient(url(), async (other) => {
        await other.query("BEGIN; CREATE ROLE reader LOGIN; COMMENT ON ROLE reader IS 'reads'");
        const up = expect(project, 0, "migrate", "up");
        const waiting =
          "SELECT query AS x FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ~ 'CREATE ROLE'";
        while ((await rows(waiting)).length === 0) await setTimeout(20);
        await other.query("COMMIT");
        await up;
      });
      assert.deepEqual(await roles(), ["reader login"]);
    });

    test("one that the models name no more stays; one that they say is dropped is dropped, unless another database needs it", async () => {
      await clear();
      await using one = await createDatabase({ server: url() });
      await using other = await createDatabase({ server: url() });
      await using project = await projectOn(one.name, {
        "models/all.ts": models(`${first} export const old = role("old");`),
      });
      await expect(project, 0, "migrate", "generate", "--sql-files");
      const [, up = ""] = await project.list("migrations");
      assert.match(
        await project.read(`migrations/${up}`),
        /^-- on the server\n-- create role old where it is missing\nDO /m,
      );
      await expect(project, 0, "migrate", "up");

      await project.write({ "models/all.ts": models(first) });
      assert.match(await expect(project, 0, "migrate", "generate"), /[Nn]othing/);
      await project.write({ "models/all.ts": models(`${first} export const old = role("old", { dropped: true });`) });
      assert.match(await expect(project, 0, "migrate", "generate"), /data-loss/);
      await runScript(url(other.name), "CREATE TABLE t (); GRANT SELECT ON t TO old");
      assert.match(
        await expect(project, 1, "migrate", "up"),
        /role "old" cannot be dropped because some objects depend on it[\s\S]*1 object in database/,
      );
      await runScript(url(other.name), "DROP TABLE t");
      await expect(project, 0, "migrate", "up");
      assert.deepEqual(await roles(), ["app login", "reader"]);
      await expect(project, 0, "migrate", "check");
      await expect(project, 0, "migrate", "down");
      assert.deepEqual(await roles(), ["app login", "old", "reader"]);
    });

    test("history that made a role, used it and dropped it is replayed where the server lacks it", async () => {
      await clear();
      await using one = await createDatabase({ server: url() });
      await using project = await projectOn(one.name, {
        "models/all.ts": models('export const old = role("old");', 'grant("select", { to: "old" })'),
      });
      const next = async (text: string) => {
        await project.write({ "models/all.ts": text });
        await expect(project, 0, "migrate", "generate");
        await expect(project, 0, "migrate", "up");
      };
      await next(models('export const old = role("old");', 'grant("select", { to: "old" })'));
      await next(models('export const old = role("old", { dropped: true });', ""));
      assert.deepEqual(await roles(), []);
      await next(models('export const late = role("late", { login: true });', ""));
      await expect(project, 0, "migrate", "check");
    });

    test("without the right to make roles PostgreSQL says so, and those that are there are taken as they are", async () => {
      await clear();
      await runScript(url(), "CREATE ROLE migrator LOGIN CREATEDB PASSWORD 'secret'");
      await using one = await createDatabase({ server: url(), script: "GRANT CREATE ON SCHEMA public TO migrator" });
      await runScript(url(), `ALTER DATABASE ${one.name} OWNER TO migrator`);
      await using project = await projectOn(one.name, {
        "models/all.ts": models('export const reader = role("reader", { memberOf: ["pg_monitor"] });'),
      });
      await expect(project, 0, "migrate", "generate", "--url", asMigrator(url(one.name)));
      const refused = await expect(project, 1, "migrate", "up", "--url", asMigrator(url(one.name)));
      assert.match(refused, /create role reader where it is missing[\s\S]*permission denied to create role/);
      await runScript(url(), "CREATE ROLE reader; GRANT pg_monitor TO reader");
      await expect(project, 0, "migrate", "up", "--url", asMigrator(url(one.name)));
      await expect(project, 0, "migrate", "check", "--url", asMigrator(url(one.name)));
      await runScript(url(one.name), "REASSIGN OWNED BY migrator TO postgres; DROP OWNED BY migrator, reader");
    });

    test("one that is to be dropped and still named is refused", async () => {
      await using one = await createDatabase({ server: url() });
      await using project = await projectOn(one.name, {
        "models/all.ts": models('export const reader = role("reader", { dropped: true });'),
      });
      const said = await expect(project, 2, "migrate", "generate");
      assert.match(said, /role\("reader"\) is to be dropped, and privileges of reader on table notes names it/);
    });

    test("introspect writes those that have to do with the database, and then there is no difference", async () => {
      await clear();
      await using one = await createDatabase({
        server: url(),
        script: `CREATE TABLE notes (id int PRIMARY KEY); CREATE ROLE reader; GRANT SELECT ON notes TO reader; CREATE ROLE stranger;
          CREATE ROLE app LOGIN IN ROLE reader; CREATE ROLE team; GRANT team TO reader; CREATE ROLE "Owner"; ALTER TABLE notes OWNER TO "Owner"; CREATE ROLE leader IN ROLE team`,
      });
      await using project = await projectOn(one.name, {});
      await expect(project, 0, "introspect", "--out", "plain");
      assert.deepEqual((await project.list("plain")).includes("objects.ts"), false);
      await expect(project, 0, "introspect", "--roles", "--out", "models");
      const written = await project.read("models/objects.ts");
      assert.equal(
        written,
        `import { role } from "athanor";

export const owner = role("Owner");

export const app = role("app", { login: true, memberOf: ["reader"] });

export const reader = role("reader", { memberOf: ["team"] });

export const team = role("team");
`,
      );
      await expect(project, 0, "introspect", "--roles", "--out", "models", "--force");
      assert.equal(await project.read("models/objects.ts"), written);
      assert.match(await expect(project, 0, "diff"), /No differences/);
      await expect(project, 0, "migrate", "baseline");
      await expect(project, 0, "migrate", "check");
      await runScript(url(), "ALTER ROLE app NOLOGIN");
      await expect(project, 0, "sync", "--yes");
      assert.ok((await roles()).includes("app login"));
    });
  });
});

test("in the embedded database, whose server is the project's own", async () => {
  await using project = await createProject({
    "orm.config.json": JSON.stringify({ url: "pglite:.orm/database" }),
    "base.ts": base,
    "models/all.ts": models(first),
  });
  for (const verb of [["generate"], ["up"], ["check"], ["down"]]) {
    const { code, stdout, stderr } = await project.orm(["migrate", ...verb]);
    assert.equal(code, 0, verb.join(" ") + stdout + stderr);
  }
});

function asMigrator(address: string): string {
  return address.replace(/\/\/[^@]*@/, "//migrator:secret@");
}
