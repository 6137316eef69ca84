/** MikroORM: an entity manager's fork for each unit of work, and flushes in batches. */

import { defineEntity, MikroORM, p } from "@mikro-orm/postgresql";
import type { Candidate, Item as PlainItem } from "../candidate.js";
import { changed } from "../data.js";
import { versionOf } from "../version.js";

const Item = defineEntity({
  name: "Item",
  tableName: "items",
  properties: {
    id: p.integer().primary(),
    name: p.text(),
    email: p.text(),
    quantity: p.integer(),
    price: p.float(),
    active: p.boolean(),
    note: p.text().nullable(),
    createdAt: p.datetime(3),
  },
});
const Author = defineEntity({
  name: "Author",
  tableName: "authors",
  properties: {
    id: p.integer().primary(),
    name: p.text(),
    posts: () => p.oneToMany(Post).mappedBy("author").orderBy({ id: "asc" }),
  },
});
const Post = defineEntity({
  name: "Post",
  tableName: "posts",
  properties: {
    id: p.integer().primary(),
    author: () => p.manyToOne(Author),
    authorId: p.integer().persist(false),
    title: p.text(),
    body: p.text(),
    likes: p.integer(),
    published: p.boolean(),
    tags: () => p.manyToMany(Tag).pivotTable("post_tags").joinColumn("post_id").inverseJoinColumn("tag_id"),
  },
});
const Tag = defineEntity({
  name: "Tag",
  tableName: "tags",
  properties: { id: p.integer().primary(), label: p.text() },
});

export const candidate: Candidate = {
  name: "MikroORM",
  version: versionOf("@mikro-orm/postgresql"),
  async open(url) {
    const orm = await MikroORM.init({
      clientUrl: url,
      entities: [Item, Author, Post, Tag],
      batchSize: 1_000,
      pool: { idleTimeoutMillis: 0 },
    });
    const upTo = (last: number) => ({ id: { $lte: last } });
    const inOrder = { orderBy: { id: "asc" } } as const;

    return {
      cases: {
        // Its types let what is nullable be unset as well, which nothing that was read is.
        readOne: (id) => orm.em.fork().findOne(Item, id) as Promise<PlainItem | null>,
        readItems: (last) => orm.em.fork().find(Item, upTo(last), inOrder) as Promise<PlainItem[]>,
        readAuthors: (last) =>
          orm.em.fork().find(Author, upTo(last), { ...inOrder, populate: ["posts"], strategy: "select-in" }),
        readTaggedPosts: (last) =>
          orm.em.fork().find(Post, upTo(last), { ...inOrder, populate: ["tags"], strategy: "select-in" }),
        insertOne: (item) => orm.em.fork().insert(Item, { ...item }),
        // Its insertMany gives back no more than the first key of each statement.
        async insertItems(list) {
          const em = orm.em.fork();
          const items = list.map((values) => em.create(Item, { ...values }));
          await em.flush();
          return items.map(({ id }) => id);
        },
        async updateItems(last) {
          const em = orm.em.fork();
          const items = await em.find(Item, upTo(last), inOrder);
          return () => {
            for (const item of items) Object.assign(item, changed(item));
            return em.flush();
          };
        },
        async deleteItems(last) {
          const em = orm.em.fork();
          const items = await em.find(Item, upTo(last), inOrder);
          return () => {
            for (const item of items) em.remove(item);
            return em.flush();
          };
        },
      },
      close: () => orm.close(),
    };
  },
};
