/** What a session calls when it flushes, commits, rolls back and loads. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { declarativeBase, integer, type SessionEvents, select, sql, text } from "../../src/index.js";
import { onModels } from "../support/models.js";

const Base = declarativeBase({ columns: { id: integer().primaryKey().identity() } });

class Note extends Base.model({ title: text(), slug: text().nullable().unique({ deferrable: "deferred" }) }, {}) {}

onModels([Note], (database) => {
  const recorded = () => {
    const calls: string[] = [];
    const events: SessionEvents = {
      beforeFlush: (session) => {
        calls.push(`before flush of ${session.new.length}`);
        for (const note of session.new) if (note instanceof Note) note.slug ??= note.title.toLowerCase();
      },
      afterFlush: () => calls.push("after flush"),
      afterCommit: (session) => calls.push(`after commit, ${session.inTransaction()}`),
      afterRollback: () => calls.push("after rollback"),
      load: (note, session) => calls.push(`load ${(note as Note).title}, ${session.contains(note)}`),
    };
    return { calls, events };
  };

  test("around flushes and COMMIT; what is changed before a flush goes with it", async () => {
    const { calls, events } = recorded();
    await using session = database().session({ events });
    await session.commit();
    assert.deepEqual(calls, []);
    session.add(new Note({ title: "One" }));
    await session.commit();
    assert.deepEqual(calls, ["before flush of 1", "after flush", "after commit, false"]);
    assert.deepEqual(await database().rows("SELECT slug FROM note"), [["one"]]);
  });

  test("after ROLLBACK, and after a COMMIT that failed", async () => {
    const { calls, events } = recorded();
    await using session = database().session({ events });
    await session.rollback();
    assert.deepEqual(calls, []);
    await session.execute(sql`SELECT 1`);
    await session.rollback();
    assert.deepEqual(calls.splice(0), ["after rollback"]);
    session.addAll([new Note({ title: "Two" }), new Note({ title: "two" })]);
    await assert.rejects(session.commit(), { name: "IntegrityError" });
    assert.deepEqual(calls, ["before flush of 2", "after flush", "after rollback"]);
  });

  test("an object that is made for a row, once", async () => {
    const { calls, events } = recorded();
    await using session = database().session({ events });
    await session.execute(sql`INSERT INTO note (title) VALUES ('One')`);
    await session.execute(select(Note));
    await session.execute(select(Note));
    await session.get(Note, 1);
    assert.deepEqual(calls, ["load One, true"]);
  });

  test("what a function throws, the call throws; nothing was sent", async () => {
    const refuse = () => {
      throw new RangeError("no");
    };
    await using session = database().session({ events: { beforeFlush: refuse } });
    session.add(new Note({ title: "One" }));
    await assert.rejects(session.flush(), RangeError);
    assert.deepEqual(database().sent(), []);
  });
});
