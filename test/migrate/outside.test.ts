import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { type AthanorError, createEngine } from "../../src/index.js";
import type { Progress } from "../../src/migrate/execute.js";
import { MigrationError } from "../../src/migrate/failure.js";
import { mark } from "../../src/migrate/mark.js";
import { down, up } from "../../src/migrate/runner.js";
import { history, status } from "../../src/migrate/status.js";
import { type Database, type Folder, openDatabase, outside, tempFolder } from "./helpers.js";

const hasCode = (code: string) => (error: AthanorError) =>
  error.code === code || assert.fail(`${error.code}: ${error.message}`);
const steps = async ({ engine }: Database) =>
  (await history(engine)).map(({ event, stepsDone, stepRunning }) => [event, stepsDone, stepRunning]);

async function edit(folder: Folder, id: string, from: string, to: string): Promise<void> {
  const text = await readFile(join(folder.dir, `${id}.ts`), "utf8");
  assert(text.includes(from));
  await folder.write(`${id}.ts`, text.replace(from, to));
}

/** As if the runner had died in its first step outside a transaction, before or after the statement was done. */
async function dieInStep({ engine, column }: Database, folder: Folder, statementDone: string | null): Promise<void> {
  const controller = new AbortController();
  const dying = up(engine, await folder.read(), {
    signal: controller.signal,
    onProgress: (each) => each.kind === "step" && controller.abort(),
  });
  await assert.rejects(dying, hasCode("migration.interrupted"));
  // What comes after the death is not there.
  await column("DELETE FROM orm_migrations WHERE step_running IS NULL AND event = 'applying'");
  if (statementDone !== null) await column(statementDone);
}

test("steps outside a transaction are recorded one by one, the others together", async () => {
  await using database = await openDatabase();
  await using folder = await tempFolder();
  const index = outside("CREATE INDEX CONCURRENTLY i ON a (id)");
  await folder.add(
    "a",
    ["CREATE TABLE a (id int)", "INSERT INTO a VALUES (1)", index, "CREATE TABLE b (id int)"],
    [outside("DROP INDEX CONCURRENTLY i"), "DROP TABLE a, b"],
  );
  const migrations = await folder.read();
  await up(database.engine, migrations);
  assert.deepEqual(await steps(database), [
    ["applying", 2, null],
    ["applying", 2, 3],
    ["applying", 3, null],
    ["applied", 4, null],
  ]);
  await down(database.engine, migrations);
  assert.deepEqual((await steps(database)).slice(4), [
    ["reverting", 0, 1],
    ["reverting", 1, null],
    ["reverted", 2, null],
  ]);
  assert.deepEqual((await status(database.engine, migrations)).migrations[0]!.state, "pending");
});

test("a failure after a step outside leaves a record, and the next run goes on behind it", async () => {
  await using database = await openDatabase();
  await using folder = await tempFolder();
  const { engine } = database;
  const id = await folder.add("a", [
    "CREATE TABLE a (id int)",
    outside("CREATE INDEX CONCURRENTLY i ON a (id)"),
    "SELECT nothing",
  ]);
  await folder.add("b", ["SELECT 1"]);
  await assert.rejects(up(engine, await folder.read()), (error: MigrationError) => {
    assert.equal(error.step, 3);
    assert.match(error.message, /Steps 1 to 2 are done and recorded; .* goes on with step 3\./);
    return true;
  });
  assert.deepEqual(
    (await status(engine, await folder.read())).migrations.map(({ state }) => state),
    ["partial", "pending"],
  );
  await assert.rejects(down(engine, await folder.read()), hasCode("migration.partial"));

  await edit(folder, id, "CREATE TABLE a (id int)", "CREATE TABLE a (id bigint)");
  await assert.rejects(up(engine, await folder.read()), hasCode("migration.edited"));
  await edit(folder, id, "CREATE TABLE a (id bigint)", "CREATE TABLE a (id int)");

  await edit(folder, id, "SELECT nothing", "SELECT 'something'");
  const result = await up(engine, await folder.read());
  assert.deepEqual(
    result.migrations.map(({ stepsDoneBefore }) => stepsDoneBefore),
    [2, 0],
  );
  assert.deepEqual((await status(engine, await folder.read())).problems, []);
});

