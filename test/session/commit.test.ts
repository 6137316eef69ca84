/** How a session commits: where the flush is one row's statement, COMMIT travels with it. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type AnyModel,
  createEngine,
  declarativeBase,
  integer,
  PendingRollbackError,
  Session,
  type SessionOptions,
  sessionmaker,
  sql,
  text,
  trigger,
} from "../../src/index.js";
import { createDatabase } from "../support/database.js";
import { createStatements, onModels } from "../support/models.js";
import { startProxy } from "../support/proxy.js";

const Base = declarativeBase({ columns: { id: integer().primaryKey().identity() } });

class Note extends Base.model(
  { title: text().unique(), slug: text().nullable().unique({ deferrable: "deferred" }), version: integer().default(1) },
  {},
  { version: "version" },
) {}

class Loud extends Base.model({ title: text().transform({ read: String, write: String }) }, {}) {}

class Watched extends Base.model(
  { title: text() },
  {},
  {
    triggers: () => [
      trigger("watch", { before: "update", for: "row", call: ["pg_catalog", "suppress_redundant_updates_trigger"] }),
    ],
  },
) {}

/** How many round trips `work` takes, and what it sends. */
async function onServer(models: readonly AnyModel[]) {
  const database = await createDatabase({ script: createStatements(models) });
  const proxy = await startProxy();
  const url = new URL(proxy.url);
  url.pathname = new URL(database.url).pathname;
  const sent: string[] = [];
  const log = ({ sql }: { sql: string }) => sent.push(sql.split(" ")[0] ?? "");
  const engine = createEngine(`${url.href}?sslmode=disable`, { log, pool: { size: 1 } });
  const Sessions = sessionmaker(engine);
  return {
    async count(work: (session: Session) => Promise<unknown>, options: SessionOptions = {}) {
      const session = Sessions(options);
      await (await session.connection()).query("SELECT 1");
      await session.rollback();
      proxy.messages();
      sent.length = 0;
      await work(session);
      const trips = proxy.messages().replace(/[^HSQ]/g, "").length;
      await session.close();
      return [trips, sent.join(" ")];
    },
    async [Symbol.asyncDispose]() {
      await engine.dispose();
      await proxy[Symbol.asyncDispose]();
      await database.drop();
    },
  };
}

describe("round trips", () => {
  test("one row that is written in a transaction of its own is one", async () => {
    await using server = await onServer([Note]);
    const note = new Note({ title: "a" });
    const insert = await server.count(async (session) => {
      session.add(note);
      await session.commit();
    });
    assert.deepEqual(insert, [1, "BEGIN INSERT COMMIT"]);
    const update = await server.count(async (session) => {
      session.add(note);
      note.title = "b";
      await session.commit();
    });
    assert.deepEqual(update, [1, "BEGIN UPDATE COMMIT"]);
    const remove = await server.count(
      async (session) => {
        session.delete(note);
        await session.commit();
      },
      { isolationLevel: "serializable" },
    );
    assert.deepEqual(remove, [1, "BEGIN DELETE COMMIT"]);
  });

  test("what is read before needs one of its own, and no more", async () => {
    await using server = await onServer([Note]);
    await server.count(async (session) => {
      session.add(new Note({ title: "a" }));
      await session.commit();
    });
    const update = await server.count(async (session) => {
      const note = await session.get(Note, 1);
      note!.title = "b";
      await session.commit();
    });
    assert.deepEqual(update, [2, "BEGIN SELECT UPDATE COMMIT"]);
  });

  test("COMMIT waits where a check may still undo what was written", async () => {
    await using server = await onServer([Note, Loud]);
    const two = await server.count(async (session) => {
      session.addAll([new Note({ title: "1" }), new Note({ title: "2" })]);
      await session.commit();
    });
    assert.deepEqual(two, [2, "BEGIN INSERT COMMIT"], "several rows");
    const after = await server.count(async (session) => {
      await session.execute(sql`SELECT 1`);
      session.add(new Note({ title: "3" }));
      await session.commit();
    });
    assert.deepEqual(after, [3, "BEGIN SELECT INSERT COMMIT"], "SQL of which nobody knows what it did");
    const flushed = await server.count(async (session) => {
      session.add(new Note({ title: "4" }));
      await session.flush();
      session.add(new Note({ title: "5" }));
      await session.commit();
    });
    assert.deepEqual(flushed, [3, "BEGIN INSERT INSERT COMMIT"], "what was flushed before");
    const hook = { events: { afterFlush: () => {} } };
    const watched = await server.count(async (session) => {
      session.add(new Note({ title: "6" }));
      await session.commit();
    }, hook);
    assert.deepEqual(watched, [2, "BEGIN INSERT COMMIT"], "somebody who may object after the flush");
    const decoded = await server.count(async (session) => {
      session.add(new Loud({ title: "a" }));
      await session.commit();
    });
    assert.deepEqual(decoded, [2, "BEGIN INSERT COMMIT"], "values that the application's code reads");
    const savepoint = await server.count(async (session) => {
      const nested = await session.beginNested();
      session.add(new Note({ title: "7" }));
      await session.commit();
      assert.equal(nested.isOpen, false);
    });
    assert.deepEqual(savepoint, [3, "BEGIN SAVEPOINT INSERT COMMIT"], "a savepoint");
  });

  test("so it does where the model's triggers may keep the row away", async () => {
    await using server = await onServer([Watched]);
    const watched = await server.count(async (session) => {
      session.add(new Watched({ title: "a" }));
      await session.commit();
    });
    assert.deepEqual(watched, [2, "BEGIN INSERT COMMIT"]);
  });
});

