import { before } from "node:test";
import { acceptance } from "../support/acceptance.js";
import { createRoles } from "../support/corpus.js";
import { serverMajor } from "../support/servers.js";

before(() => createRoles(["grant_reader", 'grant "Writer', "grant_owner"]));

const major = await serverMajor();
const t = "CREATE TABLE t (id int PRIMARY KEY, a text, b int)";
const f = "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql RETURN 1";

acceptance("privileges", [
  {
    name: "on all sorts of objects, with and without the grant option, and what everybody has by itself",
    before: `CREATE SCHEMA s; CREATE TYPE e AS ENUM ('a'); CREATE TYPE c AS (x int); CREATE DOMAIN d AS text; CREATE TYPE r AS RANGE (subtype = float4);
      CREATE SEQUENCE q; ${f}; CREATE PROCEDURE p("odd ""t" int) LANGUAGE sql AS ''; CREATE AGGREGATE n(*) (sfunc = int8inc, stype = int8, initcond = '0');
      ${t}; CREATE VIEW v AS SELECT id FROM t; CREATE MATERIALIZED VIEW m AS SELECT id FROM t`,
    after: `CREATE SCHEMA s; CREATE TYPE e AS ENUM ('a'); CREATE TYPE c AS (x int); CREATE DOMAIN d AS text; CREATE TYPE r AS RANGE (subtype = float4);
      CREATE SEQUENCE q; ${f}; CREATE PROCEDURE p("odd ""t" int) LANGUAGE sql AS ''; CREATE AGGREGATE n(*) (sfunc = int8inc, stype = int8, initcond = '0');
      ${t}; CREATE VIEW v AS SELECT id FROM t; CREATE MATERIALIZED VIEW m AS SELECT id FROM t;
      GRANT CREATE, USAGE ON SCHEMA s TO grant_reader; REVOKE USAGE ON TYPE e FROM PUBLIC; GRANT USAGE ON TYPE e TO grant_reader WITH GRANT OPTION;
      REVOKE USAGE ON TYPE c FROM PUBLIC; GRANT USAGE ON DOMAIN d TO grant_reader; REVOKE USAGE ON TYPE r FROM PUBLIC;
      GRANT USAGE ON SEQUENCE q TO PUBLIC; REVOKE EXECUTE ON FUNCTION f FROM PUBLIC; GRANT EXECUTE ON FUNCTION f TO grant_reader; REVOKE ALL ON PROCEDURE p FROM PUBLIC;
      REVOKE ALL ON FUNCTION n() FROM PUBLIC; GRANT SELECT, UPDATE (a, b) ON t TO "grant ""Writer"; GRANT INSERT ON t TO "grant ""Writer" WITH GRANT OPTION;
      GRANT SELECT ON v TO PUBLIC; GRANT SELECT (id) ON m TO grant_reader`,
    up: [
      'GRANT CREATE, USAGE ON SCHEMA "s" TO "grant_reader"',
      'GRANT USAGE ON TYPE "public"."e" TO "grant_reader" WITH GRANT OPTION',
      'REVOKE USAGE ON TYPE "public"."e" FROM PUBLIC',
      'REVOKE USAGE ON TYPE "public"."c" FROM PUBLIC',
      'GRANT USAGE ON DOMAIN "public"."d" TO "grant_reader"',
      'REVOKE USAGE ON TYPE "public"."r" FROM PUBLIC',
      'GRANT USAGE ON SEQUENCE "public"."q" TO PUBLIC',
      'GRANT EXECUTE ON FUNCTION "public"."f"(integer) TO "grant_reader"',
      'REVOKE EXECUTE ON FUNCTION "public"."f"(integer) FROM PUBLIC',
      'REVOKE EXECUTE ON PROCEDURE "public"."p"(integer) FROM PUBLIC',
      'REVOKE EXECUTE ON FUNCTION "public"."n"() FROM PUBLIC',
      'GRANT SELECT, UPDATE ("a", "b") ON TABLE "public"."t" TO "grant ""Writer"',
      'GRANT INSERT ON TABLE "public"."t" TO "grant ""Writer" WITH GRANT OPTION',
      'GRANT SELECT ON TABLE "public"."v" TO PUBLIC',
      'GRANT SELECT ("id") ON TABLE "public"."m" TO "grant_reader"',
    ],
  },
  {
    name: "on what lies in no schema",
    before: `CREATE FUNCTION h() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler'; CREATE TRUSTED LANGUAGE l HANDLER h;
      CREATE FOREIGN DATA WRAPPER w; CREATE SERVER far FOREIGN DATA WRAPPER w`,
    after: `CREATE FUNCTION h() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler'; CREATE TRUSTED LANGUAGE l HANDLER h;
      CREATE FOREIGN DATA WRAPPER w; CREATE SERVER far FOREIGN DATA WRAPPER w;
      REVOKE USAGE ON LANGUAGE l FROM PUBLIC; GRANT USAGE ON FOREIGN DATA WRAPPER w TO grant_reader; GRANT USAGE ON FOREIGN SERVER far TO grant_reader WITH GRANT OPTION`,
    up: [
      'REVOKE USAGE ON LANGUAGE "l" FROM PUBLIC',
      'GRANT USAGE ON FOREIGN DATA WRAPPER "w" TO "grant_reader"',
      'GRANT USAGE ON FOREIGN SERVER "far" TO "grant_reader" WITH GRANT OPTION',
    ],
  },
  {
    name: "change in place, each word by itself",
    before: `${t}; GRANT SELECT, INSERT ON t TO grant_reader; GRANT DELETE ON t TO grant_reader WITH GRANT OPTION; GRANT UPDATE (a) ON t TO grant_reader`,
    after: `${t}; GRANT SELECT (a), DELETE ON t TO grant_reader; GRANT INSERT ON t TO grant_reader WITH GRANT OPTION; GRANT UPDATE (b) ON t TO grant_reader`,
    up: [
      'REVOKE SELECT, UPDATE ("a") ON TABLE "public"."t" FROM "grant_reader"',
      'REVOKE GRANT OPTION FOR DELETE ON TABLE "public"."t" FROM "grant_reader"',
      'GRANT SELECT ("a"), UPDATE ("b") ON TABLE "public"."t" TO "grant_reader"',
      'GRANT INSERT ON TABLE "public"."t" TO "grant_reader" WITH GRANT OPTION',
    ],
  },
  {
    name: "a privilege on the table that goes takes those on its columns along, which come back",
    before: `${t}; GRANT SELECT, SELECT (a) ON t TO grant_reader`,
    after: `${t}; GRANT SELECT (a) ON t TO grant_reader`,
    up: [
      'REVOKE SELECT ON TABLE "public"."t" FROM "grant_reader"',
      'GRANT SELECT ("a") ON TABLE "public"."t" TO "grant_reader"',
    ],
    down: ['GRANT SELECT ON TABLE "public"."t" TO "grant_reader"'],
  },
  {
    name: "come back with views, functions and types that are made anew",
    before: `CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (a int, e e); CREATE VIEW v AS SELECT a FROM t; CREATE FUNCTION g() RETURNS int LANGUAGE sql RETURN 1;
      GRANT SELECT ON v TO grant_reader; GRANT SELECT (a) ON t TO grant_reader; GRANT USAGE ON TYPE e TO grant_reader; REVOKE EXECUTE ON FUNCTION g FROM PUBLIC`,
    after: `CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (a bigint, e e); CREATE VIEW v AS SELECT a FROM t; CREATE FUNCTION g() RETURNS bigint LANGUAGE sql RETURN 1;
      GRANT SELECT ON v TO grant_reader; GRANT SELECT (a) ON t TO grant_reader; GRANT USAGE ON TYPE e TO grant_reader; REVOKE EXECUTE ON FUNCTION g FROM PUBLIC`,
    up: [
      'ALTER TYPE "public"."e" RENAME TO "e_going_away"',
      `CREATE TYPE "public"."e" AS ENUM ('a')`,
      'ALTER TABLE "public"."t" ALTER COLUMN "e" TYPE public.e USING "e"::text::public.e',
      'GRANT USAGE ON TYPE "public"."e" TO "grant_reader"',
      'DROP VIEW "public"."v"',
      'ALTER TABLE "public"."t" ALTER COLUMN "a" TYPE bigint',
      `CREATE VIEW "public"."v" AS\nSELECT ${major < 16 ? "t." : ""}a\n   FROM public.t`,
      'GRANT SELECT ON TABLE "public"."v" TO "grant_reader"',
      'DROP FUNCTION "public"."g"()',
      'CREATE FUNCTION "public"."g"() RETURNS bigint\nLANGUAGE sql\nRETURN 1',
      'REVOKE EXECUTE ON FUNCTION "public"."g"() FROM PUBLIC',
      'DROP TYPE "public"."e_going_away"',
    ],
  },
  {
    name: "on columns that come, go and are made anew",
    before: `CREATE TABLE t (a int, b int, c int GENERATED ALWAYS AS (a + 1) STORED); GRANT SELECT (b, c) ON t TO grant_reader`,
    after: `CREATE TABLE t (a int, d int, c bigint GENERATED ALWAYS AS (a + 2) STORED); GRANT SELECT (c, d) ON t TO grant_reader`,
    up: [
      'ALTER TABLE "public"."t" ADD COLUMN "d" integer',
      'REVOKE SELECT ("b", "c") ON TABLE "public"."t" FROM "grant_reader"',
      'ALTER TABLE "public"."t" DROP COLUMN "b"',
      'ALTER TABLE "public"."t" DROP COLUMN "c"',
      'ALTER TABLE "public"."t" ADD COLUMN "c" bigint GENERATED ALWAYS AS ((a + 2)) STORED',
      'GRANT SELECT ("c", "d") ON TABLE "public"."t" TO "grant_reader"',
    ],
  },
  {
    name: "of a table with a new name stay",
    before: `CREATE TABLE old (id int PRIMARY KEY, a int, b int); GRANT SELECT (id) ON old TO grant_reader`,
    after: `CREATE TABLE t (key int PRIMARY KEY, a int, b int); GRANT SELECT (key) ON t TO grant_reader`,
    answers: { old: "t", "t.id": "t.key" },
    up: [
      'ALTER TABLE "public"."old" RENAME TO "t"',
      'ALTER TABLE "public"."t" RENAME COLUMN "id" TO "key"',
      'ALTER TABLE "public"."t" RENAME CONSTRAINT "old_pkey" TO "t_pkey"',
    ],
  },
  {
    name: "of PUBLIC on the schema public",
    before: "",
    after: "REVOKE ALL ON SCHEMA public FROM PUBLIC; GRANT USAGE ON SCHEMA public TO grant_reader",
    up: [
      'GRANT USAGE ON SCHEMA "public" TO "grant_reader"',
      `REVOKE ${major < 15 ? "CREATE, " : ""}USAGE ON SCHEMA "public" FROM PUBLIC`,
    ],
  },
]);

