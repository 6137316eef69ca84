import { acceptance } from "../support/acceptance.js";

const wrapper = "CREATE FOREIGN DATA WRAPPER w";
const server = (rest = "") => `CREATE SERVER s FOREIGN DATA WRAPPER w${rest}`;

acceptance("foreign-data wrappers, servers and user mappings", [
  {
    name: "created with all that they can have",
    before: "",
    after: `CREATE FOREIGN DATA WRAPPER w OPTIONS (host 'h'); COMMENT ON FOREIGN DATA WRAPPER w IS 'w'; CREATE FOREIGN DATA WRAPPER v VALIDATOR postgresql_fdw_validator;
      CREATE SERVER "odd ""s" TYPE 't' VERSION '1' FOREIGN DATA WRAPPER w OPTIONS (dbname 'it''s', host 'h'); COMMENT ON SERVER "odd ""s" IS 's';
      CREATE USER MAPPING FOR PUBLIC SERVER "odd ""s" OPTIONS ("user" 'x'); CREATE USER MAPPING FOR postgres SERVER "odd ""s"`,
    up: [
      `CREATE FOREIGN DATA WRAPPER "w" OPTIONS ("host" 'h')`,
      `COMMENT ON FOREIGN DATA WRAPPER "w" IS 'w'`,
      'CREATE FOREIGN DATA WRAPPER "v" VALIDATOR postgresql_fdw_validator',
      `CREATE SERVER "odd ""s" TYPE 't' VERSION '1' FOREIGN DATA WRAPPER "w" OPTIONS ("dbname" 'it''s', "host" 'h')`,
      `COMMENT ON SERVER "odd ""s" IS 's'`,
      `CREATE USER MAPPING FOR PUBLIC SERVER "odd ""s" OPTIONS ("user" 'x')`,
      'CREATE USER MAPPING FOR "postgres" SERVER "odd ""s"',
    ],
    down: [
      'DROP USER MAPPING FOR PUBLIC SERVER "odd ""s"',
      'DROP USER MAPPING FOR "postgres" SERVER "odd ""s"',
      'DROP SERVER "odd ""s"',
      'DROP FOREIGN DATA WRAPPER "w"',
      'DROP FOREIGN DATA WRAPPER "v"',
    ],
  },
  {
    name: "change in place",
    before: `${wrapper} OPTIONS (a '1', b '2'); CREATE FOREIGN DATA WRAPPER v; ${server(" OPTIONS (a '1')")}; CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS ("user" 'x')`,
    after: `${wrapper} OPTIONS (b '3', c '4'); CREATE FOREIGN DATA WRAPPER v VALIDATOR postgresql_fdw_validator; CREATE SERVER s VERSION '2' FOREIGN DATA WRAPPER w; CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS ("user" 'y')`,
    up: [
      `ALTER FOREIGN DATA WRAPPER "w" OPTIONS (DROP "a", SET "b" '3', ADD "c" '4')`,
      'ALTER FOREIGN DATA WRAPPER "v" VALIDATOR postgresql_fdw_validator',
      `ALTER SERVER "s" VERSION '2' OPTIONS (DROP "a")`,
      `ALTER USER MAPPING FOR PUBLIC SERVER "s" OPTIONS (SET "user" 'y')`,
    ],
    down: [
      `ALTER FOREIGN DATA WRAPPER "w" OPTIONS (DROP "c", ADD "a" '1', SET "b" '2')`,
      'ALTER FOREIGN DATA WRAPPER "v" NO VALIDATOR',
      `ALTER SERVER "s" VERSION NULL OPTIONS (ADD "a" '1')`,
      `ALTER USER MAPPING FOR PUBLIC SERVER "s" OPTIONS (SET "user" 'x')`,
    ],
  },
  {
    name: "another type takes another server, with its mappings",
    before: `${wrapper}; ${server()}; CREATE USER MAPPING FOR PUBLIC SERVER s`,
    after: `${wrapper}; CREATE SERVER s TYPE 't' FOREIGN DATA WRAPPER w; CREATE USER MAPPING FOR PUBLIC SERVER s`,
    up: [
      'DROP USER MAPPING FOR PUBLIC SERVER "s"',
      'DROP SERVER "s"',
      `CREATE SERVER "s" TYPE 't' FOREIGN DATA WRAPPER "w"`,
      'CREATE USER MAPPING FOR PUBLIC SERVER "s"',
    ],
  },
  {
    name: "a server is renamed with its mappings, and no question asked",
    before: `${wrapper}; ${server()}; CREATE USER MAPPING FOR PUBLIC SERVER s`,
    after: `${wrapper}; CREATE SERVER r FOREIGN DATA WRAPPER w; CREATE USER MAPPING FOR PUBLIC SERVER r`,
    answers: {},
    up: ['ALTER SERVER "s" RENAME TO "r"'],
  },
]);

