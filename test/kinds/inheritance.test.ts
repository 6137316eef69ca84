import { acceptance } from "../support/acceptance.js";

const city = "CREATE TABLE city (name text, population int DEFAULT 0 NOT NULL, CHECK (population >= 0))";
const capital = "CREATE TABLE capital (state char(2)) INHERITS (city)";
const on = (table: string, action: string) => `ALTER TABLE "public"."${table}" ${action}`;
const check = `CONSTRAINT "city_population_check" CHECK ((population >= 0))`;

acceptance("INHERITS", [
  {
    name: "from several parents, with columns and checks that merge, and words on what it inherits",
    before: "",
    after: `${city}; CREATE TABLE seat (name text, court boolean); CREATE TABLE capital (state char(2), UNIQUE (name)) INHERITS (city, seat);
      ALTER TABLE capital ALTER population SET DEFAULT 7, ALTER court SET NOT NULL; COMMENT ON COLUMN capital.name IS 'of the city'`,
    up: [
      `CREATE TABLE "public"."city" (\n  "name" text,\n  "population" integer NOT NULL DEFAULT 0,\n  ${check}\n)`,
      'CREATE TABLE "public"."seat" (\n  "name" text,\n  "court" boolean\n)',
      'CREATE TABLE "public"."capital" (\n  "state" character(2)\n) INHERITS ("public"."city", "public"."seat")',
      `COMMENT ON COLUMN "public"."capital"."name" IS 'of the city'`,
      on("capital", 'ALTER COLUMN "population" SET DEFAULT 7'),
      on("capital", 'ALTER COLUMN "court" SET NOT NULL'),
      on("capital", 'ADD CONSTRAINT "capital_name_key" UNIQUE ("name")'),
    ],
    down: ['DROP TABLE "public"."capital"', 'DROP TABLE "public"."city"', 'DROP TABLE "public"."seat"'],
  },
  {
    name: "columns and checks come and go with the parent's",
    before: `${city}; ${capital}`,
    after: `CREATE TABLE city (name text NOT NULL, mayor text, CHECK (name <> '')); ${capital}`,
    up: [
      on("city", 'ADD COLUMN "mayor" text'),
      on("city", 'ALTER COLUMN "name" SET NOT NULL'),
      on("city", `ADD CONSTRAINT "city_name_check" CHECK ((name <> ''::text))`),
      on("city", 'DROP COLUMN "population"'),
    ],
  },
  {
    name: "a column moves from parent to child, and another from child to parent, and both keep their values",
    before: `CREATE TABLE city (name text, mayor text); ${capital}`,
    after: `CREATE TABLE city (name text, state char(2)); CREATE TABLE capital (mayor text) INHERITS (city)`,
    up: [on("city", 'ADD COLUMN "state" character(2)'), 'ALTER TABLE ONLY "public"."city" DROP COLUMN "mayor"'],
  },
  {
    name: "what merged leaves the child as well",
    before: `${city}; CREATE TABLE capital (name text, population int NOT NULL, CONSTRAINT city_population_check CHECK (population >= 0)) INHERITS (city); CREATE TABLE town () INHERITS (city)`,
    after: `CREATE TABLE city (name text); CREATE TABLE capital () INHERITS (city); CREATE TABLE town (population int) INHERITS (city)`,
    // Up to 17 a NOT NULL is no constraint, and stays with the column.
    since: 18,
    up: [
      on("town", 'ALTER COLUMN "population" DROP DEFAULT'),
      on("city", 'DROP CONSTRAINT "city_population_check"'),
      on("city", 'ALTER COLUMN "population" DROP NOT NULL'),
      'ALTER TABLE ONLY "public"."city" DROP COLUMN "population"',
      on("capital", 'DROP COLUMN "population"'),
      on("town", 'ALTER COLUMN "population" DROP NOT NULL'),
    ],
  },
  {
    name: "a table takes a parent and another leaves it",
    before: `${city}; CREATE TABLE capital (name text, state char(2)); CREATE TABLE town () INHERITS (city)`,
    after: `${city}; CREATE TABLE capital (name text, population int DEFAULT 0 NOT NULL, state char(2), CONSTRAINT city_population_check CHECK (population >= 0)) INHERITS (city);
      CREATE TABLE town (name text, population int DEFAULT 0 NOT NULL, CONSTRAINT city_population_check CHECK (population >= 0))`,
    up: [
      on("town", 'NO INHERIT "public"."city"'),
      on("capital", 'ADD COLUMN "population" integer NOT NULL DEFAULT 0'),
      on("capital", `ADD ${check}`),
      on("capital", 'INHERIT "public"."city"'),
    ],
  },
  {
    name: "the parent goes, the child stays with its columns",
    before: `${city}; ${capital}`,
    after: `CREATE TABLE capital (name text, state char(2))`,
    up: [
      on("capital", 'NO INHERIT "public"."city"'),
      on("capital", 'DROP COLUMN "population"'),
      'DROP TABLE "public"."city"',
    ],
    hazards: ["data-loss"],
  },
]);

const type = "CREATE TYPE spot AS (name text, height int)";

acceptance("typed tables", [
  {
    name: "of a type, with words on its columns",
    before: "",
    after: `${type}; CREATE TABLE peak OF spot (name NOT NULL, height DEFAULT 1 CHECK (height > 0), PRIMARY KEY (name)); COMMENT ON COLUMN peak.height IS 'in metres'`,
    up: [
      'CREATE TYPE "public"."spot" AS ("name" text, "height" integer)',
      'CREATE TABLE "public"."peak" OF "public"."spot"',
      on("peak", 'ALTER COLUMN "name" SET NOT NULL'),
      on("peak", 'ALTER COLUMN "height" SET DEFAULT 1'),
      `COMMENT ON COLUMN "public"."peak"."height" IS 'in metres'`,
      on("peak", 'ADD CONSTRAINT "peak_pkey" PRIMARY KEY ("name")'),
      on("peak", 'ADD CONSTRAINT "peak_height_check" CHECK ((height > 0))'),
    ],
  },
  {
    name: "becomes one of a type, and is none any more",
    before: `${type}; CREATE TABLE peak (name text NOT NULL, height int); CREATE TABLE hill OF spot (name NOT NULL)`,
    after: `${type}; CREATE TABLE peak OF spot (height NOT NULL); CREATE TABLE hill (name text NOT NULL, height int)`,
    up: [
      on("hill", "NOT OF"),
      on("peak", 'ALTER COLUMN "name" DROP NOT NULL'),
      on("peak", 'ALTER COLUMN "height" SET NOT NULL'),
      on("peak", 'OF "public"."spot"'),
    ],
  },
  {
    name: "its type changes, with another that has no ALTER; the rows stay",
    before: `${type}; CREATE TABLE peak OF spot; CREATE TYPE b AS (x int, y int); CREATE TABLE u OF b`,
    after: `CREATE TYPE spot AS (name text, height int, first date); CREATE TABLE peak OF spot; CREATE TYPE b AS (x text, y int); CREATE TABLE u OF b`,
    up: [
      on("peak", "NOT OF"),
      on("u", "NOT OF"),
      'ALTER TYPE "public"."spot" ADD ATTRIBUTE "first" date',
      on("peak", 'ADD COLUMN "first" date'),
      on("u", 'ALTER COLUMN "x" TYPE text'),
      'DROP TYPE "public"."b"',
      'CREATE TYPE "public"."b" AS ("x" text, "y" integer)',
      on("peak", 'OF "public"."spot"'),
      on("u", 'OF "public"."b"'),
    ],
  },
]);
