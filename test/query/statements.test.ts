import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  alias,
  array,
  cast,
  compile,
  declarativeBase,
  func,
  integer,
  jsonb,
  select,
  showSql,
  sql,
} from "../../src/index.js";
import { becomes, mood, Post, User } from "./helpers.js";

const manager = alias(User, "manager");
const userColumns =
  '"users"."username", "users"."mood", "users"."interests", "users"."contacts", "users"."manager_id", "users"."updated_at", "users"."id"';
describe("plans and keys", () => {
  test("the plan says where an entity's columns are, and of what it was read", () => {
    const { columns } = compile(select(User.id, manager, User.id.as("again"), func.count(), cast(User.id, integer())));
    assert.deepEqual(
      columns.map((plan) =>
        plan.kind === "entity" ? [plan.alias.qualifier, plan.offset, plan.count] : [plan.name, plan.column?.property],
      ),
      [
        ["id", "id"],
        [["manager"], 1, 7],
        ["again", "id"],
        ["count", undefined],
        ["column11", undefined],
      ],
    );
  });

  test("lists of any length are one statement", () => {
    const keyFor = (...ids: number[]) => compile(select(User.id).where(User.id.in(ids))).key;
    assert.equal(keyFor(1, 2), keyFor());
  });

  test("a statement shows its SQL", () => {
    assert.equal(String(select(User)), `SELECT ${userColumns} FROM "users"`);
    assert.equal(
      String(select(User.id).union(select(Post.id))),
      '(SELECT "users"."id" FROM "users") UNION (SELECT "posts"."id" FROM "posts")',
    );
    becomes(sql`SELECT ${select(func.count()).selectFrom(User)}`, 'SELECT (SELECT count(*) FROM "users")');
  });

  test("what is in an array or JSON is written by its own type", () => {
    class Box extends declarativeBase().model({
      id: integer().primaryKey(),
      moods: array(mood()),
      names: jsonb<string[]>().transform<Set<string>>({ read: (list) => new Set(list), write: (set) => [...set] }),
    }) {}
    assert.deepEqual(
      compile(
        select(Box.id).where(
          Box.moods.at(1).eq("glad"),
          Box.names.eq(new Set(["a"])),
          Box.names.getPath<string>(0).eq("a"),
        ),
      ).parameters,
      [1, "glad", '["a"]', ["0"], '"a"'],
    );
  });

  test("a statement shows its values, as they are written", () => {
    const query = select(User.id).where(
      User.username.eq("it's"),
      User.id.in([1, 2]),
      User.mood.in([]),
      User.interests.contains(["a b"]),
      User.contacts.contains({ mail: "x" }),
      User.updatedAt.lt(new Date(0)),
      User.managerId.isNotDistinctFrom(null),
      sql`${new Date(0)} < now() AND ${[1, "x"]} IS NOT NULL AND ${{ a: 1 }} IS NOT NULL`,
    );
    assert.equal(
      showSql(query),
      `SELECT "users"."id" FROM "users" WHERE "users"."username" = 'it''s' AND "users"."id" = ANY (ARRAY[1, 2]) AND "users"."mood" = ANY ('{}') AND "users"."interests" @> '{"a b"}' AND "users"."contacts" @> '{"mail":"x"}' AND "users"."updated_at" < '1970-01-01T00:00:00.000Z' AND "users"."manager_id" IS NOT DISTINCT FROM NULL AND ('1970-01-01T00:00:00.000Z' < now() AND ARRAY[1, 'x'] IS NOT NULL AND '{"a":1}' IS NOT NULL)`,
    );
    assert.equal(showSql(sql`SELECT ${1}`), "SELECT 1");
  });

  test("a statement is not changed by what is made of it", () => {
    const all = select(User.id);
    all.where(User.id.eq(1)).orderBy(User.id);
    assert.equal(String(all), 'SELECT "users"."id" FROM "users"');
  });
});

describe("refused", () => {
  const refused: readonly [string, () => unknown, string][] = [
    ["an element that is none", () => select(Reflect.get(User, "nmae")), "query.element"],
    ["nothing selected", () => Reflect.apply(select, null, []), "query.element"],
    ["a value among the elements", () => Reflect.apply(select, null, [5]), "query.element"],
    ["a comparison with undefined", () => User.id.eq(Reflect.get({}, "id")), "sql.undefined"],
    ["an operator that is none", () => User.id.operator("= 1 OR", 1), "sql.operator"],
    ["a comment as an operator", () => User.id.operator("--", 1), "sql.operator"],
    ["a join to the same table", () => select(User).join(User.manager), "query.alias_needed"],
    [
      "one table joined twice",
      () => String(select(User).join(Post, sql`true`).join(Post, sql`true`)),
      "query.alias_needed",
    ],
    ["a join with nothing before it", () => String(select(Post).join(Post, sql`true`)), "query.no_from"],
    [
      "a query joined without a name",
      () => Reflect.apply(select(User).crossJoin, select(User), [select(Post)]),
      "query.not_selectable",
    ],
    ["an alias of no model", () => Reflect.apply(alias, null, [class Nothing {}, "n"]), "query.not_a_model"],
    ["an alias of too few columns", () => alias(Post, select(Post.id).subquery("few")), "query.unknown_property"],
    ["two columns of one name in a subquery", () => select(User.id, Post.id).subquery("s"), "query.ambiguous_column"],
    ["an instance without a key", () => Post.user.eq(Object.create(User.prototype)), "query.unset_key"],
  ];
  for (const [name, work, code] of refused)
    test(name, () => {
      assert.throws(work, { name: "QueryError", code });
    });
});
