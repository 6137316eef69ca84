/** Functions, procedures and aggregates as models say them: what they become, how they are called, what is refused. */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { planCreation } from "../../src/diff/plan.js";
import {
  array,
  collectDeclarations,
  createEngine,
  customType,
  integer,
  ModelError,
  numeric,
  pgEnum,
  Session,
  select,
  sql,
  sqlAggregate,
  sqlFile,
  sqlFunction,
  sqlProcedure,
  text,
} from "../../src/index.js";
import { declaredCatalog } from "../../src/kinds/declare.js";
import { createDatabase } from "../support/database.js";
import { makeBase, problemsOf } from "./helpers.js";

const statementsOf = (...exports: readonly unknown[]) =>
  planCreation(declaredCatalog(collectDeclarations(exports)))
    .map(({ sql }) => sql)
    .filter((sql) => !sql.startsWith("CREATE SCHEMA"));

const mood = pgEnum("mood", ["ok"]);
const gross = sqlFunction("gross", {
  arguments: { price: numeric(), rate: numeric().serverDefault(sql`0.2`) },
  returns: numeric(),
  volatility: "immutable",
  strict: true,
  parallel: "safe",
  settings: { search_path: "", work_mem: "1MB" },
  comment: "with tax",
  body: sql`SELECT price * (1 + rate)`,
});

test("functions become what they say", () => {
  assert.deepEqual(statementsOf(gross), [
    [
      `CREATE FUNCTION "public"."gross"("price" numeric, "rate" numeric DEFAULT 0.2) RETURNS numeric`,
      "LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE",
      `SET "search_path" TO ''`,
      `SET "work_mem" TO '1MB'`,
      "AS $function$SELECT price * (1 + rate)$function$",
    ].join("\n"),
    `COMMENT ON FUNCTION "public"."gross"(numeric, numeric) IS 'with tax'`,
  ]);
});

test("arguments may be a list, have modes, and bring their types along", () => {
  const first = sqlFunction("first", {
    schema: "app",
    arguments: [
      customType("anyelement"),
      { mode: "variadic", type: array(mood()) },
      { name: "n", mode: "out", type: integer() },
    ],
    returns: "integer",
    sqlBody: "RETURN 1",
  });
  assert.deepEqual(statementsOf(first), [
    `CREATE TYPE "public"."mood" AS ENUM ('ok')`,
    'CREATE FUNCTION "app"."first"(anyelement, VARIADIC "public"."mood"[], OUT "n" integer) RETURNS integer\nLANGUAGE sql\nRETURN 1',
  ]);
});

test("procedures and aggregates become what they say", () => {
  const purge = sqlProcedure("purge", { language: "plpgsql", securityDefiner: true, body: "BEGIN END" });
  const product = sqlAggregate("product", {
    arguments: { x: numeric() },
    sfunc: "numeric_mul",
    stype: numeric(),
    initcond: "1",
    finalfunc_extra: false,
  });
  assert.deepEqual(statementsOf(purge, product), [
    'CREATE PROCEDURE "public"."purge"()\nLANGUAGE plpgsql SECURITY DEFINER\nAS $function$BEGIN END$function$',
    `CREATE AGGREGATE "public"."product"("x" numeric) (SFUNC = numeric_mul, STYPE = numeric, INITCOND = '1')`,
  ]);
});

test("a body may lie in a file, which is read when it is wanted", () => {
  const file = join(tmpdir(), `athanor-body-${process.pid}.sql`);
  const late = sqlFunction("late", { returns: "integer", body: sqlFile(pathToFileURL(file)) });
  assert.match(problemsOf(late)[0]?.message ?? "", /sqlFunction\("late"\): ENOENT/);
  writeFileSync(file, "SELECT 1 -- $function$");
  assert.deepEqual(statementsOf(late), [
    'CREATE FUNCTION "public"."late"() RETURNS integer\nLANGUAGE sql\nAS $function2$SELECT 1 -- $function$$function2$',
  ]);
});

test("a function is called in queries, and gives what it returns", async () => {
  class Item extends makeBase().model({ price: numeric() }, {}, { tablename: "items" }) {}
  await using database = await createDatabase({
    script: `${statementsOf(gross, Item).join(";\n")}; INSERT INTO items (price) VALUES (10), (20)`,
  });
  await using engine = createEngine(database.url);
  await using session = new Session(engine);
  const statement = select(Item.price, gross(Item.price, "0.5")).where(gross(Item.price).gt("15")).orderBy(Item.id);
  assert.deepEqual(await session.execute(statement).then((result) => result.all().map((row) => [...row])), [
    ["20", "30.0"],
  ]);
});

test("what contradicts itself is refused", () => {
  const options = { arguments: [integer()], returns: "integer", sqlBody: "RETURN 1" } as const;
  const codes = (...exports: readonly unknown[]) => problemsOf(...exports).map(({ code }) => code);
  assert.deepEqual(codes(sqlFunction("f", options), sqlProcedure("f", { ...options })), ["model.name_taken"]);
  assert.deepEqual(codes(sqlFunction("f", options), sqlFunction("f", { ...options, arguments: [text()] })), []);
  assert.deepEqual(codes(sqlFunction("f", { returns: "integer" })), ["model.function_body"]);
  assert.deepEqual(codes(sqlFunction("f", { returns: "integer", body: "x", sqlBody: "RETURN 1" })), [
    "model.function_body",
  ]);
  assert.deepEqual(
    codes(sqlFunction("f".repeat(64), options)),
    ["model.name_too_long", "model.name_too_long"].slice(1),
  );
  assert.throws(() => collectDeclarations([sqlFunction("", options)]), ModelError);
});
