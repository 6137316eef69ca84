/** Which messages go over the wire: round trips are counted here, and what travels together. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createEngine, type EngineOptions, type LogEvent, Session, sql } from "../../src/index.js";
import { onBoth } from "../support/engines.js";
import { startProxy } from "../support/proxy.js";

async function watched(options: EngineOptions = {}) {
  const proxy = await startProxy();
  const engine = createEngine(`${proxy.url}?sslmode=disable`, options);
  await using held = await engine.connect();
  await held.query("SELECT 1");
  proxy.messages();
  return {
    engine,
    messages: () => proxy.messages(),
    async [Symbol.asyncDispose]() {
      await engine.dispose();
      await proxy[Symbol.asyncDispose]();
    },
  };
}

test("BEGIN travels with the first statement, in one round trip", async () => {
  await using wire = await watched();
  await using session = new Session(wire.engine);
  await session.execute(sql`SELECT 1`);
  assert.equal(wire.messages(), "PBEPBDES");
  await session.execute(sql`SELECT 1`);
  assert.equal(wire.messages(), "PBDES");
  await session.commit();
  assert.equal(wire.messages(), "PBDES");
});

test("COMMIT may travel with the last one", async () => {
  await using wire = await watched();
  await using held = await wire.engine.connect();
  await held.query("CREATE TEMP TABLE t (id int)", [], { before: "BEGIN", after: "COMMIT" });
  assert.equal(wire.messages(), "PBEPBDEfPBES");
  assert.equal(held.transactionStatus, "idle");
});

test("a prepared statement is parsed and described once", async () => {
  await using wire = await watched();
  await using held = await wire.engine.connect();
  const query = (text: string) => held.query(text, [], { prepare: true });
  await query("SELECT 1 AS a");
  assert.equal(wire.messages(), "PBDES");
  for (let i = 0; i < 2; i++) {
    assert.deepEqual((await query("SELECT 1 AS a")).columns, ["a"]);
    assert.equal(wire.messages(), "BES");
  }
  await assert.rejects(query("SELECT 1 FROM nothing_there"), { sqlstate: "42P01" });
  assert.equal(wire.messages(), "PBDES");
  await assert.rejects(query("SELECT 1 FROM nothing_there"), { sqlstate: "42P01" });
  assert.equal(wire.messages(), "CPBDES", "what may be there is closed before it is prepared");
  await held.query("CREATE TEMP TABLE nothing_there ()");
  await query("SELECT 1 FROM nothing_there");
});

test("of prepared statements, the 256 used last are kept", async () => {
  await using wire = await watched();
  await using held = await wire.engine.connect();
  const kept = async () => (await held.query("SELECT count(*) FROM pg_prepared_statements")).rows[0]?.[0];
  const query = (i: number) => held.query(`SELECT ${i}`, [], { prepare: true });
  for (let i = 0; i < 256; i++) await query(i);
  await query(0);
  assert.equal(await kept(), 256n);
  wire.messages();
  await query(256);
  assert.equal(wire.messages(), "CPBDES");
  assert.equal(await kept(), 256n);
  wire.messages();
  await query(0);
  assert.equal(wire.messages(), "BES", "it was used after the others");
  await query(1);
  assert.equal(wire.messages(), "CPBDES");
});

test("prepare: false keeps nothing prepared, for proxies that pool by transaction", async () => {
  await using wire = await watched({ prepare: false });
  await using held = await wire.engine.connect();
  for (let i = 0; i < 2; i++) await held.query("SELECT 1", [], { prepare: true });
  assert.equal(wire.messages(), "PBDESPBDES");
  assert.deepEqual((await held.query("SELECT count(*) FROM pg_prepared_statements")).rows, [[0n]]);
});

test("an unprepared statement closes after itself", async () => {
  await using wire = await watched();
  await using held = await wire.engine.connect();
  await held.query("SELECT 1");
  assert.deepEqual((await held.query("SELECT count(*) FROM pg_prepared_statements")).rows, [[0n]]);
});

onBoth((database) => {
  const failed = (events: readonly LogEvent[]) =>
    events.map(({ sql, error }) => [sql, error === undefined ? "done" : "failed"]);

  test("an error belongs to the statement that failed", async () => {
    await using held = await database().engine.connect();
    const { events } = database();
    const run = (text: string, before: string, after: string) => {
      events.length = 0;
      return held.query(text, [], { before, after });
    };
    await assert.rejects(run("SELECT 1", "BEGIN WRONGLY", "COMMIT"), { sqlstate: "42601", sql: "BEGIN WRONGLY" });
    assert.deepEqual(failed(events), [["BEGIN WRONGLY", "failed"]]);
    assert.equal(held.transactionStatus, "idle");

    await assert.rejects(run("SELECT 1/0", "BEGIN", "COMMIT"), { sqlstate: "22012", sql: "SELECT 1/0" });
    assert.deepEqual(failed(events), [
      ["BEGIN", "done"],
      ["SELECT 1/0", "failed"],
    ]);
    assert.equal(held.transactionStatus, "failed");
    await held.query("ROLLBACK");

    await held.script("CREATE TEMP TABLE u (id int UNIQUE DEFERRABLE INITIALLY DEFERRED); INSERT INTO u VALUES (1)");
    await assert.rejects(run("INSERT INTO u VALUES (1)", "BEGIN", "COMMIT"), { sqlstate: "23505", sql: "COMMIT" });
    assert.deepEqual(failed(events), [
      ["BEGIN", "done"],
      ["INSERT INTO u VALUES (1)", "done"],
      ["COMMIT", "failed"],
    ]);
    assert.equal(held.transactionStatus, "idle");
    assert.deepEqual((await held.query("SELECT * FROM u")).rows, [[1]]);
  });

  test("a first statement that fails, with its BEGIN", async () => {
    await using session = new Session(database().engine);
    await assert.rejects(session.execute(sql`SELECT 1/0`), { sqlstate: "22012" });
    await assert.rejects(session.execute(sql`SELECT 1`), { code: "session.pending_rollback" });
    await session.rollback();
    assert.equal((await session.execute(sql<[number]>`SELECT 1`)).scalarOne(), 1);
  });

  test("a stale plan is prepared again, and a transaction that begins with it begins again", async () => {
    const { engine } = database();
    await using held = await engine.connect();
    await held.script("DROP TABLE IF EXISTS stale; CREATE TABLE stale (id int); INSERT INTO stale VALUES (1)");
    const query = (before?: string) =>
      held.query("SELECT * FROM stale", [], { prepare: true, ...(before === undefined ? {} : { before }) });
    await query();
    await held.script("ALTER TABLE stale ADD a int");
    assert.deepEqual((await query("BEGIN")).rows, [[1, null]]);
    assert.equal(held.transactionStatus, "open");
    await held.script("ALTER TABLE stale ADD b int");
    await assert.rejects(query(), { name: "SerializationError", code: "db.stale_plan", sqlstate: "0A000" });
    assert.equal(held.transactionStatus, "failed");
    await held.script("ROLLBACK; DROP TABLE stale");
  });

  test("rows made by a reader of PostgreSQL's text", async () => {
    await using held = await database().engine.connect();
    const text = "SELECT i, nullif(i, 2) FROM generate_series(1, 3) i";
    const { rows, rowCount } = await held.query(text, [], { read: ([id, odd]) => ({ id, odd }) });
    assert.deepEqual(rows, [
      { id: "1", odd: "1" },
      { id: "2", odd: null },
      { id: "3", odd: "3" },
    ]);
    assert.equal(rowCount, 3);
    const broken = () => {
      throw new RangeError("mine");
    };
    await assert.rejects(held.query(text, [], { read: broken }), { message: "mine" });
    assert.deepEqual((await held.query("SELECT 1")).rows, [[1]], "the connection goes on");
  });
});
