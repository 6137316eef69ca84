import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { objectId } from "../../src/catalog/catalog.js";
import { planChanges } from "../../src/diff/plan.js";
import { AthanorError } from "../../src/errors.js";
import { acceptance } from "../support/acceptance.js";
import { createDatabase } from "../support/database.js";
import { readDatabase } from "../support/transition.js";

acceptance("plans", [
  {
    name: "tables that reference each other",
    before: "",
    after: `CREATE TABLE a (id int PRIMARY KEY, b int); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a);
      ALTER TABLE a ADD CONSTRAINT a_b_fkey FOREIGN KEY (b) REFERENCES b`,
    up: [
      'CREATE TABLE "public"."a" (\n  "id" integer NOT NULL,\n  "b" integer,\n  CONSTRAINT "a_pkey" PRIMARY KEY ("id")\n)',
      'CREATE TABLE "public"."b" (\n  "id" integer NOT NULL,\n  "a" integer,\n  CONSTRAINT "b_pkey" PRIMARY KEY ("id")\n)',
      'ALTER TABLE "public"."b" ADD CONSTRAINT "b_a_fkey" FOREIGN KEY ("a") REFERENCES "public"."a" ("id")',
      'ALTER TABLE "public"."a" ADD CONSTRAINT "a_b_fkey" FOREIGN KEY ("b") REFERENCES "public"."b" ("id")',
    ],
    down: ['ALTER TABLE "public"."b" DROP CONSTRAINT "b_a_fkey"', 'DROP TABLE "public"."a"', 'DROP TABLE "public"."b"'],
  },
  {
    name: "a NOT NULL column that goes does not take its table along",
    before: "CREATE TABLE t (a int NOT NULL DEFAULT 1, b int)",
    after: "CREATE TABLE t (b int)",
    up: ['ALTER TABLE "public"."t" DROP COLUMN "a"'],
  },
  {
    name: "a foreign key within a table whose referenced column goes",
    before: "CREATE TABLE t (a int PRIMARY KEY, b int REFERENCES t)",
    after: "CREATE TABLE t (b int)",
    up: ['ALTER TABLE "public"."t" DROP CONSTRAINT "t_b_fkey"', 'ALTER TABLE "public"."t" DROP COLUMN "a"'],
  },
  {
    name: "a foreign key goes before the table it references becomes unlogged",
    before: "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a int REFERENCES a)",
    after: "CREATE UNLOGGED TABLE a (id int PRIMARY KEY); CREATE TABLE b (a int)",
    up: ['ALTER TABLE "public"."b" DROP CONSTRAINT "b_a_fkey"', 'ALTER TABLE "public"."a" SET UNLOGGED'],
  },
  {
    name: "a range type over another subtype steps aside with its constructors",
    before: "CREATE TYPE span AS RANGE (SUBTYPE = int4); CREATE TABLE t (s span)",
    after: "CREATE TYPE span AS RANGE (SUBTYPE = int8); CREATE TABLE t (s span)",
    up: [
      'ALTER FUNCTION "public"."span"(integer, integer) RENAME TO "span_going_away"',
      'ALTER FUNCTION "public"."span"(integer, integer, text) RENAME TO "span_going_away"',
      'ALTER TYPE "public"."span" RENAME TO "span_going_away"',
      'ALTER FUNCTION "public"."span_multirange"() RENAME TO "span_going_away_multi"',
      'ALTER TYPE "public"."span_multirange" RENAME TO "span_going_away_multi"',
      'CREATE TYPE "public"."span" AS RANGE (SUBTYPE = bigint, MULTIRANGE_TYPE_NAME = "public"."span_multirange")',
      'ALTER TABLE "public"."t" ALTER COLUMN "s" TYPE public.span USING "s"::text::public.span',
      'DROP TYPE "public"."span_going_away"',
    ],
  },
  {
    name: "two keys on the same columns, of which one CREATE TABLE would keep one",
    before: "",
    after: "CREATE TABLE t (a int NOT NULL, CONSTRAINT p PRIMARY KEY (a)); ALTER TABLE t ADD CONSTRAINT u UNIQUE (a)",
    up: [
      'CREATE TABLE "public"."t" (\n  "a" integer NOT NULL,\n  CONSTRAINT "p" PRIMARY KEY ("a")\n)',
      'ALTER TABLE "public"."t" ADD CONSTRAINT "u" UNIQUE ("a")',
    ],
  },
  {
    name: "comments change by themselves",
    before:
      "CREATE SCHEMA s; CREATE TABLE s.t (a int); CREATE TYPE s.r AS RANGE (SUBTYPE = int4); COMMENT ON SCHEMA s IS 'old'",
    after: `CREATE SCHEMA s; CREATE TABLE s.t (a int); CREATE TYPE s.r AS RANGE (SUBTYPE = int4);
      COMMENT ON COLUMN s.t.a IS 'it''s \\ new'; COMMENT ON TYPE s.r IS 'r'`,
    up: [
      'COMMENT ON SCHEMA "s" IS NULL',
      `COMMENT ON TYPE "s"."r" IS 'r'`,
      `COMMENT ON COLUMN "s"."t"."a" IS E'it''s \\\\ new'`,
    ],
  },
  {
    name: "a comment on what a type set aside depends on makes no circle",
    before: "CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (e e)",
    after: "CREATE TYPE e AS ENUM ('b', 'a'); CREATE TABLE t (e e); COMMENT ON SCHEMA public IS 'x'",
    up: [
      `COMMENT ON SCHEMA "public" IS 'x'`,
      'ALTER TYPE "public"."e" RENAME TO "e_going_away"',
      `CREATE TYPE "public"."e" AS ENUM ('b', 'a')`,
      'ALTER TABLE "public"."t" ALTER COLUMN "e" TYPE public.e USING "e"::text::public.e',
      'DROP TYPE "public"."e_going_away"',
    ],
  },
  {
    name: "a name that another object still has is no rename",
    before: "CREATE TABLE a (x int CONSTRAINT one UNIQUE); CREATE TABLE b (x int CONSTRAINT two UNIQUE)",
    after: "CREATE TABLE a (x int CONSTRAINT two UNIQUE); CREATE TABLE b (x int)",
    answers: {},
    up: [
      'ALTER TABLE "public"."a" DROP CONSTRAINT "one"',
      'ALTER TABLE "public"."b" DROP CONSTRAINT "two"',
      'ALTER TABLE "public"."a" ADD CONSTRAINT "two" UNIQUE ("x")',
    ],
  },
  {
    name: "names are never SQL",
    before: "",
    after: `CREATE TABLE """; drop table x; --" ("select" int PRIMARY KEY, "🐘" text DEFAULT 'it''s')`,
    up: [
      `CREATE TABLE "public"."""; drop table x; --" (\n  "select" integer NOT NULL,\n  "🐘" text DEFAULT 'it''s'::text,\n  CONSTRAINT """; drop table x; --_pkey" PRIMARY KEY ("select")\n)`,
    ],
  },
  {
    name: "a type set aside takes a name that nothing has",
    before: "CREATE TYPE a AS ENUM ('x', 'y'); CREATE TABLE a_going_away (a a)",
    after: "CREATE TYPE a AS ENUM ('y', 'x'); CREATE TABLE a_going_away (a a)",
    up: [
      'ALTER TYPE "public"."a" RENAME TO "a_going_away2"',
      `CREATE TYPE "public"."a" AS ENUM ('y', 'x')`,
      'ALTER TABLE "public"."a_going_away" ALTER COLUMN "a" TYPE public.a USING "a"::text::public.a',
      'DROP TYPE "public"."a_going_away2"',
    ],
  },
  {
    name: "what is not managed is left alone",
    before: "CREATE TABLE t (a int); CREATE TYPE shell",
    after: "CREATE TABLE t (a int, b int)",
    up: ['ALTER TABLE "public"."t" ADD COLUMN "b" integer'],
  },
]);

