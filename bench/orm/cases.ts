/** What is measured: how each case is run, and what has to come of it. */

import assert from "node:assert/strict";
import type pg from "pg";
import type { Author, Cases, Item, Post, TaggedPost } from "./candidate.js";
import { authors, changed, items, newItems, storedItems, taggedPosts } from "./data.js";

/** Runs what is timed, and gives the check of what came of it, which is not. */
export type Sample = () => Promise<(database: pg.Client) => void | Promise<void>>;

export interface Case {
  readonly title: string;
  /** How many of it a sample does; the time is that of one. */
  readonly times: number;
  /** It changes the items, which have to be as they were at first. */
  readonly writes: boolean;
  /** What has to be there before, and is not timed. */
  prepare(cases: Cases): Promise<Sample>;
}

/** So many items are updated and deleted. */
const some = 1_000;
const many = items.length;

export const cases: readonly Case[] = [
  {
    title: "read 1 by its key",
    times: 100,
    writes: false,
    async prepare({ readOne }) {
      const wanted = items.filter(({ id }) => id % 100 === 7);
      return async () => {
        const found: (Item | null)[] = [];
        for (const { id } of wanted) found.push(await readOne(id));
        return () => assert.deepEqual(found.map(plainItem), wanted);
      };
    },
  },
  reading("read 1,000", some),
  reading("read 10,000", many),
  {
    title: "read 1,000 with 5 children each",
    times: 1,
    writes: false,
    prepare:
      async ({ readAuthors }) =>
      async () => {
        const found = await readAuthors(authors.length);
        return () => assert.deepEqual(found.map(plainAuthor), authors);
      },
  },
  {
    title: "read 1,000 with 3 many-to-many each",
    times: 1,
    writes: false,
    prepare:
      async ({ readTaggedPosts }) =>
      async () => {
        const found = await readTaggedPosts(some);
        const wanted = taggedPosts.slice(0, some).map(plainTaggedPost);
        return () => assert.deepEqual(found.map(plainTaggedPost), wanted);
      },
  },
  {
    title: "insert 1",
    times: 100,
    writes: true,
    async prepare({ insertOne }) {
      const added = newItems(100, many + 1);
      return async () => {
        const keys: number[] = [];
        for (const item of added) keys.push(await insertOne(item));
        return inserted(added, keys);
      };
    },
  },
  {
    title: "insert 10,000",
    times: 1,
    writes: true,
    async prepare({ insertItems }) {
      const added = newItems(many, many + 1);
      return async () => inserted(added, await insertItems(added));
    },
  },
  {
    title: "update 1,000, each to other values",
    times: 1,
    writes: true,
    async prepare({ updateItems }) {
      const write = await updateItems(some);
      return async () => {
        await write();
        return async (database) => {
          const wanted = items.map((item) => (item.id <= some ? { ...item, ...changed(item) } : item));
          assert.deepEqual(await storedItems(database, 1, many), wanted);
        };
      };
    },
  },
  {
    title: "delete 1,000",
    times: 1,
    writes: true,
    async prepare({ deleteItems }) {
      const write = await deleteItems(some);
      return async () => {
        await write();
        return async (database) => assert.deepEqual(await storedItems(database, 1, many), items.slice(some));
      };
    },
  },
];

function reading(title: string, count: number): Case {
  return {
    title,
    times: 1,
    writes: false,
    prepare:
      async ({ readItems }) =>
      async () => {
        const found = await readItems(count);
        return () => assert.deepEqual(found.map(plainItem), items.slice(0, count));
      },
  };
}

/** Each key that came back is that of the row which has the item's values. */
function inserted(added: readonly object[], keys: readonly number[]) {
  return async (database: pg.Client): Promise<void> => {
    const stored = new Map((await storedItems(database, many + 1, 2 * many)).map((item) => [item.id, item]));
    assert.equal(stored.size, added.length);
    assert.deepEqual(
      keys.map((key) => stored.get(key)),
      added.map((item, i) => ({ id: keys[i], ...item })),
    );
  };
}

function plainItem(item: Item | null) {
  if (item === null) return null;
  const { id, name, email, quantity, price, active, note, createdAt } = item;
  return { id, name, email, quantity, price, active, note, createdAt };
}

function plainAuthor({ id, name, posts }: Author) {
  return { id, name, posts: Array.from(posts, plainPost) };
}

function plainPost({ id, authorId, title, body, likes, published }: Post) {
  return { id, authorId, title, body, likes, published };
}

/** The order of the tags of a post is nobody's promise. */
function plainTaggedPost({ id, title, tags }: TaggedPost) {
  const labels = Array.from(tags, ({ id, label }) => ({ id, label })).sort((a, b) => a.id - b.id);
  return { id, title, tags: labels };
}
