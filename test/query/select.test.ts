import { asc, cube, func, groupingSets, not, or, rollup, select, sql } from "../../src/index.js";
import { Post, statementCases, Tag, User } from "./helpers.js";

statementCases([
  {
    name: "a model lists its columns",
    statement: () => select(Tag).where(Tag.id.gt(1)).orderBy(Tag.id.desc()).limit(3).offset(0),
    text: 'SELECT "tags"."name", "tags"."id" FROM "tags" WHERE "tags"."id" > $1 ORDER BY "tags"."id" DESC LIMIT $2 OFFSET $3',
    parameters: ["1", 3, 0],
  },
  {
    name: "conditions of several calls hold together, and alternatives keep their parentheses",
    statement: () =>
      select(User.id)
        .where(or(User.id.eq(1), User.id.eq(2)))
        .where(not(User.username.eq("bob")), sql`true OR false`),
    text: 'SELECT "users"."id" FROM "users" WHERE ("users"."id" = $1 OR "users"."id" = $2) AND NOT ("users"."username" = $3) AND (true OR false)',
    parameters: ["1", "2", "bob"],
    rows: [[1]],
  },
  {
    name: "values are read and written by their column's type",
    statement: () =>
      select(User.mood, User.interests, User.contacts).where(
        User.contacts.eq({ mail: "ada@x", phones: ["1", "2"] }),
        User.interests.eq(["tea", "maths"]),
      ),
    text: 'SELECT "users"."mood", "users"."interests", "users"."contacts" FROM "users" WHERE "users"."contacts" = $1 AND "users"."interests" = $2',
    parameters: ['{"mail":"ada@x","phones":["1","2"]}', "{tea,maths}"],
    rows: [["glad", ["tea", "maths"], { mail: "ada@x", phones: ["1", "2"] }]],
  },
  {
    name: "a list is one array",
    statement: () =>
      select(User.id)
        .where(User.mood.in(["glad", "odd"]))
        .orderBy(User.id),
    text: 'SELECT "users"."id" FROM "users" WHERE "users"."mood" = ANY ($1) ORDER BY "users"."id"',
    parameters: [["glad", "odd"]],
    rows: [[1], [3]],
  },
  {
    name: "not in a list, in an empty one, in one with SQL",
    statement: () =>
      select(User.id)
        .where(User.id.notIn([1]), User.id.in([]).not(), User.id.in([2, User.managerId, sql`3`]))
        .orderBy(User.id),
    text: 'SELECT "users"."id" FROM "users" WHERE "users"."id" <> ALL ($1) AND NOT ("users"."id" = ANY ($2)) AND "users"."id" IN ($3, "users"."manager_id", (3)) ORDER BY "users"."id"',
    parameters: [["1"], [], "2"],
    rows: [[2], [3]],
  },
  {
    name: "in a query",
    statement: () =>
      select(Tag.c.name)
        .where(Tag.id.in(select(Post.id)))
        .orderBy(Tag.c.name),
    text: 'SELECT "tags"."name" FROM "tags" WHERE "tags"."id" IN (SELECT "posts"."id" FROM "posts") ORDER BY "tags"."name"',
    rows: [["blue"], ["red"]],
  },
  {
    name: "NULL",
    statement: () =>
      select(User.id).where(
        User.managerId.eq(null),
        User.contacts.ne(null),
        User.managerId.isDistinctFrom(7),
        User.managerId.isNotDistinctFrom(null),
      ),
    text: 'SELECT "users"."id" FROM "users" WHERE "users"."manager_id" IS NULL AND "users"."contacts" IS NOT NULL AND "users"."manager_id" IS DISTINCT FROM $1 AND "users"."manager_id" IS NOT DISTINCT FROM $2',
    parameters: ["7", null],
    rows: [[1]],
  },
  {
    name: "comparisons of text",
    statement: () =>
      select(User.id).where(
        User.username.like("a%"),
        User.username.ilike("A%"),
        User.username.notLike("b%"),
        User.username.notIlike("B%"),
        User.username.matches("^a.a$"),
        User.username.between("a", "b"),
      ),
    text: 'SELECT "users"."id" FROM "users" WHERE "users"."username" LIKE $1 AND "users"."username" ILIKE $2 AND "users"."username" NOT LIKE $3 AND "users"."username" NOT ILIKE $4 AND "users"."username" ~ $5 AND "users"."username" BETWEEN $6 AND $7',
    parameters: ["a%", "A%", "b%", "B%", "^a.a$", "a", "b"],
    rows: [[1]],
  },
  {
    name: "arithmetic keeps the order in which it was written",
    statement: () => select(User.id.plus(1).times(2).minus(User.id).as("n")).where(User.id.modulo(2).eq(0)),
    text: 'SELECT (("users"."id" + $1) * $2) - "users"."id" AS "n" FROM "users" WHERE ("users"."id" % $3) = $4',
    parameters: ["1", "2", "2", "0"],
    rows: [[4]],
  },
  {
    name: "distinct, and distinct on",
    statement: () => select(Post.title).distinctOn(Post.userId).orderBy(Post.userId, Post.id.desc()),
    text: 'SELECT DISTINCT ON ("posts"."user_id") "posts"."title" FROM "posts" ORDER BY "posts"."user_id", "posts"."id" DESC',
    rows: [["two"], ["three"]],
  },
  {
    name: "distinct rows, ordered by a label",
    statement: () => {
      const author = Post.userId.as("author");
      return select(author).distinct().orderBy(author);
    },
    text: 'SELECT DISTINCT "posts"."user_id" AS "author" FROM "posts" ORDER BY "author"',
    rows: [[1], [2]],
  },
  {
    name: "groups",
    statement: () =>
      select(Post.userId, func.count(), func.max(Post.title))
        .groupBy(Post.userId)
        .having(func.count().gt(1n), func.bool_or(Post.published)),
    text: 'SELECT "posts"."user_id", count(*), max("posts"."title") FROM "posts" GROUP BY "posts"."user_id" HAVING count(*) > $1 AND bool_or("posts"."published")',
    parameters: [1n],
    rows: [[1, 2n, "two"]],
  },
  {
    name: "locks",
    statement: () =>
      select(User.id)
        .where(User.id.eq(1))
        .forUpdate({ of: [User], skipLocked: true })
        .forKeyShare(),
    text: 'SELECT "users"."id" FROM "users" WHERE "users"."id" = $1 FOR UPDATE OF "users" SKIP LOCKED FOR KEY SHARE',
    parameters: ["1"],
    rows: [[1]],
  },
  {
    name: "weaker locks",
    statement: () => select(User.id).where(User.id.eq(1)).forNoKeyUpdate({ nowait: true }).forShare(),
    text: 'SELECT "users"."id" FROM "users" WHERE "users"."id" = $1 FOR NO KEY UPDATE NOWAIT FOR SHARE',
    parameters: ["1"],
    rows: [[1]],
  },
  {
    name: "several tables, and FROM as it is given",
    statement: () => select(func.count()).selectFrom(User, Tag),
    text: 'SELECT count(*) FROM "users", "tags"',
    rows: [[6n]],
  },
  {
    name: "orders of SQL, NULLs and collations",
    statement: () =>
      select(User.id).orderBy(
        User.managerId.desc().nullsLast(),
        User.username.collate("C").desc(),
        asc(sql`length(${User.username})`),
      ),
    text: 'SELECT "users"."id" FROM "users" ORDER BY "users"."manager_id" DESC NULLS LAST, "users"."username" COLLATE "C" DESC, length("users"."username")',
    rows: [[3], [2], [1]],
  },
  {
    name: "sets of groups",
    statement: () =>
      select(func.count())
        .selectFrom(Post)
        .groupBy(rollup(Post.userId), cube(Post.published), groupingSets([Post.userId], [])),
    text: 'SELECT count(*) FROM "posts" GROUP BY ROLLUP ("posts"."user_id"), CUBE ("posts"."published"), GROUPING SETS (("posts"."user_id"), ())',
  },
]);