acceptance("what an owner has revoked from itself", [
  {
    name: "is read, and revoked again on what is made anew",
    before: `${t}; ${f}; CREATE VIEW v AS SELECT a FROM t; CREATE SEQUENCE q; CREATE SCHEMA s; CREATE TYPE e AS ENUM ('a');
      REVOKE INSERT, DELETE ON t FROM CURRENT_USER; REVOKE INSERT, UPDATE, DELETE ON v FROM CURRENT_USER; REVOKE ALL ON FUNCTION f FROM CURRENT_USER;
      REVOKE USAGE ON SEQUENCE q FROM CURRENT_USER; REVOKE CREATE ON SCHEMA s FROM CURRENT_USER; REVOKE ALL ON TYPE e FROM CURRENT_USER; GRANT SELECT ON v TO grant_reader`,
    after: `CREATE TABLE t (id int PRIMARY KEY, a varchar(9), b int); CREATE FUNCTION f(int) RETURNS bigint LANGUAGE sql RETURN 1; CREATE VIEW v AS SELECT a FROM t; CREATE SEQUENCE q; CREATE SCHEMA s; CREATE TYPE e AS ENUM ('a');
      REVOKE INSERT, DELETE ON t FROM CURRENT_USER; REVOKE INSERT, UPDATE, DELETE ON v FROM CURRENT_USER; REVOKE ALL ON FUNCTION f FROM CURRENT_USER;
      REVOKE USAGE ON SEQUENCE q FROM CURRENT_USER; REVOKE CREATE ON SCHEMA s FROM CURRENT_USER; REVOKE ALL ON TYPE e FROM CURRENT_USER; GRANT SELECT ON v TO grant_reader`,
    up: [
      'DROP VIEW "public"."v"',
      'ALTER TABLE "public"."t" ALTER COLUMN "a" TYPE character varying(9)',
      `CREATE VIEW "public"."v" AS\nSELECT ${major < 16 ? "t." : ""}a\n   FROM public.t`,
      'GRANT SELECT ON TABLE "public"."v" TO "grant_reader"',
      'REVOKE DELETE, INSERT, UPDATE ON TABLE "public"."v" FROM CURRENT_USER',
      'DROP FUNCTION "public"."f"(integer)',
      'CREATE FUNCTION "public"."f"(integer) RETURNS bigint\nLANGUAGE sql\nRETURN 1',
      'REVOKE EXECUTE ON FUNCTION "public"."f"(integer) FROM CURRENT_USER',
    ],
    gives: [
      `SELECT string_agg(privilege_type, ',' ORDER BY privilege_type) FROM pg_class, aclexplode(relacl)
         WHERE relname = 'v' AND grantee = relowner AND privilege_type <> 'MAINTAIN'
       UNION ALL SELECT count(*)::text FROM pg_proc, aclexplode(proacl) WHERE proname = 'f' AND grantee = proowner`,
      ["REFERENCES,SELECT,TRIGGER,TRUNCATE", "0"],
    ],
  },
]);

