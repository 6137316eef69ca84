import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { connection, type IntegrityError, Session, sessionmaker, sql } from "../../src/index.js";
import { onBoth } from "../support/engines.js";

onBoth((database) => {
  const sessions = () => sessionmaker(database().engine);
  const count = async () => {
    await using session = sessions()();
    return Number((await session.execute(sql<[bigint]>`SELECT count(*) FROM t`)).scalarOne());
  };

  beforeEach(async () => {
    await using held = await database().engine.connect();
    await held.script("DROP TABLE IF EXISTS t; CREATE TABLE t (id int PRIMARY KEY DEFERRABLE INITIALLY IMMEDIATE)");
    database().sent.length = 0;
  });

  test("nothing is sent before the first statement, and one BEGIN with it", async () => {
    const { sent } = database();
    const session = sessions()();
    assert.equal(session.inTransaction(), false);
    await session.commit();
    await session.begin();
    assert.equal(session.inTransaction(), true);
    await session.commit();
    assert.deepEqual(sent, []);
    await session.execute(sql`INSERT INTO t VALUES (${1})`);
    await session.commit();
    await session.close();
    assert.deepEqual(sent, ["BEGIN", "INSERT INTO t VALUES ($1)", "COMMIT"]);
    await session.execute(sql`SELECT 1`);
    assert.equal(session.inTransaction(), true);
    await session.close();
    assert.equal(sent.at(-1), "ROLLBACK");
    assert.equal(await count(), 1);
  });

  test("await using rolls back what wasn't committed", async () => {
    {
      await using session = sessions()();
      await session.execute(sql`INSERT INTO t VALUES (1)`);
    }
    assert.equal(await count(), 0);
  });

  test("begin() when begun is refused", async () => {
    await using session = sessions()();
    await session.begin();
    await assert.rejects(session.begin(), { code: "session.begun" });
  });

  test("modes: engine, factory, session; one statement", async () => {
    const { sent, engine } = database();
    await using session = sessionmaker(engine, { isolationLevel: "repeatable read" })({ readOnly: true });
    const level = await session.execute(sql<[string]>`SELECT current_setting('transaction_isolation')`);
    assert.equal(level.scalarOne(), "repeatable read");
    await assert.rejects(session.execute(sql`INSERT INTO t VALUES (1)`), {
      code: "db.read_only",
      name: "OperationalError",
    });
    await session.rollback();
    await session.begin({ isolationLevel: "serializable", deferrable: true });
    await session.execute(sql`SELECT 1`);
    const begins = sent.filter((text) => text.startsWith("BEGIN"));
    assert.deepEqual(begins, [
      "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
      "BEGIN ISOLATION LEVEL SERIALIZABLE, READ ONLY, DEFERRABLE",
    ]);
  });

  test("an error aborts the transaction until rollback()", async () => {
    await using session = sessions()();
    await session.execute(sql`INSERT INTO t VALUES (1)`);
    await assert.rejects(session.execute(sql`INSERT INTO t VALUES (1)`), (error: IntegrityError) => {
      assert.deepEqual([error.name, error.kind, error.sqlstate], ["IntegrityError", "unique", "23505"]);
      assert.deepEqual([error.constraint, error.table, error.schema], ["t_pkey", "t", "public"]);
      return error.cause instanceof Error;
    });
    for (const call of [session.execute(sql`SELECT 1`)])
      await assert.rejects(call, { name: "PendingRollbackError", message: /t_pkey/ });
    await assert.rejects(session.commit(), { code: "session.pending_rollback" });
    await assert.rejects(session.connection(), { code: "session.pending_rollback" });
    await session.rollback();
    assert.equal((await session.execute(sql`SELECT 1`)).scalar(), 1);
  });

  test("what fails before it is sent leaves the transaction as it is", async () => {
    await using session = sessions()();
    await session.execute(sql`INSERT INTO t VALUES (1)`);
    await assert.rejects(session.execute(sql`SELECT ${undefined}::int`), { code: "parameter.invalid" });
    await session.commit();
    assert.equal(await count(), 1);
  });

  test("a COMMIT that PostgreSQL turns into a rollback is an error", async () => {
    await using session = sessions()();
    const raw = await session.connection();
    await raw.query("INSERT INTO t VALUES (1)");
    await assert.rejects(raw.query("SELECT 1/0"));
    await assert.rejects(session.commit(), { code: "session.pending_rollback" });
    await session.rollback();

    await session.execute(sql`SET CONSTRAINTS ALL DEFERRED`);
    await session.execute(sql`INSERT INTO t VALUES (1), (1)`);
    await assert.rejects(session.commit(), { name: "IntegrityError" });
    assert.equal(session.inTransaction(), false);
    assert.equal(await count(), 0);
  });

  test("a COMMIT inside a statement's text is noticed", async () => {
    await using session = sessions()();
    await assert.rejects(session.execute(sql`COMMIT`), { code: "session.transaction_ended" });
    await session.rollback();
    await (await session.connection()).script("COMMIT; SELECT 1");
    await assert.rejects(session.commit(), { code: "session.transaction_ended" });
  });

  test("savepoints: commit, rollback, nesting, errors inside", async () => {
    await using session = sessions()();
    const insert = (id: number) => session.execute(sql`INSERT INTO t VALUES (${id})`);
    await insert(1);
    const outer = await session.beginNested();
    await insert(2);
    {
      await using inner = await session.beginNested();
      await insert(3);
      await assert.rejects(insert(3), { name: "IntegrityError" });
      assert.ok(inner.isOpen);
    }
    await insert(4);
    await outer.commit();
    await assert.rejects(outer.rollback(), { code: "session.savepoint_ended" });
    await assert.rejects(
      session.nested(() => insert(1)),
      { name: "IntegrityError" },
    );
    await session.nested(() => insert(5));
    await session.commit();
    const ids = await session.execute(sql<[number]>`SELECT id FROM t ORDER BY id`);
    assert.deepEqual(ids.scalars().all(), [1, 2, 4, 5]);
  });

  test("an outer savepoint takes the inner ones with it; the transaction takes all", async () => {
    await using session = sessions()();
    const outer = await session.beginNested();
    const inner = await session.beginNested();
    await outer.rollback();
    assert.equal(inner.isOpen, false);
    const last = await session.beginNested();
    await session.rollback();
    assert.equal(last.isOpen, false);
    await last[Symbol.asyncDispose]();
  });

  test("two calls at once are refused; close waits", async () => {
    const session = sessions()();
    const first = session.execute(sql`SELECT 1`);
    await assert.rejects(session.execute(sql`SELECT 2`), { code: "session.busy" });
    await session.close();
    assert.equal((await first).scalar(), 1);
    assert.equal(session.inTransaction(), false);
  });

  test("outside a transaction, and on a connection that is held across several", async () => {
    const { engine, sent } = database();
    await using held = await engine.connect();
    await using session = new Session(held);
    await session.executeAutocommit(sql`CREATE INDEX CONCURRENTLY t_id ON t (id)`);
    assert.deepEqual(sent, ["CREATE INDEX CONCURRENTLY t_id ON t (id)"]);
    await session.execute(sql`SELECT pg_advisory_lock(7)`);
    await session.commit();
    await session.execute(sql`INSERT INTO t VALUES (1)`);
    await assert.rejects(session.executeAutocommit(sql`VACUUM t`), { code: "session.begun" });
    await session.commit();
    assert.equal((await session.execute(sql<[boolean]>`SELECT pg_advisory_unlock(7)`)).scalar(), true);
  });

  test("sessions.begin commits, rolls back, closes; connection() does so without the commit", async () => {
    const Sessions = sessions();
    const insert = (session: Session, id: number) => session.execute(sql`INSERT INTO t VALUES (${id})`);
    assert.equal(await Sessions.begin(async (session) => (await insert(session, 1)).rowCount), 1);
    const failing = Sessions.begin(async (session) => {
      await insert(session, 2);
      throw new Error("mine");
    });
    await assert.rejects(failing, { message: "mine" });
    const withSession = connection(Sessions);
    const add = withSession(async (session, id: number, commit: boolean) => {
      const result = await session.execute(sql<[number]>`INSERT INTO t VALUES (${id}) RETURNING id`);
      if (commit) await session.commit();
      return result;
    });
    assert.equal((await add(3, true)).scalar(), 3);
    await add(4, false);
    await using session = Sessions();
    assert.deepEqual((await session.execute(sql`SELECT id FROM t ORDER BY id`)).scalars().all(), [1, 3]);
  });

  test("what is no statement is refused before anything is sent", async () => {
    await using session = sessions()();
    // As JavaScript would call it.
    for (const mistake of ["SELECT 1", null, {}, 7])
      await assert.rejects(session.execute(mistake as never), { code: "query.not_a_statement" });
    assert.deepEqual(database().sent, []);
    assert.equal((await session.execute(sql<[number]>`SELECT 1`)).scalarOne(), 1);
  });

  test("the log has times and counts, and no parameters", async () => {
    const { events } = database();
    await using session = sessions()();
    await session.execute(sql`SELECT ${"secret"}::text`);
    const event = events.at(-1)!;
    assert.deepEqual([event.sql, event.rowCount, event.parameters], ["SELECT $1::text", 1, undefined]);
    assert.ok(event.milliseconds > 0);
  });
});
