import { acceptance } from "../support/acceptance.js";

const f = (rest: string, name = "f(a int)") => `CREATE FUNCTION ${name} ${rest}`;
const plain = f("RETURNS int LANGUAGE sql AS 'SELECT a'");
const created = (rest: string, name = '"public"."f"("a" integer)') => `CREATE FUNCTION ${name} ${rest}`;
const replaced = (rest: string) => `CREATE OR REPLACE FUNCTION "public"."f"("a" integer) ${rest}`;
const body = (text: string) => `AS $function$${text}$function$`;
const gone = 'DROP FUNCTION "public"."f"(integer)';

acceptance("functions", [
  {
    name: "created with all that they can have, after the types and tables that they need",
    before: "",
    after: `CREATE TABLE t (id int); CREATE TYPE mood AS ENUM ('ok');
      CREATE FUNCTION f(a int, INOUT b text DEFAULT 'x', VARIADIC rest mood[] DEFAULT '{}', OUT n numeric) RETURNS SETOF record
        LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER LEAKPROOF PARALLEL RESTRICTED COST 5 ROWS 7
        SET search_path TO public, pg_temp SET work_mem TO '1MB' SET "my.own" TO 'a, b' AS 'BEGIN RETURN; END';
      CREATE FUNCTION "odd ""(name"(t) RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM public.t';
      COMMENT ON FUNCTION f(int, text, mood[]) IS 'all of it'`,
    up: [
      `CREATE TYPE "public"."mood" AS ENUM ('ok')`,
      [
        `CREATE FUNCTION "public"."f"("a" integer, INOUT "b" text DEFAULT 'x'::text, VARIADIC "rest" public.mood[] DEFAULT '{}'::public.mood[], OUT "n" numeric) RETURNS SETOF record`,
        "LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER LEAKPROOF PARALLEL RESTRICTED COST 5 ROWS 7",
        `SET "search_path" TO 'public', 'pg_temp'`,
        `SET "work_mem" TO '1MB'`,
        `SET "my"."own" TO 'a, b'`,
        body("BEGIN RETURN; END"),
      ].join("\n"),
      `COMMENT ON FUNCTION "public"."f"(integer, text, public.mood[]) IS 'all of it'`,
      'CREATE TABLE "public"."t" (\n  "id" integer\n)',
      `CREATE FUNCTION "public"."odd ""(name"(public.t) RETURNS SETOF public.t\nLANGUAGE sql\n${body("SELECT * FROM public.t")}`,
    ],
    down: [
      'DROP FUNCTION "public"."f"(integer, text, public.mood[])',
      'DROP FUNCTION "public"."odd ""(name"(public.t)',
      'DROP TABLE "public"."t"',
      'DROP TYPE "public"."mood"',
    ],
  },
  {
    name: "overloads are functions of their own",
    before: plain,
    after: `${plain}; CREATE FUNCTION f(text) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2'`,
    up: [
      created(`RETURNS integer\nLANGUAGE sql\n${body("SELECT 1")}`, '"public"."f"(text)'),
      created(`RETURNS integer\nLANGUAGE sql\n${body("SELECT 2")}`, '"public"."f"()'),
    ],
  },
  {
    name: "body and attributes change in place, and what uses them stays",
    before: `${plain}; CREATE TABLE t (a int DEFAULT f(1)); CREATE FUNCTION g() RETURNS int RETURN f(2)`,
    after: `${f("RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a + 1'")}; CREATE TABLE t (a int DEFAULT f(1)); CREATE FUNCTION g() RETURNS int RETURN f(2)`,
    up: [replaced(`RETURNS integer\nLANGUAGE sql IMMUTABLE\n${body("SELECT a + 1")}`)],
    down: [replaced(`RETURNS integer\nLANGUAGE sql\n${body("SELECT a")}`)],
  },
  {
    name: "another result is another function, and what uses it is put back: default, check, index, generated column, function",
    before: `${f("RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a'")}; CREATE FUNCTION g() RETURNS int RETURN f(2);
      CREATE TABLE t (a int DEFAULT f(1), b int CONSTRAINT c CHECK (f(b) > 0), d bigint GENERATED ALWAYS AS (f(a)) STORED); CREATE INDEX i ON t (f(a))`,
    after: `${f("RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT a::bigint'")}; CREATE FUNCTION g() RETURNS int RETURN f(2);
      CREATE TABLE t (a int DEFAULT f(1), b int CONSTRAINT c CHECK (f(b) > 0), d bigint GENERATED ALWAYS AS (f(a)) STORED); CREATE INDEX i ON t (f(a))`,
    rows: "INSERT INTO t (a, b) VALUES (1, 2)",
    up: [
      'DROP INDEX "public"."i"',
      'ALTER TABLE "public"."t" DROP CONSTRAINT "c"',
      'ALTER TABLE "public"."t" ALTER COLUMN "a" DROP DEFAULT',
      'ALTER TABLE "public"."t" DROP COLUMN "d"',
      'DROP FUNCTION "public"."g"()',
      gone,
      created(`RETURNS bigint\nLANGUAGE sql IMMUTABLE\n${body("SELECT a::bigint")}`),
      created("RETURNS integer\nLANGUAGE sql\nRETURN public.f(2)", '"public"."g"()'),
      'ALTER TABLE "public"."t" ADD COLUMN "d" bigint GENERATED ALWAYS AS (public.f(a)) STORED',
      'ALTER TABLE "public"."t" ALTER COLUMN "a" SET DEFAULT public.f(1)',
      'ALTER TABLE "public"."t" ADD CONSTRAINT "c" CHECK ((public.f(b) > 0))',
      'CREATE INDEX "i" ON "public"."t" ((public.f(a)))',
    ],
    gives: ["SELECT d FROM t WHERE b = 2 AND a = 1", ["1"]],
  },
  {
    name: "an argument's name and a default that goes take a new function; a default that comes does not",
    before: f("RETURNS int LANGUAGE sql AS 'SELECT $1'"),
    after: f("RETURNS int LANGUAGE sql AS 'SELECT $1'", "f(b int DEFAULT 1)"),
    up: [gone, created(`RETURNS integer\nLANGUAGE sql\n${body("SELECT $1")}`, '"public"."f"("b" integer DEFAULT 1)')],
    down: ['DROP FUNCTION "public"."f"(integer)', created(`RETURNS integer\nLANGUAGE sql\n${body("SELECT $1")}`)],
  },
  {
    name: "a default that comes",
    before: plain,
    after: f("RETURNS int LANGUAGE sql AS 'SELECT a'", "f(a int DEFAULT 1)"),
    up: [
      `CREATE OR REPLACE FUNCTION "public"."f"("a" integer DEFAULT 1) RETURNS integer\nLANGUAGE sql\n${body("SELECT a")}`,
    ],
    down: [gone, created(`RETURNS integer\nLANGUAGE sql\n${body("SELECT a")}`)],
  },
  {
    name: "columns of the result are part of it",
    before: "CREATE FUNCTION f() RETURNS TABLE (a int) LANGUAGE sql AS 'SELECT 1'",
    after: "CREATE FUNCTION f() RETURNS TABLE (a int, b int) LANGUAGE sql AS 'SELECT 1, 2'",
    up: [
      'DROP FUNCTION "public"."f"()',
      created(`RETURNS TABLE(a integer, b integer)\nLANGUAGE sql\n${body("SELECT 1, 2")}`, '"public"."f"()'),
    ],
  },
  {
    name: "a function becomes a procedure, which has the same name",
    before: "CREATE FUNCTION f(a int) RETURNS void LANGUAGE plpgsql AS 'BEGIN END'",
    after: "CREATE PROCEDURE f(a int) LANGUAGE plpgsql AS 'BEGIN END'",
    up: [gone, `CREATE PROCEDURE "public"."f"("a" integer)\nLANGUAGE plpgsql\n${body("BEGIN END")}`],
    down: ['DROP PROCEDURE "public"."f"(integer)', created(`RETURNS void\nLANGUAGE plpgsql\n${body("BEGIN END")}`)],
  },
  {
    name: "an SQL-standard body holds on to columns: gone while one changes its type",
    before: `CREATE TABLE t (a int); CREATE FUNCTION f(a int) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM t WHERE t.a = f.a; SELECT CASE WHEN true THEN 2 END; END`,
    after: `CREATE TABLE t (a bigint); CREATE FUNCTION f(a int) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM t WHERE t.a = f.a; SELECT CASE WHEN true THEN 2 END; END`,
    up: [
      gone,
      'ALTER TABLE "public"."t" ALTER COLUMN "a" TYPE bigint',
      created(
        'RETURNS bigint\nLANGUAGE sql\nBEGIN ATOMIC\n SELECT count(*) AS count\n    FROM public.t\n   WHERE (t.a = f.a);\n SELECT\n         CASE\n             WHEN true THEN 2\n             ELSE NULL::integer\n         END AS "case";\nEND',
      ),
    ],
  },
  {
    name: "of an enum that is made anew: gone before the old one steps aside",
    before:
      "CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (e e); CREATE FUNCTION f(e) RETURNS e LANGUAGE sql AS 'SELECT $1'",
    after:
      "CREATE TYPE e AS ENUM ('b', 'a'); CREATE TABLE t (e e); CREATE FUNCTION f(e) RETURNS e LANGUAGE sql AS 'SELECT $1'",
    up: [
      'DROP FUNCTION "public"."f"(public.e)',
      'ALTER TYPE "public"."e" RENAME TO "e_going_away"',
      `CREATE TYPE "public"."e" AS ENUM ('b', 'a')`,
      created(`RETURNS public.e\nLANGUAGE sql\n${body("SELECT $1")}`, '"public"."f"(public.e)'),
      'ALTER TABLE "public"."t" ALTER COLUMN "e" TYPE public.e USING "e"::text::public.e',
      'DROP TYPE "public"."e_going_away"',
    ],
  },
  {
    name: "bodies that name tables, columns and functions come after them",
    before: "CREATE TABLE t (a int)",
    after: `CREATE TABLE t (a int, b int); CREATE TABLE u (c int);
      CREATE FUNCTION z() RETURNS bigint LANGUAGE sql AS 'SELECT count(b) FROM public.t'; CREATE FUNCTION a() RETURNS bigint LANGUAGE sql AS 'SELECT public.z() + count(*) FROM public.u'`,
    up: [
      'CREATE TABLE "public"."u" (\n  "c" integer\n)',
      'ALTER TABLE "public"."t" ADD COLUMN "b" integer',
      created(`RETURNS bigint\nLANGUAGE sql\n${body("SELECT count(b) FROM public.t")}`, '"public"."z"()'),
      created(`RETURNS bigint\nLANGUAGE sql\n${body("SELECT public.z() + count(*) FROM public.u")}`, '"public"."a"()'),
    ],
  },
  {
    name: "bodies that name each other are not checked",
    before: "",
    after: `SET check_function_bodies = off; CREATE FUNCTION a() RETURNS int LANGUAGE sql AS 'SELECT public.b()'; CREATE FUNCTION b() RETURNS int LANGUAGE sql AS 'SELECT public.a()'`,
    up: [
      "SET LOCAL check_function_bodies = off",
      created(`RETURNS integer\nLANGUAGE sql\n${body("SELECT public.b()")}`, '"public"."a"()'),
      created(`RETURNS integer\nLANGUAGE sql\n${body("SELECT public.a()")}`, '"public"."b"()'),
    ],
  },
  {
    name: "renamed, with its type renamed too, and no question asked",
    before:
      "CREATE TYPE old AS ENUM ('a'); CREATE FUNCTION g(old) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE t (a int DEFAULT g('a'))",
    after:
      "CREATE TYPE new AS ENUM ('a'); CREATE FUNCTION f(new) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE t (a int DEFAULT f('a'))",
    answers: { old: "new" },
    up: ['ALTER TYPE "public"."old" RENAME TO "new"', 'ALTER FUNCTION "public"."g"(public.new) RENAME TO "f"'],
    down: ['ALTER FUNCTION "public"."f"(public.new) RENAME TO "g"', 'ALTER TYPE "public"."new" RENAME TO "old"'],
  },
  {
    name: "comments come and go",
    before: `${plain}; COMMENT ON FUNCTION f(int) IS 'x'`,
    after: plain,
    up: ['COMMENT ON FUNCTION "public"."f"(integer) IS NULL'],
  },
  {
    name: "internal functions are named by their symbol; window functions are a kind of their own",
    before: f("RETURNS int LANGUAGE internal IMMUTABLE AS 'int4abs'"),
    after: f("RETURNS int8 LANGUAGE internal WINDOW IMMUTABLE AS 'window_row_number'", "f(a int)"),
    up: [gone, created("RETURNS bigint\nLANGUAGE internal WINDOW IMMUTABLE\nAS 'window_row_number'")],
    down: [gone, created("RETURNS integer\nLANGUAGE internal IMMUTABLE\nAS 'int4abs'")],
  },
]);

