/** What is loaded with rows of models that inherit: their columns, their relationships, and under which conditions. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  alias,
  cast,
  containsEager,
  declarativeBase,
  func,
  inherit,
  insert,
  integer,
  joinedload,
  loadOnly,
  many,
  maybeOne,
  type RelationDef,
  remove,
  select,
  selectinload,
  selectinPolymorphic,
  text,
  update,
  withCriteria,
  withPolymorphic,
} from "../../src/index.js";
import { onModels } from "../support/models.js";

const Base = declarativeBase({
  columns: { id: integer().primaryKey().identity() },
  schema: "zoo",
});

class Keeper extends Base.model(
  { label: text() },
  {
    get animals(): RelationDef<Animal[]> {
      return many(Animal, { backPopulates: "keeper", lazy: "joined", orderBy: () => Animal.id });
    },
    get dogs(): RelationDef<Dog[]> {
      return many(Dog, { viewOnly: true, orderBy: () => [Animal.label, Dog.trick] });
    },
    get fish(): RelationDef<Fish[]> {
      return many(Fish, { viewOnly: true, orderBy: () => Animal.label });
    },
  },
) {}

class Animal extends Base.model(
  { kind: text().discriminator(), label: text(), keeperId: integer().nullable().references("zoo.keeper.id") },
  {
    get keeper(): RelationDef<Keeper | null> {
      return maybeOne(Keeper, { backPopulates: "animals" });
    },
  },
  { identity: "animal" },
) {}

class Dog extends inherit(
  Animal,
  { trick: text(), size: integer() },
  {
    get toys(): RelationDef<Toy[]> {
      return many(Toy, { lazy: "selectin", orderBy: () => Toy.id });
    },
  },
  { identity: "dog", tablename: "dog", polymorphicLoad: "inline" },
) {}

class Cat extends inherit(
  Animal,
  {
    lives: integer(),
    size: integer(),
    friendId: integer()
      .nullable()
      .references(() => Animal.id),
  },
  {
    get friend(): RelationDef<Animal | null> {
      return maybeOne(Animal, { foreignKey: () => Cat.friendId });
    },
  },
  {
    identity: "cat",
    tablename: "cat",
    polymorphicLoad: "selectin",
    properties: { left: (c) => cast(func.abs(c.lives), integer()) },
  },
) {}

class Bird extends inherit(Animal, { song: text() }, {}, { identity: "bird", tablename: "bird" }) {}

class Fish extends inherit(Animal, { depth: integer().nullable() }, {}, { identity: "fish" }) {}

class Toy extends Base.model({
  label: text(),
  dogId: integer()
    .nullable()
    .references(() => Dog.id),
}) {}

onModels([Keeper, Animal, Dog, Cat, Bird, Fish, Toy], (database) => {
  const fill = async () => {
    await using session = database().session();
    const rex = new Dog({ id: 1, label: "Rex", trick: "sit", size: 9, toys: [new Toy({ label: "ball" })] });
    session.add(
      new Keeper({
        label: "Ken",
        animals: [
          rex,
          new Cat({ id: 2, label: "Tom", lives: 7, size: 3, friend: rex }),
          new Bird({ id: 3, label: "Pip", song: "tweet" }),
          new Fish({ id: 4, label: "Wanda", depth: 5 }),
          new Animal({ id: 5, label: "It" }),
        ],
      }),
    );
    session.add(new Keeper({ label: "Kim" }));
    await session.commit();
    database().clear();
  };
  const plain = select(Animal).orderBy(Animal.id);
  type Zoo = [Dog, Cat, Bird, Fish, Animal];

  test("as the models say: inline in the same statement, selectin by one after it, else when asked for", async () => {
    await fill();
    await using session = database().session();
    const [rex, tom, pip, wanda] = (await session.execute(plain)).scalars().all() as Zoo;
    assert.deepEqual([rex.trick, rex.size, tom.lives, tom.size, tom.left, wanda.depth], ["sit", 9, 7, 3, 7, 5]);
    assert.throws(() => pip.song, { code: "orm.unloaded" });
    assert.equal(rex.toys[0]?.label, "ball");
    // The animals with the dogs, the cats, the dogs' toys.
    assert.equal(database().sent().length, 3);
    assert.match(database().sent()[0]!, /LEFT JOIN "zoo"\."dog" AS "_1_dog" ON "_1_dog"\."id" = "zoo"\."animal"\."id"/);
    assert.equal(tom.friendId, 1);
    assert.equal(await tom.awaitable.friend, rex);
    assert.deepEqual(session.dirty, []);
  });

  test("as a query says", async () => {
    await fill();
    await using session = database().session();
    const inline = plain.options(withPolymorphic(Animal, [Cat, Bird]));
    const [, tom, pip] = (await session.execute(inline)).scalars().all() as Zoo;
    assert.deepEqual([tom.lives, tom.size, pip.song], [7, 3, "tweet"]);
    assert.equal(database().sent().length, 2);
    session.expungeAll();
    database().clear();
    const after = plain.options(selectinPolymorphic(Animal, [Dog, Bird]));
    const [rex, , bird] = (await session.execute(after)).scalars().all() as Zoo;
    assert.deepEqual([rex.trick, rex.size, bird.song], ["sit", 9, "tweet"]);
    assert.doesNotMatch(database().sent()[0]!, /JOIN/);
    // The animals, the dogs, the cats, the birds, the toys.
    assert.equal(database().sent().length, 5);
    const other = alias(Animal, "other");
    session.expungeAll();
    const found = await session.execute(
      select(other)
        .options(withPolymorphic(other, [Bird]))
        .where(other.label.eq("Pip")),
    );
    assert.equal((found.scalarOne() as Bird).song, "tweet");
    assert.throws(() => withPolymorphic(Animal, [Toy]), { code: "query.not_inherited" });
    await assert.rejects(session.execute(select(Keeper).options(withPolymorphic(Animal, [Bird]))), {
      code: "orm.loader",
    });
  });

  test("with a limit, a lock, DISTINCT, and only some columns", async () => {
    await fill();
    await using session = database().session();
    const first = async (statement: typeof plain) => {
      session.expungeAll();
      const [rex] = (await session.execute(statement)).scalars().all();
      return rex as Dog;
    };
    assert.equal(
      (await first(plain.limit(1).options(joinedload(Animal.keeper).joinedload(Keeper.animals)))).trick,
      "sit",
    );
    assert.equal((await first(plain.forUpdate())).trick, "sit");
    assert.equal((await first(plain.distinct())).size, 9);
    const rex = await first(plain.options(loadOnly(Animal.label)));
    assert.equal(rex.label, "Rex");
    assert.throws(() => rex.trick, { code: "orm.unloaded" });
  });

  test("by relationships: to the base and to models that inherit, joined and after", async () => {
    await fill();
    for (const load of [joinedload, selectinload]) {
      await using session = database().session();
      const option = load(Keeper.animals).options(withPolymorphic(Animal, [Cat, Bird]));
      const statement = select(Keeper).options(option, load(Keeper.dogs), load(Keeper.fish)).orderBy(Keeper.id);
      const [ken, kim] = (await session.execute(statement)).scalars().all();
      const [rex, tom, pip, wanda] = ken!.animals as Animal[] as Zoo;
      assert.deepEqual([rex.trick, tom.lives, pip.song, wanda.depth], ["sit", 7, "tweet", 5]);
      assert.equal(rex.toys[0]?.label, "ball");
      assert.deepEqual([...ken!.dogs], [rex]);
      assert.deepEqual([...ken!.fish], [wanda]);
      assert.deepEqual([kim!.animals.length, kim!.dogs.length], [0, 0]);
    }
  });

  test("an option of a model that inherits holds for its rows", async () => {
    await fill();
    await using session = database().session();
    const [, tom] = (await session.execute(plain.options(selectinload(Cat.friend), joinedload(Dog.toys))))
      .scalars()
      .all() as Zoo;
    assert.equal(tom.friend?.label, "Rex");
    await assert.rejects(session.execute(plain.options(containsEager(Cat.friend))), { code: "orm.loader" });
  });

  test("a relationship over a column that isn't loaded loads that before", async () => {
    await fill();
    await using session = database().session();
    const option = [withPolymorphic(Animal, []), selectinload(Cat.friend)] as const;
    const animals = select(Animal)
      .options(loadOnly(Animal.label), ...option)
      .where(Animal.id.eq(2));
    const tom = (await session.execute(animals)).scalarOne() as Cat;
    assert.equal(tom.friend?.label, "Rex");
  });

  test("again, and anew", async () => {
    await fill();
    await using session = database().session();
    const [rex, tom] = (await session.execute(plain)).scalars().all() as Zoo;
    rex.trick = "roll";
    await session.noAutoflush(async () => {
      await session.execute(update(Cat).set({ lives: 6 }), { synchronize: false });
      await session.execute(plain);
      assert.deepEqual([rex.trick, tom.lives], ["roll", 7]);
      await session.execute(plain, { populateExisting: true });
      assert.deepEqual([rex.trick, tom.lives], ["sit", 6]);
    });
  });

  test("in a stream", async () => {
    await fill();
    await using session = database().session();
    const seen: unknown[] = [];
    for await (const each of session.stream(plain, { batch: 2 }).scalars())
      seen.push(each instanceof Dog ? each.trick : each instanceof Cat ? each.lives : each.label);
    assert.deepEqual(seen, ["sit", 7, "Pip", "Wanda", "It"]);
  });

  test("UPDATE of many rows writes the table that has the columns", async () => {
    await fill();
    await using session = database().session();
    const trick = update(Dog).set({ trick: "roll" }).where(Dog.label.eq("Rex"));
    assert.equal(
      String(trick),
      `UPDATE "zoo"."dog" SET "trick" = $1 FROM "zoo"."animal" WHERE "zoo"."animal"."label" = $2 AND "zoo"."dog"."id" = "zoo"."animal"."id"`,
    );
    const rex = (await session.get(Dog, 1))!;
    await session.execute(trick);
    assert.equal(rex.trick, "roll");
    const [changed] = (await session.execute(update(Dog).set({ size: 1 }).returning(Dog))).scalars().all();
    assert.equal(changed, rex);
    assert.equal(rex.size, 1);
  });

  test("RETURNING the base gives what its own table has of the others; the rest comes after", async () => {
    await fill();
    await using session = database().session();
    const changed = update(Animal).set({ label: "X" }).returning(Animal);
    const animals = (await session.execute(changed))
      .scalars()
      .all()
      .sort((a, b) => a.id - b.id) as Zoo;
    const [rex, tom, pip, wanda] = animals;
    assert.deepEqual([wanda.depth, rex.trick, tom.lives], [5, "sit", 7]);
    assert.throws(() => pip.song, { code: "orm.unloaded" });
    const made = await session.execute(insert(Fish).values({ id: 99, label: "Nemo", depth: 1 }).returning(Animal));
    assert.equal((made.scalarOne() as Fish).depth, 1);
    const gone = await session.execute(remove(Animal).where(Animal.id.eq(4)).returning(Animal));
    assert.equal(gone.scalarOne(), wanda);
  });

  test("criteria of the base hold for the models that inherit", async () => {
    await fill();
    await using session = database().session();
    const noRex = withCriteria(Animal, (animal) => animal.label.ne("Rex"));
    assert.deepEqual((await session.execute(select(Dog).options(noRex))).scalars().all(), []);
    const noWanda = withCriteria(Animal, (animal) => animal.label.ne("Wanda"));
    assert.deepEqual((await session.execute(select(Fish.id).options(noWanda))).scalars().all(), []);
    const ken = select(Keeper)
      .where(Keeper.label.eq("Ken"))
      .options(noRex, noWanda, joinedload(Keeper.dogs), selectinload(Keeper.fish));
    const [keeper] = (await session.execute(ken)).scalars().all();
    assert.deepEqual([keeper!.dogs.length, keeper!.fish.length, keeper!.animals.length], [0, 0, 3]);
  });

  test("rows of other models don't come through a join that keeps all rows", async () => {
    await fill();
    await using session = database().session();
    const fish = select(Keeper.label, Fish.label);
    const on = Fish.keeperId.eq(Keeper.id);
    const pairs = [
      ["Ken", "Wanda"],
      ["Kim", null],
    ];
    const right = await session.execute(fish.rightJoin(Fish, on));
    assert.deepEqual(right.tuples().all(), [["Ken", "Wanda"]]);
    const full = await session.execute(fish.fullJoin(Fish, on).orderBy(Keeper.id));
    assert.deepEqual(full.tuples().all(), pairs);
    const keepers = await session.execute(fish.rightJoin(Keeper, on).orderBy(Keeper.id));
    assert.deepEqual(keepers.tuples().all(), pairs);
    const dogs = await session.execute(select(Keeper.label, Dog.trick).fullJoin(Keeper.dogs).orderBy(Keeper.id));
    assert.deepEqual(dogs.tuples().all(), [
      ["Ken", "sit"],
      ["Kim", null],
    ]);
    const toys = select(Toy.label, Fish.label).rightJoin(Fish, Toy.dogId.eq(Fish.id)).fullJoin(Keeper, on);
    assert.equal((await session.execute(toys)).all().length, 2);
  });
});
