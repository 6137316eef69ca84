import assert from "node:assert/strict";
import { test } from "node:test";
import { alias, compile, select } from "../../src/index.js";
import { becomes, User } from "./helpers.js";

const userColumns =
  '"users"."username", "users"."mood", "users"."interests", "users"."contacts", "users"."manager_id", "users"."updated_at", "users"."id"';

test("a selected model lists its columns", () => {
  becomes(
    select(User).where(User.id.gt(5), User.username.like("a%")).orderBy(User.id.desc()).limit(3),
    `SELECT ${userColumns} FROM "users" WHERE "users"."id" > $1 AND "users"."username" LIKE $2 ORDER BY "users"."id" DESC LIMIT $3`,
    ["5", "a%", 3],
  );
});

test("the plan says where an entity's columns are, and of what it was read", () => {
  const manager = alias(User, "manager");
  const { columns } = compile(select(User.id, manager, User.id.as("again")));
  assert.deepEqual(
    columns.map((plan) =>
      plan.kind === "entity" ? [plan.alias.qualifier, plan.offset, plan.count] : [plan.name, plan.column?.property],
    ),
    [
      ["id", "id"],
      [["manager"], 1, 7],
      ["again", "id"],
    ],
  );
});

test("lists of any length are one statement", () => {
  assert.equal(
    compile(select(User.id).where(User.id.in([1, 2]))).key,
    compile(select(User.id).where(User.id.in([]))).key,
  );
});