test("the invalid index that a failed CREATE INDEX CONCURRENTLY leaves is dropped by the next run", async () => {
  await using database = await openDatabase();
  await using folder = await tempFolder();
  const { engine } = database;
  await folder.add("a", ['CREATE TABLE "A" (id int)', 'INSERT INTO "A" VALUES (1), (1)']);
  await folder.add("b", [outside('CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "I" /* why */ ON public."A" (id)')]);
  await assert.rejects(up(engine, await folder.read()), /could not create unique index/);
  assert.deepEqual(await database.column(`SELECT indisvalid FROM pg_index WHERE indexrelid = '"I"'::regclass`), [
    false,
  ]);
  await database.column('DELETE FROM "A"');
  const notes: string[] = [];
  const onProgress = (each: Progress) => void (each.kind === "note" && notes.push(each.message));
  await up(engine, await folder.read(), { onProgress });
  assert.deepEqual(notes, ['Dropped public."I", the invalid index that an attempt before had left.']);
  assert.deepEqual(await database.column(`SELECT indisvalid FROM pg_index WHERE indexrelid = '"I"'::regclass`), [true]);
});

/** What becomes of a statement that was cut short before it was done, and after. */
const doubtful: readonly [statement: string, readonly ["again", "done" | "again"]][] = [
  ["CREATE INDEX CONCURRENTLY i ON a (id)", ["again", "done"]],
  ["DROP INDEX CONCURRENTLY k", ["again", "done"]],
  ["ALTER TYPE mood ADD VALUE 'it''s'", ["again", "done"]],
  ["VACUUM a", ["again", "again"]],
  ["ALTER TYPE mood ADD VALUE IF NOT EXISTS 'ok'", ["again", "done"]],
];

for (const [statement, [before, after]] of doubtful)
  test(`in doubt, the catalogs tell: ${statement}`, async () => {
    for (const [done, expected] of [
      [null, before],
      [statement, after],
    ] as const) {
      await using database = await openDatabase();
      await using folder = await tempFolder();
      await folder.add("a", [
        "CREATE TABLE a (id int)",
        "CREATE INDEX k ON a (id)",
        "CREATE TYPE mood AS ENUM ('sad')",
      ]);
      await up(database.engine, await folder.read());
      await folder.add("b", [outside(statement)]);
      await dieInStep(database, folder, done);
      database.sent.length = 0;
      await up(database.engine, await folder.read());
      assert.equal(database.sent.includes(statement), expected === "again");
      assert.equal((await status(database.engine, await folder.read())).migrations[1]!.state, "applied");
    }
  });

test("where nothing tells, it stops, and mark says how far it came", async () => {
  for (const [done, rows] of [
    [1, 0],
    [0, 1],
  ] as const) {
    await using database = await openDatabase();
    await using folder = await tempFolder();
    const { engine } = database;
    await folder.add("a", ["CREATE TABLE a (id int)"]);
    await up(engine, await folder.read());
    const b = await folder.add("b", [outside("INSERT INTO a VALUES (1)"), "SELECT 1"]);
    await dieInStep(database, folder, null);
    await assert.rejects(up(engine, await folder.read()), (error: AthanorError) => {
      assert.equal(error.code, "migration.partial");
      assert.match(error.message, new RegExp(`mark ${b} --steps 1 if it was done, or --steps 0 if not`));
      return true;
    });
    await assert.rejects(mark(engine, await folder.read(), ["b"], { steps: 3 }), hasCode("migration.steps"));
    await mark(engine, await folder.read(), ["b"], { steps: done });
    await up(engine, await folder.read());
    assert.equal((await database.column("SELECT id FROM a")).length, rows);
  }
});

test("with transaction: false, code may commit in between, and its last transaction holds the record", async () => {
  await using database = await openDatabase();
  await using folder = await tempFolder();
  await folder.addModule(
    "a",
    `transaction: false,
  up: [
    sql\`CREATE TABLE a (id int)\`,
    async (session) => {
      for (const id of [1, 2]) { await session.execute(sql\`INSERT INTO a VALUES (\${id})\`); await session.commit(); }
    },
    async (session) => { await session.execute(sql\`INSERT INTO a VALUES (3)\`); throw new Error("stop"); },
  ],
  down: [],`,
  );
  await assert.rejects(up(database.engine, await folder.read()), /stop\nSteps 1 to 2 are done/);
  assert.deepEqual(await database.column("SELECT id FROM a ORDER BY id"), [1, 2]);
  assert.deepEqual((await steps(database)).at(-1), ["applying", 2, null]);
});

