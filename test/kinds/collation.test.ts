import { acceptance } from "../support/acceptance.js";

const german = "CREATE COLLATION c (provider = icu, locale = 'de')";
const strict = "CREATE COLLATION c (provider = icu, locale = 'de-u-ks-level2', deterministic = false)";
const created = (rest: string, name = '"public"."c"') => `CREATE COLLATION ${name} (${rest})`;

acceptance("collations", [
  {
    name: "created before the types and columns that use them",
    before: "",
    after: `CREATE SCHEMA s; ${strict}; COMMENT ON COLLATION c IS 'it''s'; CREATE COLLATION s."odd ""name" (locale = 'C'); CREATE COLLATION two (lc_collate = 'C', lc_ctype = 'POSIX');
      CREATE DOMAIN d AS text COLLATE c; CREATE TABLE t (a text COLLATE s."odd ""name")`,
    up: [
      'CREATE SCHEMA "s"',
      created("provider = icu, locale = 'de-u-ks-level2', deterministic = false"),
      `COMMENT ON COLLATION "public"."c" IS 'it''s'`,
      created("provider = libc, locale = 'C'", '"s"."odd ""name"'),
      created("provider = libc, lc_collate = 'C', lc_ctype = 'POSIX'", '"public"."two"'),
      'CREATE DOMAIN "public"."d" AS text COLLATE public.c',
      'CREATE TABLE "public"."t" (\n  "a" text COLLATE s."odd ""name"\n)',
    ],
    down: [
      'DROP TABLE "public"."t"',
      'DROP DOMAIN "public"."d"',
      'DROP COLLATION "public"."c"',
      'DROP COLLATION "s"."odd ""name"',
      'DROP COLLATION "public"."two"',
      'DROP SCHEMA "s"',
    ],
  },
  {
    name: "another locale: columns move over with their rows, indexes on them come back",
    before: `${german}; CREATE TABLE t (a text COLLATE c, b varchar(9)[] COLLATE c); CREATE INDEX i ON t (lower(a))`,
    after: `${strict}; CREATE TABLE t (a text COLLATE c, b varchar(9)[] COLLATE c); CREATE INDEX i ON t (lower(a))`,
    rows: "INSERT INTO t VALUES ('ä', '{x,y}')",
    up: [
      'ALTER COLLATION "public"."c" RENAME TO "c_going_away"',
      created("provider = icu, locale = 'de-u-ks-level2', deterministic = false"),
      'ALTER TABLE "public"."t" ALTER COLUMN "b" TYPE character varying(9)[] COLLATE public.c USING "b"::text::character varying(9)[]',
      'DROP INDEX "public"."i"',
      'ALTER TABLE "public"."t" ALTER COLUMN "a" TYPE text COLLATE public.c USING "a"::text::text',
      'CREATE INDEX "i" ON "public"."t" ((lower(a)) COLLATE public.c)',
      'DROP COLLATION "public"."c_going_away"',
    ],
    gives: ["SELECT a FROM t WHERE b = '{x,y}'", ["ä"]],
  },
  {
    name: "another locale where nothing uses it",
    before: german,
    after: strict,
    up: ['DROP COLLATION "public"."c"', created("provider = icu, locale = 'de-u-ks-level2', deterministic = false")],
  },
  {
    name: "renamed, and no question asked",
    before: `CREATE COLLATION old (provider = icu, locale = 'de'); CREATE TABLE t (a text COLLATE old)`,
    after: `${german}; CREATE TABLE t (a text COLLATE c)`,
    answers: {},
    up: ['ALTER COLLATION "public"."old" RENAME TO "c"'],
  },
  {
    name: "rules",
    before: "",
    after: "CREATE COLLATION c (provider = icu, locale = 'und', rules = '&V << w <<< W')",
    up: [created("provider = icu, locale = 'und', rules = '&V << w <<< W'")],
    since: 16,
  },
  {
    name: "of PostgreSQL's own provider",
    before: "",
    after: "CREATE COLLATION c (provider = builtin, locale = 'C.UTF-8')",
    up: [created("provider = builtin, locale = 'C.UTF-8'")],
    since: 17,
  },
]);