acceptance("procedures", [
  {
    name: "have OUT arguments, by which they are not called",
    before: "",
    after: `CREATE PROCEDURE p(a int, OUT c int, INOUT b int DEFAULT 2) LANGUAGE sql AS 'SELECT 1, 2'; COMMENT ON PROCEDURE p(int, int) IS 'x'`,
    up: [
      `CREATE PROCEDURE "public"."p"("a" integer, OUT "c" integer, INOUT "b" integer DEFAULT 2)\nLANGUAGE sql\n${body("SELECT 1, 2")}`,
      `COMMENT ON PROCEDURE "public"."p"(integer, integer) IS 'x'`,
    ],
    down: ['DROP PROCEDURE "public"."p"(integer, integer)'],
  },
  {
    name: "change in place",
    before: "CREATE PROCEDURE p(a int) LANGUAGE plpgsql AS 'BEGIN END'",
    after: "CREATE PROCEDURE p(a int) LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN NULL; END'",
    up: [
      `CREATE OR REPLACE PROCEDURE "public"."p"("a" integer)\nLANGUAGE plpgsql SECURITY DEFINER\n${body("BEGIN NULL; END")}`,
    ],
  },
]);

acceptance("aggregates", [
  {
    name: "created with all that they can have, after their functions",
    before: "",
    after: `CREATE AGGREGATE s(x numeric) (sfunc = numeric_add, stype = numeric, initcond = '0', combinefunc = numeric_add, parallel = safe, msfunc = numeric_add, minvfunc = numeric_sub, mstype = numeric, minitcond = '0', sortop = >);
      CREATE FUNCTION keep(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $2'; CREATE AGGREGATE last(int) (sfunc = keep, stype = int); CREATE AGGREGATE n(*) (sfunc = int8inc, stype = int8, initcond = '0');
      CREATE AGGREGATE pick(float8 ORDER BY anyelement) (sfunc = ordered_set_transition, stype = internal, finalfunc = percentile_disc_final, finalfunc_extra); COMMENT ON AGGREGATE n(*) IS 'rows'`,
    up: [
      `CREATE FUNCTION "public"."keep"(integer, integer) RETURNS integer\nLANGUAGE sql IMMUTABLE\n${body("SELECT $2")}`,
      `CREATE AGGREGATE "public"."s"("x" numeric) (SFUNC = numeric_add, STYPE = numeric, COMBINEFUNC = numeric_add, INITCOND = '0', MSFUNC = numeric_add, MINVFUNC = numeric_sub, MSTYPE = numeric, MINITCOND = '0', SORTOP = OPERATOR(pg_catalog.>), PARALLEL = safe)`,
      'CREATE AGGREGATE "public"."last"(integer) (SFUNC = public.keep, STYPE = integer)',
      `CREATE AGGREGATE "public"."n"(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0')`,
      `COMMENT ON AGGREGATE "public"."n"(*) IS 'rows'`,
      'CREATE AGGREGATE "public"."pick"(double precision ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA)',
    ],
  },
  {
    name: "change in place where their function does not, else anew",
    before: "CREATE AGGREGATE s(int) (sfunc = int4pl, stype = int, initcond = '0')",
    after: "CREATE AGGREGATE s(int) (sfunc = int4pl, stype = int, initcond = '1')",
    up: [`CREATE OR REPLACE AGGREGATE "public"."s"(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '1')`],
  },
  {
    name: "with their function",
    before:
      "CREATE FUNCTION k(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $2'; CREATE AGGREGATE s(int) (sfunc = k, stype = int)",
    after:
      "CREATE FUNCTION k(int, b int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'; CREATE AGGREGATE s(int) (sfunc = k, stype = int)",
    up: [
      `CREATE OR REPLACE FUNCTION "public"."k"(integer, "b" integer) RETURNS integer\nLANGUAGE sql IMMUTABLE\n${body("SELECT $1")}`,
    ],
    down: [
      'DROP AGGREGATE "public"."s"(integer)',
      'DROP FUNCTION "public"."k"(integer, integer)',
      `CREATE FUNCTION "public"."k"(integer, integer) RETURNS integer\nLANGUAGE sql IMMUTABLE\n${body("SELECT $2")}`,
      'CREATE AGGREGATE "public"."s"(integer) (SFUNC = public.k, STYPE = integer)',
    ],
  },
]);