acceptance("owners", [
  {
    name: "change, those of a table's own sequences with it",
    before: `CREATE SCHEMA s; CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (id serial); CREATE VIEW v AS SELECT 1 AS a; CREATE MATERIALIZED VIEW m AS SELECT 1 AS a; ${f}; CREATE SEQUENCE q; CREATE DOMAIN d AS text; GRANT SELECT ON t TO grant_reader`,
    after: `CREATE SCHEMA s AUTHORIZATION grant_owner; CREATE TYPE e AS ENUM ('a'); ALTER TYPE e OWNER TO grant_owner; CREATE TABLE t (id serial); ALTER TABLE t OWNER TO grant_owner;
      CREATE VIEW v AS SELECT 1 AS a; ALTER VIEW v OWNER TO grant_owner; CREATE MATERIALIZED VIEW m AS SELECT 1 AS a; ALTER MATERIALIZED VIEW m OWNER TO grant_owner; ${f}; ALTER FUNCTION f OWNER TO grant_owner;
      CREATE SEQUENCE q; ALTER SEQUENCE q OWNER TO grant_owner; CREATE DOMAIN d AS text; ALTER DOMAIN d OWNER TO grant_owner; GRANT SELECT, INSERT ON t TO grant_reader`,
    up: [
      'GRANT INSERT ON TABLE "public"."t" TO "grant_reader"',
      'ALTER SCHEMA "s" OWNER TO "grant_owner"',
      'ALTER TYPE "public"."e" OWNER TO "grant_owner"',
      'ALTER TABLE "public"."t" OWNER TO "grant_owner"',
      'ALTER VIEW "public"."v" OWNER TO "grant_owner"',
      'ALTER MATERIALIZED VIEW "public"."m" OWNER TO "grant_owner"',
      'ALTER FUNCTION "public"."f"(integer) OWNER TO "grant_owner"',
      'ALTER SEQUENCE "public"."q" OWNER TO "grant_owner"',
      'ALTER DOMAIN "public"."d" OWNER TO "grant_owner"',
    ],
    also: ["owners"],
  },
]);

