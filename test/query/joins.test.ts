import { alias, and, func, integer, rowsOf, select, text } from "../../src/index.js";
import { Post, statementCases, Tag, User } from "./helpers.js";

const manager = alias(User, "manager");
const user = (id: number) => Object.assign(Object.create(User.prototype), { id });
statementCases([
  {
    name: "over a relationship",
    statement: () => select(User.username, Post.title).join(User.posts).orderBy(Post.id),
    text: 'SELECT "users"."username", "posts"."title" FROM "users" JOIN "posts" ON "users"."id" = "posts"."user_id" ORDER BY "posts"."id"',
    rows: [
      ["ada", "one"],
      ["ada", "two"],
      ["bob", "three"],
    ],
  },
  {
    name: "from the other side, of what is not selected",
    statement: () => select(User.username).join(Post.user, Post.published.eq(false)),
    text: 'SELECT "users"."username" FROM "posts" JOIN "users" ON "posts"."user_id" = "users"."id" AND "posts"."published" = $1',
    parameters: ["f"],
    rows: [["ada"]],
  },
  {
    name: "through a join table",
    statement: () => select(Post.title, Tag.c.name).leftJoin(Post.tags, Tag.c.name.eq("red")).orderBy(Post.id),
    text: 'SELECT "posts"."title", "tags"."name" FROM "posts" LEFT JOIN ("post_tags" JOIN "tags" ON "post_tags"."tag_id" = "tags"."id") ON "posts"."id" = "post_tags"."post_id" AND "tags"."name" = $1 ORDER BY "posts"."id"',
    parameters: ["red"],
    rows: [
      ["one", "red"],
      ["two", null],
      ["three", "red"],
    ],
  },
  {
    name: "a model joined with itself",
    statement: () => select(User.username, manager.username).join(User.manager.of(manager)).orderBy(User.id),
    text: 'SELECT "users"."username", "manager"."username" FROM "users" JOIN "users" AS "manager" ON "users"."manager_id" = "manager"."id" ORDER BY "users"."id"',
    rows: [
      ["bob", "ada"],
      ["eve", "ada"],
    ],
  },
  {
    name: "an alias's own relationship",
    statement: () => select(manager.username, Post.title).join(manager.posts).where(Post.id.eq(3)),
    text: 'SELECT "manager"."username", "posts"."title" FROM "users" AS "manager" JOIN "posts" ON "manager"."id" = "posts"."user_id" WHERE "posts"."id" = $1',
    parameters: ["3"],
    rows: [["bob", "three"]],
  },
  {
    name: "right, full and cross",
    statement: () =>
      select(User.id, Post.id, Tag.id)
        .rightJoin(Post, Post.userId.eq(User.id))
        .fullJoin(Tag, Tag.id.eq(Post.id))
        .crossJoin(manager)
        .where(manager.id.eq(1))
        .orderBy(Post.id),
    text: 'SELECT "users"."id", "posts"."id", "tags"."id" FROM "users" RIGHT JOIN "posts" ON "posts"."user_id" = "users"."id" FULL JOIN "tags" ON "tags"."id" = "posts"."id" CROSS JOIN "users" AS "manager" WHERE "manager"."id" = $1 ORDER BY "posts"."id"',
    parameters: ["1"],
    rows: [
      [1, 1, 1],
      [1, 2, 2],
      [2, 3, null],
    ],
  },
  {
    name: "several roots are in reach of a join's condition",
    statement: () =>
      select(func.count(User.id), func.count(Tag.id)).join(Post, and(Post.userId.eq(User.id), Post.id.eq(Tag.id))),
    text: 'SELECT count("users"."id"), count("tags"."id") FROM "users" CROSS JOIN "tags" JOIN "posts" ON ("posts"."user_id" = "users"."id" AND "posts"."id" = "tags"."id")',
    rows: [[2n, 2n]],
  },
  {
    name: "whether there is one",
    statement: () =>
      select(User.username).where(User.posts.any(Post.published.eq(false)), User.manager.of(manager).has().not()),
    text: 'SELECT "users"."username" FROM "users" WHERE EXISTS (SELECT 1 FROM "posts" WHERE "users"."id" = "posts"."user_id" AND "posts"."published" = $1) AND NOT (EXISTS (SELECT 1 FROM "users" AS "manager" WHERE "users"."manager_id" = "manager"."id"))',
    parameters: ["f"],
    rows: [["ada"]],
  },
  {
    name: "whether there is one, through a join table, as a value",
    statement: () => select(Post.id, Post.tags.any(Tag.c.name.eq("blue"))).orderBy(Post.id),
    text: 'SELECT "posts"."id", EXISTS (SELECT 1 FROM "post_tags", "tags" WHERE "posts"."id" = "post_tags"."post_id" AND "post_tags"."tag_id" = "tags"."id" AND "tags"."name" = $1) FROM "posts" ORDER BY "posts"."id"',
    parameters: ["blue"],
    rows: [
      [1, true],
      [2, false],
      [3, false],
    ],
  },
  {
    name: "compared with an instance",
    statement: () =>
      select(Post.id)
        .where(
          Post.user.eq(user(1)),
          Post.user.ne(user(2)),
          Post.tags.contains(Object.assign(Object.create(Tag.prototype), { id: 2 })),
        )
        .where(Post.user.eq(null).not()),
    text: 'SELECT "posts"."id" FROM "posts" WHERE "posts"."user_id" = $1 AND ("posts"."user_id" = $2) IS DISTINCT FROM $3 AND EXISTS (SELECT 1 FROM "post_tags" WHERE "posts"."id" = "post_tags"."post_id" AND "post_tags"."tag_id" = $4) AND NOT ("posts"."user_id" IS NULL)',
    parameters: ["1", "2", true, "2"],
    rows: [[1]],
  },
  {
    name: "a collection compared with an instance",
    statement: () =>
      select(User.id).where(User.posts.contains(Object.assign(Object.create(Post.prototype), { userId: 2 }))),
    text: 'SELECT "users"."id" FROM "users" WHERE "users"."id" = $1',
    parameters: ["2"],
    rows: [[2]],
  },
  {
    name: "a function's rows, which speak of the table before them",
    statement: () => {
      const words = rowsOf(func.unnest(User.interests), "words", { word: text() });
      return select(User.username, words.c.word).leftJoinLateral(words).orderBy(User.id, words.c.word);
    },
    text: 'SELECT "users"."username", "words"."word" FROM "users" LEFT JOIN LATERAL unnest("users"."interests") AS "words"("word") ON true ORDER BY "users"."id", "words"."word"',
    rows: [
      ["ada", "maths"],
      ["ada", "tea"],
      ["bob", "ale"],
      ["eve", null],
    ],
  },
  {
    name: "a function's rows by themselves",
    statement: () => {
      const days = rowsOf(func.call("generate_series", 1, 3), "days", { day: integer() });
      return select(days.c.day, func.count(Post.id))
        .leftJoin(Post, Post.id.eq(days.c.day))
        .groupBy(days.c.day)
        .orderBy(days.c.day.desc())
        .limit(1);
    },
    text: 'SELECT "days"."day", count("posts"."id") FROM "generate_series"($1::integer, $2::integer) AS "days"("day") LEFT JOIN "posts" ON "posts"."id" = "days"."day" GROUP BY "days"."day" ORDER BY "days"."day" DESC LIMIT $3',
    parameters: ["1", "3", 1],
    rows: [[3, 1n]],
  },
]);
