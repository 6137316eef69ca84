import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type CliProject, createProject } from "../support/cli.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { withClient } from "../support/query.js";

interface ErrorDocument {
  readonly error: { readonly code: string; readonly message: string; readonly questions?: readonly Question[] };
}
interface Question {
  readonly id: string;
  readonly from: string;
  readonly candidates: readonly string[];
}
interface Generated {
  readonly id: string | null;
  readonly files: readonly string[];
  readonly up: readonly { readonly sql: string; readonly sentence: string }[];
}

function model(columns: string): string {
  return `import { declarativeBase, integer, pgEnum, sql, text } from "athanor";
const Base = declarativeBase();
export class Users extends Base.model({ id: integer().primaryKey(), ${columns} }) {}\n`;
}

/** A project and its database. */
async function createSetting(columns = "nick: text()"): Promise<CliProject & { readonly database: TestDatabase }> {
  const database = await createDatabase();
  const project = await createProject({
    "orm.config.json": JSON.stringify({ url: database.url }),
    "models/users.ts": model(columns),
  });
  const dispose = async () => {
    await project[Symbol.asyncDispose]();
    await database.drop();
  };
  return { ...project, database, [Symbol.asyncDispose]: dispose };
}

describe("a first migration", () => {
  let project: Awaited<ReturnType<typeof createSetting>>;
  let id = "";
  before(async () => {
    project = await createSetting();
  });
  after(() => project[Symbol.asyncDispose]());

  test("diff shows what separates database and models", async () => {
    const { code, stdout, stderr } = await project.orm(["diff"]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^--- db\n\+\+\+ models\n/);
    assert.match(stdout, /^\+ +"nick" text NOT NULL/m);
    assert.ok(!stdout.includes("\u001b"), "there are colours");
    const { code: differs, value } = await project.json<{ differences: number }>(["diff", "--exit-code"]);
    assert.equal(differs, 4);
    assert.ok(value.differences > 0);
    assert.match((await project.orm(["diff", "--sql", "--quiet"])).stdout, /^CREATE TABLE "public"."users" \(/);
  });

  test("generate --dry-run writes nothing", async () => {
    const { code, stdout } = await project.orm(["migrate", "generate", "--dry-run"]);
    assert.equal(code, 0);
    assert.match(stdout, /export default migration\(/);
    await assert.rejects(project.list("migrations"), { code: "ENOENT" });
  });

  test("generate writes a file and says what is in it", async () => {
    const { code, value } = await project.json<Generated>(["migrate", "generate", "-m", "users"]);
    assert.equal(code, 0);
    id = value.id ?? "";
    assert.match(id, /^\d{14}_users$/);
    assert.deepEqual(await project.list("migrations"), [`${id}.ts`]);
    assert.deepEqual(
      value.up.map(({ sentence }) => sentence),
      ["create table users"],
    );
  });

  test("status and check see it pending", async () => {
    const status = await project.orm(["migrate", "status", "--exit-code"]);
    assert.deepEqual({ code: status.code, stdout: status.stdout }, { code: 4, stdout: `pending  ${id}\n` });
    assert.equal((await project.orm(["migrate", "status"])).code, 0);
    const check = await project.orm(["migrate", "check"]);
    assert.equal(check.code, 4);
    assert.match(check.stdout, /not ok +pending: 1 migration/);
  });

  test("up --dry-run and --sql run nothing", async () => {
    const plan = await project.orm(["migrate", "up", "--dry-run"]);
    assert.deepEqual({ code: plan.code, stdout: plan.stdout }, { code: 0, stdout: `${id}\n  -  create table users\n` });
    const script = await project.orm(["migrate", "up", "--sql"]);
    assert.match(script.stdout, new RegExp(`^-- ${id}\nCREATE TABLE`));
    assert.deepEqual(await project.database.query("SELECT to_regclass('users') AS t"), [{ t: null }]);
  });

  test("a lock that is held: exit 2, naming who holds it", async () => {
    await withClient(project.database.url, async (client) => {
      // The runner's own lock, taken as it does.
      const { lockKey } = await import("../../src/migrate/lock.js");
      const key = lockKey({ schema: "public", table: "orm_migrations" });
      await client.query("SELECT pg_advisory_lock($1)", [key]);
      const { code, value } = await project.json<ErrorDocument>(["migrate", "up", "--lock-timeout", "100"]);
      assert.deepEqual([code, value.error.code], [2, "lock.held"]);
    });
  });

  test("up applies it, and has nothing to do after", async () => {
    const first = await project.orm(["migrate", "up"]);
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, new RegExp(`^applied {2}${id} {2}[\\d.]+ m?s\n$`));
    const again = await project.orm(["migrate", "up"]);
    assert.deepEqual(again, { code: 0, stdout: "", stderr: "Nothing to do: no migration is to be applied.\n" });
    const check = await project.orm(["migrate", "check"]);
    assert.equal(check.code, 0, check.stdout);
    const generate = await project.json<Generated>(["migrate", "generate"]);
    assert.deepEqual([generate.code, generate.value.id], [0, null]);
  });

  test("history tells who and when, in local time or ISO", async () => {
    const { stdout } = await project.orm(["migrate", "history"]);
    assert.match(stdout, new RegExp(`^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d  applied  ${id}  `));
    const { value } = await project.json<{ entries: { at: string }[] }>(["migrate", "history"]);
    assert.match(value.entries[0]?.at ?? "", /^\d{4}-.*Z$/);
  });

  test("an edited file: exit 6", async () => {
    const source = await project.read(`migrations/${id}.ts`);
    await project.write({ [`migrations/${id}.ts`]: `${source}// edited\n` });
    const { code, value } = await project.json<ErrorDocument>(["migrate", "up"]);
    assert.deepEqual([code, value.error.code], [6, "migration.edited"]);
    assert.equal((await project.orm(["migrate", "check"])).code, 6);
    const status = await project.orm(["migrate", "status", "--exit-code"]);
    assert.equal(status.code, 6);
    assert.match(status.stdout, /edited/);
    const mark = await project.orm(["migrate", "mark", "users", "applied"]);
    assert.deepEqual([mark.code, mark.stdout], [0, `${id}\n`]);
    assert.equal((await project.orm(["migrate", "check"])).code, 0);
  });

  test("down reverts it", async () => {
    const { code, stdout } = await project.orm(["migrate", "down"]);
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`^reverted {2}${id} {2}`));
    assert.equal((await project.orm(["migrate", "down", "-n", "1"])).code, 0);
  });

  test("a target that there is not: exit 2", async () => {
    const { code, value } = await project.json<ErrorDocument>(["migrate", "up", "nope"]);
    assert.deepEqual([code, value.error.code], [2, "migration.unknown"]);
  });

  test("a migration that fails: exit 1, and a stack only with --verbose", async () => {
    const broken = `-- parent: ${id}\nSELECT 1/0;\n`;
    await project.write({ "migrations/20990101000000_broken.up.sql": broken });
    const { code, stderr } = await project.orm(["migrate", "up"]);
    assert.equal(code, 1);
    assert.match(stderr, /division by zero/);
    assert.doesNotMatch(stderr, /^ {4}at /m);
    const verbose = await project.orm(["migrate", "up", "--verbose"]);
    assert.match(verbose.stderr, /^ {4}at /m);
    assert.match(verbose.stderr, /^-- \d+\.\d ms, \d+ rows?$/m);
  });

  test("Ctrl-C: exit 130, and nothing is left behind", async () => {
    const slow = `-- parent: ${id}\nCREATE TABLE half (id int);\nSELECT pg_sleep(60);\n`;
    await project.write({ "migrations/20990101000000_broken.up.sql": slow });
    const { code, stderr } = await project.orm(["migrate", "up"], {
      meanwhile: async (child) => {
        await sleeping(project.database);
        child.kill("SIGINT");
        await once(child, "exit");
      },
    });
    assert.equal(code, 130, stderr);
    assert.deepEqual(await project.database.query("SELECT to_regclass('half') AS t"), [{ t: null }]);
  });
});

