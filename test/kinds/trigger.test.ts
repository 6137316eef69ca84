import { acceptance } from "../support/acceptance.js";
import { serverMajor } from "../support/servers.js";

/** Before PostgreSQL 16 a column of the only table is printed with it. */
const isQualified = (await serverMajor()) < 16;
const c = (column: string, table = "t") => (isQualified ? `${table}.${column}` : column);

const f = "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'";
const g = "CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'";
const t = `CREATE TABLE t (id int PRIMARY KEY, a text, "b c" int); ${f}; ${g}`;
const tr = (rest: string, head = "TRIGGER tr") => `CREATE ${head} ${rest}`;
const row = tr("BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f()");
const created = (rest: string, head = 'CREATE TRIGGER "tr"') => `${head} ${rest}`;
const replaced = (rest: string) => created(rest, 'CREATE OR REPLACE TRIGGER "tr"');
const gone = 'DROP TRIGGER "tr" ON "public"."t"';

acceptance("triggers", [
  {
    name: "created with all that they can have, after the functions that they call",
    before: "",
    after: `${t};
      CREATE TRIGGER tr BEFORE INSERT OR UPDATE OF id, "b c" OR DELETE ON t FOR EACH ROW WHEN (pg_trigger_depth() < 1 AND 'x) EXECUTE FUNCTION f(''' <> '"') EXECUTE FUNCTION f('a', 'it''s', 'b\\c', '', ') EXECUTE FUNCTION f(');
      CREATE TRIGGER "odd ""name FOR EACH ROW WHEN (" AFTER UPDATE ON t FOR EACH ROW WHEN (old.a IS DISTINCT FROM new.a) EXECUTE FUNCTION f();
      CREATE TRIGGER moved AFTER UPDATE ON t REFERENCING OLD TABLE AS gone NEW TABLE AS "new Rows" FOR EACH STATEMENT EXECUTE FUNCTION g();
      CREATE TRIGGER emptied BEFORE TRUNCATE ON t FOR EACH STATEMENT EXECUTE FUNCTION f();
      CREATE TRIGGER twin BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
      ALTER TABLE t ENABLE ALWAYS TRIGGER emptied; ALTER TABLE t DISABLE TRIGGER twin; COMMENT ON TRIGGER moved ON t IS 'it''s'`,
    up: [
      'CREATE FUNCTION "public"."f"() RETURNS trigger\nLANGUAGE plpgsql\nAS $function$BEGIN RETURN NEW; END$function$',
      'CREATE FUNCTION "public"."g"() RETURNS trigger\nLANGUAGE plpgsql\nAS $function$BEGIN RETURN NULL; END$function$',
      'CREATE TABLE "public"."t" (\n  "id" integer NOT NULL,\n  "a" text,\n  "b c" integer,\n  CONSTRAINT "t_pkey" PRIMARY KEY ("id")\n)',
      created(
        `BEFORE INSERT OR DELETE OR UPDATE OF "id", "b c" ON "public"."t" FOR EACH ROW WHEN (((pg_trigger_depth() < 1) AND ('x) EXECUTE FUNCTION f('''::text <> '"'::text))) EXECUTE FUNCTION public.f('a', 'it''s', E'b\\\\c', '', ') EXECUTE FUNCTION f(')`,
      ),
      'CREATE TRIGGER "odd ""name FOR EACH ROW WHEN (" AFTER UPDATE ON "public"."t" FOR EACH ROW WHEN ((old.a IS DISTINCT FROM new.a)) EXECUTE FUNCTION public.f()',
      'CREATE TRIGGER "moved" AFTER UPDATE ON "public"."t" REFERENCING OLD TABLE AS "gone" NEW TABLE AS "new Rows" FOR EACH STATEMENT EXECUTE FUNCTION public.g()',
      `COMMENT ON TRIGGER "moved" ON "public"."t" IS 'it''s'`,
      'CREATE TRIGGER "emptied" BEFORE TRUNCATE ON "public"."t" FOR EACH STATEMENT EXECUTE FUNCTION public.f()',
      'ALTER TABLE "public"."t" ENABLE ALWAYS TRIGGER "emptied"',
      'CREATE TRIGGER "twin" BEFORE UPDATE ON "public"."t" FOR EACH ROW EXECUTE FUNCTION pg_catalog.suppress_redundant_updates_trigger()',
      'ALTER TABLE "public"."t" DISABLE TRIGGER "twin"',
    ],
    down: ['DROP TABLE "public"."t"', 'DROP FUNCTION "public"."f"()', 'DROP FUNCTION "public"."g"()'],
  },
  {
    name: "change in place; what was disabled is disabled again",
    before: `${t}; ${row}; ALTER TABLE t DISABLE TRIGGER tr; COMMENT ON TRIGGER tr ON t IS 'x'`,
    after: `${t}; ${tr("AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION g()")}; ALTER TABLE t DISABLE TRIGGER tr; COMMENT ON TRIGGER tr ON t IS 'x'`,
    up: [
      replaced('AFTER INSERT ON "public"."t" FOR EACH ROW EXECUTE FUNCTION public.g()'),
      'ALTER TABLE "public"."t" DISABLE TRIGGER "tr"',
    ],
  },
  {
    name: "states change without it",
    before: `${t}; ${row}; ALTER TABLE t ENABLE REPLICA TRIGGER tr`,
    after: `${t}; ${row}`,
    up: ['ALTER TABLE "public"."t" ENABLE TRIGGER "tr"'],
    down: ['ALTER TABLE "public"."t" ENABLE REPLICA TRIGGER "tr"'],
  },
  {
    name: "constraint triggers are made anew; they share the names of constraints",
    before: `${t}; CREATE TABLE u (id int); ALTER TABLE t ADD CONSTRAINT tr CHECK (id > 0); ${tr("AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()", "CONSTRAINT TRIGGER x")}`,
    after: `${t}; CREATE TABLE u (id int); ALTER TABLE t ADD CONSTRAINT x CHECK (id > 0);
      ${tr("AFTER INSERT ON t FROM u DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (new.id > 5) EXECUTE FUNCTION f()", "CONSTRAINT TRIGGER tr")}`,
    up: [
      'DROP TRIGGER "x" ON "public"."t"',
      'ALTER TABLE "public"."t" ADD CONSTRAINT "x" CHECK ((id > 0))',
      'ALTER TABLE "public"."t" DROP CONSTRAINT "tr"',
      'CREATE CONSTRAINT TRIGGER "tr" AFTER INSERT ON "public"."t" FROM public.u DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.id > 5)) EXECUTE FUNCTION public.f()',
    ],
  },
  {
    name: "a constraint trigger has no OR REPLACE, but states and comments",
    before: `${t}; ${tr("AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()", "CONSTRAINT TRIGGER tr")}; ALTER TABLE t DISABLE TRIGGER tr`,
    after: `${t}; ${tr("AFTER INSERT ON t DEFERRABLE FOR EACH ROW EXECUTE FUNCTION f()", "CONSTRAINT TRIGGER tr")}; COMMENT ON TRIGGER tr ON t IS 'x'`,
    up: [
      gone,
      'CREATE CONSTRAINT TRIGGER "tr" AFTER INSERT ON "public"."t" DEFERRABLE FOR EACH ROW EXECUTE FUNCTION public.f()',
      `COMMENT ON TRIGGER "tr" ON "public"."t" IS 'x'`,
    ],
    down: [
      gone,
      'CREATE CONSTRAINT TRIGGER "tr" AFTER INSERT ON "public"."t" FOR EACH ROW EXECUTE FUNCTION public.f()',
      'ALTER TABLE "public"."t" DISABLE TRIGGER "tr"',
    ],
  },
  {
    name: "gone while a column that it names changes its type, and back with comment and state",
    before: `CREATE TABLE t (a int, b int); ${f}; ${tr("BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (new.b > 0) EXECUTE FUNCTION f()")}; ALTER TABLE t DISABLE TRIGGER tr; COMMENT ON TRIGGER tr ON t IS 'x'`,
    after: `CREATE TABLE t (a bigint, b int); ${f}; ${tr("BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (new.b > 0) EXECUTE FUNCTION f()")}; ALTER TABLE t DISABLE TRIGGER tr; COMMENT ON TRIGGER tr ON t IS 'x'`,
    up: [
      gone,
      'ALTER TABLE "public"."t" ALTER COLUMN "a" TYPE bigint',
      created('BEFORE UPDATE OF "a" ON "public"."t" FOR EACH ROW WHEN ((new.b > 0)) EXECUTE FUNCTION public.f()'),
      'ALTER TABLE "public"."t" DISABLE TRIGGER "tr"',
      `COMMENT ON TRIGGER "tr" ON "public"."t" IS 'x'`,
    ],
  },
  {
    name: "a column that goes and one that comes, under a trigger that changes over",
    before: `CREATE TABLE t (a int, b int); ${f}; ${tr("BEFORE UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION f()")}`,
    after: `CREATE TABLE t (b int, c text); ${f}; ${tr("BEFORE UPDATE OF c ON t FOR EACH ROW WHEN (new.c <> 'x') EXECUTE FUNCTION f()")}`,
    up: [
      'ALTER TABLE "public"."t" ADD COLUMN "c" text',
      replaced(
        `BEFORE UPDATE OF "c" ON "public"."t" FOR EACH ROW WHEN ((new.c <> 'x'::text)) EXECUTE FUNCTION public.f()`,
      ),
      'ALTER TABLE "public"."t" DROP COLUMN "a"',
    ],
  },
  {
    name: "an enum label that goes, under WHEN",
    before: `CREATE TYPE e AS ENUM ('a', 'b', 'c'); CREATE TABLE t (e e); ${f}; ${tr("BEFORE UPDATE ON t FOR EACH ROW WHEN (new.e = 'a') EXECUTE FUNCTION f()")}`,
    after: `CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (e e); ${f}; ${tr("BEFORE UPDATE ON t FOR EACH ROW WHEN (new.e = 'a') EXECUTE FUNCTION f()")}`,
    rows: "INSERT INTO t VALUES ('a')",
    up: [
      'ALTER TYPE "public"."e" RENAME TO "e_going_away"',
      `CREATE TYPE "public"."e" AS ENUM ('a', 'b')`,
      gone,
      'ALTER TABLE "public"."t" ALTER COLUMN "e" TYPE public.e USING "e"::text::public.e',
      created(`BEFORE UPDATE ON "public"."t" FOR EACH ROW WHEN ((new.e = 'a'::public.e)) EXECUTE FUNCTION public.f()`),
      'DROP TYPE "public"."e_going_away"',
    ],
  },
  {
    name: "a function that becomes another, and one that is renamed",
    before: `CREATE TABLE t (a int); ${f}; ${row}; CREATE FUNCTION old() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER z AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION old()`,
    after: `CREATE TABLE t (a int); CREATE SCHEMA s; CREATE FUNCTION s.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; ${tr("BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION s.f()")};
      ${g}; CREATE TRIGGER z AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION g()`,
    answers: {},
    up: [
      'ALTER FUNCTION "public"."old"() RENAME TO "g"',
      'CREATE SCHEMA "s"',
      'CREATE FUNCTION "s"."f"() RETURNS trigger\nLANGUAGE plpgsql\nAS $function$BEGIN RETURN NEW; END$function$',
      replaced('BEFORE UPDATE ON "public"."t" FOR EACH ROW EXECUTE FUNCTION s.f()'),
      'DROP FUNCTION "public"."f"()',
    ],
  },
  {
    name: "renamed, with its table and a column, and no question asked about it",
    before: `CREATE TABLE old (a int, x int, y int); ${f}; CREATE TRIGGER was BEFORE UPDATE OF a ON old FOR EACH ROW WHEN (new.a > 0) EXECUTE FUNCTION f()`,
    after: `CREATE TABLE t (b int, x int, y int); ${f}; ${tr("BEFORE UPDATE OF b ON t FOR EACH ROW WHEN (new.b > 0) EXECUTE FUNCTION f()")}`,
    answers: { old: "t", "t.a": "t.b" },
    up: [
      'ALTER TABLE "public"."old" RENAME TO "t"',
      'ALTER TABLE "public"."t" RENAME COLUMN "a" TO "b"',
      'ALTER TRIGGER "was" ON "public"."t" RENAME TO "tr"',
    ],
  },
]);

