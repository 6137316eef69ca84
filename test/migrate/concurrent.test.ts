import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type AthanorError, createEngine } from "../../src/index.js";
import type { Progress } from "../../src/migrate/execute.js";
import { up } from "../../src/migrate/runner.js";
import { history, status } from "../../src/migrate/status.js";
import { openDatabase, outside, tempFolder } from "./helpers.js";

test("twenty runners at once: each migration is applied once", async () => {
  await using database = await openDatabase();
  await using folder = await tempFolder();
  for (let i = 0; i < 10; i++) await folder.add(`m${i}`, [`CREATE TABLE m${i} (id int)`]);
  const migrations = await folder.read();
  const engines = Array.from({ length: 20 }, () => createEngine(database.url));
  const results = await Promise.all(engines.map((engine) => up(engine, migrations, { lockTimeout: 60_000 })));
  await Promise.all(engines.map((engine) => engine.dispose()));
  const applied = results.flatMap((result) => result.migrations.map(({ id }) => id));
  assert.equal(applied.length, 10);
  assert.deepEqual(
    (await history(database.engine)).map(({ id, event }) => [id, event]),
    migrations.migrations.map(({ id }) => [id, "applied"]),
  );
});

test("a runner that can't have the lock says who holds it, and leaves nothing open while it waits", async () => {
  await using database = await openDatabase();
  await using folder = await tempFolder();
  await folder.add("a", ["SELECT pg_sleep(1.5)", "CREATE TABLE a (id int)"]);
  // A waiting transaction or snapshot would keep this one from ever ending.
  await folder.add("b", [outside("CREATE INDEX CONCURRENTLY i ON a (id)")]);
  const migrations = await folder.read();
  await using holder = createEngine(database.url, { applicationName: "deploy 7" });
  const running = up(holder, migrations);
  await sleep(300);
  const waiting: Progress[] = [];
  const refused = up(database.engine, migrations, { lockTimeout: 200, onProgress: (each) => waiting.push(each) });
  await assert.rejects(refused, (error: AthanorError) => {
    assert.equal(error.code, "lock.held");
    assert.match(
      error.message,
      /still held after 200 ms, by process \d+, "deploy 7", user postgres, .*connected since \d{4}-/,
    );
    return true;
  });
  assert.equal(waiting[0]?.kind, "waiting");
  const second = up(database.engine, migrations, { lockTimeout: 20_000 });
  assert.equal((await running).migrations.length, 2);
  assert.equal((await second).migrations.length, 0);
  const questions = database.sent.filter((text) => text.includes("pg_try_advisory_lock"));
  assert(questions.length < 20, `${questions.length} questions`);
});

test("waiting for the lock can be interrupted", async () => {
  await using database = await openDatabase();
  await using folder = await tempFolder();
  await folder.add("a", ["SELECT pg_sleep(1)"]);
  const migrations = await folder.read();
  await using holder = createEngine(database.url);
  const running = up(holder, migrations);
  await sleep(200);
  await assert.rejects(up(database.engine, migrations, { signal: AbortSignal.timeout(100) }), (error: AthanorError) => {
    assert.equal(error.code, "migration.interrupted");
    return true;
  });
  await running;
});

test("where the lock does not hold, the journal's numbers keep two runners from applying one migration twice", async () => {
  await using database = await openDatabase();
  await using folder = await tempFolder();
  await folder.add("first", ["CREATE TABLE a (id int)"]);
  await up(database.engine, await folder.read());
  await folder.add("a", ["SELECT pg_advisory_unlock_all()", "SELECT pg_sleep(0.5)", "INSERT INTO a VALUES (1)"]);
  const migrations = await folder.read();
  await using other = createEngine(database.url);
  const both = await Promise.allSettled([up(database.engine, migrations), up(other, migrations)]);
  assert.deepEqual(both.map((each) => each.status).sort(), ["fulfilled", "rejected"]);
  const [failed] = both.filter((each) => each.status === "rejected");
  assert.match(String(failed!.reason), /23505[\s\S]*the lock did not hold[\s\S]*rolled back/);
  assert.deepEqual(await database.column("SELECT id FROM a"), [1]);
  assert.equal((await history(database.engine)).length, 2);
});

test("killed at any moment, the history and the schema agree, and the next run goes on", async () => {
  await using database = await openDatabase();
  await using folder = await tempFolder();
  const count = 60;
  for (let i = 0; i < count; i++) {
    const index = outside(`CREATE INDEX CONCURRENTLY i${i} ON m${i} (id)`);
    await folder.add(`m${i}`, [
      `CREATE TABLE m${i} (id int)`,
      "SELECT pg_sleep(0.01)",
      `COMMENT ON TABLE m${i} IS 'whole'`,
      ...(i % 3 === 0 ? [index] : []),
    ]);
  }
  const migrations = await folder.read();
  const script = fileURLToPath(new URL("kill-child.ts", import.meta.url));
  for (let round = 0; round < 4; round++) {
    const child = fork(script, [database.url, folder.dir], { execArgv: ["--import", "tsx"] });
    const gone = once(child, "exit");
    await Promise.race([once(child, "message"), gone]);
    await sleep(Math.random() * 250);
    child.kill("SIGKILL");
    await gone;
    await settled(database.column);
    const { migrations: states } = await status(database.engine, migrations);
    const recorded = states.filter(({ entry }) => entry !== null && entry.stepsDone >= 3).map(({ id }) => id.slice(15));
    const whole = await database.column(
      "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ '^m\\d' AND obj_description(oid) = 'whole'",
    );
    assert.deepEqual(whole.map(String).sort(), recorded.sort());
  }
  await up(database.engine, migrations);
  assert.deepEqual(
    await database.column("SELECT count(*)::int FROM pg_class WHERE relkind = 'r' AND relname ~ '^m\\d'"),
    [count],
  );
  assert.deepEqual(
    await database.column(
      "SELECT count(*)::int FROM pg_index JOIN pg_class c ON c.oid = indexrelid WHERE indisvalid AND relname ~ '^i\\d'",
    ),
    [count / 3],
  );
  assert((await status(database.engine, migrations)).migrations.every(({ state }) => state === "applied"));
});

/** Until the server has noticed that the client is gone and has ended its session. */
async function settled(column: (text: string) => Promise<unknown[]>): Promise<void> {
  const others =
    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
  while ((await column(others)).length > 0) await sleep(20);
}
