import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createEngine, type EngineOptions, type LogEvent, sessionmaker, sql } from "../../src/index.js";
import { withServer } from "../support/engines.js";

withServer((server) => {
  const rejected = async (url: string, expected: { code: string; message: RegExp }, options: EngineOptions = {}) => {
    await using engine = createEngine(url, options);
    await assert.rejects(engine.connect(), (error: Error) => {
      assert.ok(!/wrong|secret/.test(error.message), "no password in messages");
      assert.ok(error.cause instanceof Error);
      assert.throws(
        () => {
          throw error;
        },
        { name: "OperationalError", ...expected },
      );
      return true;
    });
  };
  const admin = async (text: string) => {
    await using engine = createEngine(server().url());
    await using held = await engine.connect();
    return held.query(text);
  };
  const backend = sql<[number]>`SELECT pg_backend_pid()`;

  test("what keeps a connection from being made, as sentences", async () => {
    const { port } = server();
    await rejected(server().url().replace("secret", "wrong"), {
      code: "db.auth_failed",
      message: /refused the password of user "postgres"/,
    });
    await rejected(server().url().replace(":secret", ""), { code: "db.auth_failed", message: /PGPASSWORD/ });
    await rejected(server().url("nowhere"), {
      code: "db.database_missing",
      message: /no database "nowhere" at 127\.0\.0\.1/,
    });
    await rejected("postgres://u:secret@127.0.0.1:54399/d", {
      code: "db.unreachable",
      message: /^Can't reach PostgreSQL at 127\.0\.0\.1:54399: connection refused\. Is it running/,
    });
    await rejected("postgres://u:secret@nohost.invalid/d", { code: "db.unreachable", message: /nohost\.invalid:5432/ });
    await rejected("postgres:///d?host=/nonexistent", { code: "db.unreachable", message: /no such socket file/ });
    await rejected(`${server().url()}?sslmode=require`, {
      code: "db.tls_failed",
      message: new RegExp(`TLS connection to PostgreSQL at 127.0.0.1:${port}`),
    });
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port: silentPort } = silent.address() as AddressInfo;
    await rejected(
      `postgres://u:secret@127.0.0.1:${silentPort}/d`,
      { code: "db.unreachable", message: /./ },
      { connectTimeout: 200 },
    );
    silent.close();
  });

  test("a unix socket, the application's name and timeouts, without a statement of our own", async () => {
    const events: LogEvent[] = [];
    const url = `postgres://postgres:secret@/postgres?host=${server().folder}&port=${server().port}`;
    await using engine = createEngine(url, {
      applicationName: "try",
      statementTimeout: 60,
      lockTimeout: 5000,
      log: (e) => events.push(e),
    });
    await using held = await engine.connect();
    const { rows } = await held.query("SELECT current_setting('application_name'), current_setting('lock_timeout')");
    assert.deepEqual(rows, [["try", "5s"]]);
    await assert.rejects(held.query("SELECT pg_sleep(5)"), {
      name: "QueryCanceledError",
      code: "db.query_canceled",
      sqlstate: "57014",
    });
    assert.equal(events.length, 2);
  });

  test("a signal cancels the statement; the connection lives on", async () => {
    await using engine = createEngine(server().url());
    await using session = sessionmaker(engine)();
    await session.execute(sql`SELECT 1`);
    const signal = AbortSignal.timeout(50);
    await assert.rejects(session.execute(sql`SELECT pg_sleep(5)`, { signal }), { name: "QueryCanceledError" });
    await session.rollback();
    assert.equal((await session.execute(sql`SELECT 1`)).scalar(), 1);
    await assert.rejects(session.execute(sql`SELECT 1`, { signal }), { name: "QueryCanceledError" });
    await session.commit();
  });

  test("a backend killed in a transaction: a clear error, and its connection never comes back", async () => {
    await using engine = createEngine(server().url(), { pool: { size: 1 } });
    await using session = sessionmaker(engine)();
    const pid = (await session.execute(backend)).scalarOne();
    await admin(`SELECT pg_terminate_backend(${pid})`);
    await assert.rejects(session.execute(sql`SELECT 1`), { name: "ConnectionLostError", code: "db.connection_lost" });
    await assert.rejects(session.commit(), { name: "PendingRollbackError" });
    await session.rollback();
    assert.notEqual((await session.execute(backend)).scalarOne(), pid);
  });

  test("killed in the middle of a statement", async () => {
    await using engine = createEngine(server().url());
    await using session = sessionmaker(engine)();
    const pid = (await session.execute(backend)).scalarOne();
    const sleeping = assert.rejects(session.execute(sql`SELECT pg_sleep(5)`), { name: "ConnectionLostError" });
    await admin(`SELECT pg_terminate_backend(${pid})`);
    await sleeping;
    await session.close();
  });

  test("the pool: as many as its size, then a wait, then a clear error", async () => {
    await using engine = createEngine(server().url(), { pool: { size: 2, acquireTimeout: 80 } });
    const [first, second] = await Promise.all([engine.connect(), engine.connect()]);
    await assert.rejects(engine.connect(), { code: "pool.timeout", message: /within 80 ms: all 2 are in use/ });
    const waiting = engine.connect();
    await first.release();
    const third = await waiting;
    await assert.rejects(first.query("SELECT 1"), { code: "connection.released" });
    await third.query("BEGIN");
    await third.release();
    await using fourth = await engine.connect();
    assert.equal(fourth.transactionStatus, "idle");
    await second.release();
  });

  test("idle connections: replaced when dropped, when too old, closed when unused for long", async () => {
    await using engine = createEngine(server().url(), { pool: { prePing: true, recycle: 200, idleTimeout: 60 } });
    const pid = async () => {
      await using held = await engine.connect();
      return (await held.query("SELECT pg_backend_pid()")).rows[0]?.[0];
    };
    const first = await pid();
    assert.equal(await pid(), first);
    await admin(`SELECT pg_terminate_backend(${String(first)})`);
    const second = await pid();
    assert.notEqual(second, first);
    await sleep(250);
    assert.notEqual(await pid(), second);
    await sleep(250);
    const mine = await admin(
      "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
    );
    assert.deepEqual(mine.rows, [[0n]]);
  });

  test("a disposed engine gives no connection, and takes back those in use", async () => {
    const engine = createEngine(server().url(), { pool: { size: 1 } });
    const held = await engine.connect();
    const waiting = assert.rejects(engine.connect(), { code: "engine.disposed" });
    await engine.dispose();
    await waiting;
    await held.release();
    await assert.rejects(engine.connect(), { code: "engine.disposed" });
  });

  test("serialization failures are tried again on request", async () => {
    await using engine = createEngine(server().url());
    await admin("CREATE TABLE counter (n int)");
    await admin("INSERT INTO counter VALUES (0)");
    const Sessions = sessionmaker(engine, { isolationLevel: "serializable" });
    const increase = (retries: number) =>
      Sessions.begin(
        async (session) => {
          const n = (await session.execute(sql<[number]>`SELECT n FROM counter`)).scalarOne();
          await sleep(20);
          await session.execute(sql`UPDATE counter SET n = ${n + 1}`);
        },
        { retries },
      );
    await Promise.all([increase(9), increase(9), increase(9)]);
    assert.deepEqual((await admin("SELECT n FROM counter")).rows, [[3]]);
    const outcomes = await Promise.allSettled([increase(0), increase(0)]);
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  });

  test("locks and deadlines have their own errors", async () => {
    await using engine = createEngine(server().url(), { lockTimeout: 50 });
    await admin("CREATE TABLE locked (n int)");
    await using holder = sessionmaker(engine)();
    await holder.execute(sql`LOCK TABLE locked`);
    await using other = sessionmaker(engine)();
    await assert.rejects(other.execute(sql`SELECT * FROM locked`), {
      name: "LockTimeoutError",
      code: "db.lock_timeout",
    });
    await other.rollback();
    await assert.rejects(other.execute(sql`SELECT * FROM nowhere`), {
      name: "ProgrammingError",
      sqlstate: "42P01",
      position: 15,
    });
  });
});
