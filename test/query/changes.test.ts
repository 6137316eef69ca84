import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  alias,
  compile,
  declarativeBase,
  excluded,
  func,
  insert,
  integer,
  newRow,
  oldRow,
  remove,
  select,
  sql,
  update,
} from "../../src/index.js";
import { Post, statementCases, Tag, User } from "./helpers.js";

const rowsAsTheyWere = { major: 18, refusal: /Hint: oldRow\(\) and newRow\(\) are for .* PostgreSQL 18 or newer/ };

statementCases([
  {
    name: "one row",
    statement: () => insert(Tag).values({ name: "green" }).returning(Tag.c.name),
    text: 'INSERT INTO "tags" ("name") VALUES ($1) RETURNING "tags"."name"',
    parameters: ["green"],
    rows: [["green"]],
  },
  {
    name: "keys of one's own in place of the sequence's",
    statement: () =>
      insert(Tag)
        .overriding("system")
        .values([
          { id: 77, name: "green" },
          { id: 78, name: "grey" },
        ])
        .returning(Tag.id),
    text: 'INSERT INTO "tags" ("name", "id") OVERRIDING SYSTEM VALUE SELECT * FROM unnest($1::text[], $2::integer[]) RETURNING "tags"."id"',
    parameters: [
      ["green", "grey"],
      ["77", "78"],
    ],
    rows: [[77], [78]],
  },
  {
    name: "the rows as they were and as they are",
    statement: () =>
      update(User)
        .set({ mood: "odd" })
        .where(User.id.eq(1))
        .returning(oldRow(User).mood, newRow(User).mood, User.mood, oldRow(User).id.eq(User.id)),
    text: 'UPDATE "users" SET "mood" = $1, "updated_at" = now() WHERE "users"."id" = $2 RETURNING "old"."mood", "new"."mood", "users"."mood", "old"."id" = "users"."id"',
    parameters: ["odd", "1"],
    rows: [["glad", "odd", "odd", true]],
    since: rowsAsTheyWere,
  },
  {
    name: "an INSERT has no row before",
    statement: () => insert(Tag).values({ name: "x" }).returning(oldRow(Tag).name, newRow(Tag).name),
    text: 'INSERT INTO "tags" ("name") VALUES ($1) RETURNING "old"."name", "new"."name"',
    parameters: ["x"],
    rows: [[null, "x"]],
    since: rowsAsTheyWere,
  },
  {
    name: "a DELETE has none after",
    statement: () => remove(Post).where(Post.id.eq(99)).returning(oldRow(Post).title, newRow(Post).title.isNull()),
    text: 'DELETE FROM "posts" WHERE "posts"."id" = $1 RETURNING "old"."title", "new"."title" IS NULL',
    parameters: ["99"],
    rows: [],
    since: rowsAsTheyWere,
  },
  {
    name: "the sequence's keys in place of those of a query",
    statement: () =>
      insert(Tag)
        .overriding("user")
        .fromSelect(["id", "name"], select(User.id.plus(70), User.username).where(User.id.eq(1)))
        .returning(Tag.id.lt(70)),
    text: 'INSERT INTO "tags" ("id", "name") OVERRIDING USER VALUE (SELECT "users"."id" + $1, "users"."username" FROM "users" WHERE "users"."id" = $2) RETURNING "tags"."id" < $3',
    parameters: ["70", "1", "70"],
    rows: [[true]],
  },
  {
    name: "the model's defaults, and values by their column's type",
    statement: () =>
      insert(User)
        .values({ username: "joe", contacts: { mail: "joe@x" } })
        .returning(User.mood, User.interests, User.contacts),
    text: 'INSERT INTO "users" ("username", "mood", "interests", "contacts") VALUES ($1, $2, $3, $4) RETURNING "users"."mood", "users"."interests", "users"."contacts"',
    parameters: ["joe", "calm", "{}", '{"mail":"joe@x"}'],
    rows: [["calm", [], { mail: "joe@x" }]],
  },
  {
    name: "many rows are one array for each column",
    statement: () =>
      insert(User)
        .values([
          { username: "joe", interests: ["a", "b"], contacts: { mail: "x" } },
          { username: "kim", mood: "odd" },
        ])
        .values({ username: "lou", managerId: 1 })
        .returning(User.username, User.mood, User.interests, User.contacts, User.managerId),
    text: 'INSERT INTO "users" ("username", "mood", "interests", "contacts", "manager_id") SELECT "username", "mood", "interests"::text[], "contacts", "manager_id" FROM unnest($1::text[], $2::"mood"[], $3::text[], $4::jsonb[], $5::integer[]) AS "rows"("username", "mood", "interests", "contacts", "manager_id") RETURNING "users"."username", "users"."mood", "users"."interests", "users"."contacts", "users"."manager_id"',
    parameters: [
      ["joe", "kim", "lou"],
      ["calm", "odd", "calm"],
      ["{a,b}", "{}", "{}"],
      ['{"mail":"x"}', null, null],
      [null, null, "1"],
    ],
    rows: [
      ["joe", "calm", ["a", "b"], { mail: "x" }, null],
      ["kim", "odd", [], null, null],
      ["lou", "calm", [], null, 1],
    ],
  },
  {
    name: "rows that leave different columns to the database, or have SQL",
    statement: () =>
      insert(Tag)
        .values([{ name: "green" }, { id: 77, name: sql`lower('GREY')` }])
        .returning(Tag.c.name),
    text: 'INSERT INTO "tags" ("name", "id") VALUES ($1, DEFAULT), (lower(\'GREY\'), $2) RETURNING "tags"."name"',
    parameters: ["green", "77"],
    rows: [["green"], ["grey"]],
  },
  {
    name: "a null where there is a default counts as not given",
    statement: () => {
      const row: object = { title: "x", userId: 1, id: null, published: null };
      return Reflect.apply(insert(Post).values, insert(Post), [row]).returning(Post.published);
    },
    text: 'INSERT INTO "posts" ("title", "published", "user_id") VALUES ($1, $2, $3) RETURNING "posts"."published"',
    parameters: ["x", "f", "1"],
    rows: [[false]],
  },
  {
    name: "the rows of a query, with the model's defaults beside them",
    statement: () =>
      insert(Post)
        .fromSelect(["title", "userId"], select(User.username, User.id).where(User.id.eq(3)))
        .returning(Post.title, Post.published),
    text: 'INSERT INTO "posts" ("title", "user_id", "published") SELECT "source".*, $1::boolean FROM (SELECT "users"."username", "users"."id" FROM "users" WHERE "users"."id" = $2) AS "source" RETURNING "posts"."title", "posts"."published"',
    parameters: ["f", "3"],
    rows: [["eve", false]],
  },
  {
    name: "the rows of a query alone",
    statement: () => insert(Tag).fromSelect(["name"], select(User.username).where(User.id.eq(1))),
    text: 'INSERT INTO "tags" ("name") (SELECT "users"."username" FROM "users" WHERE "users"."id" = $1)',
    parameters: ["1"],
    rows: [],
  },
  {
    name: "on conflict do nothing",
    statement: () => insert(Tag).values({ name: "red" }).onConflictDoNothing().returning(Tag.id),
    text: 'INSERT INTO "tags" ("name") VALUES ($1) ON CONFLICT DO NOTHING RETURNING "tags"."id"',
    parameters: ["red"],
    rows: [],
  },
  {
    name: "on conflict do update, and onUpdate stays out of it",
    statement: () =>
      insert(User)
        .values({ username: "ada", mood: "odd" })
        .onConflictDoUpdate({
          target: [User.username],
          set: { mood: excluded(User).mood, managerId: 2 },
          where: User.mood.ne(excluded(User).mood),
        })
        .returning(User.id, User.mood, User.managerId),
    text: 'INSERT INTO "users" ("username", "mood", "interests") VALUES ($1, $2, $3) ON CONFLICT ("username") DO UPDATE SET "mood" = "excluded"."mood", "manager_id" = $4 WHERE "users"."mood" <> "excluded"."mood" RETURNING "users"."id", "users"."mood", "users"."manager_id"',
    parameters: ["ada", "odd", "{}", "2"],
    rows: [[1, "odd", 2]],
  },
  {
    name: "on a conflict with a constraint",
    statement: () =>
      insert(Tag)
        .values({ name: "red" })
        .onConflictDoUpdate({ constraint: "tags_name_key", set: { name: excluded(Tag).name.concat("!") } })
        .returning(Tag.c.name),
    text: 'INSERT INTO "tags" ("name") VALUES ($1) ON CONFLICT ON CONSTRAINT "tags_name_key" DO UPDATE SET "name" = "excluded"."name" || $2 RETURNING "tags"."name"',
    parameters: ["red", "!"],
    rows: [["red!"]],
  },
  {
    name: "an update sets what the model updates by itself",
    statement: () =>
      update(User).set({ mood: "glad", managerId: null }).where(User.id.eq(2)).returning(User.username, User.mood),
    text: 'UPDATE "users" SET "mood" = $1, "manager_id" = $2, "updated_at" = now() WHERE "users"."id" = $3 RETURNING "users"."username", "users"."mood"',
    parameters: ["glad", null, "2"],
    rows: [["bob", "glad"]],
  },
  {
    name: "an update by what is there, and from another table",
    statement: () =>
      update(Post)
        .set({ title: Post.title.concat(User.username) })
        .from(User)
        .where(Post.userId.eq(User.id), User.id.eq(2))
        .returning(Post.title, User.username),
    text: 'UPDATE "posts" SET "title" = "posts"."title" || "users"."username" FROM "users" WHERE "posts"."user_id" = "users"."id" AND "users"."id" = $1 RETURNING "posts"."title", "users"."username"',
    parameters: ["2"],
    rows: [["threebob", "bob"]],
  },
  {
    name: "an update with a subquery",
    statement: () => {
      const other = alias(Post, "other");
      return update(Post)
        .set({ title: select(func.max(other.title)).scalarSubquery().operator<string>("||", "!") })
        .where(Post.id.eq(1))
        .returning(Post.title);
    },
    text: 'UPDATE "posts" SET "title" = (SELECT max("other"."title") FROM "posts" AS "other") || $1 WHERE "posts"."id" = $2 RETURNING "posts"."title"',
    parameters: ["!", "1"],
    rows: [["two!"]],
  },
  {
    name: "a delete, using another table",
    statement: () =>
      remove(Post).using(User).where(Post.userId.eq(User.id), User.username.eq("bob")).returning(Post.id, Post.title),
    text: 'DELETE FROM "posts" USING "users" WHERE "posts"."user_id" = "users"."id" AND "users"."username" = $1 RETURNING "posts"."id", "posts"."title"',
    parameters: ["bob"],
    rows: [[3, "three"]],
  },
  {
    name: "what a delete returns is read by another statement",
    statement: () => {
      const gone = remove(Post).where(Post.published.eq(false)).returning(Post.title).cte("gone");
      return insert(Tag).fromSelect(["name"], select(gone.c.title)).returning(Tag.c.name);
    },
    text: 'WITH "gone" AS (DELETE FROM "posts" WHERE "posts"."published" = $1 RETURNING "posts"."title") INSERT INTO "tags" ("name") (SELECT "gone"."title" FROM "gone") RETURNING "tags"."name"',
    parameters: ["f"],
    rows: [["two"]],
  },
]);

