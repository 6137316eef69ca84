/** The floor: the driver itself, with prepared statements and everything else by hand. */

import pg from "pg";
import type { Author, Candidate, Item, Post, Tag } from "../candidate.js";
import { changed } from "../data.js";
import { grouped } from "../grouped.js";
import { versionOf } from "../version.js";

const columns = 'id, name, email, quantity, price, active, note, created_at AS "createdAt"';
const insert = `INSERT INTO items (name, email, quantity, price, active, note, created_at)`;

export const candidate: Candidate = {
  name: "pg, by hand",
  version: versionOf("pg"),
  async open(url) {
    const pool = new pg.Pool({ connectionString: url, idleTimeoutMillis: 0 });
    const rows = async <T extends object>(name: string, text: string, values: unknown[]): Promise<T[]> =>
      (await pool.query<T>({ name, text, values })).rows;
    const readItems = (last: number) =>
      rows<Item>("items", `SELECT ${columns} FROM items WHERE id <= $1 ORDER BY id`, [last]);

    return {
      cases: {
        async readOne(id) {
          const [item] = await rows<Item>("item", `SELECT ${columns} FROM items WHERE id = $1`, [id]);
          return item ?? null;
        },
        readItems,
        async readAuthors(last) {
          const authors = await rows<Omit<Author, "posts">>(
            "authors",
            "SELECT id, name FROM authors WHERE id <= $1 ORDER BY id",
            [last],
          );
          const keys = authors.map(({ id }) => id);
          const posts = await rows<Post>(
            "posts of authors",
            `SELECT id, author_id AS "authorId", title, body, likes, published
             FROM posts WHERE author_id = ANY ($1) ORDER BY id`,
            [keys],
          );
          const ofAuthors = grouped(keys, posts, ({ authorId }) => authorId);
          return authors.map(({ id, name }) => ({ id, name, posts: ofAuthors.get(id) ?? [] }));
        },
        async readTaggedPosts(last) {
          const posts = await rows<Post>(
            "posts",
            `SELECT id, author_id AS "authorId", title, body, likes, published
             FROM posts WHERE id <= $1 ORDER BY id`,
            [last],
          );
          const keys = posts.map(({ id }) => id);
          const tags = await rows<Tag & { postId: number }>(
            "tags of posts",
            `SELECT post_id AS "postId", id, label FROM post_tags JOIN tags ON id = tag_id WHERE post_id = ANY ($1)`,
            [keys],
          );
          const ofPosts = grouped(keys, tags, ({ postId }) => postId);
          return posts.map((post) => ({ ...post, tags: ofPosts.get(post.id) ?? [] }));
        },
        async insertOne({ name, email, quantity, price, active, note, createdAt }) {
          const [row] = await rows<{ id: number }>(
            "insert",
            `${insert} VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
            [name, email, quantity, price, active, note, createdAt],
          );
          return row!.id;
        },
        async insertItems(items) {
          const keys = await rows<{ id: number }>(
            "insert all",
            `${insert} SELECT * FROM unnest(
               $1::text[], $2::text[], $3::int[], $4::float8[], $5::bool[], $6::text[], $7::timestamptz[]
             ) RETURNING id`,
            [
              items.map((item) => item.name),
              items.map((item) => item.email),
              items.map((item) => item.quantity),
              items.map((item) => item.price),
              items.map((item) => item.active),
              items.map((item) => item.note),
              items.map((item) => item.createdAt),
            ],
          );
          return keys.map(({ id }) => id);
        },
        async updateItems(last) {
          const items = await readItems(last);
          return () => {
            const values = items.map(changed);
            return rows(
              "update",
              `UPDATE items SET name = new.name, quantity = new.quantity
               FROM unnest($1::int[], $2::text[], $3::int[]) AS new (id, name, quantity) WHERE items.id = new.id`,
              [items.map(({ id }) => id), values.map(({ name }) => name), values.map(({ quantity }) => quantity)],
            );
          };
        },
        async deleteItems(last) {
          const items = await readItems(last);
          return () => rows("delete", "DELETE FROM items WHERE id = ANY ($1)", [items.map(({ id }) => id)]);
        },
      },
      close: () => pool.end(),
    };
  },
};