const there = `${wrapper}; ${server()}`;

acceptance("foreign tables", [
  {
    name: "created with all that they can have, after their server",
    before: "",
    after: `${there}; CREATE FOREIGN TABLE t (id int OPTIONS (column_name 'no') NOT NULL, a text COLLATE "C" DEFAULT 'x' CHECK (a <> ''), b int GENERATED ALWAYS AS (id + 1) STORED) SERVER s OPTIONS (table_name 'it''s');
      CREATE FOREIGN TABLE bare () SERVER s; COMMENT ON FOREIGN TABLE t IS 't'; COMMENT ON COLUMN t.a IS 'a'; CREATE VIEW v AS SELECT 1 AS one FROM t`,
    up: [
      'CREATE FOREIGN DATA WRAPPER "w"',
      'CREATE SERVER "s" FOREIGN DATA WRAPPER "w"',
      `CREATE FOREIGN TABLE "public"."t" (\n  "id" integer OPTIONS ("column_name" 'no') NOT NULL,\n  "a" text COLLATE pg_catalog."C" DEFAULT 'x'::text,\n  "b" integer GENERATED ALWAYS AS ((id + 1)) STORED,\n  CONSTRAINT "t_a_check" CHECK ((a <> ''::text))\n) SERVER "s" OPTIONS ("table_name" 'it''s')`,
      `COMMENT ON FOREIGN TABLE "public"."t" IS 't'`,
      `COMMENT ON COLUMN "public"."t"."a" IS 'a'`,
      'CREATE FOREIGN TABLE "public"."bare" () SERVER "s"',
      'CREATE VIEW "public"."v" AS\nSELECT 1 AS one\n   FROM public.t',
    ],
  },
  {
    name: "columns, types and options change in place",
    before: `${there}; CREATE FOREIGN TABLE t (id int OPTIONS (a '1'), x text, gone int) SERVER s OPTIONS (table_name 'a')`,
    after: `${there}; CREATE FOREIGN TABLE t (id int OPTIONS (b '2') NOT NULL, x int, new int OPTIONS (c '3')) SERVER s OPTIONS (table_name 'b', more 'c')`,
    up: [
      'ALTER TABLE "public"."t" DROP COLUMN "gone"',
      `ALTER FOREIGN TABLE "public"."t" OPTIONS (SET "table_name" 'b', ADD "more" 'c')`,
      `ALTER TABLE "public"."t" ADD COLUMN "new" integer OPTIONS ("c" '3')`,
      'ALTER TABLE "public"."t" ALTER COLUMN "id" SET NOT NULL',
      `ALTER TABLE "public"."t" ALTER COLUMN "id" OPTIONS (DROP "a", ADD "b" '2')`,
      'ALTER TABLE "public"."t" ALTER COLUMN "x" TYPE integer',
    ],
  },
  {
    name: "a table becomes a foreign one, whose rows are elsewhere",
    before: `${there}; CREATE TABLE t (id int); CREATE VIEW v AS SELECT 1 AS one FROM t`,
    after: `${there}; CREATE FOREIGN TABLE t (id int) SERVER s; CREATE VIEW v AS SELECT 1 AS one FROM t`,
    up: [
      'DROP VIEW "public"."v"',
      'DROP TABLE "public"."t"',
      'CREATE FOREIGN TABLE "public"."t" (\n  "id" integer\n) SERVER "s"',
      'CREATE VIEW "public"."v" AS\nSELECT 1 AS one\n   FROM public.t',
    ],
    hazards: ["data-loss"],
  },
  {
    name: "renamed, with a trigger that stays",
    before: `${there}; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE FOREIGN TABLE t (id int, nr int) SERVER s; CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()`,
    after: `${there}; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE FOREIGN TABLE u (id int, no int) SERVER s; CREATE TRIGGER tr BEFORE INSERT ON u FOR EACH ROW EXECUTE FUNCTION f()`,
    answers: { t: "u", "u.nr": "u.no" },
    up: ['ALTER TABLE "public"."t" RENAME TO "u"', 'ALTER TABLE "public"."u" RENAME COLUMN "nr" TO "no"'],
  },
]);
