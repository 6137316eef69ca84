/** Kysely: a query builder. Related rows are read with a second query, as by hand; it has no prepared statements. */

import { type Generated, Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import type { Candidate } from "../candidate.js";
import { inChunks } from "../chunks.js";
import { changed } from "../data.js";
import { grouped } from "../grouped.js";
import { versionOf } from "../version.js";

interface Database {
  items: {
    id: Generated<number>;
    name: string;
    email: string;
    quantity: number;
    price: number;
    active: boolean;
    note: string | null;
    created_at: Date;
  };
  authors: { id: Generated<number>; name: string };
  posts: { id: Generated<number>; author_id: number; title: string; body: string; likes: number; published: boolean };
  tags: { id: Generated<number>; label: string };
  post_tags: { post_id: number; tag_id: number };
}

const itemColumns = [
  ...(["id", "name", "email", "quantity", "price", "active", "note"] as const),
  "created_at as createdAt",
] as const;
const postColumns = ["id", "author_id as authorId", "title", "body", "likes", "published"] as const;

export const candidate: Candidate = {
  name: "Kysely",
  version: versionOf("kysely"),
  async open(url) {
    const pool = new pg.Pool({ connectionString: url, idleTimeoutMillis: 0 });
    const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
    const readItems = (last: number) =>
      db.selectFrom("items").select(itemColumns).where("id", "<=", last).orderBy("id").execute();

    return {
      cases: {
        readItems,
        async readOne(id) {
          const item = await db.selectFrom("items").select(itemColumns).where("id", "=", id).executeTakeFirst();
          return item ?? null;
        },
        async readAuthors(last) {
          const authors = await db.selectFrom("authors").selectAll().where("id", "<=", last).orderBy("id").execute();
          const keys = authors.map(({ id }) => id);
          const posts = await db
            .selectFrom("posts")
            .select(postColumns)
            .where("author_id", "in", keys)
            .orderBy("id")
            .execute();
          const ofAuthors = grouped(keys, posts, ({ authorId }) => authorId);
          return authors.map((author) => ({ ...author, posts: ofAuthors.get(author.id) ?? [] }));
        },
        async readTaggedPosts(last) {
          const posts = await db
            .selectFrom("posts")
            .select(postColumns)
            .where("id", "<=", last)
            .orderBy("id")
            .execute();
          const keys = posts.map(({ id }) => id);
          const tags = await db
            .selectFrom("post_tags")
            .innerJoin("tags", "tags.id", "post_tags.tag_id")
            .select(["post_id", "tags.id", "tags.label"])
            .where("post_id", "in", keys)
            .execute();
          const ofPosts = grouped(keys, tags, ({ post_id }) => post_id);
          return posts.map((post) => ({ ...post, tags: ofPosts.get(post.id) ?? [] }));
        },
        async insertOne({ createdAt, ...item }) {
          const values = { ...item, created_at: createdAt };
          return (await db.insertInto("items").values(values).returning("id").executeTakeFirstOrThrow()).id;
        },
        insertItems: (items) =>
          db.transaction().execute((transaction) =>
            inChunks(items, async (chunk) => {
              const values = chunk.map(({ createdAt, ...item }) => ({ ...item, created_at: createdAt }));
              const keys = await transaction.insertInto("items").values(values).returning("id").execute();
              return keys.map(({ id }) => id);
            }),
          ),
        async updateItems(last) {
          const items = await readItems(last);
          return () => {
            const values = items.map((item) => {
              const { name, quantity } = changed(item);
              return sql`(${item.id}::int, ${name}, ${quantity}::int)`;
            });
            const changes = sql<{ id: number; name: string; quantity: number }>`(VALUES ${sql.join(values)})`;
            return db
              .updateTable("items")
              .from(changes.as<"changes">(sql`changes (id, name, quantity)`))
              .set((column) => ({ name: column.ref("changes.name"), quantity: column.ref("changes.quantity") }))
              .whereRef("items.id", "=", "changes.id")
              .execute();
          };
        },
        async deleteItems(last) {
          const items = await readItems(last);
          const keys = items.map(({ id }) => id);
          return () => db.deleteFrom("items").where("id", "in", keys).execute();
        },
      },
      close: () => db.destroy(),
    };
  },
};
