/** Which server a connection leads to, what it is told first, and waits for one. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createEngine, type EngineOptions, Session, sessionmaker, sql } from "../../src/index.js";
import { onBoth } from "../support/engines.js";
import { startProxy } from "../support/proxy.js";
import { queryRows } from "../support/query.js";
import { serverUrl } from "../support/servers.js";

const database = sql<[string]>`SELECT current_database()`;
const follower = "athanor_follower";
let primary = "";

function replica(): string {
  return primary.replace(/[^/]*$/, follower);
}

before(async () => {
  primary = await serverUrl();
  await queryRows(primary, `DROP DATABASE IF EXISTS ${follower}`);
  await queryRows(primary, `CREATE DATABASE ${follower}`);
});
after(() => queryRows(primary, `DROP DATABASE ${follower} WITH (FORCE)`));

async function whereTo(options: EngineOptions) {
  const engine = createEngine(primary, options);
  const Sessions = sessionmaker(engine);
  const where = (readOnly: boolean) =>
    Sessions.begin(async (session) => (await session.execute(database)).scalarOne(), { readOnly });
  return { engine, where };
}

test("what is read-only goes to a replica, all else to the primary", async () => {
  const { engine, where } = await whereTo({ replicas: [replica()] });
  await using _ = engine;
  const main = new URL(primary).pathname.slice(1);
  assert.equal(await where(true), follower);
  assert.equal(await where(false), main);
  await using session = new Session(engine);
  assert.equal((await session.execute(database)).scalarOne(), main);
  await session.commit();
  await session.begin({ readOnly: true });
  assert.equal((await session.execute(database)).scalarOne(), follower);
  await session.commit();
  await using reading = new Session(engine, { readOnly: true });
  assert.equal((await reading.executeAutocommit(database)).scalarOne(), main, "nothing would keep it from writing");
});

test("a replica that can't be reached is passed over; without any, the primary reads", async () => {
  const dead = "postgres://nobody@127.0.0.1:1/nowhere";
  for (const [replicas, expected] of [
    [[dead, replica()], follower],
    [[dead], new URL(primary).pathname.slice(1)],
  ] as const) {
    const { engine, where } = await whereTo({ replicas });
    await using _ = engine;
    for (let i = 0; i < 3; i++) assert.equal(await where(true), expected);
  }
  assert.throws(() => createEngine(primary, { replicas: ["pglite:memory"] }), { code: "url.invalid" });
});

test("replicas take turns", async () => {
  await using one = await startProxy();
  await using two = await startProxy();
  const { engine, where } = await whereTo({ replicas: [one.url, two.url] });
  await using _ = engine;
  for (let i = 0; i < 2; i++) await where(true);
  assert.deepEqual([one.messages(), two.messages()], ["PBEPBDESPBDES", "PBEPBDESPBDES"]);
});

onBoth((tested) => {
  test("onConnect sets up each new connection, once", async () => {
    const url = tested().kind === "pglite" ? "pglite:memory" : primary;
    let count = 0;
    await using engine = createEngine(url, {
      onConnect: async (connection) => {
        count++;
        await connection.script("SET application_name = 'set up'");
      },
    });
    for (let i = 0; i < 2; i++) {
      await using held = await engine.connect();
      assert.deepEqual((await held.query("SHOW application_name")).rows, [["set up"]]);
    }
    assert.equal(count, 1);
  });

  test("a signal ends the wait for a connection; the next in line is served", async () => {
    const { kind } = tested();
    await using engine =
      kind === "pglite" ? createEngine("pglite:memory") : createEngine(primary, { pool: { size: 1 } });
    const held = await engine.connect();
    const controller = new AbortController();
    await using session = new Session(engine);
    const waiting = session.execute(sql`SELECT 1`, { signal: controller.signal });
    const next = engine.connect();
    controller.abort(new Error("mine"));
    await assert.rejects(waiting, { code: "db.query_canceled", cause: controller.signal.reason });
    await assert.rejects(engine.connect({ signal: controller.signal }), { code: "db.query_canceled" });
    await held.release();
    await (await next).release();
    assert.equal((await session.execute(sql<[number]>`SELECT 1`)).scalarOne(), 1, "nothing had begun");
  });
});

test("text is UTF-8 on the way, whatever the database's encoding and its settings are", async () => {
  const name = "athanor_latin1";
  await queryRows(primary, `DROP DATABASE IF EXISTS ${name}`);
  await queryRows(primary, `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'`);
  await queryRows(primary, `ALTER DATABASE ${name} SET datestyle = 'German'`);
  {
    await using engine = createEngine(primary.replace(/[^/]*$/, name));
    await using held = await engine.connect();
    const { rows } = await held.query("SELECT $1 || chr(228), length($1), timestamptz 'epoch'", ["ü"]);
    assert.deepEqual(rows, [["üä", 1, new Date(0)]]);
    await assert.rejects(held.query("SELECT $1::text", ["💧"]), { sqlstate: "22P05" });
  }
  await queryRows(primary, `DROP DATABASE ${name} WITH (FORCE)`);
});

test("onConnect that fails leaves no connection behind", async () => {
  const name = "athanor_on_connect";
  await using engine = createEngine(primary, {
    applicationName: name,
    onConnect: (connection) => connection.script("SELECT 1/0"),
  });
  await assert.rejects(engine.connect(), { sqlstate: "22012" });
  const count = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = '${name}'`;
  for (let left = 1; left > 0; ) [{ n: left } = { n: 0 }] = await queryRows<{ n: number }>(primary, count);
});

test("a signal that comes while the first statement runs: its transaction waits for the rollback", async () => {
  await using engine = createEngine(primary);
  await using session = new Session(engine);
  const sleeping = session.execute(sql`SELECT pg_sleep(60)`, { signal: AbortSignal.timeout(50) });
  await assert.rejects(sleeping, { code: "db.query_canceled" });
  await assert.rejects(session.execute(sql`SELECT 1`), { code: "session.pending_rollback" });
  await session.rollback();
  assert.equal((await session.execute(sql<[number]>`SELECT 1`)).scalarOne(), 1);
  await session.commit();
  await assert.rejects(session.execute(sql`SELECT 1`, { signal: AbortSignal.abort() }), { code: "db.query_canceled" });
  assert.equal((await session.execute(sql<[number]>`SELECT 1`)).scalarOne(), 1, "nothing was sent");
});
