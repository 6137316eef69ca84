import assert from "node:assert/strict";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { AthanorError } from "../../src/index.js";
import { DatabaseError } from "../../src/index.js";
import type { Progress } from "../../src/migrate/execute.js";
import { MigrationError } from "../../src/migrate/failure.js";
import { mark } from "../../src/migrate/mark.js";
import { down, up } from "../../src/migrate/runner.js";
import { history, status } from "../../src/migrate/status.js";
import { onBoth, tempFolder } from "./helpers.js";

const ids = (result: { migrations: readonly { id: string }[] }) => result.migrations.map(({ id }) => id);
const hasCode = (code: string) => (error: AthanorError) =>
  error.code === code || assert.fail(`${error.code}: ${error.message}`);
const tables =
  "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname !~ '^orm_' ORDER BY 1";

onBoth((open) => {
  test("up, down, status and history", async () => {
    await using database = await open();
    await using folder = await tempFolder();
    const { engine } = database;
    const a = await folder.add("a", ["CREATE TABLE a (id int)"], ["DROP TABLE a"]);
    const b = await folder.addModule(
      "b",
      `up: [
        sql\`CREATE TABLE b (id int, at text DEFAULT \${"it's"})\`,
        async (session) => { await session.execute(sql\`INSERT INTO b VALUES (\${7})\`); },
      ],
      down: [sql\`DROP TABLE b\`],`,
    );
    const c = await folder.add("c", ["CREATE TABLE c (id int)"], ["DROP TABLE c"]);
    const migrations = await folder.read();

    assert.deepEqual(
      (await status(engine, migrations)).migrations.map(({ state }) => state),
      ["pending", "pending", "pending"],
    );
    assert.deepEqual(await database.column("SELECT to_regclass('orm_migrations')"), [null], "status writes nothing");

    const progress: Progress[] = [];
    assert.deepEqual(ids(await up(engine, migrations, { target: "b", onProgress: (each) => progress.push(each) })), [
      a,
      b,
    ]);
    assert.deepEqual(
      progress.map((each) => (each.kind === "step" ? each.sentence : each.kind)),
      [
        "begin",
        "CREATE TABLE a (id int)",
        "end",
        "begin",
        "CREATE TABLE b (id int, at text DEFAULT 'it''s')",
        "run a function",
        "end",
      ],
    );
    assert.deepEqual(await database.column("SELECT id || at FROM b"), ["7it's"]);
    assert.deepEqual(ids(await up(engine, migrations)), [c]);
    assert.deepEqual(await database.column(tables), ["a", "b", "c"]);

    const [entry] = await history(engine);
    assert.deepEqual([entry!.id, entry!.event, entry!.parent, entry!.stepsDone], [a, "applied", null, 1]);
    assert.match(entry!.client, /.@./);
    assert.match(entry!.toolVersion, /^\d+\.\d+\.\d+/);
    assert(Math.abs(entry!.at.getTime() - Date.now()) < 60_000);

    assert.deepEqual(ids(await down(engine, migrations)), [c]);
    assert.deepEqual(ids(await down(engine, migrations, { target: a })), [b]);
    assert.deepEqual(ids(await down(engine, migrations, { target: a })), []);
    assert.deepEqual(ids(await up(engine, migrations)), [b, c]);
    assert.deepEqual(ids(await down(engine, migrations, { steps: 2 })), [c, b]);
    assert.deepEqual(ids(await down(engine, migrations, { target: "base" })), [a]);
    assert.deepEqual(ids(await down(engine, migrations)), []);
    assert.deepEqual(await database.column(tables), []);
    assert.equal((await history(engine)).length, 10);
  });

  test("with nothing pending, four queries, however many migrations", async () => {
    await using database = await open();
    await using folder = await tempFolder();
    for (let i = 0; i < 30; i++) await folder.add(`m${i}`, ["SELECT 1"]);
    const migrations = await folder.read();
    await up(database.engine, migrations);
    database.sent.length = 0;
    await up(database.engine, migrations);
    assert.equal(database.sent.length, 4, database.sent.join("\n"));
    database.sent.length = 0;
    await status(database.engine, migrations);
    assert.equal(database.sent.length, 2);
  });

  test("a migration of one statement is four round trips", async () => {
    await using database = await open();
    await using folder = await tempFolder();
    await folder.add("a", ["CREATE TABLE a (id int)"]);
    await up(database.engine, await folder.read());
    await folder.add("b", ["CREATE TABLE b (id int)"]);
    await folder.add("c", ["CREATE TABLE c (id int)"]);
    const migrations = await folder.read();
    database.sent.length = 0;
    await up(database.engine, migrations);
    const words = database.sent.slice(3, -1).map((text) => text.split(" ")[0]);
    assert.deepEqual(words, ["BEGIN", "CREATE", "INSERT", "COMMIT", "BEGIN", "CREATE", "INSERT", "COMMIT"]);
  });

  test("a dry run tells and does nothing", async () => {
    await using database = await open();
    await using folder = await tempFolder();
    await folder.add("a", ["CREATE TABLE a (id int)"], ["DROP TABLE a"]);
    const migrations = await folder.read();
    const result = await up(database.engine, migrations, { dryRun: true });
    assert.deepEqual(
      result.migrations.map(({ steps }) => steps.map(({ sql }) => sql)),
      [["CREATE TABLE a (id int)"]],
    );
    assert.deepEqual(await database.column("SELECT to_regclass('a')::text || to_regclass('orm_migrations')::text"), [
      null,
    ]);
  });

  test("what fails is rolled back, and says where, why and what stays", async () => {
    await using database = await open();
    await using folder = await tempFolder();
    const a = await folder.add("a", ["CREATE TABLE a (id int)"]);
    const b = await folder.add("b", [
      "CREATE TABLE b (id int)",
      { sql: "INSERT INTO b\n  SELECT '💥', nothing\n  FROM a", sentence: "fill b", transactional: true },
    ]);
    const migrations = await folder.read();
    await assert.rejects(up(database.engine, migrations), (error) => {
      assert(error instanceof MigrationError);
      assert.deepEqual([error.code, error.migration, error.step, error.before], ["migration.failed", b, 2, [a]]);
      assert(error.cause instanceof DatabaseError);
      assert.equal(
        error.message,
        `Failed: ${b}, step 2 of 2 (fill b), in ${join(folder.dir, b)}.ts.
PostgreSQL: column "nothing" does not exist (42703)
      SELECT '💥', nothing
                   ^
It was rolled back: nothing of it was done. Applied before it, and so they stay: ${a}.`,
      );
      return true;
    });
    assert.deepEqual(await database.column(tables), ["a"]);
    assert.deepEqual(
      (await status(database.engine, migrations)).migrations.map(({ state }) => state),
      ["applied", "pending"],
    );
    assert.deepEqual(
      await database.column(
        "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
      ),
      [],
    );
  });

  test("pairs of SQL files run up and down, and an error has their line", async () => {
    await using database = await open();
    await using folder = await tempFolder();
    const id = "20260101000001_a";
    await folder.write(
      `${id}.up.sql`,
      "-- tables\n\nCREATE TABLE a (id int);\n\n-- fill a\nINSERT INTO a\n  VALUES (nothing);\n",
    );
    await folder.write(`${id}.down.sql`, "DROP TABLE a;");
    await assert.rejects(up(database.engine, await folder.read()), (error: AthanorError) => {
      assert.match(error.message, /step 2 of 2 \(fill a\), in .*_a\.up\.sql:6\.\n.*\n {6}VALUES \(nothing\)\n {14}\^/);
      return true;
    });
    await folder.write(`${id}.up.sql`, "CREATE TABLE a (id int); CREATE INDEX ON a (id)");
    await up(database.engine, await folder.read());
    assert.deepEqual(await database.column(tables), ["a"]);
    await down(database.engine, await folder.read());
    assert.deepEqual(await database.column(tables), []);
  });

  test("what PostgreSQL refuses in a transaction comes with the way out", async () => {
    await using database = await open();
    await using folder = await tempFolder();
    await folder.add("a", ["CREATE TABLE a (id int)", "CREATE TYPE mood AS ENUM ('sad')"]);
    await up(database.engine, await folder.read());
    const b = await folder.add("b", ["CREATE INDEX CONCURRENTLY i ON a (id)"]);
    await assert.rejects(
      up(database.engine, await folder.read()),
      /25001[\s\S]*mark it, by outsideTransaction\(sql`…`\)/,
    );
    await rm(join(folder.dir, `${b}.ts`));
    await folder.write(
      `${b}.ts`,
      (await readFile(join(folder.dir, `${(await folder.read()).head}.ts`), "utf8"))
        .replace("parent: null", `parent: "20260101000001_a"`)
        .replace(/up: \[[\s\S]*?\],/, "up: [sql`ALTER TYPE mood ADD VALUE 'ok'`, sql`SELECT 'ok'::mood`],"),
    );
    await assert.rejects(up(database.engine, await folder.read()), /55P04[\s\S]*mark that step/);
    await folder.write(
      `${b}.ts`,
      (await readFile(join(folder.dir, `${b}.ts`), "utf8")).replace(
        "sql`ALTER TYPE mood ADD VALUE 'ok'`",
        "sql`SELECT 1; SELECT 2`",
      ),
    );
    await assert.rejects(up(database.engine, await folder.read()), /A step is one statement/);
  });

  test("code may not end the transaction, and runs with the migration's own", async () => {
    for (const call of ["commit()", "rollback()", "close()"]) {
      await using database = await open();
      await using folder = await tempFolder();
      await folder.addModule(
        "a",
        `up: [sql\`CREATE TABLE a (id int)\`, async (session) => { await session.${call}; }], down: []`,
      );
      await assert.rejects(
        up(database.engine, await folder.read()),
        /session\.\w+\(\)\. The runner ends the transaction/,
      );
      assert.deepEqual(await database.column(tables), []);
    }
  });

  test("settings and roles that a migration sets end with it", async () => {
    await using database = await open();
    await using folder = await tempFolder();
    await folder.add("a", ["CREATE SCHEMA s", "SET search_path = s", "CREATE TABLE a (id int)"]);
    await folder.add("b", ["CREATE TABLE b (id int)"]);
    const role = `r${Math.random().toString(36).slice(2)}`;
    await folder.add("c", [
      `CREATE ROLE ${role}`,
      `GRANT CREATE ON SCHEMA public TO ${role}`,
      `SET ROLE ${role}`,
      "CREATE TABLE c (id int)",
    ]);
    await folder.add("d", ["CREATE TABLE d (id int)"], ["SELECT 1"]);
    await up(database.engine, await folder.read());
    assert.deepEqual(
      await database.column(
        "SELECT concat_ws(' ', relnamespace::regnamespace, relname, pg_get_userbyid(relowner)) FROM pg_class WHERE relname IN ('a', 'b', 'c', 'd') ORDER BY relname",
      ),
      ["s a postgres", "public b postgres", `public c ${role}`, "public d postgres"],
    );
    await database.column("DROP TABLE c");
    await database.column(`DROP OWNED BY ${role}`);
    await database.column(`DROP ROLE ${role}`);
  });

  test("code that isn't awaited is no way to half a migration", async () => {
    await using database = await open();
    await using folder = await tempFolder();
    const body = "session.execute(sql`SELECT pg_sleep(0.1)`).catch(() => {});";
    await folder.addModule("a", `up: [sql\`CREATE TABLE a (id int)\`, async (session) => { ${body} }], down: []`);
    await assert.rejects(up(database.engine, await folder.read()), /busy with another call[\s\S]*rolled back/);
    assert.deepEqual(await database.column(tables), []);
  });

  test("no way back is said before anything is reverted", async () => {
    await using database = await open();
    await using folder = await tempFolder();
    const a = await folder.addModule("a", 'up: [], down: irreversible("The rows are gone.")');
    await folder.add("b", ["CREATE TABLE b (id int)"], ["DROP TABLE b"]);
    const migrations = await folder.read();
    await up(database.engine, migrations);
    await assert.rejects(down(database.engine, migrations, { target: "base" }), (error: AthanorError) => {
      assert.equal(error.code, "migration.irreversible");
      assert.match(error.message, new RegExp(`${a} can't be reverted: The rows are gone. Nothing was reverted.`));
      return true;
    });
    assert.deepEqual(await database.column(tables), ["b"]);
  });

  test("edited, missing, diverged and out of order: refused, named, and repaired by mark", async () => {
    await using database = await open();
    await using folder = await tempFolder();
    const { engine } = database;
    const a = await folder.add("a", ["CREATE TABLE a (id int)"], ["DROP TABLE a"]);
    const b = await folder.add("b", ["CREATE TABLE b (id int)"], ["DROP TABLE b"]);
    await up(engine, await folder.read());
    const path = join(folder.dir, `${b}.ts`);
    const text = await readFile(path, "utf8");

    await folder.write(`${b}.ts`, text.replaceAll("\n", "\r\n"));
    assert.deepEqual(ids(await up(engine, await folder.read())), [], "line endings are no edit");

    await folder.write(`${b}.ts`, text.replace("id int", "id bigint"));
    await assert.rejects(up(engine, await folder.read()), hasCode("migration.edited"));
    await assert.rejects(down(engine, await folder.read()), hasCode("migration.edited"));
    assert.deepEqual(
      (await status(engine, await folder.read())).problems.map(({ kind, id }) => [kind, id]),
      [["edited", b]],
    );
    assert.deepEqual(await mark(engine, await folder.read(), ["b"], "applied"), [b]);
    assert.deepEqual(await mark(engine, await folder.read(), ["b"], "applied"), []);
    assert.deepEqual(ids(await up(engine, await folder.read())), []);

    await rm(path);
    await assert.rejects(up(engine, await folder.read()), hasCode("migration.missing"));
    await assert.rejects(down(engine, await folder.read()), hasCode("migration.missing"));
    assert.deepEqual(
      (await status(engine, await folder.read())).migrations.map(({ id, file }) => [id, file === null]),
      [
        [b, true],
        [a, false],
      ],
    );

    // Another one between the two.
    await folder.write("20260101000001_between.up.sql", `-- parent: ${a}\nSELECT 1;`);
    await folder.write(`${b}.ts`, text.replace("id int", "id bigint").replace(a, "20260101000001_between"));
    await assert.rejects(up(engine, await folder.read()), (error: AthanorError) => {
      assert.equal(error.code, "migration.diverged");
      assert.match(
        error.message,
        /behind 20260101000001_a, and its file puts it behind 20260101000001_between[\s\S]*between is pending/,
      );
      return true;
    });
    await mark(engine, await folder.read(), ["b"], "applied");
    await assert.rejects(up(engine, await folder.read()), hasCode("migration.out_of_order"));
    await mark(engine, await folder.read(), ["between"], "applied");
    assert.deepEqual(ids(await up(engine, await folder.read())), []);

    await rm(path);
    assert.deepEqual(await mark(engine, await folder.read(), [b], "reverted"), [b]);
    assert.deepEqual((await status(engine, await folder.read())).problems, []);
    await assert.rejects(mark(engine, await folder.read(), ["nothing"], "applied"), hasCode("migration.unknown"));
    await assert.rejects(up(engine, await folder.read(), { target: "2026" }), hasCode("migration.ambiguous"));
  });

  test("the history's table can be elsewhere, under a hostile name", async () => {
    await using database = await open();
    await using folder = await tempFolder();
    const place = { history: { schema: 'my "ops"', table: "it's; --" } };
    await folder.add("a", ["CREATE TABLE a (id int)"]);
    const migrations = await folder.read();
    assert.equal((await up(database.engine, migrations, place)).migrations.length, 1);
    assert.equal((await up(database.engine, migrations, place)).migrations.length, 0);
    assert.equal((await history(database.engine, place)).length, 1);
    await database.column("CREATE TABLE orm_migrations (id int)");
    await assert.rejects(up(database.engine, migrations), hasCode("history.foreign"));
  });

  test("ids of the greatest length, and a migration that does nothing", async () => {
    await using database = await open();
    await using folder = await tempFolder();
    const id = await folder.add("x".repeat(230), []);
    await up(database.engine, await folder.read());
    assert.deepEqual(
      (await history(database.engine)).map((entry) => entry.id),
      [id],
    );
  });
});
