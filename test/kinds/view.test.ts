import { acceptance } from "../support/acceptance.js";
import { serverMajor } from "../support/servers.js";

/** Before PostgreSQL 16 a column of the only table is printed with it. */
const isQualified = (await serverMajor()) < 16;
const c = (column: string, table = "t") => (isQualified ? `${table}.${column}` : column);

const t = "CREATE TABLE t (id int PRIMARY KEY, a text, b int)";
const v = (query: string, head = "VIEW v") => `CREATE ${head} AS ${query}`;
const created = (query: string, options = "") => `CREATE VIEW "public"."v"${options} AS\n${query}`;
const replaced = (query: string, options = "") => `CREATE OR REPLACE VIEW "public"."v"${options} AS\n${query}`;
const gone = 'DROP VIEW "public"."v"';
const m = (query: string) => `CREATE MATERIALIZED VIEW "public"."m" AS\n${query}`;
const goneM = 'DROP MATERIALIZED VIEW "public"."m"';

acceptance("views", [
  {
    name: "created with all that they can have, after what they read",
    before: "",
    after: `${t}; CREATE VIEW v (x, y, "odd ""name") WITH (security_barrier, check_option = local) AS SELECT id, a, b FROM t WHERE b > 0;
      ALTER VIEW v ALTER y SET DEFAULT 'none'; COMMENT ON VIEW v IS 'it''s'; COMMENT ON COLUMN v.x IS 'key'`,
    up: [
      'CREATE TABLE "public"."t" (\n  "id" integer NOT NULL,\n  "a" text,\n  "b" integer,\n  CONSTRAINT "t_pkey" PRIMARY KEY ("id")\n)',
      created(
        `SELECT ${c("id")} AS x,\n    ${c("a")} AS y,\n    ${c("b")} AS "odd ""name"\n   FROM public.t\n  WHERE (${c("b")} > 0)`,
        ` WITH ("security_barrier"='true', "check_option"='local')`,
      ),
      `COMMENT ON COLUMN "public"."v"."x" IS 'key'`,
      `ALTER VIEW "public"."v" ALTER COLUMN "y" SET DEFAULT 'none'::text`,
      `COMMENT ON VIEW "public"."v" IS 'it''s'`,
    ],
    down: [gone, 'DROP TABLE "public"."t"'],
  },
  {
    name: "another query over the same columns, and columns at the end, take the old one's place; what reads it stays",
    before: `${t}; ${v("SELECT id, a FROM t")}; CREATE VIEW w AS SELECT id FROM v`,
    after: `${t}; ${v("SELECT id, a, b FROM t WHERE b > 0")}; CREATE VIEW w AS SELECT id FROM v`,
    up: [replaced(`SELECT ${c("id")},\n    ${c("a")},\n    ${c("b")}\n   FROM public.t\n  WHERE (${c("b")} > 0)`)],
    down: [
      'DROP VIEW "public"."w"',
      gone,
      created(`SELECT ${c("id")},\n    ${c("a")}\n   FROM public.t`),
      `CREATE VIEW "public"."w" AS\nSELECT ${c("id", "v")}\n   FROM public.v`,
    ],
  },
  {
    name: "options, defaults and comments change in place",
    before: `${t}; ${v("SELECT id, a FROM t")}; ALTER VIEW v SET (security_barrier); ALTER VIEW v ALTER a SET DEFAULT 'x'`,
    after: `${t}; ${v("SELECT id, a FROM t")}; ALTER VIEW v SET (check_option = cascaded); COMMENT ON COLUMN v.a IS 'x'`,
    up: [
      `ALTER VIEW "public"."v" SET ("check_option"='cascaded')`,
      'ALTER VIEW "public"."v" RESET ("security_barrier")',
      'ALTER VIEW "public"."v" ALTER COLUMN "a" DROP DEFAULT',
      `COMMENT ON COLUMN "public"."v"."a" IS 'x'`,
    ],
    down: [
      `ALTER VIEW "public"."v" SET ("security_barrier"='true')`,
      'ALTER VIEW "public"."v" RESET ("check_option")',
      `ALTER VIEW "public"."v" ALTER COLUMN "a" SET DEFAULT 'x'::text`,
      'COMMENT ON COLUMN "public"."v"."a" IS NULL',
    ],
  },
  {
    name: "security_invoker",
    before: `${t}; ${v("SELECT id FROM t")}`,
    after: `${t}; ${v("SELECT id FROM t", "VIEW v WITH (security_invoker)")}`,
    up: [`ALTER VIEW "public"."v" SET ("security_invoker"='true')`],
    since: 15,
  },
  {
    name: "a column's new type: view, materialized view and its index, and function step aside and come back",
    before: `CREATE TABLE t (a int); ${v("SELECT a FROM t")}; CREATE MATERIALIZED VIEW m AS SELECT a FROM v; CREATE UNIQUE INDEX i ON m (a);
      CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(a) FROM m; END; COMMENT ON INDEX i IS 'one'`,
    after: `CREATE TABLE t (a bigint); ${v("SELECT a FROM t")}; CREATE MATERIALIZED VIEW m AS SELECT a FROM v; CREATE UNIQUE INDEX i ON m (a);
      CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(a) FROM m; END; COMMENT ON INDEX i IS 'one'`,
    up: [
      'DROP FUNCTION "public"."f"()',
      goneM,
      gone,
      'ALTER TABLE "public"."t" ALTER COLUMN "a" TYPE bigint',
      created(`SELECT ${c("a")}\n   FROM public.t`),
      m(`SELECT ${c("a", "v")}\n   FROM public.v`),
      'CREATE FUNCTION "public"."f"() RETURNS bigint\nLANGUAGE sql\nBEGIN ATOMIC\n SELECT count(m.a) AS count\n    FROM public.m;\nEND',
      'CREATE UNIQUE INDEX "i" ON "public"."m" ("a")',
      `COMMENT ON INDEX "public"."i" IS 'one'`,
    ],
    hazards: ["rewrite", "may-fail", "scan"],
  },
  {
    name: "a column that goes from under a view that no longer reads it",
    before: `${t}; ${v("SELECT id, a FROM t WHERE b > 0")}`,
    after: `CREATE TABLE t (id int PRIMARY KEY, a text); ${v("SELECT id, a FROM t")}`,
    up: [replaced(`SELECT ${c("id")},\n    ${c("a")}\n   FROM public.t`), 'ALTER TABLE "public"."t" DROP COLUMN "b"'],
  },
  {
    // Before PostgreSQL 16 a table's old name stays as an alias.
    name: "renames of a column and its table leave the view alone",
    before: `CREATE TABLE old (id int, before int); ${v("SELECT id, before AS x FROM old")}`,
    after: `CREATE TABLE t (id int, after int); ${v("SELECT id, after AS x FROM t")}`,
    answers: { old: "t", "t.before": "t.after" },
    up: [
      'ALTER TABLE "public"."old" RENAME TO "t"',
      'ALTER TABLE "public"."t" RENAME COLUMN "before" TO "after"',
      ...(isQualified ? [replaced("SELECT t.id,\n    t.after AS x\n   FROM public.t")] : []),
    ],
  },
  {
    name: "renamed, and what reads it with it, and no question asked",
    before: `${t}; CREATE VIEW old AS SELECT id FROM t; CREATE VIEW w AS SELECT id FROM old`,
    after: `${t}; ${v("SELECT id FROM t")}; CREATE VIEW w AS SELECT id FROM v`,
    up: [
      'ALTER VIEW "public"."old" RENAME TO "v"',
      ...(isQualified ? ['CREATE OR REPLACE VIEW "public"."w" AS\nSELECT v.id\n   FROM public.v'] : []),
    ],
  },
  {
    name: "view, table and materialized view follow one another under one name",
    before: `CREATE VIEW v AS SELECT 1 AS a; CREATE TABLE x (a int); CREATE MATERIALIZED VIEW m AS SELECT 1 AS a`,
    after: `CREATE TABLE v (a int); CREATE MATERIALIZED VIEW x AS SELECT 1 AS a; CREATE VIEW m AS SELECT 1 AS a`,
    up: [
      goneM,
      'CREATE VIEW "public"."m" AS\nSELECT 1 AS a',
      gone,
      'CREATE TABLE "public"."v" (\n  "a" integer\n)',
      'DROP TABLE "public"."x"',
      'CREATE MATERIALIZED VIEW "public"."x" AS\nSELECT 1 AS a',
    ],
    hazards: ["data-loss"],
  },
  {
    name: "recursive, and grouped by a key that stands for the other columns",
    before: t,
    after: `${t}; CREATE RECURSIVE VIEW v (n) AS SELECT 1 UNION ALL SELECT n + 1 FROM v WHERE n < 5; CREATE VIEW w AS SELECT t.id, t.a, count(*) FROM t GROUP BY t.id`,
    up: [
      created(
        `WITH RECURSIVE v(n) AS (\n         SELECT 1 AS "?column?"\n        UNION ALL\n         SELECT (v_1.n + 1)\n           FROM v v_1\n          WHERE (v_1.n < 5)\n        )\n SELECT ${c("n", "v")}\n   FROM v`,
      ),
      `CREATE VIEW "public"."w" AS\nSELECT ${c("id")},\n    ${c("a")},\n    count(*) AS count\n   FROM public.t\n  GROUP BY ${c("id")}`,
    ],
  },
  {
    name: "a function's new result under a view, and one whose rows are the view's",
    before: `CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; ${v("SELECT f() AS a")}; CREATE FUNCTION g() RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM public.v'`,
    after: `CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'; ${v("SELECT f() AS a")}; CREATE FUNCTION g() RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM public.v'`,
    up: [
      'DROP FUNCTION "public"."g"()',
      gone,
      'DROP FUNCTION "public"."f"()',
      'CREATE FUNCTION "public"."f"() RETURNS bigint\nLANGUAGE sql\nAS $function$SELECT 1::bigint$function$',
      created("SELECT public.f() AS a"),
      'CREATE FUNCTION "public"."g"() RETURNS SETOF public.v\nLANGUAGE sql\nAS $function$SELECT * FROM public.v$function$',
    ],
  },
]);

