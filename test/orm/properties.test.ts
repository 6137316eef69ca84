/** Hybrid attributes and column properties. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  alias,
  cast,
  declarativeBase,
  deferred,
  func,
  hybrid,
  insert,
  inspect,
  integer,
  many,
  maybeOne,
  type RelationDef,
  remove,
  select,
  sql,
  text,
  update,
} from "../../src/index.js";
import { onModels } from "../support/models.js";

const Base = declarativeBase({
  columns: { id: integer().primaryKey().identity() },
  tablename: (name) => `${name.toLowerCase()}s`,
});

class Writer extends Base.model(
  { first: text(), last: text() },
  {
    get works(): RelationDef<Work[]> {
      return many(Work, { backPopulates: "writer", lazy: "joined" });
    },
  },
  {
    properties: {
      workCount: (c) =>
        cast(select(func.count()).selectFrom(Work).where(Work.writerId.eq(c.id)).scalarSubquery(), integer()),
      initials: (c) => deferred(cast(sql`left(${c.first}, 1) || left(${c.last}, 1)`, text())),
    },
  },
) {
  static fullName = hybrid(Writer, (c) => sql<string>`${c.first} || ' ' || ${c.last}`);
  static prolific = hybrid(Writer, (c) => c.workCount.gte(2));

  get fullName(): string {
    return `${this.first} ${this.last}`;
  }
}

class Work extends Base.model(
  { title: text(), writerId: integer().nullable().references("writers.id") },
  {
    get writer(): RelationDef<Writer | null> {
      return maybeOne(Writer, { backPopulates: "works", lazy: "joined" });
    },
  },
) {}

test("the SQL of hybrids and column properties", () => {
  const count = `(SELECT count(*) FROM "works" WHERE "works"."writer_id" = "writers"."id")::integer`;
  assert.equal(
    String(select(Writer.fullName).where(Writer.prolific).orderBy(Writer.fullName)),
    `SELECT "writers"."first" || ' ' || "writers"."last" FROM "writers" WHERE (${count} >= $1) ORDER BY "writers"."first" || ' ' || "writers"."last"`,
  );
  assert.equal(
    String(select(Writer.workCount).where(Writer.workCount.gt(1)).orderBy(Writer.workCount.desc())),
    `SELECT ${count} AS "work_count" FROM "writers" WHERE ${count} > $1 ORDER BY ${count} DESC`,
  );
  const other = alias(Writer, "other");
  assert.equal(
    String(select(other.fullName).where(other.fullName.eq("x"), other.workCount.eq(0))),
    `SELECT "other"."first" || ' ' || "other"."last" FROM "writers" AS "other" WHERE ("other"."first" || ' ' || "other"."last") = $1 AND ${count.replace('"writers"', '"other"')} = $2`,
  );
});

test("a column property whose type isn't known is refused", () => {
  class Vague extends Base.model({}, {}, { properties: { size: () => sql`1` as never } }) {}
  assert.throws(() => new Vague({}) && String(select(Vague)), { code: "model.property" });
});

onModels([Writer, Work], (database) => {
  const fill = async () => {
    await using session = database().session();
    session.addAll([
      new Writer({
        first: "Ada",
        last: "Lovelace",
        works: [new Work({ title: "Notes" }), new Work({ title: "Letters" })],
      }),
      new Writer({ first: "Bob", last: "Babbage", works: [new Work({ title: "Engine" })] }),
    ]);
    await session.commit();
    database().clear();
  };

  test("a hybrid: the getter on instances, SQL in queries", async () => {
    await fill();
    await using session = database().session();
    const found = (await session.execute(select(Writer).where(Writer.fullName.eq("Ada Lovelace")))).scalarOne();
    assert.equal(found.fullName, "Ada Lovelace");
    const [row] = (await session.execute(select(Writer.fullName).where(Writer.prolific))).mappings().all();
    assert.deepEqual(row, { fullName: "Ada Lovelace" });
  });

  test("a column property is loaded with its instance, in one statement", async () => {
    await fill();
    await using session = database().session();
    const writers = (await session.execute(select(Writer).orderBy(Writer.workCount.desc()))).scalars().all();
    assert.deepEqual(
      writers.map(({ first, workCount }) => [first, workCount]),
      [
        ["Ada", 2],
        ["Bob", 1],
      ],
    );
    assert.equal(database().sent().length, 1);
    assert.equal((await session.get(Writer, 1))?.workCount, 2);
    assert.equal(database().sent().length, 1);
    assert.deepEqual(session.dirty, []);
  });

  test("with a relationship, in a subquery and beside LIMIT", async () => {
    await fill();
    await using session = database().session();
    const works = (await session.execute(select(Work).orderBy(Work.id))).scalars().all();
    assert.deepEqual(
      works.map(({ writer }) => writer?.workCount),
      [2, 2, 1],
    );
    const busy = select(Writer).where(Writer.workCount.gt(1)).subquery("busy");
    const rows = (await session.execute(select(busy.c.first, busy.c.workCount))).tuples().all();
    assert.deepEqual(rows, [["Ada", 2]]);
    session.expungeAll();
    const page = select(Writer).orderBy(Writer.workCount).limit(1);
    const [bob] = (await session.execute(page)).scalars().all();
    assert.deepEqual([bob?.workCount, bob?.works.length], [1, 1]);
  });

  test("a deferred one is loaded by name", async () => {
    await fill();
    await using session = database().session();
    const writer = (await session.get(Writer, 1))!;
    assert.throws(() => writer.initials, { code: "orm.unloaded" });
    assert.equal(await session.load(writer, "initials"), "AL");
    assert.equal(writer.initials, "AL");
  });

  test("unknown to a new instance, and not loaded after a flush that wrote it", async () => {
    await using session = database().session();
    const writer = new Writer({ first: "Eve", last: "X" });
    assert.equal(writer.workCount, null);
    session.add(writer);
    await session.flush();
    assert.throws(() => writer.workCount, { code: "orm.unloaded" });
    assert.equal(await writer.awaitable.workCount, 0);
    writer.last = "Y";
    await session.flush();
    assert.ok(inspect(writer).unloaded.includes("workCount"));
    database().clear();
    assert.equal(await session.get(Writer, writer.id), writer);
    assert.equal(database().sent().length, 0);
    await session.refresh(writer);
    assert.equal(writer.workCount, 0);
  });

  test("insert(), update() and remove() write the table's columns, and return the properties", async () => {
    await using session = database().session();
    const made = insert(Writer).values({ first: "Ada", last: "L" }).returning(Writer.id, Writer.workCount);
    assert.deepEqual((await session.execute(made)).tuples().all(), [[1, 0]]);
    const changed = update(Writer).set({ last: "M" }).where(Writer.fullName.eq("Ada L")).returning(Writer);
    const [writer] = (await session.execute(changed)).scalars().all();
    assert.deepEqual([writer?.last, writer?.workCount], ["M", 0]);
    assert.throws(
      () =>
        insert(Writer)
          .values({ first: "a", last: "b", workCount: 1 } as never)
          .toString(),
      {
        code: "query.unknown_property",
      },
    );
    assert.equal((await session.execute(remove(Writer).where(Writer.workCount.eq(0)))).rowCount, 1);
  });

  test("it is never written", async () => {
    await fill();
    await using session = database().session();
    assert.throws(() => new Writer({ first: "a", last: "b", workCount: 3 } as never), TypeError);
    const writer = (await session.get(Writer, 1))!;
    Object.assign(writer, { workCount: 7 });
    assert.deepEqual([session.dirty, inspect(writer).changed], [[], []]);
    const copy = await session.merge(new Writer({ id: 2, first: "Bob", last: "B" }));
    await session.commit();
    assert.deepEqual([copy.last, await copy.awaitable.workCount], ["B", 1]);
  });
});
