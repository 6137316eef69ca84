/** Triggers, rules, policies and event triggers as models say them: what they become, and what is refused. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { planCreation } from "../../src/diff/plan.js";
import {
  boolean,
  collectDeclarations,
  eventTrigger,
  inherit,
  integer,
  policy,
  rule,
  select,
  sql,
  sqlFunction,
  statistics,
  text,
  trigger,
} from "../../src/index.js";
import { declaredCatalog } from "../../src/kinds/declare.js";
import { makeBase, problemsOf } from "./helpers.js";

const statementsOf = (...exports: readonly unknown[]) =>
  planCreation(declaredCatalog(collectDeclarations(exports)))
    .map(({ sql }) => sql)
    .filter((sql) => !/^CREATE (SCHEMA|TABLE|FUNCTION|VIEW)/.test(sql));

const Base = makeBase();
const touch = sqlFunction("touch", { schema: "app", returns: "trigger", language: "plpgsql", body: "BEGIN END" });
const columns = { id: integer().primaryKey(), email: text(), paid: boolean() };

test("triggers speak of the table's columns, and of those of OLD and NEW", () => {
  class User extends Base.model(
    columns,
    {},
    {
      tablename: "users",
      triggers: (c, OLD, NEW) => [
        trigger("touch", { before: "update", of: [c.email], when: NEW.email.isDistinctFrom(OLD.email), call: touch }),
        trigger("log", {
          after: ["insert", "delete"],
          for: "statement",
          oldTable: "gone",
          call: ["ext", "log"],
          arguments: ["it's"],
          enabled: "always",
          comment: "who did it",
        }),
        trigger("late", { after: "insert", deferrable: "deferred", from: "other", call: "checked" }),
      ],
    },
  ) {}
  const on = '"public"."users"';
  assert.deepEqual(statementsOf(User), [
    `CREATE TRIGGER "touch" BEFORE UPDATE OF "email" ON ${on} FOR EACH ROW WHEN ("new"."email" IS DISTINCT FROM "old"."email") EXECUTE FUNCTION "app"."touch"()`,
    `CREATE TRIGGER "log" AFTER INSERT OR DELETE ON ${on} REFERENCING OLD TABLE AS "gone" FOR EACH STATEMENT EXECUTE FUNCTION "ext"."log"('it''s')`,
    `ALTER TABLE ${on} ENABLE ALWAYS TRIGGER "log"`,
    `COMMENT ON TRIGGER "log" ON ${on} IS 'who did it'`,
    `CREATE CONSTRAINT TRIGGER "late" AFTER INSERT ON ${on} FROM "other" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "checked"()`,
  ]);
});

test("the function that a trigger calls is declared with it", () => {
  class User extends Base.model(columns, {}, { triggers: () => [trigger("t", { before: "insert", call: touch })] }) {}
  assert.deepEqual(
    collectDeclarations([User]).functions.map(({ schema, name }) => [schema, name]),
    [["app", "touch"]],
  );
  const audit = sqlFunction("audit", { returns: "event_trigger", language: "plpgsql", body: "BEGIN END" });
  const declared = eventTrigger("e", { on: "sql_drop", tags: ["DROP TABLE"], call: audit, enabled: false });
  assert.equal(collectDeclarations([declared]).functions.length, 1);
  assert.deepEqual(statementsOf(declared), [
    `CREATE EVENT TRIGGER "e" ON "sql_drop" WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION "public"."audit"()`,
    'ALTER EVENT TRIGGER "e" DISABLE',
  ]);
});

test("policies speak of the table by its name, so that subqueries can", () => {
  class Team extends Base.model({ id: integer().primaryKey(), login: text() }) {}
  class Note extends Base.model(
    { id: integer().primaryKey(), team: integer() },
    {},
    {
      rowLevelSecurity: "forced",
      policies: (c) => [
        policy("own", {
          for: "select",
          to: ["app", "it's"],
          using: select(Team.id).where(Team.id.eq(c.team)).exists(),
        }),
        policy("few", { restrictive: true, using: c.id.lt(9), check: sql`${c.team} IS NOT NULL` }),
      ],
    },
  ) {}
  assert.deepEqual(statementsOf(Team, Note), [
    'ALTER TABLE "public"."notes" ENABLE ROW LEVEL SECURITY',
    'ALTER TABLE "public"."notes" FORCE ROW LEVEL SECURITY',
    `CREATE POLICY "own" ON "public"."notes" FOR SELECT TO "app", "it's" USING (EXISTS (SELECT "teams"."id" FROM "teams" WHERE "teams"."id" = "notes"."team"))`,
    'CREATE POLICY "few" ON "public"."notes" AS RESTRICTIVE USING ("notes"."id" < 9) WITH CHECK ("notes"."team" IS NOT NULL)',
  ]);
});

test("rules do something in place of a statement, or beside it; views have them and triggers too", () => {
  class Order extends Base.model(
    columns,
    {},
    {
      tablename: "orders",
      rules: (OLD, NEW) => [
        rule("keep", { on: "delete", where: OLD.paid, instead: "nothing" }),
        rule("log", { on: "insert", also: sql`INSERT INTO log VALUES (${NEW.id})` }),
      ],
    },
  ) {}
  class Open extends Base.view(
    { id: integer() },
    {
      as: sql`SELECT id FROM orders`,
      rules: (OLD) => [rule("r", { on: "delete", instead: sql`DELETE FROM orders WHERE id = ${OLD.id}` })],
      triggers: () => [trigger("t", { insteadOf: "insert", call: touch })],
    },
  ) {}
  assert.deepEqual(statementsOf(Order, Open), [
    'CREATE TRIGGER "t" INSTEAD OF INSERT ON "public"."opens" FOR EACH ROW EXECUTE FUNCTION "app"."touch"()',
    'CREATE RULE "keep" AS ON DELETE TO "public"."orders" WHERE "old"."paid" DO INSTEAD NOTHING',
    'CREATE RULE "log" AS ON INSERT TO "public"."orders" DO ALSO INSERT INTO log VALUES ("new"."id")',
    'CREATE RULE "r" AS ON DELETE TO "public"."opens" DO INSTEAD DELETE FROM orders WHERE id = "old"."id"',
  ]);
});

test("statistics are of columns and of expressions", () => {
  class Place extends Base.model(
    { city: text(), zip: text() },
    {},
    {
      statistics: (c) => [
        statistics("places", { on: [c.city, sql`lower(${c.zip})`], kinds: ["mcv"], target: 50, comment: "x" }),
        statistics("apart", { schema: "stats", on: [c.city, c.zip] }),
      ],
    },
  ) {}
  assert.deepEqual(statementsOf(Place), [
    'CREATE STATISTICS "public"."places" (mcv) ON "city", (lower("zip")) FROM "public"."places"',
    'ALTER STATISTICS "public"."places" SET STATISTICS 50',
    `COMMENT ON STATISTICS "public"."places" IS 'x'`,
    'CREATE STATISTICS "stats"."apart" ON "city", "zip" FROM "public"."places"',
  ]);
});

test("what can't be is refused with its name", () => {
  class Other extends Base.model({ id: integer().primaryKey() }) {}
  class User extends Base.model(
    columns,
    {},
    {
      triggers: (c) => [
        trigger("a", { before: "insert", of: [c.email], call: touch }),
        trigger("a", { before: [], call: touch }),
        trigger("b", { before: "update", of: [Other.id], call: touch }),
      ],
      policies: (c) => [policy("p", { using: sql`${Reflect.get(c, "emial")}` })],
      rules: () => [rule("x".repeat(64), { on: "delete", instead: "nothing" })],
    },
  ) {}
  class Sums extends Base.view(
    { id: integer() },
    {
      as: sql`SELECT 1 AS id`,
      materialized: true,
      triggers: () => [trigger("t", { insteadOf: "insert", call: touch })],
    },
  ) {}
  const problems = problemsOf([Other, User, Sums]);
  assert.deepEqual(problems.map(({ code }) => code).sort(), [
    "model.constraint_column",
    "model.name_taken",
    "model.name_too_long",
    "model.options",
    "model.trigger_events",
    "model.trigger_events",
    "model.view_triggers",
  ]);
  assert.match(problems.find(({ code }) => code === "model.options")?.message ?? "", /User has no column emial/);
});

test("a model that inherits has them on a table of its own, with its own key", () => {
  class Animal extends Base.model({ kind: text().discriminator(), name: text() }, {}, { identity: "animal" }) {}
  class Dog extends inherit(
    Animal,
    { id: integer().primaryKey().named("dog_id"), breed: text() },
    {},
    {
      identity: "dog",
      tablename: "dogs",
      triggers: (c, OLD) => [trigger("t", { before: "update", of: [c.breed], when: OLD.id.gt(0), call: touch })],
      policies: (c) => [policy("p", { using: c.breed.eq("pug") })],
    },
  ) {}
  assert.deepEqual(
    statementsOf(Animal, Dog).filter((statement) => !statement.startsWith("ALTER")),
    [
      `CREATE TRIGGER "t" BEFORE UPDATE OF "breed" ON "public"."dogs" FOR EACH ROW WHEN ("old"."dog_id" > 0) EXECUTE FUNCTION "app"."touch"()`,
      `CREATE POLICY "p" ON "public"."dogs" USING ("dogs"."breed" = 'pug')`,
    ],
  );
  assert.throws(
    () => inherit(Animal, {}, {}, { identity: "cat", rules: () => [] }),
    (error) => error instanceof Error && /has the option rules, and shares its table/.test(error.message),
  );
});
