import { acceptance } from "../support/acceptance.js";

const t = "CREATE TABLE t (a int, b int, c text)";
const created = (rest: string, head = 'CREATE STATISTICS "public"."s"') => `${head} ${rest} FROM "public"."t"`;
const gone = 'DROP STATISTICS "public"."s"';

acceptance("extended statistics", [
  {
    name: "created with all that they can have, in another schema too",
    before: t,
    after: `${t}; CREATE SCHEMA x; CREATE STATISTICS s (mcv, ndistinct) ON b, a, (lower(c)) FROM t; ALTER STATISTICS s SET STATISTICS 50; COMMENT ON STATISTICS s IS 'it''s';
      CREATE STATISTICS x."odd ""name" ON c, a FROM t; CREATE STATISTICS one ON (a + b) FROM t; CREATE STATISTICS two ON (a + b), (a * b) FROM t`,
    up: [
      'CREATE SCHEMA "x"',
      created('(ndistinct, mcv) ON "a", "b", (lower(c))'),
      'ALTER STATISTICS "public"."s" SET STATISTICS 50',
      `COMMENT ON STATISTICS "public"."s" IS 'it''s'`,
      created('ON "a", "c"', 'CREATE STATISTICS "x"."odd ""name"'),
      created("ON ((a + b))", 'CREATE STATISTICS "public"."one"'),
      created("ON ((a + b)), ((a * b))", 'CREATE STATISTICS "public"."two"'),
    ],
    down: [
      gone,
      'DROP STATISTICS "x"."odd ""name"',
      'DROP STATISTICS "public"."one"',
      'DROP STATISTICS "public"."two"',
      'DROP SCHEMA "x"',
    ],
  },
  {
    name: "a target, which PostgreSQL forgets, goes through a change of a column's type",
    before: `CREATE TABLE t (a int, b int, c int); CREATE STATISTICS s ON a, b FROM t; ALTER STATISTICS s SET STATISTICS 50; CREATE STATISTICS r ON a, c FROM t`,
    after: `CREATE TABLE t (a bigint, b int, c int); CREATE STATISTICS s ON a, b FROM t; ALTER STATISTICS s SET STATISTICS 50; CREATE STATISTICS r ON a, c FROM t`,
    up: [
      'DROP STATISTICS "public"."s"',
      'ALTER TABLE "public"."t" ALTER COLUMN "a" TYPE bigint',
      'CREATE STATISTICS "public"."s" ON "a", "b" FROM "public"."t"',
      'ALTER STATISTICS "public"."s" SET STATISTICS 50',
    ],
  },
  {
    name: "the target changes in place, all else by new ones",
    before: `${t}; CREATE STATISTICS s ON a, b FROM t; ALTER STATISTICS s SET STATISTICS 0; CREATE STATISTICS r ON a, b FROM t`,
    after: `${t}; CREATE STATISTICS s ON a, b FROM t; CREATE STATISTICS r (dependencies) ON a, b FROM t; COMMENT ON STATISTICS r IS 'x'`,
    up: [
      'ALTER STATISTICS "public"."s" SET STATISTICS -1',
      'DROP STATISTICS "public"."r"',
      created('(dependencies) ON "a", "b"', 'CREATE STATISTICS "public"."r"'),
      `COMMENT ON STATISTICS "public"."r" IS 'x'`,
    ],
    down: [
      'ALTER STATISTICS "public"."s" SET STATISTICS 0',
      'DROP STATISTICS "public"."r"',
      created('ON "a", "b"', 'CREATE STATISTICS "public"."r"'),
    ],
  },
  {
    name: "go with a column, stay with its new type, and are no matter of the order of columns",
    before: `${t}; CREATE STATISTICS s ON a, b FROM t; CREATE STATISTICS r ON b, c FROM t`,
    after: `CREATE TABLE t (c text, b bigint); CREATE STATISTICS r ON b, c FROM t`,
    up: ['ALTER TABLE "public"."t" DROP COLUMN "a"', 'ALTER TABLE "public"."t" ALTER COLUMN "b" TYPE bigint'],
    down: [
      'ALTER TABLE "public"."t" ADD COLUMN "a" integer',
      'ALTER TABLE "public"."t" ALTER COLUMN "b" TYPE integer',
      created('ON "a", "b"'),
    ],
  },
  {
    name: "renamed, with their table and a column",
    before: `CREATE TABLE old (was int, b int, c text); CREATE STATISTICS former ON was, b FROM old`,
    after: `${t}; CREATE STATISTICS s ON a, b FROM t`,
    answers: { old: "t", "t.was": "t.a" },
    up: [
      'ALTER TABLE "public"."old" RENAME TO "t"',
      'ALTER TABLE "public"."t" RENAME COLUMN "was" TO "a"',
      'ALTER STATISTICS "public"."former" RENAME TO "s"',
    ],
  },
  {
    name: "of materialized views, with which they come back",
    before: `${t}; CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t; CREATE STATISTICS s ON a, b FROM m`,
    after: `CREATE TABLE t (a bigint, b int, c text); CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t; CREATE STATISTICS s ON a, b FROM m`,
    up: [
      'DROP MATERIALIZED VIEW "public"."m"',
      'ALTER TABLE "public"."t" ALTER COLUMN "a" TYPE bigint',
      'CREATE MATERIALIZED VIEW "public"."m" AS\nSELECT a,\n    b\n   FROM public.t',
      'CREATE STATISTICS "public"."s" ON "a", "b" FROM "public"."m"',
    ],
    since: 16,
  },
]);
