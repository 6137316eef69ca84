import { alias, exists, func, literal, select } from "../../src/index.js";
import { Post, statementCases, Tag, User } from "./helpers.js";

const counts = () => select(Post.userId, func.count().as("posts")).groupBy(Post.userId).subquery("counts");
statementCases([
  {
    name: "set operations that count rows",
    statement: () =>
      select(Post.userId)
        .exceptAll(select(User.id))
        .intersectAll(select(Post.userId).where(Post.userId.eq(1)))
        .orderBy(Post.userId),
    text: '((SELECT "posts"."user_id" FROM "posts") EXCEPT ALL (SELECT "users"."id" FROM "users")) INTERSECT ALL (SELECT "posts"."user_id" FROM "posts" WHERE "posts"."user_id" = $1) ORDER BY "user_id"',
    parameters: ["1"],
    rows: [[1]],
  },
  {
    name: "a subquery is joined",
    statement: () => {
      const perUser = counts();
      return select(User.username, perUser.c.posts).leftJoin(perUser, perUser.c.userId.eq(User.id)).orderBy(User.id);
    },
    text: 'SELECT "users"."username", "counts"."posts" FROM "users" LEFT JOIN (SELECT "posts"."user_id", count(*) AS "posts" FROM "posts" GROUP BY "posts"."user_id") AS "counts" ON "counts"."user_id" = "users"."id" ORDER BY "users"."id"',
    rows: [
      ["ada", 2n],
      ["bob", 1n],
      ["eve", null],
    ],
  },
  {
    name: "a scalar subquery and EXISTS speak of the query around them",
    statement: () =>
      select(User.username, select(func.count(Post.id)).where(Post.userId.eq(User.id)).scalarSubquery().as("posts"))
        .where(exists(select(Post.id).where(Post.userId.eq(User.id))))
        .orderBy(User.id),
    text: 'SELECT "users"."username", (SELECT count("posts"."id") FROM "posts" WHERE "posts"."user_id" = "users"."id") AS "posts" FROM "users" WHERE EXISTS (SELECT "posts"."id" FROM "posts" WHERE "posts"."user_id" = "users"."id") ORDER BY "users"."id"',
    rows: [
      ["ada", 2n],
      ["bob", 1n],
    ],
  },
  {
    name: "a lateral join",
    statement: () => {
      const latest = select(Post.title)
        .where(Post.userId.eq(User.id))
        .orderBy(Post.id.desc())
        .limit(1)
        .subquery("latest");
      return select(User.username, latest.c.title).leftJoinLateral(latest).orderBy(User.id);
    },
    text: 'SELECT "users"."username", "latest"."title" FROM "users" LEFT JOIN LATERAL (SELECT "posts"."title" FROM "posts" WHERE "posts"."user_id" = "users"."id" ORDER BY "posts"."id" DESC LIMIT $1) AS "latest" ON true ORDER BY "users"."id"',
    parameters: [1],
    rows: [
      ["ada", "two"],
      ["bob", "three"],
      ["eve", null],
    ],
  },
  {
    name: "a CTE is written once, before what reads it, values in their order of writing",
    statement: () => {
      const glad = select(User.id).where(User.mood.eq("glad")).cte("glad", { materialized: false });
      const theirs = select(Post.id).join(glad, glad.c.id.eq(Post.userId)).cte("theirs");
      return select(theirs.c.id, glad.c.id).crossJoin(glad).where(theirs.c.id.gt(1));
    },
    text: 'WITH "glad" AS NOT MATERIALIZED (SELECT "users"."id" FROM "users" WHERE "users"."mood" = $1), "theirs" AS (SELECT "posts"."id" FROM "posts" JOIN "glad" ON "glad"."id" = "posts"."user_id") SELECT "theirs"."id", "glad"."id" FROM "theirs" CROSS JOIN "glad" WHERE "theirs"."id" > $2',
    parameters: ["glad", "1"],
    rows: [[2, 1]],
  },
  {
    name: "a recursive CTE",
    statement: () => {
      const tree = select(User.id, User.managerId, literal(0).as("depth"))
        .where(User.managerId.isNull())
        .recursiveCte("tree", (self) =>
          select(User.id, User.managerId, self.c.depth.plus(1).as("depth")).join(self, User.managerId.eq(self.c.id)),
        );
      return select(tree.c.id, tree.c.depth).orderBy(tree.c.id);
    },
    text: 'WITH RECURSIVE "tree" AS ((SELECT "users"."id", "users"."manager_id", $1::integer AS "depth" FROM "users" WHERE "users"."manager_id" IS NULL) UNION ALL (SELECT "users"."id", "users"."manager_id", "tree"."depth" + $2 AS "depth" FROM "users" JOIN "tree" ON "users"."manager_id" = "tree"."id")) SELECT "tree"."id", "tree"."depth" FROM "tree" ORDER BY "tree"."id"',
    parameters: ["0", "1"],
    rows: [
      [1, 0],
      [2, 1],
      [3, 1],
    ],
  },
  {
    name: "set operations",
    statement: () =>
      select(User.id)
        .union(select(Post.id))
        .unionAll(select(Tag.id))
        .except(select(User.id).where(User.id.eq(3)))
        .intersect(select(Post.id))
        .orderBy(User.id.desc())
        .limit(5)
        .offset(1),
    text: '((((SELECT "users"."id" FROM "users") UNION (SELECT "posts"."id" FROM "posts")) UNION ALL (SELECT "tags"."id" FROM "tags")) EXCEPT (SELECT "users"."id" FROM "users" WHERE "users"."id" = $1)) INTERSECT (SELECT "posts"."id" FROM "posts") ORDER BY "id" DESC LIMIT $2 OFFSET $3',
    parameters: ["3", 5, 1],
    rows: [[1]],
  },
  {
    name: "an entity's columns in a subquery",
    statement: () => {
      const posts = select(Post).where(Post.published.eq(true)).subquery("p");
      return select(posts.c.title, posts.c.userId).orderBy(posts.c.id);
    },
    text: 'SELECT "p"."title", "p"."user_id" FROM (SELECT "posts"."title", "posts"."published", "posts"."user_id", "posts"."id" FROM "posts" WHERE "posts"."published" = $1) AS "p" ORDER BY "p"."id"',
    parameters: ["t"],
    rows: [
      ["one", 1],
      ["three", 2],
    ],
  },
  {
    name: "a label goes on through subqueries, and values are read as before",
    statement: () => {
      const inner = select(User.mood.as("temper"), User.interests).where(User.id.eq(1)).subquery("inner");
      const outer = select(inner.c.temper, inner.c.interests).subquery("outer");
      return select(outer.c.temper, outer.c.interests).where(outer.c.interests.contains(["tea"]));
    },
    text: 'SELECT "outer"."temper", "outer"."interests" FROM (SELECT "inner"."temper", "inner"."interests" FROM (SELECT "users"."mood" AS "temper", "users"."interests" FROM "users" WHERE "users"."id" = $1) AS "inner") AS "outer" WHERE "outer"."interests" @> $2',
    parameters: ["1", "{tea}"],
    rows: [["glad", ["tea", "maths"]]],
  },
  {
    name: "a model whose rows are a subquery's, and its relationships",
    statement: () => {
      const latest = alias(Post, select(Post).orderBy(Post.id.desc()).limit(1).subquery("latest"));
      return select(latest.title, User.username).join(latest.user);
    },
    text: 'SELECT "latest"."title", "users"."username" FROM (SELECT "posts"."title", "posts"."published", "posts"."user_id", "posts"."id" FROM "posts" ORDER BY "posts"."id" DESC LIMIT $1) AS "latest" JOIN "users" ON "latest"."user_id" = "users"."id"',
    parameters: [1],
    rows: [["three", "bob"]],
  },
]);