const sleeping: readonly [what: string, step: string][] = [
  ["a statement", "sql`SELECT pg_sleep(60)`"],
  ["code", "async (session) => { await session.execute(sql`SELECT pg_sleep(60)`); }"],
];

for (const [what, step] of sleeping)
  test(`an interruption cancels ${what}, rolls back, and the history agrees`, async () => {
    await using database = await openDatabase();
    await using folder = await tempFolder();
    const a = await folder.add("a", ["CREATE TABLE a (id int)"]);
    const b = await folder.addModule("b", `up: [sql\`CREATE TABLE b (id int)\`, ${step}], down: []`);
    const controller = new AbortController();
    const onProgress = (each: Progress) =>
      void (each.kind === "step" && each.step === 2 && setTimeout(() => controller.abort(), 100));
    const started = performance.now();
    await assert.rejects(
      up(database.engine, await folder.read(), { signal: controller.signal, onProgress }),
      (error) => {
        assert(error instanceof MigrationError);
        assert.equal(error.code, "migration.interrupted");
        assert.match(error.message, new RegExp(`Interrupted in ${b}, step 2 of 2[\\s\\S]*rolled back`));
        return true;
      },
    );
    assert(performance.now() - started < 10_000);
    assert.deepEqual(await database.column("SELECT id FROM orm_migrations"), [a]);
    assert.deepEqual(await database.column("SELECT to_regclass('b')"), [null]);
  });

test("an interruption right after a step outside doesn't make the record forget that step", async () => {
  await using database = await openDatabase();
  await using folder = await tempFolder();
  await folder.add("a", ["CREATE TABLE a (id int)"]);
  await up(database.engine, await folder.read());
  await folder.add("b", [outside("INSERT INTO a VALUES (1)"), outside("INSERT INTO a VALUES (2)")]);
  const controller = new AbortController();
  await using engine = createEngine(database.url, { log: ({ sql }) => sql.endsWith("(1)") && controller.abort() });
  await assert.rejects(
    up(engine, await folder.read(), { signal: controller.signal }),
    hasCode("migration.interrupted"),
  );
  assert.deepEqual((await steps(database)).at(-1), ["applying", 1, null]);
  await up(database.engine, await folder.read());
  assert.deepEqual(await database.column("SELECT id FROM a"), [1, 2]);
});

for (const [what, setting, reason] of [
  [
    "a database that is read only",
    "SET default_transaction_read_only = on",
    /public\.orm_migrations, can't be created.*read-only/s,
  ],
  ["a role without rights", "SET ROLE pg_monitor", /permission denied for schema public.*Give the role the right/s],
] as const)
  test(`${what} is said`, async () => {
    await using database = await openDatabase();
    await using folder = await tempFolder();
    await folder.add("a", ["CREATE TABLE a (id int)"]);
    await database.column("REVOKE CREATE ON SCHEMA public FROM public");
    await database.column(setting);
    await assert.rejects(up(database.engine, await folder.read()), (error: AthanorError) => {
      assert.equal(error.code, "history.create_failed");
      assert.match(error.message, reason);
      return true;
    });
  });

test("a connection lost in the middle: rolled back, and said", async () => {
  await using database = await openDatabase();
  await using folder = await tempFolder();
  await folder.add("a", ["CREATE TABLE a (id int)", "SELECT pg_terminate_backend(pg_backend_pid())"]);
  await assert.rejects(up(database.engine, await folder.read()), (error: AthanorError) => {
    assert.equal(error.code, "migration.failed");
    assert.match(error.message, /step 2 of 2[\s\S]*rolled back/);
    assert.equal((error.cause as AthanorError).code, "db.connection_lost");
    return true;
  });
  assert.deepEqual(await database.column("SELECT to_regclass('a')"), [null]);
});