async function sleeping(database: TestDatabase): Promise<void> {
  const text = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
  for (let i = 0; i < 200; i++) {
    if ((await database.query(text)).length > 0) return;
    await sleep(100);
  }
  assert.fail("the migration never came to its slow step");
}

describe("questions with nobody there", () => {
  let project: Awaited<ReturnType<typeof createSetting>>;
  before(async () => {
    project = await createSetting();
    assert.equal((await project.orm(["sync", "--yes"])).code, 0);
    await project.write({ "models/users.ts": model("nickname: text()") });
  });
  after(() => project[Symbol.asyncDispose]());

  const question = { id: "column users.nick", from: "users.nick", candidates: ["users.nickname"] };

  test("exit 2, and the questions as JSON on stdout", async () => {
    const { code, stdout, stderr } = await project.orm(["diff", "--sql"]);
    assert.equal(code, 2);
    assert.match(stderr, /--rename users\.nick=users\.nickname/);
    const { questions } = JSON.parse(stdout) as { questions: readonly Question[] };
    assert.deepEqual(
      questions.map(({ id, from, candidates }) => ({ id, from, candidates })),
      [question],
    );
    const { value } = await project.json<ErrorDocument>(["diff", "--sql"]);
    assert.equal(value.error.code, "question.unanswered");
    assert.equal(value.error.questions?.length, 1);
  });

  test("answers come from --rename or from a file", async () => {
    const renamed = 'ALTER TABLE "public"."users" RENAME COLUMN "nick" TO "nickname";\n';
    const flag = await project.orm(["diff", "--sql", "--rename", "users.nick=users.nickname"]);
    assert.equal(flag.stdout, renamed, flag.stderr);
    await project.write({ "answers.json": '{ "renames": { "users.nick": "users.nickname" } }' });
    assert.equal((await project.orm(["diff", "--sql", "--answers", "answers.json"])).stdout, renamed);
    const gone = await project.orm(["diff", "--sql", "--rename", "users.nick="]);
    assert.match(gone.stdout, /DROP COLUMN "nick"/);
  });

  test("an answers file is checked", async () => {
    for (const [source, sentence] of [
      ['{ "rename": {} }', /it takes renames and labels/],
      ['{ "renames": { "a": 1 } }', /should give a a new name, or null/],
      ['{ "labels": { "a": "b" } }', /an object of labels/],
      ["{\n oops", /answers\.json:2 is not JSON/],
    ] as const) {
      await project.write({ "answers.json": source });
      const { code, stderr } = await project.orm(["diff", "--sql", "--answers", "answers.json"]);
      assert.equal(code, 2);
      assert.match(stderr, sentence);
    }
  });

  test("sync refuses to lose data: exit 8; and nobody says yes: exit 2", async () => {
    const gone = ["--rename", "users.nick="];
    const { code, value } = await project.json<ErrorDocument>(["sync", "--yes", ...gone]);
    assert.deepEqual([code, value.error.code], [8, "sync.data_loss"]);
    const unasked = await project.orm(["sync", "--allow-data-loss", ...gone]);
    assert.equal(unasked.code, 2);
    assert.match(unasked.stderr, /add --yes/);
    const done = await project.json<{ applied: boolean }>(["sync", "--yes", "--allow-data-loss", ...gone]);
    assert.deepEqual([done.code, done.value.applied], [0, true]);
    assert.equal((await project.orm(["diff", "--exit-code"])).code, 0);
  });
});