onModels([Note], (database) => {
  const stored = () => database().rows("SELECT title, slug FROM note ORDER BY id");
  const first = async (values: { title: string; slug?: string }) => {
    await using session = database().session();
    session.add(new Note(values));
    await session.commit();
  };

  test("it is stored when commit() is done, and the session can be used again", async () => {
    const events: string[] = [];
    const afterCommit = (session: Session) => events.push(`committed, ${session.inTransaction()}`);
    await using session = database().session({ events: { afterCommit } });
    const note = new Note({ title: "a" });
    session.add(note);
    await session.commit();
    assert.deepEqual(events, ["committed, false"]);
    assert.deepEqual(await stored(), [["a", null]]);
    note.title = "b";
    await session.commit();
    assert.deepEqual(await stored(), [["b", null]]);
    session.delete(note);
    await session.commit();
    assert.deepEqual([await stored(), events.length, session.contains(note)], [[], 3, false]);
  });

  test("a statement that fails stores nothing; nothing more can be done before rollback()", async () => {
    await first({ title: "a" });
    await using session = database().session();
    const note = new Note({ title: "a" });
    session.add(note);
    await assert.rejects(session.commit(), { name: "IntegrityError" });
    await assert.rejects(session.execute(sql`SELECT 1`), PendingRollbackError);
    await session.rollback();
    assert.equal(session.contains(note), false);
    note.title = "b";
    session.add(note);
    await session.commit();
    assert.deepEqual(await stored(), [
      ["a", null],
      ["b", null],
    ]);
  });

  test("a COMMIT that fails has rolled back: the session can be used at once", async () => {
    await first({ title: "a", slug: "same" });
    await using session = database().session();
    const note = new Note({ title: "b", slug: "same" });
    session.add(note);
    await assert.rejects(session.commit(), { name: "IntegrityError", sql: "COMMIT" });
    assert.deepEqual([session.inTransaction(), session.contains(note)], [false, false]);
    note.slug = "other";
    session.add(note);
    await session.commit();
    assert.deepEqual(await stored(), [
      ["a", "same"],
      ["b", "other"],
    ]);
  });

  test("a row that is gone, or has another version, is told all the same", async () => {
    await first({ title: "a" });
    await using session = database().session();
    const note = await session.get(Note, 1);
    await session.commit();
    await database().rows("UPDATE note SET version = 2, title = 'theirs'");
    note!.title = "mine";
    await assert.rejects(session.commit(), { name: "StaleDataError" });
    await assert.rejects(session.execute(sql`SELECT 1`), PendingRollbackError);
    await session.rollback();
    assert.deepEqual(await stored(), [["theirs", null]]);
    await session.refresh(note!);
    await session.commit();
    await database().rows("DELETE FROM note");
    session.delete(note!);
    await assert.rejects(session.commit(), { name: "StaleDataError" });
    await session.rollback();
  });

  test("BEGIN and COMMIT are prepared with what they travel with; one that was deallocated is prepared again", async () => {
    const { engine } = database();
    await using held = await engine.connect();
    const own = new Session(held);
    for (const title of ["a", "b", "c"]) {
      own.add(new Note({ title }));
      await own.commit();
      if (title === "b") await held.query("DEALLOCATE ALL");
    }
    assert.equal((await own.get(Note, 1))?.title, "a");
    await own.close();
    await held.release();
    assert.equal((await stored()).length, 3);
  });

  test("a row that a trigger keeps away is told, and is not there", async () => {
    await using held = await database().engine.connect();
    await held.script(
      `CREATE FUNCTION keep_away() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
       CREATE TRIGGER keep_away BEFORE INSERT ON note FOR EACH ROW WHEN (NEW.title = 'away') EXECUTE FUNCTION keep_away()`,
    );
    await held.release();
    await using session = database().session();
    const note = new Note({ title: "away" });
    session.add(note);
    await assert.rejects(session.commit(), { code: "flush.order", message: /a trigger kept some from being inserted/ });
    await assert.rejects(session.commit(), PendingRollbackError);
    await session.rollback();
    note.title = "here";
    session.add(note);
    await session.commit();
    assert.deepEqual(await stored(), [["here", null]]);
  });

  test("what an event refuses before it is sent is not sent", async () => {
    const refuse = new Error("not now");
    const session = database().session({
      events: {
        beforeFlush() {
          throw refuse;
        },
      },
    });
    session.add(new Note({ title: "a" }));
    await assert.rejects(session.commit(), refuse);
    await session.close();
    assert.deepEqual(await stored(), []);
  });
});
