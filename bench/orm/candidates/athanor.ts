/** Athanor: a session for each unit of work, and its models' objects. */

import {
  boolean,
  createEngine,
  declarativeBase,
  doublePrecision,
  integer,
  many,
  one,
  select,
  selectinload,
  sessionmaker,
  text,
  timestamptz,
} from "../../../dist/index.js";
import type { Candidate } from "../candidate.js";
import { changed } from "../data.js";
import { athanorVersion } from "../version.js";

const Base = declarativeBase({
  columns: { id: integer().primaryKey().identity() },
  tablename: (className) => `${className.toLowerCase()}s`,
});

class Item extends Base.model({
  name: text(),
  email: text(),
  quantity: integer(),
  price: doublePrecision(),
  active: boolean(),
  note: text().nullable(),
  createdAt: timestamptz(3),
}) {}

class Author extends Base.model(
  { name: text() },
  {
    get posts() {
      return many(Post, { backPopulates: "author", orderBy: () => Post.id });
    },
  },
) {}

class Post extends Base.model(
  {
    authorId: integer().references("authors.id").index(),
    title: text(),
    body: text(),
    likes: integer(),
    published: boolean(),
  },
  {
    get author() {
      return one(Author, { backPopulates: "posts" });
    },
    get tags() {
      return many(Tag, { secondary: "post_tags" });
    },
  },
) {}

class Tag extends Base.model({ label: text() }) {}

export const candidate: Candidate = {
  name: "Athanor",
  version: athanorVersion,
  async open(url) {
    const engine = createEngine(url, { pool: { idleTimeout: 3_600_000 } });
    const Sessions = sessionmaker(engine);
    const itemsUpTo = (last: number) => select(Item).where(Item.id.lte(last)).orderBy(Item.id);

    return {
      cases: {
        async readOne(id) {
          await using session = Sessions();
          return await session.get(Item, id);
        },
        async readItems(last) {
          await using session = Sessions();
          return (await session.execute(itemsUpTo(last))).scalars().all();
        },
        async readAuthors(last) {
          await using session = Sessions();
          const authors = select(Author).where(Author.id.lte(last)).orderBy(Author.id);
          return (await session.execute(authors.options(selectinload(Author.posts)))).scalars().all();
        },
        async readTaggedPosts(last) {
          await using session = Sessions();
          const posts = select(Post).where(Post.id.lte(last)).orderBy(Post.id);
          return (await session.execute(posts.options(selectinload(Post.tags)))).scalars().all();
        },
        async insertOne(values) {
          const item = new Item({ ...values });
          await Sessions.begin(async (session) => session.add(item));
          return item.id;
        },
        async insertItems(list) {
          const items = list.map((values) => new Item({ ...values }));
          await Sessions.begin(async (session) => session.addAll(items));
          return items.map(({ id }) => id);
        },
        async updateItems(last) {
          const session = Sessions();
          const items = (await session.execute(itemsUpTo(last))).scalars().all();
          return async () => {
            for (const item of items) Object.assign(item, changed(item));
            await session.commit();
            await session.close();
          };
        },
        async deleteItems(last) {
          const session = Sessions();
          const items = (await session.execute(itemsUpTo(last))).scalars().all();
          return async () => {
            for (const item of items) session.delete(item);
            await session.commit();
            await session.close();
          };
        },
      },
      close: () => engine.dispose(),
    };
  },
};