describe("values that no cast reaches are refused before anything runs", () => {
  const wholes: readonly (readonly [what: string, script: string])[] = [
    ["composite type public.pair", "CREATE TYPE pair AS (s status, n int); CREATE TABLE t (p pair)"],
    ["composite type public.pair", "CREATE TYPE pair AS (s status, n int); CREATE TABLE t (p pair[])"],
    ["range type public.span", "CREATE TYPE span AS RANGE (SUBTYPE = status); CREATE TABLE t (p span)"],
    ["domain public.list", "CREATE DOMAIN list AS status[]; CREATE TABLE t (p list[])"],
  ];
  const id = objectId("enum", ["public", "status"]);
  for (const [what, script] of wholes)
    test(script, async () => {
      await using from = await createDatabase({ script: `CREATE TYPE status AS ENUM ('a', 'b'); ${script}` });
      await using to = await createDatabase({ script: `CREATE TYPE status AS ENUM ('a'); ${script}` });
      const catalogs = [await readDatabase(from.url), await readDatabase(to.url)] as const;
      assert.throws(
        () => planChanges(...catalogs, { labelReplacements: new Map([[id, { b: "a" }]]) }),
        (error) =>
          error instanceof AthanorError &&
          error.code === "plan.unreachable" &&
          error.message.startsWith("Values of enum public.status have to change") &&
          error.message.includes(what),
      );
      // The column's own way of conversion, or no replacement, is no trouble.
      const using = new Map([[objectId("column", ["public", "t", "p"]), "NULL"]]);
      planChanges(...catalogs, { using, labelReplacements: new Map([[id, { b: "a" }]]) });
      planChanges(...catalogs);
    });
});

