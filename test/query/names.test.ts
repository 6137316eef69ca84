import assert from "node:assert/strict";
import { test } from "node:test";
import {
  alias,
  createEngine,
  declarativeBase,
  excluded,
  func,
  insert,
  integer,
  many,
  maybeOne,
  type RelationDef,
  remove,
  Session,
  select,
  sql,
  text,
  update,
} from "../../src/index.js";
import { imageCache } from "../support/embedded.js";

/** Names that would be SQL if anything were glued together. */
const hostile = ['a"; DROP TABLE x; --', "select", "Ünïcode ✓", "with space", "$1", "E'\\x'"] as const;
const Base = declarativeBase({ schema: 'sch"ema' });

class Thing extends Base.model(
  {
    id: integer().primaryKey().named(hostile[0]),
    constructor_: text().named(hostile[1]),
    from: text().nullable().named(hostile[2]),
    parentId: integer()
      .nullable()
      .named(hostile[3])
      .references((): unknown => Thing.id),
  },
  {
    get parent(): RelationDef<Thing | null> {
      return maybeOne(Thing, { backPopulates: "things" });
    },
    get things(): RelationDef<Thing[]> {
      return many(Thing, { backPopulates: "parent" });
    },
  },
  { tablename: hostile[4] },
) {}

test("names of every sort are quoted wherever they stand", async () => {
  const engine = createEngine("pglite:memory", { imageCache, extensions: [] });
  try {
    await using session = new Session(engine);
    const [id, word, from, parent, table] = hostile.map((name) => sql.identifier(name));
    await session.execute(sql`CREATE SCHEMA ${sql.identifier('sch"ema')}`);
    await session.execute(
      sql`CREATE TABLE ${sql.identifier('sch"ema', hostile[4])} (${id} integer PRIMARY KEY, ${word} text, ${from} text, ${parent} integer)`,
    );
    assert.ok(table);
    const rows = [
      { id: 1, constructor_: "one" },
      { id: 2, constructor_: "two", parentId: 1 },
    ];
    await session.execute(insert(Thing).values(rows));
    const upsert = insert(Thing)
      .values({ id: 1, constructor_: "uno" })
      .onConflictDoUpdate({ target: [Thing.id], set: { constructor_: excluded(Thing).constructor_ } });
    await session.execute(upsert);
    await session.execute(update(Thing).set({ from: Thing.constructor_ }).where(Thing.id.eq(1)));

    const other = alias(Thing, hostile[0]);
    const sub = select(Thing.id, Thing.constructor_.as(hostile[1])).subquery(hostile[5]);
    const cte = select(sub.c.id, sub.c.select, func.row_number().over(hostile[3]).as(hostile[2]))
      .window(hostile[3], { orderBy: [sub.c.id] })
      .cte(`${hostile[4]}?`);
    const query = select(other.constructor_, other.from, cte.c[hostile[1]].as(hostile[0]), cte.c[hostile[2]])
      .join(cte, cte.c.id.eq(other.id))
      .join(other.parent)
      .orderBy(other.id.asc())
      .forUpdate({ of: [other] });
    assert.deepEqual((await session.execute(query)).tuples().all(), [["two", null, "two", 2n]]);
    const gone = await session.execute(remove(Thing).where(Thing.things.of(other).any()).returning(Thing.from));
    assert.deepEqual(gone.tuples().all(), [["uno"]]);
  } finally {
    await engine.dispose();
  }
});

test("a row's elements go by their properties and labels", async () => {
  const engine = createEngine("pglite:memory", { imageCache, extensions: [] });
  try {
    await using session = new Session(engine);
    const [row] = (await session.execute(select(func.now().as("moment"), func.count(), sql`1`))).mappings().all();
    assert.deepEqual(Object.keys(row ?? {}), ["moment", "count", "column3"]);
  } finally {
    await engine.dispose();
  }
});
