import { acceptance } from "../support/acceptance.js";

const s = (options = "") => `CREATE SEQUENCE s ${options}`;
const alter = (action: string) => `ALTER SEQUENCE "public"."s" ${action}`;
const create = 'CREATE SEQUENCE "public"."s"';
const drop = 'DROP SEQUENCE "public"."s"';
const aside = ['CREATE SEQUENCE "public"."s_coming"', 'ALTER SEQUENCE "public"."s_coming" RENAME TO "s"'];

acceptance("sequences", [
  { name: "created and dropped", before: "", after: s(), up: [create], down: [drop] },
  {
    name: "with all that it can have",
    before: "",
    after: s("AS integer INCREMENT BY -2 MINVALUE -100 MAXVALUE 7 START WITH 3 CACHE 5 CYCLE"),
    up: [`${create} AS integer INCREMENT BY -2 MINVALUE -100 MAXVALUE 7 START WITH 3 CACHE 5 CYCLE`],
  },
  {
    name: "what is PostgreSQL's default goes without saying",
    before: s(),
    after: s("AS bigint INCREMENT BY 1 MINVALUE 1 START WITH 1 CACHE 1 NO CYCLE"),
    up: [],
  },
  {
    name: "its options change in place, and its position with them",
    before: s(),
    after: s("MAXVALUE 50 CACHE 5"),
    rows: "SELECT setval('s', 80)",
    up: [`SELECT setval('"public"."s"', 50) FROM "public"."s" WHERE last_value > 50`, alter("MAXVALUE 50 CACHE 5")],
    down: [alter("NO MAXVALUE CACHE 1")],
    gives: ["SELECT last_value FROM s", ["50"]],
  },
  {
    name: "a smaller type",
    before: s(),
    after: s("AS smallint"),
    up: [
      `SELECT setval('"public"."s"', 32767) FROM "public"."s" WHERE last_value > 32767`,
      alter("AS smallint MINVALUE 1 MAXVALUE 32767"),
    ],
  },
  {
    name: "unlogged",
    before: s(),
    after: "CREATE UNLOGGED SEQUENCE s",
    up: [alter("SET UNLOGGED")],
    down: [alter("SET LOGGED")],
    since: 15,
  },
  {
    name: "it comes before the column that it serves, so that rows get values, and is owned after",
    before: "CREATE TABLE t (a int)",
    rows: "INSERT INTO t VALUES (7)",
    gives: ["SELECT b FROM t WHERE a = 7", ["1"]],
    after: "CREATE TABLE t (a int, b serial)",
    up: [
      'CREATE SEQUENCE "public"."t_b_seq" AS integer',
      `ALTER TABLE "public"."t" ADD COLUMN "b" integer NOT NULL DEFAULT nextval('public.t_b_seq'::regclass)`,
      'ALTER SEQUENCE "public"."t_b_seq" OWNED BY "public"."t"."b"',
    ],
    down: ['ALTER TABLE "public"."t" DROP COLUMN "b"'],
  },
  {
    name: "a sequence goes on after the values that are there",
    before: "CREATE TABLE t (a int)",
    after: "CREATE TABLE t (a int); CREATE SEQUENCE s OWNED BY t.a",
    rows: "INSERT INTO t VALUES (41)",
    up: [
      create,
      alter('OWNED BY "public"."t"."a"'),
      `SELECT setval('"public"."s"'::regclass, max("a")) FROM "public"."t" HAVING max("a") BETWEEN 1 AND 9223372036854775807`,
    ],
    gives: ["SELECT nextval('s')", ["42"]],
  },
  {
    name: "it outlives the column that owned it, with its position",
    before: "CREATE TABLE t (a int, b int); CREATE SEQUENCE s OWNED BY t.b",
    after: `CREATE TABLE t (a int); ${s()}`,
    rows: "SELECT setval('s', 80)",
    up: [alter("OWNED BY NONE"), 'ALTER TABLE "public"."t" DROP COLUMN "b"'],
    gives: ["SELECT last_value FROM s", ["80"]],
  },
  {
    name: "renamed, with its position",
    before: "CREATE SEQUENCE old",
    after: s(),
    rows: "SELECT setval('old', 80)",
    answers: { old: "s" },
    up: ['ALTER SEQUENCE "public"."old" RENAME TO "s"'],
    gives: ["SELECT last_value FROM s", ["80"]],
  },
  {
    name: "beside a type of its name, which PostgreSQL takes by a rename only",
    before: "",
    after: `${s()}; CREATE TYPE s AS ENUM ('a'); CREATE TABLE t (s s)`,
    up: [`CREATE TYPE "public"."s" AS ENUM ('a')`, ...aside, 'CREATE TABLE "public"."t" (\n  "s" public.s\n)'],
    down: ['DROP TABLE "public"."t"', drop, 'DROP TYPE "public"."s"'],
  },
  {
    name: "beside one that was there before, or a multirange",
    before: "CREATE DOMAIN s AS int; CREATE TYPE r AS RANGE (SUBTYPE = int4, MULTIRANGE_TYPE_NAME = u)",
    after: `${s()}; CREATE SEQUENCE u; CREATE DOMAIN s AS int; CREATE TYPE r AS RANGE (SUBTYPE = int4, MULTIRANGE_TYPE_NAME = ru);
      ALTER TYPE ru RENAME TO u; ALTER FUNCTION ru(r) RENAME TO u`,
    up: [...aside, ...aside.map((sql) => sql.replaceAll('"s', '"u'))],
  },
  {
    name: "a type's name is free once the type is gone",
    before: "CREATE TYPE s AS ENUM ('a')",
    after: s(),
    up: ['DROP TYPE "public"."s"', create],
    down: [drop, `CREATE TYPE "public"."s" AS ENUM ('a')`],
  },
  {
    name: "and so is an index's, a table's and a composite type's",
    before: "CREATE TABLE t (a int); CREATE INDEX s ON t (a); CREATE TABLE u (); CREATE TYPE v AS (a int)",
    after: "CREATE TABLE t (a int); CREATE SEQUENCE s; CREATE SEQUENCE u; CREATE SEQUENCE v",
    up: [
      'DROP INDEX "public"."s"',
      create,
      'DROP TABLE "public"."u"',
      'CREATE SEQUENCE "public"."u"',
      'DROP TYPE "public"."v"',
      'CREATE SEQUENCE "public"."v"',
    ],
  },
]);
