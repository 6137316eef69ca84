/** Unique values that move from row to row within one flush. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { declarativeBase, integer, text, unique } from "../../src/index.js";
import { onModels, shape } from "../support/models.js";

const Base = declarativeBase({ columns: { id: integer().primaryKey().identity() } });

class Seat extends Base.model(
  {
    name: text().unique(),
    nick: text().nullable().unique(),
    place: integer().nullable(),
    row: text().default("A"),
    number: integer().nullable(),
  },
  {},
  { constraints: (c) => [unique(c.place).deferrable("immediate"), unique(c.row, c.number)] },
) {}

onModels([Seat], (database) => {
  const shapes = () => database().sent().map(shape);

  async function seats() {
    const session = database().session();
    const all = ["x", "y", "z"].map((name, i) => new Seat({ name, nick: name, place: i, number: i }));
    session.addAll(all);
    await session.commit();
    database().clear();
    const [a, b, c] = all as [Seat, Seat, Seat];
    return { session, a, b, c };
  }

  test("one takes what another gives up: the other goes first", async () => {
    const { session, a, b, c } = await seats();
    await using _ = session;
    [a.name, b.name, c.name] = ["y", "z", "free"];
    await session.commit();
    assert.deepEqual(shapes(), ["UPDATE seat", "UPDATE seat", "UPDATE seat"]);
    assert.deepEqual(await database().rows("SELECT name FROM seat ORDER BY id"), [["y"], ["z"], ["free"]]);
  });

  test("keys too", async () => {
    const { session, a, b, c } = await seats();
    await using _ = session;
    [a.id, b.id, c.id] = [2, 3, 4];
    await session.commit();
    assert.deepEqual(await database().rows("SELECT id, name FROM seat ORDER BY id"), [
      [2, "x"],
      [3, "y"],
      [4, "z"],
    ]);
    assert.deepEqual([await session.get(Seat, 2), await session.get(Seat, 4)], [a, c]);
  });

  test("an exchange of nullable values: one is NULL in between", async () => {
    const { session, a, b } = await seats();
    await using _ = session;
    [a.nick, b.nick] = ["y", "x"];
    [a.row, b.row] = ["B", "B"];
    await session.commit();
    assert.deepEqual(shapes(), ["UPDATE seat", "UPDATE seat", "UPDATE seat"]);
    assert.deepEqual([a.nick, b.nick, session.dirty], ["y", "x", []]);
    assert.deepEqual(await database().rows("SELECT nick, row FROM seat ORDER BY id"), [
      ["y", "B"],
      ["x", "B"],
      ["z", "A"],
    ]);
  });

  test("an exchange of several columns of which one may be NULL, in a circle", async () => {
    const { session, a, b, c } = await seats();
    await using _ = session;
    [a.number, b.number, c.number] = [1, 2, 0];
    await session.commit();
    assert.deepEqual(await database().rows("SELECT number FROM seat ORDER BY id"), [[1], [2], [0]]);
  });

  test("an exchange under a deferrable constraint: one statement", async () => {
    const { session, a, b } = await seats();
    await using _ = session;
    [a.place, b.place] = [1, 0];
    await session.commit();
    assert.deepEqual(shapes(), ["UPDATE seat"]);
  });

  test("an exchange of what can't be NULL is refused, with a way out", async () => {
    const { session, a, b } = await seats();
    await using _ = session;
    [a.name, b.name] = ["y", "x"];
    await assert.rejects(session.flush(), {
      name: "MappingError",
      code: "flush.unique_cycle",
      message:
        "2 objects exchange the values of Seat.name, which are unique in the middle of a statement too. Make the constraint deferrable, or flush() in steps, with another value in between.",
    });
    assert.deepEqual(database().sent(), []);
    await session.rollback();
    await session.refresh(a);
    await session.refresh(b);
    a.name = "between";
    await session.flush();
    [a.name, b.name] = ["y", "x"];
    await session.commit();
    assert.deepEqual(await database().rows("SELECT name FROM seat ORDER BY id"), [["y"], ["x"], ["z"]]);
  });

  test("an insert takes what is given up by one that waits for another", async () => {
    const { session, a, b } = await seats();
    await using _ = session;
    [a.name, b.name] = ["y", "free"];
    session.add(new Seat({ name: "x" }));
    await session.commit();
    assert.deepEqual(shapes(), ["UPDATE seat", "UPDATE seat", "INSERT seat"]);
    assert.deepEqual(await database().rows("SELECT name FROM seat ORDER BY id"), [["y"], ["free"], ["z"], ["x"]]);
  });
});
