/** Drizzle on node-postgres: prepared statements, and its relational queries for what is related. */

import { eq, inArray, lte, relations, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { boolean, doublePrecision, integer, pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";
import pg from "pg";
import type { Candidate } from "../candidate.js";
import { inChunks } from "../chunks.js";
import { changed } from "../data.js";
import { versionOf } from "../version.js";

const items = pgTable("items", {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  name: text().notNull(),
  email: text().notNull(),
  quantity: integer().notNull(),
  price: doublePrecision().notNull(),
  active: boolean().notNull(),
  note: text(),
  createdAt: timestamp("created_at", { withTimezone: true, precision: 3 }).notNull(),
});
const authors = pgTable("authors", {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  name: text().notNull(),
});
const posts = pgTable("posts", {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  authorId: integer("author_id").notNull(),
  title: text().notNull(),
  body: text().notNull(),
  likes: integer().notNull(),
  published: boolean().notNull(),
});
const tags = pgTable("tags", {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  label: text().notNull(),
});
const postTags = pgTable(
  "post_tags",
  { postId: integer("post_id").notNull(), tagId: integer("tag_id").notNull() },
  (table) => [primaryKey({ columns: [table.postId, table.tagId] })],
);
const authorRelations = relations(authors, ({ many }) => ({ posts: many(posts) }));
const postRelations = relations(posts, ({ one, many }) => ({
  author: one(authors, { fields: [posts.authorId], references: [authors.id] }),
  links: many(postTags),
}));
const postTagRelations = relations(postTags, ({ one }) => ({
  post: one(posts, { fields: [postTags.postId], references: [posts.id] }),
  tag: one(tags, { fields: [postTags.tagId], references: [tags.id] }),
}));
const schema = { items, authors, posts, tags, postTags, authorRelations, postRelations, postTagRelations };

export const candidate: Candidate = {
  name: "Drizzle",
  version: versionOf("drizzle-orm"),
  async open(url) {
    const pool = new pg.Pool({ connectionString: url, idleTimeoutMillis: 0 });
    const db = drizzle(pool, { schema });
    const last = sql.placeholder("last");
    const item = db
      .select()
      .from(items)
      .where(eq(items.id, sql.placeholder("id")))
      .prepare("item");
    const itemsUpTo = db.select().from(items).where(lte(items.id, last)).orderBy(items.id).prepare("items");
    const authorsUpTo = db.query.authors
      .findMany({
        where: lte(authors.id, last),
        orderBy: authors.id,
        with: { posts: { orderBy: posts.id } },
      })
      .prepare("authors");
    const postsUpTo = db.query.posts
      .findMany({
        where: lte(posts.id, last),
        orderBy: posts.id,
        with: { links: { columns: {}, with: { tag: true } } },
      })
      .prepare("posts");
    const insert = db
      .insert(items)
      .values({
        name: sql.placeholder("name"),
        email: sql.placeholder("email"),
        quantity: sql.placeholder("quantity"),
        price: sql.placeholder("price"),
        active: sql.placeholder("active"),
        note: sql.placeholder("note"),
        createdAt: sql.placeholder("createdAt"),
      })
      .returning({ id: items.id })
      .prepare("insert");

    return {
      cases: {
        readOne: async (id) => (await item.execute({ id }))[0] ?? null,
        readItems: (last) => itemsUpTo.execute({ last }),
        readAuthors: (last) => authorsUpTo.execute({ last }),
        async readTaggedPosts(last) {
          const found = await postsUpTo.execute({ last });
          return found.map(({ links, ...post }) => ({ ...post, tags: links.map(({ tag }) => tag) }));
        },
        insertOne: async (item) => (await insert.execute({ ...item }))[0]!.id,
        insertItems: (list) =>
          db.transaction((transaction) =>
            inChunks(list, async (chunk) => {
              const keys = await transaction.insert(items).values(chunk).returning({ id: items.id });
              return keys.map(({ id }) => id);
            }),
          ),
        async updateItems(last) {
          const loaded = await itemsUpTo.execute({ last });
          return () => {
            const values = loaded.map((item) => {
              const { name, quantity } = changed(item);
              return sql`(${item.id}::int, ${name}, ${quantity}::int)`;
            });
            // Its guide has a CASE with a branch for each row, which takes the server time by the square of the rows.
            return db
              .update(items)
              .set({ name: sql`changes.name`, quantity: sql`changes.quantity` })
              .from(sql`(VALUES ${sql.join(values, sql`, `)}) AS changes (id, name, quantity)`)
              .where(eq(items.id, sql`changes.id`));
          };
        },
        async deleteItems(last) {
          const loaded = await itemsUpTo.execute({ last });
          const keys = loaded.map(({ id }) => id);
          return () => db.delete(items).where(inArray(items.id, keys));
        },
      },
      close: () => pool.end(),
    };
  },
};
