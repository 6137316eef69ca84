import { acceptance } from "../support/acceptance.js";

const german = (rest = "") => `CREATE COLLATION german (provider = icu, locale = 'de'${rest})`;
const created = (rest = "") => `CREATE COLLATION "public"."german" (provider = 'icu', locale = 'de'${rest})`;

acceptance("collations", [
  {
    name: "created with all that they can have, before the columns and types that use them",
    before: "",
    after: `CREATE COLLATION ours (provider = icu, locale = 'de-u-ks-level2', deterministic = false); ${german()};
      CREATE COLLATION mixed (lc_collate = 'C', lc_ctype = 'POSIX'); CREATE COLLATION plain (locale = 'C'); COMMENT ON COLLATION plain IS 'as bytes';
      CREATE DOMAIN d AS text COLLATE german; CREATE TABLE t (a text COLLATE ours, b d)`,
    up: [
      `CREATE COLLATION "public"."ours" (provider = 'icu', locale = 'de-u-ks-level2', deterministic = false)`,
      created(),
      `CREATE COLLATION "public"."mixed" (lc_collate = 'C', lc_ctype = 'POSIX')`,
      `CREATE COLLATION "public"."plain" (locale = 'C')`,
      `COMMENT ON COLLATION "public"."plain" IS 'as bytes'`,
      'CREATE DOMAIN "public"."d" AS text COLLATE public.german',
      'CREATE TABLE "public"."t" (\n  "a" text COLLATE public.ours,\n  "b" public.d\n)',
    ],
  },
  {
    name: "rules and PostgreSQL's own provider",
    before: "",
    after: `CREATE COLLATION ruled (provider = icu, locale = 'und', rules = '&V << w'); CREATE COLLATION bytes (provider = builtin, locale = 'C.UTF-8')`,
    up: [
      `CREATE COLLATION "public"."ruled" (provider = 'icu', locale = 'und', rules = '&V << w')`,
      `CREATE COLLATION "public"."bytes" (provider = 'builtin', locale = 'C.UTF-8')`,
    ],
    since: 17,
  },
  {
    name: "made anew, and columns with their indexes and domains move over",
    before: `${german()}; CREATE TABLE t (a text COLLATE german, id int); CREATE INDEX i ON t (a)`,
    after: `${german(", deterministic = false")}; CREATE TABLE t (a text COLLATE german, id int); CREATE INDEX i ON t (a)`,
    rows: "INSERT INTO t VALUES ('ä', 1)",
    up: [
      'ALTER COLLATION "public"."german" RENAME TO "german_going_away"',
      created(", deterministic = false"),
      'DROP INDEX "public"."i"',
      'ALTER TABLE "public"."t" ALTER COLUMN "a" TYPE text COLLATE public.german USING "a"::text',
      'CREATE INDEX "i" ON "public"."t" ("a")',
      'DROP COLLATION "public"."german_going_away"',
    ],
    gives: ["SELECT count(*) FROM t WHERE a = 'ä'", ["1"]],
  },
  {
    name: "made anew under a domain that a column is of",
    before: `${german()}; CREATE DOMAIN d AS text COLLATE german; CREATE TABLE t (b d, id int)`,
    after: `${german(", deterministic = false")}; CREATE DOMAIN d AS text COLLATE german; CREATE TABLE t (b d, id int)`,
    rows: "INSERT INTO t VALUES ('ä', 1)",
    up: [
      'ALTER DOMAIN "public"."d" RENAME TO "d_going_away"',
      'ALTER COLLATION "public"."german" RENAME TO "german_going_away"',
      created(", deterministic = false"),
      'CREATE DOMAIN "public"."d" AS text COLLATE public.german',
      'ALTER TABLE "public"."t" ALTER COLUMN "b" TYPE public.d USING "b"::public.d',
      'DROP DOMAIN "public"."d_going_away"',
      'DROP COLLATION "public"."german_going_away"',
    ],
    gives: ["SELECT count(*) FROM t WHERE b = 'ä'", ["1"]],
  },
  {
    name: "renamed, and no question asked",
    before: `${german()}; CREATE TABLE t (a text COLLATE german)`,
    after: `CREATE COLLATION deutsch (provider = icu, locale = 'de'); CREATE TABLE t (a text COLLATE deutsch)`,
    answers: {},
    up: ['ALTER COLLATION "public"."german" RENAME TO "deutsch"'],
  },
]);
