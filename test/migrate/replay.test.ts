import assert from "node:assert/strict";
import { test } from "node:test";
import { createEngine } from "../../src/index.js";
import { MigrationSession } from "../../src/migrate/interrupt.js";
import { loadMigrations } from "../../src/migrate/load.js";
import { runSteps, StepError } from "../../src/migrate/replay.js";
import { ofDatabase } from "../../src/migrate/step.js";
import { createDatabase } from "../support/database.js";
import { tempFolder } from "./helpers.js";

/** Runs the way up of the folder's migrations as history is replayed, and gives what tables are there then. */
async function replayed(body: string): Promise<readonly string[]> {
  await using database = await createDatabase();
  await using folder = await tempFolder();
  await folder.addModule("a", body);
  const [loaded] = await loadMigrations((await folder.read()).migrations);
  try {
    await using engine = createEngine(database.url);
    await using connection = await engine.connect();
    await runSteps(new MigrationSession(connection), loaded?.up ?? []);
  } catch (error) {
    if (error instanceof StepError) assert.match(error.message, /The runner ends the transaction/);
    else throw error;
  }
  const tables = await database.query<{ relname: string }>(
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND oid >= 16384",
  );
  return tables.map(({ relname }) => relname);
}

test("code can't end the transaction where history is replayed, any more than where it is run", async () => {
  for (const call of ["commit()", "rollback()", "close()"]) {
    const body = `up: [sql\`CREATE TABLE a ()\`, async (session) => { await session.${call}; }], down: []`;
    assert.deepEqual(await replayed(body), [], call);
  }
});

test("what is about the server is told, in a module that is run too", async () => {
  await using folder = await tempFolder();
  await folder.addModule("a", "up: [onServer(sql`CREATE ROLE a`), async () => {}, sql`CREATE TABLE a ()`], down: []");
  const [loaded] = await loadMigrations((await folder.read()).migrations);
  assert.deepEqual(
    loaded?.up.map(({ ofServer }) => ofServer),
    [true, undefined, undefined],
  );
  assert.deepEqual(
    ofDatabase(loaded?.up ?? []).map(({ sql }) => sql),
    [null, "CREATE TABLE a ()"],
  );
});

test("with transaction: false it may", async () => {
  const step = "async (session) => { await session.execute(sql`CREATE TABLE a ()`); await session.commit(); }";
  assert.deepEqual(await replayed(`transaction: false, up: [${step}], down: []`), ["a"]);
});
