import { acceptance } from "../support/acceptance.js";

const mood = "CREATE TYPE mood AS ENUM ('ok')";
const f = "CREATE FUNCTION f(mood) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'";

acceptance("casts", [
  {
    name: "by function, by input and output, and not at all",
    before: `${mood}; ${f}; CREATE DOMAIN d AS int`,
    after: `${mood}; ${f}; CREATE DOMAIN d AS int; CREATE TYPE pair AS (a int); CREATE TYPE couple AS (a int);
      CREATE CAST (mood AS int) WITH FUNCTION f(mood) AS ASSIGNMENT; CREATE CAST (text AS mood) WITH INOUT AS IMPLICIT; CREATE CAST (pair AS text) WITH INOUT;
      CREATE CAST (int AS json) WITH INOUT; COMMENT ON CAST (mood AS int) IS 'c'`,
    up: [
      'CREATE TYPE "public"."pair" AS ("a" integer)',
      'CREATE TYPE "public"."couple" AS ("a" integer)',
      "CREATE CAST (public.mood AS integer) WITH FUNCTION public.f(public.mood) AS ASSIGNMENT",
      "COMMENT ON CAST (public.mood AS integer) IS 'c'",
      "CREATE CAST (text AS public.mood) WITH INOUT AS IMPLICIT",
      "CREATE CAST (public.pair AS text) WITH INOUT",
      "CREATE CAST (integer AS json) WITH INOUT",
    ],
  },
  {
    name: "without a function",
    before: "",
    after: "CREATE CAST (oid AS date) WITHOUT FUNCTION",
    up: ["CREATE CAST (oid AS date) WITHOUT FUNCTION"],
    down: ["DROP CAST (oid AS date)"],
  },
  {
    name: "made anew where it differs, and where its function or its type is",
    before: `${mood}; ${f}; CREATE CAST (mood AS int) WITH FUNCTION f(mood); CREATE CAST (text AS mood) WITH INOUT; CREATE TABLE t (m mood)`,
    after: `CREATE TYPE mood AS ENUM ('new', 'ok', 'old'); CREATE FUNCTION f(mood) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2'; CREATE CAST (mood AS int) WITH FUNCTION f(mood) AS IMPLICIT; CREATE CAST (text AS mood) WITH INOUT; CREATE TABLE t (m mood)`,
    up: [
      "DROP CAST (public.mood AS integer)",
      `ALTER TYPE "public"."mood" ADD VALUE 'new' BEFORE 'ok'`,
      `ALTER TYPE "public"."mood" ADD VALUE 'old'`,
      'CREATE OR REPLACE FUNCTION "public"."f"(public.mood) RETURNS integer\nLANGUAGE sql IMMUTABLE\nAS $function$SELECT 2$function$',
      "CREATE CAST (public.mood AS integer) WITH FUNCTION public.f(public.mood) AS IMPLICIT",
    ],
  },
]);

acceptance("conversions", [
  {
    name: "come and go, change and are renamed",
    before:
      "CREATE CONVERSION a FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1; CREATE CONVERSION gone FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1",
    after: "CREATE DEFAULT CONVERSION a FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1; COMMENT ON CONVERSION a IS 'x'",
    up: [
      'DROP CONVERSION "public"."gone"',
      'DROP CONVERSION "public"."a"',
      `CREATE DEFAULT CONVERSION "public"."a" FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1`,
      `COMMENT ON CONVERSION "public"."a" IS 'x'`,
    ],
  },
]);

const upTo = "CREATE FUNCTION up(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'int4recv'";
const handler = `CREATE FUNCTION h() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler'`;

acceptance("languages, transforms and access methods", [
  {
    name: "a language comes before its functions",
    before: "",
    after: `${handler}; CREATE TRUSTED LANGUAGE other HANDLER h; CREATE FUNCTION f() RETURNS int LANGUAGE other AS 'BEGIN RETURN 1; END'; COMMENT ON LANGUAGE other IS 'l'`,
    up: [
      `CREATE FUNCTION "public"."h"() RETURNS language_handler\nLANGUAGE c\nAS '$libdir/plpgsql', 'plpgsql_call_handler'`,
      'CREATE TRUSTED LANGUAGE "other" HANDLER public.h',
      `COMMENT ON LANGUAGE "other" IS 'l'`,
      'CREATE FUNCTION "public"."f"() RETURNS integer\nLANGUAGE other\nAS $function$BEGIN RETURN 1; END$function$',
    ],
  },
  {
    name: "a language changes in place, and is renamed",
    before: `${handler}; CREATE LANGUAGE other HANDLER h`,
    after: `${handler}; CREATE TRUSTED LANGUAGE other HANDLER h`,
    up: ['CREATE OR REPLACE TRUSTED LANGUAGE "other" HANDLER public.h'],
  },
  {
    name: "transforms",
    before: `${upTo}; CREATE TYPE pair AS (a int)`,
    after: `${upTo}; CREATE TYPE pair AS (a int); CREATE TRANSFORM FOR pair LANGUAGE sql (FROM SQL WITH FUNCTION up(internal)); COMMENT ON TRANSFORM FOR pair LANGUAGE sql IS 't'`,
    up: [
      'CREATE TRANSFORM FOR public.pair LANGUAGE "sql" (FROM SQL WITH FUNCTION public.up(internal))',
      `COMMENT ON TRANSFORM FOR public.pair LANGUAGE "sql" IS 't'`,
    ],
    down: ['DROP TRANSFORM FOR public.pair LANGUAGE "sql"'],
  },
  {
    name: "access methods come before what is stored by them",
    before: "",
    after:
      "CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler; CREATE TABLE t (a int) USING heap2; CREATE ACCESS METHOD btree2 TYPE INDEX HANDLER bthandler; COMMENT ON ACCESS METHOD btree2 IS 'a'",
    up: [
      'CREATE ACCESS METHOD "heap2" TYPE TABLE HANDLER heap_tableam_handler',
      'CREATE ACCESS METHOD "btree2" TYPE INDEX HANDLER bthandler',
      `COMMENT ON ACCESS METHOD "btree2" IS 'a'`,
      'CREATE TABLE "public"."t" (\n  "a" integer\n) USING "heap2"',
    ],
  },
]);