describe("many rows", () => {
  test("are one statement, however many", () => {
    const keyFor = (count: number) =>
      compile(insert(Tag).values(Array.from({ length: count }, (_, i) => ({ name: `n${i}` })))).key;
    assert.equal(keyFor(2), keyFor(100_000));
  });

  test("a default is called for each row, each time the statement is compiled", () => {
    let calls = 0;
    class Note extends declarativeBase().model({
      id: integer().primaryKey(),
      number: integer().default(() => ++calls),
    }) {}
    const two = insert(Note).values([{ id: 1 }, { id: 2 }]);
    assert.deepEqual(compile(two).parameters, [
      ["1", "2"],
      ["1", "2"],
    ]);
    assert.deepEqual(compile(two).parameters, [
      ["1", "2"],
      ["3", "4"],
    ]);
  });
});

describe("refused", () => {
  const refused: readonly [string, () => unknown, string][] = [
    [
      "a property that is no column",
      () => Reflect.apply(insert(Tag).values, insert(Tag), [{ nmae: "x" }]),
      "query.unknown_property",
    ],
    [
      "a relationship as a column",
      () => Reflect.apply(update(User).set, update(User), [{ posts: [] }]),
      "query.unknown_property",
    ],
    [
      "a property of every object",
      () => Reflect.apply(update(User).set, update(User), [{ toString: "x" }]),
      "query.unknown_property",
    ],
    ["an insert without rows", () => compile(insert(Tag)), "query.no_rows"],
    ["an update that sets nothing", () => compile(update(User)), "query.nothing_set"],
    ["an insert into no model", () => Reflect.apply(insert, null, [{}]), "query.not_a_model"],
    [
      "more parameters than a statement takes",
      () =>
        compile(
          insert(Tag)
            .values(Array.from({ length: 65_536 }, () => ({ name: "x" })))
            .values({ name: sql`'y'` }),
        ),
      "query.too_many_parameters",
    ],
  ];
  for (const [name, work, code] of refused)
    test(name, () => {
      assert.throws(work, { name: "QueryError", code });
    });
});
