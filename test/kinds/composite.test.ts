import { acceptance } from "../support/acceptance.js";

const c = (attributes: string) => `CREATE TYPE c AS (${attributes})`;
const t = "CREATE TABLE t (a c)";
const alter = (action: string) => `ALTER TYPE "public"."c" ${action}`;
const swap = (attributes: string, using = `"a"::text::public.c`) => [
  alter('RENAME TO "c_going_away"'),
  `CREATE TYPE "public"."c" AS (${attributes})`,
  `ALTER TABLE "public"."t" ALTER COLUMN "a" TYPE public.c USING ${using}`,
  'DROP TYPE "public"."c_going_away"',
];

acceptance("composite types", [
  {
    name: "created before the table that uses it",
    before: "",
    after: `${c('x int, y text COLLATE "C"')}; COMMENT ON COLUMN c.y IS 'why'; ${t}`,
    up: [
      'CREATE TYPE "public"."c" AS ("x" integer, "y" text COLLATE pg_catalog."C")',
      `COMMENT ON COLUMN "public"."c"."y" IS 'why'`,
      'CREATE TABLE "public"."t" (\n  "a" public.c\n)',
    ],
    down: ['DROP TABLE "public"."t"', 'DROP TYPE "public"."c"'],
  },
  {
    name: "attributes are added at the end and dropped anywhere, in place",
    before: `${c("x int, y text")}; CREATE TABLE t (a c)`,
    after: `${c("y text, z int")}; CREATE TABLE t (a c)`,
    rows: "INSERT INTO t VALUES (ROW(1, 'kept')), (ROW(NULL, NULL)), (NULL)",
    up: [alter('ADD ATTRIBUTE "z" integer'), alter('DROP ATTRIBUTE "x"')],
    hazards: ["data-loss"],
    down: [
      alter('RENAME TO "c_going_away"'),
      'CREATE TYPE "public"."c" AS ("x" integer, "y" text)',
      'ALTER TABLE "public"."t" ALTER COLUMN "a" TYPE public.c USING (CASE WHEN "a"::text IS NOT NULL THEN ROW(NULL, ("a")."y")::text END)::public.c',
      'DROP TYPE "public"."c_going_away"',
    ],
    gives: [
      "SELECT coalesce(a::text, 'null') FROM t WHERE a IS NULL OR (a).y = 'kept' ORDER BY 1",
      ["(,)", "(kept,)", "null"],
    ],
  },
  {
    name: "an attribute of another type makes another composite, and columns move",
    before: `${c("x int, y text")}; ${t}`,
    after: `${c("x bigint, y text")}; ${t}`,
    rows: "INSERT INTO t VALUES (ROW(7, 'a,\"b\"')), (NULL), (ROW(NULL, NULL))",
    up: swap('"x" bigint, "y" text'),
    gives: ["SELECT a FROM t WHERE (a).x = 7 OR (a)::text = '(,)' ORDER BY 1", ['(7,"a,""b""")', "(,)"]],
  },
  {
    name: "so does another order",
    before: `${c("x int, y int")}; ${t}`,
    after: `${c("y int, x int")}; ${t}`,
    rows: "INSERT INTO t VALUES (ROW(50, 2)), (ROW(NULL, NULL)), (NULL)",
    up: swap(
      '"y" integer, "x" integer',
      `(CASE WHEN "a"::text IS NOT NULL THEN ROW(("a")."y", ("a")."x")::text END)::public.c`,
    ),
    gives: [
      "SELECT coalesce(a::text, 'null') FROM t WHERE a IS NULL OR (a).x = 50 ORDER BY 1",
      ["(,)", "(2,50)", "null"],
    ],
  },
  {
    name: "what has no place in the new one is lost",
    before: `${c("x int, y int")}; ${t}`,
    after: `${c("z int, y int")}; ${t}`,
    up: swap(
      '"z" integer, "y" integer',
      `(CASE WHEN "a"::text IS NOT NULL THEN ROW(NULL, ("a")."y")::text END)::public.c`,
    ),
    hazards: ["rewrite", "may-fail", "data-loss"],
  },
  {
    name: "comments of attributes change in place",
    before: `${c("x int")}; COMMENT ON COLUMN c.x IS 'one'`,
    after: `${c("x int")}; COMMENT ON COLUMN c.x IS 'two'; COMMENT ON TYPE c IS 'three'`,
    up: [`COMMENT ON COLUMN "public"."c"."x" IS 'two'`, `COMMENT ON TYPE "public"."c" IS 'three'`],
    down: [`COMMENT ON COLUMN "public"."c"."x" IS 'one'`, 'COMMENT ON TYPE "public"."c" IS NULL'],
  },
  {
    name: "one inside another: both move",
    before: `${c("x int")}; CREATE TYPE outside AS (c c); CREATE TABLE t (o outside)`,
    after: `${c("x text")}; CREATE TYPE outside AS (c c); CREATE TABLE t (o outside)`,
    rows: "INSERT INTO t VALUES (ROW(ROW(7)))",
    up: [
      'ALTER TYPE "public"."outside" RENAME TO "outside_going_away"',
      alter('RENAME TO "c_going_away"'),
      'CREATE TYPE "public"."c" AS ("x" text)',
      'CREATE TYPE "public"."outside" AS ("c" public.c)',
      'ALTER TABLE "public"."t" ALTER COLUMN "o" TYPE public.outside USING "o"::text::public.outside',
      'DROP TYPE "public"."outside_going_away"',
      'DROP TYPE "public"."c_going_away"',
    ],
    gives: ["SELECT ((o).c).x FROM t WHERE ((o).c).x = '7'", ["7"]],
  },
  {
    name: "one inside another loses an attribute; on the way back PostgreSQL refuses rows, and takes none for another",
    before: `${c("x int, y int")}; CREATE TYPE outside AS (c c); CREATE TABLE t (o outside)`,
    after: `${c("y int")}; CREATE TYPE outside AS (c c); CREATE TABLE t (o outside)`,
    up: [alter('DROP ATTRIBUTE "x"')],
    hazards: ["data-loss"],
  },
  {
    name: "a domain over one: its attributes are fetched by name too",
    before: `${c("x int, y int")}; CREATE DOMAIN d AS c; CREATE TABLE t (a d)`,
    after: `${c("y int, x int")}; CREATE DOMAIN d AS c; CREATE TABLE t (a d)`,
    rows: "INSERT INTO t VALUES (ROW(50, 2))",
    up: [
      'ALTER DOMAIN "public"."d" RENAME TO "d_going_away"',
      alter('RENAME TO "c_going_away"'),
      'CREATE TYPE "public"."c" AS ("y" integer, "x" integer)',
      'CREATE DOMAIN "public"."d" AS public.c',
      'ALTER TABLE "public"."t" ALTER COLUMN "a" TYPE public.d USING (CASE WHEN "a"::text IS NOT NULL THEN ROW(("a")."y", ("a")."x")::text END)::public.d',
      'DROP DOMAIN "public"."d_going_away"',
      'DROP TYPE "public"."c_going_away"',
    ],
    gives: ["SELECT a FROM t WHERE ((a)::c).x = 50", ["(2,50)"]],
  },
  {
    name: "renamed",
    before: "CREATE TYPE old AS (x int); CREATE TABLE t (a old)",
    after: `${c("x int")}; ${t}`,
    answers: { old: "c" },
    up: ['ALTER TYPE "public"."old" RENAME TO "c"'],
  },
]);
