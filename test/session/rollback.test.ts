/** How a session that only read gives its connection back: nobody waits for its ROLLBACK. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import {
  createEngine,
  declarativeBase,
  integer,
  type Session,
  select,
  sessionmaker,
  sql,
  text,
} from "../../src/index.js";
import { createDatabase } from "../support/database.js";
import { startProxy } from "../support/proxy.js";
import { withClient } from "../support/query.js";

const Base = declarativeBase({ columns: { id: integer().primaryKey() } });

class Thing extends Base.model({ name: text() }, {}, { tablename: "things" }) {}

async function open() {
  const database = await createDatabase({
    script:
      "CREATE TABLE things (id int PRIMARY KEY, name text NOT NULL); INSERT INTO things VALUES (1, 'a'), (2, 'b')",
  });
  const sent: string[] = [];
  const engine = createEngine(database.url, { log: (event) => sent.push(event.sql), pool: { size: 1 } });
  return {
    url: database.url,
    engine,
    sent,
    Sessions: sessionmaker(engine),
    /** What the server says of the engine's connection. */
    state: () =>
      withClient(database.url, async (client) => {
        const { rows } = await client.query<{ state: string }>(
          "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
        );
        return rows.map(({ state }) => state);
      }),
    async [Symbol.asyncDispose]() {
      await engine.dispose();
      await database.drop();
    },
  };
}

/** The address of a database by way of the proxy. */
function through(proxy: string, database: string): string {
  const url = new URL(proxy);
  url.pathname = new URL(database).pathname;
  return `${url.href}?sslmode=disable`;
}

test("the ROLLBACK travels with the next BEGIN: one round trip for each session", async () => {
  await using database = await open();
  await using proxy = await startProxy();
  await using engine = createEngine(through(proxy.url, database.url), { pool: { size: 1 } });
  const Sessions = sessionmaker(engine);
  const read = async () => {
    await using session = Sessions();
    return await session.get(Thing, 1);
  };
  await read();
  await using held = await engine.connect();
  await held.query("SELECT 1");
  await held.release();
  proxy.messages();
  for (let i = 0; i < 3; i++) assert.equal((await read())?.name, "a");
  const begin = "BE";
  const select = "BES";
  assert.equal(
    proxy.messages(),
    `${begin}${select}PBE${begin}${select}BE${begin}${select}`,
    "ROLLBACK is prepared, too",
  );
  await turn();
  await using session = Sessions();
  await session.execute(sql`SELECT 1`);
  assert.equal(proxy.messages().slice(0, 5), "PBDES", "by the end of the turn it is sent without company");
});

test("it is sent by the end of the turn, whether or not somebody needs the connection", async () => {
  await using database = await open();
  const session = database.Sessions();
  await session.execute(select(Thing));
  assert.deepEqual(await database.state(), ["idle in transaction"]);
  await session.close();
  assert.deepEqual(await database.state(), ["idle"]);
  assert.deepEqual(
    database.sent.map((text) => text.split(" ")[0]),
    ["BEGIN", "SELECT", "ROLLBACK"],
  );
});

test("whatever is sent next comes after it", async () => {
  await using database = await open();
  const { engine } = database;
  const read = async () => {
    await using session = database.Sessions();
    await session.get(Thing, 2);
  };
  await read();
  await using held = await engine.connect();
  assert.equal(held.transactionStatus, "idle");
  await held.query("VACUUM things");
  await held.release();

  await read();
  await using second = await engine.connect();
  await second.script("VACUUM things; ");
  await second.release();

  await read();
  await using third = await engine.connect();
  const rows: unknown[][] = [];
  for await (const row of third.stream("SELECT name FROM things ORDER BY id")) rows.push(row);
  assert.deepEqual(rows, [["a"], ["b"]]);
  assert.equal(third.transactionStatus, "idle");
  await third.release();

  await read();
  await database.Sessions().executeAutocommit(sql`VACUUM things`);

  await read();
  await using session = database.Sessions({ isolationLevel: "serializable" });
  await session.begin({ readOnly: true });
  const { rows: modes } = await session
    .connection()
    .then((connection) =>
      connection.query("SELECT current_setting('transaction_isolation'), now() = statement_timestamp()"),
    );
  assert.deepEqual(modes, [["serializable", false]]);
});

test("the next transaction is one of its own, with its own time", async () => {
  await using database = await open();
  const time = async () => {
    await using session = database.Sessions();
    await session.get(Thing, 1);
    return String((await session.execute(sql<[string]>`SELECT now()::text`)).scalar());
  };
  const times = [await time(), await time(), await time()];
  assert.equal(new Set(times).size, 3);
});

test("a transaction that did more is waited for: changes, locks, SQL of its user's", async () => {
  await using database = await open();
  await using other = createEngine(database.url);
  const done: ((session: Session) => Promise<unknown>)[] = [
    (session) => session.execute(select(Thing).forUpdate()),
    (session) => session.execute(sql`SELECT * FROM things FOR UPDATE`),
    async (session) => (await session.connection()).query("SELECT * FROM things FOR UPDATE"),
    async (session) => {
      const thing = await session.get(Thing, 1);
      thing!.name = "c";
      await session.flush();
    },
  ];
  for (const work of done) {
    const session = database.Sessions();
    await session.get(Thing, 2);
    await work(session);
    await session.close();
    await using free = await other.connect();
    assert.equal((await free.query("SELECT id FROM things FOR UPDATE NOWAIT")).rowCount, 2, String(work));
  }
});

test("what was left open is rolled back where the engine is disposed of or the connection lost", async () => {
  await using database = await open();
  await using proxy = await startProxy();
  const engine = createEngine(through(proxy.url, database.url), { pool: { prePing: true } });
  const Sessions = sessionmaker(engine);
  const read = async () => {
    await using session = Sessions();
    return await session.get(Thing, 1);
  };
  await read();
  proxy.cut();
  assert.equal((await read())?.name, "a", "the lost one is replaced");
  await engine.dispose();
});