const v = "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t";
const onView = "INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION f()";
const createdOnView = 'CREATE TRIGGER "tr" INSTEAD OF INSERT ON "public"."v" FOR EACH ROW EXECUTE FUNCTION public.f()';

acceptance("triggers of views", [
  {
    name: "are created after the view and go with it",
    before: "CREATE TABLE t (a int, b int)",
    after: `${v}; ${f}; ${tr(onView)}; COMMENT ON TRIGGER tr ON v IS 'x'; CREATE TRIGGER s AFTER DELETE ON v EXECUTE FUNCTION f()`,
    up: [
      'CREATE FUNCTION "public"."f"() RETURNS trigger\nLANGUAGE plpgsql\nAS $function$BEGIN RETURN NEW; END$function$',
      `CREATE VIEW "public"."v" AS\nSELECT ${c("a")}\n   FROM public.t`,
      createdOnView,
      `COMMENT ON TRIGGER "tr" ON "public"."v" IS 'x'`,
      'CREATE TRIGGER "s" AFTER DELETE ON "public"."v" FOR EACH STATEMENT EXECUTE FUNCTION public.f()',
    ],
    down: ['DROP VIEW "public"."v"', 'DROP FUNCTION "public"."f"()'],
  },
  {
    name: "stay where the view is replaced, and come back where it is made anew",
    before: `${v}; ${f}; ${tr(onView)}`,
    after: `CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a, b FROM t; ${f}; ${tr(onView)}`,
    up: [`CREATE OR REPLACE VIEW "public"."v" AS\nSELECT ${c("a")},\n    ${c("b")}\n   FROM public.t`],
    down: ['DROP VIEW "public"."v"', `CREATE VIEW "public"."v" AS\nSELECT ${c("a")}\n   FROM public.t`, createdOnView],
  },
]);