acceptance("materialized views", [
  {
    name: "created with all that they can have",
    before: t,
    after: `${t}; CREATE MATERIALIZED VIEW m WITH (fillfactor = 70) AS SELECT id, a FROM t WITH NO DATA; CREATE INDEX i ON m (lower(a)) WHERE id > 0;
      ALTER MATERIALIZED VIEW m ALTER a SET STORAGE external, ALTER a SET STATISTICS 50, ALTER a SET (n_distinct = 5), ALTER a SET COMPRESSION pglz;
      COMMENT ON MATERIALIZED VIEW m IS 'm'; COMMENT ON COLUMN m.a IS 'a'`,
    up: [
      `CREATE MATERIALIZED VIEW "public"."m" WITH ("fillfactor"='70') AS\nSELECT ${c("id")},\n    ${c("a")}\n   FROM public.t\nWITH NO DATA`,
      'ALTER MATERIALIZED VIEW "public"."m" ALTER COLUMN "a" SET STORAGE EXTERNAL',
      'ALTER MATERIALIZED VIEW "public"."m" ALTER COLUMN "a" SET COMPRESSION pglz',
      'ALTER MATERIALIZED VIEW "public"."m" ALTER COLUMN "a" SET STATISTICS 50',
      `ALTER MATERIALIZED VIEW "public"."m" ALTER COLUMN "a" SET ("n_distinct"='5')`,
      `COMMENT ON COLUMN "public"."m"."a" IS 'a'`,
      `COMMENT ON MATERIALIZED VIEW "public"."m" IS 'm'`,
      'CREATE INDEX "i" ON "public"."m" ((lower(a))) WHERE (id > 0)',
    ],
    down: [goneM],
  },
  {
    name: "another query is another view, whose indexes come back; no rows are lost that can't be had again",
    before: `${t}; CREATE MATERIALIZED VIEW m AS SELECT id FROM t; CREATE UNIQUE INDEX i ON m (id)`,
    after: `${t}; CREATE MATERIALIZED VIEW m AS SELECT id FROM t WHERE b > 0; CREATE UNIQUE INDEX i ON m (id)`,
    up: [
      goneM,
      m(`SELECT ${c("id")}\n   FROM public.t\n  WHERE (${c("b")} > 0)`),
      'CREATE UNIQUE INDEX "i" ON "public"."m" ("id")',
    ],
    // It is populated at once, so that a unique index may fail.
    hazards: ["may-fail", "scan"],
  },
  {
    name: "settings and indexes change in place; whether it is populated is no difference",
    before: `${t}; CREATE MATERIALIZED VIEW m WITH (fillfactor = 70, autovacuum_enabled = off) AS SELECT id, a FROM t WITH NO DATA; CREATE INDEX i ON m (id)`,
    after: `${t}; CREATE MATERIALIZED VIEW m WITH (fillfactor = 80, toast.autovacuum_enabled = off) AS SELECT id, a FROM t; ALTER MATERIALIZED VIEW m ALTER id SET STATISTICS 9; CREATE INDEX j ON m (id DESC)`,
    up: [
      'DROP INDEX "public"."i"',
      `ALTER MATERIALIZED VIEW "public"."m" SET ("fillfactor"='80', "toast"."autovacuum_enabled"='off')`,
      'ALTER MATERIALIZED VIEW "public"."m" RESET ("autovacuum_enabled")',
      'ALTER MATERIALIZED VIEW "public"."m" ALTER COLUMN "id" SET STATISTICS 9',
      'CREATE INDEX "j" ON "public"."m" ("id" DESC)',
    ],
  },
  {
    name: "renamed, with their indexes",
    before: `${t}; CREATE MATERIALIZED VIEW old AS SELECT id FROM t; CREATE INDEX j ON old (id)`,
    after: `${t}; CREATE MATERIALIZED VIEW m AS SELECT id FROM t; CREATE INDEX i ON m (id)`,
    up: ['ALTER MATERIALIZED VIEW "public"."old" RENAME TO "m"', 'ALTER INDEX "public"."j" RENAME TO "i"'],
  },
]);