acceptance("default privileges", [
  {
    name: "of a role, in a schema and anywhere, come, change and go",
    before: `CREATE SCHEMA s; ALTER DEFAULT PRIVILEGES FOR ROLE grant_owner IN SCHEMA s GRANT SELECT, INSERT ON TABLES TO grant_reader;
      ALTER DEFAULT PRIVILEGES FOR ROLE grant_owner GRANT USAGE ON SEQUENCES TO grant_reader`,
    after: `CREATE SCHEMA s; ALTER DEFAULT PRIVILEGES FOR ROLE grant_owner IN SCHEMA s GRANT SELECT ON TABLES TO grant_reader;
      ALTER DEFAULT PRIVILEGES FOR ROLE grant_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC; ALTER DEFAULT PRIVILEGES FOR ROLE grant_owner GRANT EXECUTE ON FUNCTIONS TO grant_reader WITH GRANT OPTION;
      ALTER DEFAULT PRIVILEGES FOR ROLE grant_owner REVOKE USAGE ON TYPES FROM PUBLIC`,
    up: [
      'ALTER DEFAULT PRIVILEGES FOR ROLE "grant_owner" GRANT EXECUTE ON FUNCTIONS TO "grant_reader" WITH GRANT OPTION',
      'ALTER DEFAULT PRIVILEGES FOR ROLE "grant_owner" REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC',
      'ALTER DEFAULT PRIVILEGES FOR ROLE "grant_owner" REVOKE USAGE ON TYPES FROM PUBLIC',
      'ALTER DEFAULT PRIVILEGES FOR ROLE "grant_owner" IN SCHEMA "s" REVOKE INSERT ON TABLES FROM "grant_reader"',
      'ALTER DEFAULT PRIVILEGES FOR ROLE "grant_owner" REVOKE USAGE ON SEQUENCES FROM "grant_reader"',
    ],
  },
]);
