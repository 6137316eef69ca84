/** Athanor's sessions with plain SQL: what is left of the ORM's time without its objects. */

import { createEngine, type Sql, sessionmaker, sql } from "../../../dist/index.js";
import type { Candidate, Item, NewItem, Post, Tag } from "../candidate.js";
import { changed } from "../data.js";
import { grouped } from "../grouped.js";
import { athanorVersion } from "../version.js";

const items = sql`SELECT id, name, email, quantity, price, active, note, created_at AS "createdAt" FROM items`;
const posts = sql`SELECT id, author_id AS "authorId", title, body, likes, published FROM posts`;
const insert = sql`INSERT INTO items (name, email, quantity, price, active, note, created_at)`;

export const candidate: Candidate = {
  name: "Athanor, plain SQL",
  version: athanorVersion,
  async open(url) {
    const engine = createEngine(url, { pool: { idleTimeout: 3_600_000 } });
    const Sessions = sessionmaker(engine);
    const read = async <T extends object>(statement: Sql<T>) => {
      await using session = Sessions();
      return (await session.execute(statement)).mappings().all();
    };
    const write = <T extends object>(statement: Sql<T>) =>
      Sessions.begin(async (session) => (await session.execute(statement)).mappings().all());
    const readItems = (last: number) => read(sql<Item>`${items} WHERE id <= ${last} ORDER BY id`);

    return {
      cases: {
        readItems,
        readOne: async (id) => (await read(sql<Item>`${items} WHERE id = ${id}`))[0] ?? null,
        async readAuthors(last) {
          await using session = Sessions();
          const authors = sql<{
            id: number;
            name: string;
          }>`SELECT id, name FROM authors WHERE id <= ${last} ORDER BY id`;
          const found = (await session.execute(authors)).mappings().all();
          const keys = found.map(({ id }) => id);
          const children = await session.execute(sql<Post>`${posts} WHERE author_id = ANY (${keys}) ORDER BY id`);
          const ofAuthors = grouped(keys, children.mappings().all(), ({ authorId }) => authorId);
          return found.map((author) => ({ ...author, posts: ofAuthors.get(author.id) ?? [] }));
        },
        async readTaggedPosts(last) {
          await using session = Sessions();
          const found = (await session.execute(sql<Post>`${posts} WHERE id <= ${last} ORDER BY id`)).mappings().all();
          const keys = found.map(({ id }) => id);
          const tags = await session.execute(
            sql<Tag & { postId: number }>`SELECT post_id AS "postId", id, label
              FROM post_tags JOIN tags ON id = tag_id WHERE post_id = ANY (${keys})`,
          );
          const ofPosts = grouped(keys, tags.mappings().all(), ({ postId }) => postId);
          return found.map((post) => ({ ...post, tags: ofPosts.get(post.id) ?? [] }));
        },
        async insertOne({ name, email, quantity, price, active, note, createdAt }) {
          const values = sql.join([name, email, quantity, price, active, note, createdAt]);
          return (await write(sql<{ id: number }>`${insert} VALUES (${values}) RETURNING id`))[0]!.id;
        },
        async insertItems(list) {
          const column = (name: keyof NewItem) => list.map((item) => item[name]);
          const keys = await write(
            sql<{ id: number }>`${insert} SELECT * FROM unnest(
              ${column("name")}::text[], ${column("email")}::text[], ${column("quantity")}::int[],
              ${column("price")}::float8[], ${column("active")}::bool[], ${column("note")}::text[],
              ${column("createdAt")}::timestamptz[]) RETURNING id`,
          );
          return keys.map(({ id }) => id);
        },
        async updateItems(last) {
          const loaded = await readItems(last);
          return () => {
            const values = loaded.map(changed);
            return write(
              sql<object>`UPDATE items SET name = new.name, quantity = new.quantity
                FROM unnest(
                  ${loaded.map(({ id }) => id)}::int[],
                  ${values.map(({ name }) => name)}::text[],
                  ${values.map(({ quantity }) => quantity)}::int[]
                ) AS new (id, name, quantity) WHERE items.id = new.id`,
            );
          };
        },
        async deleteItems(last) {
          const keys = (await readItems(last)).map(({ id }) => id);
          return () => write(sql<object>`DELETE FROM items WHERE id = ANY (${keys})`);
        },
      },
      close: () => engine.dispose(),
    };
  },
};