test("attributes that change places inside an array are refused too", async () => {
  const script = (attributes: string) => `CREATE TYPE c AS (${attributes}); CREATE TABLE t (c c[])`;
  await using from = await createDatabase({ script: script("x int, y int") });
  await using to = await createDatabase({ script: script("y int, x int") });
  const catalogs = [await readDatabase(from.url), await readDatabase(to.url)] as const;
  assert.throws(() => planChanges(...catalogs), {
    code: "plan.unreachable",
    message: /^Values of composite type public\.c .* inside an array/,
  });
});

/** A type with functions of its own, which is no kind yet. */
const baseType = `CREATE TYPE number; CREATE FUNCTION number_in(cstring) RETURNS number LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
  CREATE FUNCTION number_out(number) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
  CREATE TYPE number (INPUT = number_in, OUTPUT = number_out, LIKE = int4)`;

describe("refusals name what is not managed", () => {
  const refusals = [
    {
      name: "a name that a type has",
      before: "CREATE TYPE v",
      after: "CREATE TABLE v (a int)",
      message: /There can be no table v as long as there is type public\.v/,
    },
    {
      name: "a type that is not there",
      before: "CREATE TABLE t (a int)",
      after: `${baseType}; CREATE TABLE t (a int, b number)`,
      message: /column t\.b needs type public\.number/,
    },
    {
      name: "a type whose functions go",
      before: baseType,
      after: "",
      message: /type public\.number depends on function number_out\(public\.number\)/,
    },
  ];
  for (const { name, before, after, message } of refusals)
    test(name, async () => {
      await using live = await createDatabase({ script: before });
      await using goal = await createDatabase({ script: after });
      const [from, to] = [await readDatabase(live.url), await readDatabase(goal.url)];
      assert.throws(
        () => planChanges(from, to),
        (error: unknown) => {
          assert.ok(error instanceof AthanorError);
          assert.equal(error.code, "plan.unmanaged");
          assert.match(error.message, message);
          return true;
        },
      );
    });
});
