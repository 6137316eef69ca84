/** Random objects and edits, flushed, leave the rows that the edits say, one by one, in a plain model of them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  declarativeBase,
  inherit,
  inspect,
  integer,
  many,
  maybeOne,
  type Session,
  sql,
  text,
} from "../../src/index.js";
import { type ModelDatabase, onModels } from "../support/models.js";

const Base = declarativeBase({
  columns: { id: integer().primaryKey().identity(), name: text().unique() },
  tablename: (name) => `${name.toLowerCase()}s`,
});

class Owner extends Base.model(
  {},
  {
    get items() {
      return many(Item, { backPopulates: "owner" });
    },
    get cards() {
      return many(Card, { backPopulates: "owner", cascade: "all, delete-orphan" });
    },
  },
) {}

class Item extends Base.model(
  {
    kind: text().discriminator(),
    ownerId: integer().nullable().references("owners.id"),
    parentId: integer().nullable().references("items.id"),
  },
  {
    get owner() {
      return maybeOne(Owner, { backPopulates: "items" });
    },
    get parent() {
      return maybeOne(Item, { backPopulates: "children", foreignKey: "items.parent_id" });
    },
    get children() {
      return many(Item, { backPopulates: "parent", foreignKey: "items.parent_id" });
    },
    get tags() {
      return many(Tag, { backPopulates: "items", secondary: "item_tags" });
    },
  },
  { identity: "item" },
) {}

/** An item with a table of its own, which holds its power. */
class Gadget extends inherit(Item, { power: integer().unique() }, {}, { identity: "gadget", tablename: "gadgets" }) {}

/** An item in the items' table. */
class Widget extends inherit(Item, { size: integer().nullable() }, {}, { identity: "widget" }) {}

const itemKinds = [Item, Gadget, Widget];

class Card extends Base.model(
  { ownerId: integer().references("owners.id") },
  {
    get owner() {
      return maybeOne(Owner, { backPopulates: "cards" });
    },
  },
) {}

class Tag extends Base.model(
  {},
  {
    get items() {
      return many(Item, { backPopulates: "tags", secondary: "item_tags" });
    },
  },
) {}

const kinds = { owner: Owner, item: Item, card: Card, tag: Tag };
type Kind = keyof typeof kinds;

/** What a row should be; the object that stands for it changes when it is loaded anew. */
interface Expected {
  readonly kind: Kind;
  /** Of which kind an item is. */
  readonly identity: string;
  name: string;
  /** Of a gadget. */
  power: number | null;
  owner: Expected | null;
  parent: Expected | null;
  readonly tags: Set<Expected>;
  alive: boolean;
  object: Owner | Item | Card | Tag;
}

const index = fc.nat(30);
const edit = fc.oneof(
  fc.record({
    type: fc.constant("new" as const),
    kind: fc.constantFrom<Kind>("owner", "item", "card", "tag"),
    a: index,
  }),
  fc.record({ type: fc.constant("rename" as const), a: index, reuse: fc.boolean() }),
  fc.record({
    type: fc.constantFrom("own" as const, "push" as const, "parent" as const, "tag" as const),
    a: index,
    b: index,
  }),
  fc.record({
    type: fc.constantFrom("disown" as const, "splice" as const, "untag" as const, "delete" as const),
    a: index,
  }),
  fc.record({ type: fc.constant("replace" as const), a: index, members: fc.array(index, { maxLength: 4 }) }),
  fc.record({ type: fc.constantFrom("flush" as const, "commit" as const, "reload" as const, "rollback" as const) }),
);
type Edit = typeof edit extends fc.Arbitrary<infer E> ? E : never;

// Fixed, so that it fails for a change and not for its luck; ATHANOR_PROPERTY_SEED=random looks further.
const seed = process.env.ATHANOR_PROPERTY_SEED ?? "1";
const runs = Number(process.env.ATHANOR_PROPERTY_RUNS ?? 60);

onModels([Owner, Item, Gadget, Widget, Card, Tag], (database) => {
  test("a unique name that isn't loaded any more is freed before it is taken", async () => {
    await clear(database());
    await using session = database().session();
    const item = new Item({ name: "taken" });
    session.add(item);
    await session.commit();
    session.expire(item);
    session.delete(item);
    session.add(new Item({ name: "taken" }));
    await session.commit();
    assert.equal((await session.execute(sql<[bigint]>`SELECT count(*) FROM items`)).scalar(), 1n);
  });

  test("random edits", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 5, maxLength: 40 }), async (edits) => {
        await clear(database());
        await using session = database().session({ autoflush: false });
        const run = new Run(session);
        for (const each of edits) await run.apply(each);
        await run.flush();
      }),
      { numRuns: runs, ...(seed === "random" ? {} : { seed: Number(seed) }) },
    );
  });
});

