/** Security labels through the command line, as PostgreSQL Anonymizer is set up: one database alone loads the provider. */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type CliProject, createProject } from "../support/cli.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { type LabelServer, startLabelServer } from "../support/label-provider.js";
import { runScript } from "../support/query.js";

const base = 'import { declarativeBase } from "athanor";\nexport const Base = declarativeBase();\n';

/** @param column the name of the one column. `calls`: on it. `table`: options of the model. */
const models = ({
  column = "email",
  calls = "",
  table = "",
  type = "text",
  more = "",
} = {}) => `import { role, sql, text, varchar } from "athanor";
import { Base } from "../base.js";
void [role, text, varchar];
export class User extends Base.model({ ${column}: ${type}()${calls} }, {}, { tablename: "users", ${table} }) {}
export class Address extends Base.view({ ${column}: ${type}() }, { as: sql\`SELECT ${column} FROM users\`, name: "addresses" }) {}
${more}`;

const masked = { calls: '.securityLabels({ anon: "MASKED WITH VALUE NULL" })' };

const found = `SELECT objtype || ' ' || objname || ' ' || provider || ' ' || label AS x FROM pg_seclabels WHERE objoid >= 16384 ORDER BY 1`;

describe("security labels", () => {
  let server: LabelServer | null;
  let database: TestDatabase;
  let project: CliProject;
  before(async () => {
    server = await startLabelServer("where asked");
    if (server === null) return;
    database = await createDatabase({ server: server.url });
    await load(database);
    project = await createProject({
      "orm.config.json": JSON.stringify({ url: database.url }),
      "base.ts": base,
      "models/all.ts": models(masked),
    });
  });
  after(async () => {
    if (server === null) return;
    await project[Symbol.asyncDispose]();
    await database.drop();
    await server.stop();
  });

  const load = ({ name, url }: TestDatabase) =>
    runScript(url, `ALTER DATABASE ${name} SET session_preload_libraries = '${server?.library}'`);
  const labels = async () => (await database.query<{ x: string }>(found)).map(({ x }) => x);
  const labelled = (title: string, work: () => Promise<void>) =>
    test(title, async (t) => (server === null ? t.skip("nothing here compiles C") : work()));
  const same = async (...flags: string[]) => {
    assert.equal(await project.succeed(["diff", "--exit-code", ...flags]), "");
  };
  const change = async (text: string) => {
    await project.write({ "models/all.ts": text });
    await project.succeed(["migrate", "generate"]);
    await project.succeed(["migrate", "up"]);
    await project.succeed(["migrate", "check"]);
  };

  labelled("are proved where no scratch database has their provider, and put where the database has it", async () => {
    await project.succeed(["migrate", "generate"]);
    const [file = ""] = await project.list("migrations");
    assert.match(
      await project.read(`migrations/${file}`),
      /sql`SECURITY LABEL FOR "anon" ON COLUMN "public"\."users"\."email" IS 'MASKED WITH VALUE NULL'`/,
    );
    await project.succeed(["migrate", "up"]);
    assert.deepEqual(await labels(), ["column users.email anon MASKED WITH VALUE NULL"]);
    await project.succeed(["migrate", "check"]);
    await same("--from", "migrations", "--to", "models");
    await database.query("SECURITY LABEL FOR anon ON TABLE users IS 'TUNED'");
    const { code, stdout } = await project.orm(["migrate", "check"]);
    assert.equal(code, 4);
    assert.match(stdout, /security labels of anon on table users differ/);
    await database.query("SECURITY LABEL FOR anon ON TABLE users IS NULL");
  });

  labelled("of providers that no model names are left alone, and put back on what is made anew", async () => {
    await database.query(`SECURITY LABEL FOR "odd ""provider" ON VIEW addresses IS 'kept'`);
    await change(models({ ...masked, type: "varchar", table: 'securityLabels: { anon: "TUNED" }' }));
    assert.deepEqual(await labels(), [
      "column users.email anon MASKED WITH VALUE NULL",
      "table users anon TUNED",
      'view addresses odd "provider kept',
    ]);
    await project.succeed(["migrate", "down"]);
    assert.deepEqual(await labels(), [
      "column users.email anon MASKED WITH VALUE NULL",
      'view addresses odd "provider kept',
    ]);
    await project.succeed(["migrate", "up"]);
  });

  labelled("are gone where null says so, and stay where nothing is said", async () => {
    await change(models({ calls: ".securityLabels({ anon: null })", type: "varchar" }));
    assert.deepEqual(await labels(), ['view addresses odd "provider kept']);
    await project.succeed(["migrate", "down"]);
    await project.write({ "models/all.ts": models({ type: "varchar" }) });
    await same();
    await project.succeed(["migrate", "up"]);
  });

  labelled("follow a rename, on history's word alone too", async () => {
    await change(models({ ...masked, type: "varchar" }));
    const renamed = models({ column: "mail", calls: `.renamedFrom("email")${masked.calls}`, type: "varchar" });
    await project.write({ "models/all.ts": renamed });
    const offline = await project.succeed(["migrate", "generate", "--from", "migrations", "--dry-run"]);
    assert.match(offline, /RENAME COLUMN "email" TO "mail"/);
    assert.doesNotMatch(offline, /SECURITY LABEL FOR "anon"/);
    await change(renamed);
    assert.ok((await labels()).includes("column users.mail anon MASKED WITH VALUE NULL"));
  });

  labelled("come back from the database as models", async () => {
    await project.succeed(["introspect", "--out", "found"]);
    assert.match(await project.read("found/user.ts"), /\.securityLabels\(\{ anon: "MASKED WITH VALUE NULL" \}\)/);
    assert.match(await project.read("found/address.ts"), /securityLabels: \{ "odd \\"provider": "kept" \}/);
    await same("--models", "found/**/*.ts");
  });

  labelled("are read from SQL files, as pg_dump writes them", async () => {
    const dump = `CREATE TABLE public.users (mail character varying NOT NULL);
      CREATE VIEW public.addresses AS SELECT users.mail FROM public.users;
      SECURITY LABEL FOR "odd ""provider" ON VIEW public.addresses IS 'kept';
      SECURITY LABEL FOR anon ON COLUMN public.users.mail IS 'MASKED WITH VALUE NULL';`;
    await project.write({ "dump.sql": dump });
    await same("--from", "dump.sql", "--to", "db");
  });

  labelled("of roles come with the roles", async () => {
    await change(
      models({ column: "mail", more: 'export const masked = role("masked", { securityLabels: { anon: "MASKED" } });' }),
    );
    assert.deepEqual(
      (await labels()).filter((x) => x.startsWith("role")),
      ["role masked anon MASKED"],
    );
    await database.query("GRANT SELECT ON users TO masked");
    await project.succeed(["introspect", "--roles", "--privileges", "--out", "with-roles"]);
    assert.match(
      await project.read("with-roles/objects.ts"),
      /role\("masked", \{ securityLabels: \{ anon: "MASKED" \} \}\)/,
    );
    await database.query("SECURITY LABEL FOR anon ON ROLE masked IS 'OTHER'");
    assert.match((await project.orm(["migrate", "check"])).stdout, /security labels of anon on role masked differ/);
    await change(
      models({ column: "mail", more: 'export const masked = role("masked", { securityLabels: { anon: null } });' }),
    );
    assert.deepEqual(
      (await labels()).filter((x) => x.startsWith("role")),
      [],
    );
    await project.succeed(["migrate", "down"]);
    await project.succeed(["migrate", "up"]);
  });

  labelled("are refused with what to do where the database lacks their provider", async () => {
    assert.ok(server);
    await using other = await createDatabase({ server: server.url });
    const up = await project.orm(["migrate", "up", "--url", other.url]);
    assert.equal(up.code, 1);
    assert.match(up.stderr, /none for the provider "anon" in this database: name it in session_preload_libraries/);
    await project.write({ "models/all.ts": models(masked) });
    const sync = await project.orm(["sync", "--yes", "--url", other.url]);
    assert.equal(sync.code, 1);
    assert.match(
      sync.stderr,
      /PostgreSQL refuses to set security label of anon on column public.users.email[\s\S]*none for the provider "anon"/,
    );
    await load(other);
    await project.succeed(["migrate", "up", "--url", other.url]);
  });
});
