/** Orders that a flush can't find, and results that it can't match: refused with a sentence. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { declarativeBase, integer, many, maybeOne, one, type RelationDef, text } from "../../src/index.js";
import { type ModelDatabase, onModels } from "../support/models.js";

const Base = declarativeBase();
const id = integer().primaryKey().identity();

class Hen extends Base.model(
  { id, eggId: integer().references("egg.id", { deferrable: "deferred" }) },
  {
    get egg(): RelationDef<Egg> {
      return one(Egg, { foreignKey: "hen.egg_id" });
    },
  },
) {}

class Egg extends Base.model(
  { id, henId: integer().references("hen.id", { deferrable: "deferred" }) },
  {
    get hen(): RelationDef<Hen> {
      return one(Hen, { foreignKey: "egg.hen_id" });
    },
  },
) {}

class Numbered extends Base.model({ id, name: text() }) {}

/** A natural key whose children don't follow in the database by themselves. */
class Region extends Base.model(
  { code: text().primaryKey() },
  {
    get towns() {
      return many(Town, { backPopulates: "region" });
    },
  },
) {}

class Town extends Base.model(
  { id, name: text(), regionCode: text().nullable().references("region.code", { deferrable: "deferred" }) },
  {
    get region() {
      return maybeOne(Region, { backPopulates: "towns" });
    },
  },
) {}

/** May be its own root. */
class Knot extends Base.model(
  { id, name: text(), rootId: integer().nullable().references("knot.id") },
  {
    get root() {
      return maybeOne(Knot, { backPopulates: "knots" });
    },
    get knots() {
      return many(Knot, { backPopulates: "root" });
    },
  },
) {}

class Tied extends Base.model(
  { id, tiedId: integer().references("tied.id") },
  {
    get tied() {
      return one(Tied);
    },
  },
) {}

async function script(database: ModelDatabase, text: string): Promise<void> {
  await using connection = await database.engine.connect();
  await connection.script(text);
}

onModels([Hen, Egg, Numbered, Region, Town, Knot, Tied], (database) => {
  test("new rows that need each other in a circle", async () => {
    await using session = database().session();
    const hen = new Hen({ eggId: 0 });
    const egg = new Egg({ henId: 0, hen });
    hen.egg = egg;
    session.addAll([hen, egg]);
    await assert.rejects(session.flush(), {
      name: "MappingError",
      code: "flush.cycle",
      message: /^Rows of Hen, Egg need each other in a circle, and none of the foreign keys in it is nullable/,
    });
    assert.deepEqual(database().sent(), []);
  });

  test("a new row that refers to itself", async () => {
    await using session = database().session();
    const knot = new Knot({ name: "a" });
    knot.root = knot;
    session.addAll([knot, new Knot({ name: "b", root: knot }), new Knot({ name: "c" })]);
    await session.commit();
    assert.equal(knot.rootId, knot.id);
    const stored = () => database().rows("SELECT name, root_id FROM knot ORDER BY name");
    assert.deepEqual(await stored(), [
      ["a", knot.id],
      ["b", knot.id],
      ["c", null],
    ]);
    const alone = new Knot({ name: "d" });
    alone.root = alone;
    session.add(alone);
    await session.commit();
    assert.deepEqual((await stored()).at(-1), ["d", alone.id]);
    const known = new Knot({ id: 1_000, name: "e" });
    known.root = known;
    session.add(known);
    database().clear();
    await session.commit();
    assert.deepEqual([(await stored()).at(-1), database().sent().length], [["e", 1_000], 2]);
    session.delete(known);
    await session.commit();
  });

  test("a new row that refers to itself, and must not be without", async () => {
    await using session = database().session();
    const tied = new Tied({ tiedId: 0 });
    tied.tied = tied;
    session.add(tied);
    await assert.rejects(session.commit(), {
      code: "flush.cycle",
      message: /^A new Tied refers to itself .* Tied\.tiedId is not/,
    });
    await session.rollback();
    const known = new Tied({ id: 7, tiedId: 0 });
    known.tied = known;
    session.add(known);
    await session.commit();
    assert.deepEqual(await database().rows("SELECT id, tied_id FROM tied"), [[7, 7]]);
  });

  test("keys that a trigger gives in an order of its own", async () => {
    await script(
      database(),
      `CREATE FUNCTION scramble() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN NEW.id := CASE NEW.name WHEN 'a' THEN 2 WHEN 'b' THEN 1 ELSE 3 END; RETURN NEW; END $$;
       CREATE TRIGGER scramble BEFORE INSERT ON numbered FOR EACH ROW EXECUTE FUNCTION scramble()`,
    );
    try {
      await using session = database().session();
      session.addAll(["a", "b", "c"].map((name) => new Numbered({ name })));
      await assert.rejects(session.flush(), {
        name: "AthanorError",
        code: "flush.order",
        message: /^The keys of new rows of Numbered came back in no order/,
      });
      await session.rollback();
      session.add(new Numbered({ name: "b" }));
      await session.commit();
      assert.deepEqual(await database().rows("SELECT id, name FROM numbered"), [[1, "b"]]);
    } finally {
      await script(database(), "DROP FUNCTION scramble() CASCADE");
    }
  });

  test("rows that a trigger keeps out", async () => {
    await script(
      database(),
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN IF NEW.name = 'b' THEN RETURN NULL; END IF; RETURN NEW; END $$;
       CREATE TRIGGER refuse BEFORE INSERT ON numbered FOR EACH ROW EXECUTE FUNCTION refuse()`,
    );
    try {
      await using session = database().session();
      session.addAll(["a", "b"].map((name) => new Numbered({ name })));
      await assert.rejects(session.commit(), {
        code: "flush.order",
        message: /^INSERT of 2 Numbered gave 1 rows back: a trigger kept some from being inserted/,
      });
    } finally {
      await script(database(), "DROP FUNCTION refuse() CASCADE");
    }
  });

  test("a natural key changes without ON UPDATE CASCADE: members are told by their own foreign key", async () => {
    await using session = database().session();
    const region = new Region({ code: "a", towns: [new Town({ name: "Ulm" })] });
    session.add(region);
    await session.commit();
    const [town] = region.towns;
    region.code = "b";
    await session.flush();
    // Nothing in the database has changed it, and nothing in memory claims so.
    assert.equal(town?.regionCode, "a");
    await assert.rejects(session.commit(), { name: "IntegrityError", kind: "foreignKey" });
    await session.refresh(region);
    await session.refresh(town!);
    await session.load(region, "towns");
    region.code = "b";
    town!.regionCode = "b";
    await session.commit();
    assert.deepEqual(await database().rows("SELECT region_code FROM town"), [["b"]]);
    assert.equal(town!.region, region);
  });
});