describe("an existing database", () => {
  test("introspect and baseline adopt it", async () => {
    await using database = await createDatabase({
      script: "CREATE TABLE notes (id int PRIMARY KEY, body text NOT NULL DEFAULT '')",
    });
    await using project = await createProject({ "orm.config.json": JSON.stringify({ url: database.url }) });
    const first = await project.orm(["introspect"]);
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /^wrote {2}models\//m);
    assert.equal((await project.orm(["diff", "--exit-code"])).code, 0);
    const again = await project.orm(["introspect"]);
    assert.equal(again.code, 0);
    assert.match(again.stdout, /^same {3}models\//m);
    assert.doesNotMatch(again.stdout, /^wrote/m);
    await project.write({ "models/base.ts": "// mine\n" });
    const refused = await project.orm(["introspect"]);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /models\/base\.ts would be overwritten/);
    const forced = await project.orm(["introspect", "--force"]);
    assert.deepEqual([forced.code, forced.stdout.match(/^wrote .*$/gm)], [0, ["wrote  models/base.ts"]]);

    const baseline = await project.json<{ id: string }>(["migrate", "baseline"]);
    assert.equal(baseline.code, 0);
    const check = await project.orm(["migrate", "check"]);
    assert.equal(check.code, 0, check.stdout);
  });
});

describe("secrets and pipes", () => {
  test("a password is never printed", async () => {
    await using project = await createProject({ "models/users.ts": model("nick: text()") });
    for (const url of [
      "postgres://ada:hush@127.0.0.1:1/app",
      "mysql://ada:hush@x/app",
      "postgres://ada:hu@sh@x:y/app",
    ]) {
      const { code, stdout, stderr } = await project.orm(["diff", "--verbose", "--url", url]);
      assert.equal(code, 2, stderr);
      assert.doesNotMatch(stdout + stderr, /hush|hu@sh/);
      const json = await project.orm(["diff", "--json"], { environment: { DATABASE_URL: url } });
      assert.doesNotMatch(json.stdout + json.stderr, /hush|hu@sh/);
    }
  });

  test("a reader that has gone is no failure", async () => {
    await using project = await createProject();
    const { code, stderr } = await project.orm(["--help"], {
      meanwhile: async (child) => void child.stdout?.destroy(),
    });
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  });
});
