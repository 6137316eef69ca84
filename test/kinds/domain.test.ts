import { acceptance } from "../support/acceptance.js";

const d = (rest: string) => `CREATE DOMAIN d AS ${rest}`;
const alter = (action: string) => `ALTER DOMAIN "public"."d" ${action}`;
const away = alter('RENAME TO "d_going_away"');
const gone = 'DROP DOMAIN "public"."d_going_away"';
const t = "CREATE TABLE t (a d)";
const move = 'ALTER TABLE "public"."t" ALTER COLUMN "a" TYPE public.d USING "a"::text::public.d';

acceptance("domains", [
  {
    name: "created with all that it can have, before what uses it",
    before: "",
    after: `${d(`text COLLATE "C" DEFAULT 'x' NOT NULL CONSTRAINT c CHECK (VALUE <> '')`)}; ${t}`,
    up: [
      `CREATE DOMAIN "public"."d" AS text COLLATE pg_catalog."C" DEFAULT 'x'::text NOT NULL CONSTRAINT "c" CHECK ((VALUE <> ''::text))`,
      'CREATE TABLE "public"."t" (\n  "a" public.d\n)',
    ],
    down: ['DROP TABLE "public"."t"', 'DROP DOMAIN "public"."d"'],
  },
  {
    name: "default and NOT NULL change in place",
    before: `${d("int")}; ${t}`,
    after: `${d("int DEFAULT 1 NOT NULL")}; ${t}`,
    up: [alter("SET DEFAULT 1"), alter("SET NOT NULL")],
    down: [alter("DROP DEFAULT"), alter("DROP NOT NULL")],
  },
  {
    name: "checks come and go",
    before: `${d("int CONSTRAINT c CHECK (VALUE > 0)")}; ${t}`,
    after: `${d("int CONSTRAINT e CHECK (VALUE > 1)")}; ${t}`,
    rows: "INSERT INTO t VALUES (2)",
    up: [alter('ADD CONSTRAINT "e" CHECK ((VALUE > 1))'), alter('DROP CONSTRAINT "c"')],
    hazards: ["may-fail"],
  },
  {
    name: "a check is validated in place",
    before: `${d("int")}; ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0) NOT VALID; ${t}`,
    after: `${d("int CONSTRAINT c CHECK (VALUE > 0)")}; ${t}`,
    up: [alter('VALIDATE CONSTRAINT "c"')],
  },
  {
    name: "a check is renamed",
    before: d("int CONSTRAINT old CHECK (VALUE > 0)"),
    after: d("int CONSTRAINT c CHECK (VALUE > 0)"),
    up: [alter('RENAME CONSTRAINT "old" TO "c"')],
  },
  {
    name: "over another type it is another domain, and columns move",
    before: `${d("int")}; ${t}`,
    after: `${d("bigint")}; ${t}`,
    rows: "INSERT INTO t VALUES (7)",
    up: [away, 'CREATE DOMAIN "public"."d" AS bigint', move, gone],
    gives: ["SELECT a FROM t WHERE a = 7", ["7"]],
  },
  {
    name: "arrays of it move likewise",
    before: `${d("int")}; CREATE TABLE t (a d[])`,
    after: `${d("numeric(10,2)")}; CREATE TABLE t (a d[])`,
    up: [
      away,
      'CREATE DOMAIN "public"."d" AS numeric(10,2)',
      'ALTER TABLE "public"."t" ALTER COLUMN "a" TYPE public.d[] USING "a"::text::public.d[]',
      gone,
    ],
  },
  {
    name: "a rule for values inside arrays is a new domain's, since PostgreSQL can't look there",
    before: `${d("int")}; CREATE TABLE t (a d[])`,
    after: `${d("int CONSTRAINT c CHECK (VALUE > 0)")}; CREATE TABLE t (a d[])`,
    up: [
      away,
      'CREATE DOMAIN "public"."d" AS integer CONSTRAINT "c" CHECK ((VALUE > 0))',
      'ALTER TABLE "public"."t" ALTER COLUMN "a" TYPE public.d[] USING "a"::text::public.d[]',
      gone,
    ],
  },
  {
    name: "renamed",
    before: `CREATE DOMAIN old AS int; CREATE TABLE t (a old)`,
    after: `${d("int")}; ${t}`,
    answers: { old: "d" },
    up: ['ALTER DOMAIN "public"."old" RENAME TO "d"'],
  },
]);