async function clear({ engine }: ModelDatabase): Promise<void> {
  await using held = await engine.connect();
  await held.script("TRUNCATE owners, items, gadgets, cards, tags, item_tags");
}

class Run {
  #rows: Expected[] = [];
  /** Puts the rows back as they were after the last commit. */
  #restore: () => void = () => {
    this.#rows = [];
  };
  readonly #freed: string[] = [];
  #number = 0;

  constructor(private readonly session: Session) {}

  async apply(edit: Edit): Promise<void> {
    switch (edit.type) {
      case "new":
        return this.#create(edit.kind, edit.a);
      case "rename":
        return this.#with(["owner", "item", "tag"], edit.a, (row) => {
          row.name = (edit.reuse ? this.#freed.pop() : undefined) ?? this.#fresh();
          row.object.name = row.name;
          // It may not be loaded.
          if (row.power !== null) row.power = Reflect.set(row.object, "power", ++this.#number) ? this.#number : null;
        });
      case "own":
        return this.#pair(["item", "card"], edit.a, ["owner"], edit.b, (row, owner) => {
          Object.assign(row.object, { owner: owner.object });
          row.owner = owner;
        });
      case "push":
        return this.#pair(["owner"], edit.a, ["item", "card"], edit.b, async (owner, row) => {
          const members = await this.#collection(owner, row.kind === "item" ? "items" : "cards");
          if (!members.includes(row.object)) members.push(row.object);
          row.owner = owner;
        });
      case "parent":
        return this.#pair(["item"], edit.a, ["item"], edit.b, (row, parent) => {
          Object.assign(row.object, { parent: parent.object });
          row.parent = parent;
        });
      case "tag":
        return this.#pair(["item"], edit.a, ["tag"], edit.b, async (row, tag) => {
          const [side, other] = edit.b % 2 === 0 ? [row, tag] : [tag, row];
          const members = await this.#collection(side, side === row ? "tags" : "items");
          if (!members.includes(other.object)) members.push(other.object);
          row.tags.add(tag);
        });
      case "disown":
        return this.#with(["item", "card"], edit.a, (row) => {
          Object.assign(row.object, { owner: null });
          row.owner = null;
        });
      case "splice":
        return this.#with(["owner"], edit.a, async (owner) => {
          const property = edit.a % 2 === 0 ? "items" : "cards";
          const members = await this.#collection(owner, property);
          const [removed] = members.splice(0, 1);
          const row = this.#rows.find(({ object }) => object === removed);
          if (row !== undefined) row.owner = null;
        });
      case "untag":
        return this.#with(["item"], edit.a, async (row) => {
          const removed = (await this.#collection(row, "tags")).pop();
          for (const tag of row.tags) if (tag.object === removed) row.tags.delete(tag);
        });
      case "delete":
        return this.#with(["owner", "item", "tag", "card"], edit.a, (row) => this.#delete(row));
      case "replace":
        return this.#with(["owner"], edit.a, (owner) => {
          const items = this.#alive(["item"]);
          const members = new Set(edit.members.flatMap((i) => (items.length === 0 ? [] : [items[i % items.length]!])));
          Object.assign(owner.object, { items: [...members].map(({ object }) => object) });
          for (const item of items) if (item.owner === owner) item.owner = null;
          for (const item of members) item.owner = owner;
        });
      case "flush":
        return this.flush();
      case "commit":
        return this.#commit();
      case "rollback":
        await this.session.rollback();
        this.#restore();
        return this.flush();
      case "reload":
        return this.#reload();
    }
  }

  /** Flushes, and compares the rows with those expected. */
  async flush(): Promise<void> {
    await this.session.flush();
    this.#settle();
    assert.deepEqual([this.session.new, this.session.dirty, this.session.deleted], [[], [], []]);
    const rows = await this.session.execute(sql<[string]>`
      SELECT 'owner ' || name FROM owners
      UNION ALL SELECT concat_ws(' ', i.kind, i.name, 'of', o.name, 'under', p.name, g.power) FROM items i
        LEFT JOIN gadgets g ON g.id = i.id LEFT JOIN owners o ON o.id = i.owner_id LEFT JOIN items p ON p.id = i.parent_id
      UNION ALL SELECT concat_ws(' ', 'card', c.name, 'of', o.name) FROM cards c JOIN owners o ON o.id = c.owner_id
      UNION ALL SELECT 'tag ' || name FROM tags
      UNION ALL SELECT concat_ws(' ', 'link', i.name, t.name) FROM item_tags l
        JOIN items i ON i.id = l.item_id JOIN tags t ON t.id = l.tag_id`);
    assert.deepEqual(rows.scalars().all().sort(), this.#expected().sort());
  }

  /** What a flush makes of deleted owners and parents, of orphans and of links. */
  #settle(): void {
    for (const row of this.#rows) {
      const orphan = row.kind === "card" && (row.owner === null || !row.owner.alive);
      if (orphan) row.alive = false;
      if (row.owner?.alive === false) row.owner = null;
      if (row.parent?.alive === false) row.parent = null;
      for (const tag of row.tags) if (!tag.alive) row.tags.delete(tag);
    }
    this.#freed.length = 0;
  }

  #expected(): string[] {
    return this.#rows
      .filter(({ alive }) => alive)
      .flatMap((row) => {
        const { kind, identity, name, power, owner, parent, tags } = row;
        const links = [...tags].map((tag) => `link ${name} ${tag.name}`);
        if (kind === "item")
          return [
            [identity, name, "of", owner?.name, "under", parent?.name, power].filter(Boolean).join(" "),
            ...links,
          ];
        return kind === "card" ? [`card ${name} of ${owner?.name}`] : [`${kind} ${name}`];
      });
  }

  #create(kind: Kind, a: number): void {
    const owners = this.#alive(["owner"]);
    const owner = owners.length === 0 ? null : owners[a % owners.length]!;
    if (kind === "card" && owner === null) return;
    const name = this.#fresh();
    const object =
      kind === "card" ? new Card({ name, ownerId: 0, owner: owner!.object as Owner }) : this.#make(kind, name, a);
    const power = object instanceof Gadget ? object.power : null;
    this.session.add(object);
    this.#rows.push({
      kind,
      identity: object instanceof Item ? object.constructor.name.toLowerCase() : kind,
      name,
      power,
      owner: kind === "card" ? owner : null,
      parent: null,
      tags: new Set(),
      alive: true,
      object,
    });
  }

  #make(kind: Exclude<Kind, "card">, name: string, a: number): Owner | Item | Tag {
    if (kind !== "item") return new kinds[kind]({ name });
    const model = itemKinds[a % itemKinds.length]!;
    return model === Gadget ? new Gadget({ name, power: ++this.#number }) : new (model as typeof Item)({ name });
  }

  /** A pending one is expunged, as delete() is for what has a row. */
  #delete(row: Expected): void {
    const { lifecycle } = inspect(row.object);
    if (lifecycle !== "persistent") return;
    this.session.delete(row.object);
    row.alive = false;
    if (row.kind !== "card") this.#freed.push(row.name);
  }

  async #commit(): Promise<void> {
    await this.flush();
    await this.session.commit();
    const saved = this.#rows.map((row) => ({ row, was: { ...row, tags: [...row.tags] } }));
    this.#restore = () => {
      this.#rows = saved.map(({ row, was: { name, power, owner, parent, alive, tags } }) => {
        row.tags.clear();
        for (const tag of tags) row.tags.add(tag);
        return Object.assign(row, { name, power, owner, parent, alive });
      });
      this.#freed.length = 0;
    };
  }

  async #reload(): Promise<void> {
    await this.#commit();
    this.session.expungeAll();
    for (const row of this.#rows)
      if (row.alive)
        row.object = (await this.session.get<typeof Owner>(kinds[row.kind] as typeof Owner, row.object.id))!;
  }

  /** A collection, loaded if it isn't. */
  async #collection(row: Expected, property: string): Promise<object[]> {
    const { object, lifecycle } = { object: row.object, ...inspect(row.object) };
    if (lifecycle === "persistent") await this.session.load(object, property as keyof Expected["object"] & string);
    return Reflect.get(object, property) as object[];
  }

  #with(of: readonly Kind[], a: number, work: (row: Expected) => void | Promise<void>): void | Promise<void> {
    const rows = this.#alive(of);
    return rows.length === 0 ? undefined : work(rows[a % rows.length]!);
  }

  #pair(
    of: readonly Kind[],
    a: number,
    others: readonly Kind[],
    b: number,
    work: (row: Expected, other: Expected) => void | Promise<void>,
  ): void | Promise<void> {
    return this.#with(of, a, (row) => this.#with(others, b, (other) => work(row, other)));
  }

  /** Those that edits may still touch: an orphan is as good as deleted. */
  #alive(of: readonly Kind[]): readonly Expected[] {
    return this.#rows.filter(
      ({ kind, alive, owner }) => of.includes(kind) && alive && (kind !== "card" || owner !== null),
    );
  }

  #fresh(): string {
    this.#number++;
    return `n${this.#number}`;
  }
}
