import { before } from "node:test";
import { acceptance } from "../support/acceptance.js";
import { createRoles } from "../support/corpus.js";

before(() => createRoles(["policy_reader", 'policy "Writer']));

const t = "CREATE TABLE t (id int PRIMARY KEY, a text, b int)";
const gone = 'DROP POLICY "p" ON "public"."t"';
const created = (rest = "") => `CREATE POLICY "p" ON "public"."t"${rest}`;
const altered = (rest: string) => `ALTER POLICY "p" ON "public"."t" ${rest}`;

acceptance("policies", [
  {
    name: "created with all that they can have, after what they read, and whether they are in force",
    before: "",
    after: `${t}; CREATE TABLE "other T" (t_id int); ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE FUNCTION may(int) RETURNS boolean LANGUAGE sql STABLE RETURN true;
      CREATE POLICY p ON t AS RESTRICTIVE FOR UPDATE TO policy_reader, "policy ""Writer" USING (may(b)) WITH CHECK (EXISTS (SELECT 1 FROM "other T" o WHERE o.t_id = t.id));
      CREATE POLICY "odd ""name" ON t; CREATE POLICY own ON t FOR SELECT USING (a = current_user); COMMENT ON POLICY own ON t IS 'it''s'`,
    up: [
      'CREATE FUNCTION "public"."may"(integer) RETURNS boolean\nLANGUAGE sql STABLE\nRETURN true',
      'CREATE TABLE "public"."t" (\n  "id" integer NOT NULL,\n  "a" text,\n  "b" integer,\n  CONSTRAINT "t_pkey" PRIMARY KEY ("id")\n)',
      'ALTER TABLE "public"."t" ENABLE ROW LEVEL SECURITY',
      'ALTER TABLE "public"."t" FORCE ROW LEVEL SECURITY',
      'CREATE TABLE "public"."other T" (\n  "t_id" integer\n)',
      created(
        ' AS RESTRICTIVE FOR UPDATE TO "policy ""Writer", "policy_reader" USING (public.may(b)) WITH CHECK ((EXISTS ( SELECT 1\n   FROM public."other T" o\n  WHERE (o.t_id = t.id))))',
      ),
      'CREATE POLICY "odd ""name" ON "public"."t"',
      'CREATE POLICY "own" ON "public"."t" FOR SELECT USING ((a = CURRENT_USER))',
      `COMMENT ON POLICY "own" ON "public"."t" IS 'it''s'`,
    ],
    down: ['DROP TABLE "public"."t"', 'DROP TABLE "public"."other T"', 'DROP FUNCTION "public"."may"(integer)'],
  },
  {
    name: "roles and expressions change in place, one without the other",
    before: `${t}; CREATE POLICY p ON t TO policy_reader USING (b > 0) WITH CHECK (b > 0); CREATE POLICY q ON t USING (b > 0)`,
    after: `${t}; CREATE POLICY p ON t USING (b > 1) WITH CHECK (b > 0); CREATE POLICY q ON t TO policy_reader USING (b > 0) WITH CHECK (b > 2)`,
    up: [
      altered("TO PUBLIC USING ((b > 1))"),
      'ALTER POLICY "q" ON "public"."t" TO "policy_reader" WITH CHECK ((b > 2))',
    ],
    down: [
      altered('TO "policy_reader" USING ((b > 0))'),
      'DROP POLICY "q" ON "public"."t"',
      'CREATE POLICY "q" ON "public"."t" USING ((b > 0))',
    ],
  },
  {
    name: "another command, and the end of an expression, take a new one",
    before: `${t}; CREATE POLICY p ON t FOR SELECT USING (b > 0); CREATE POLICY q ON t USING (b > 0) WITH CHECK (b > 1); COMMENT ON POLICY q ON t IS 'x'`,
    after: `${t}; CREATE POLICY p ON t FOR DELETE USING (b > 0); CREATE POLICY q ON t WITH CHECK (b > 1); COMMENT ON POLICY q ON t IS 'x'`,
    up: [
      gone,
      created(" FOR DELETE USING ((b > 0))"),
      'DROP POLICY "q" ON "public"."t"',
      'CREATE POLICY "q" ON "public"."t" WITH CHECK ((b > 1))',
      `COMMENT ON POLICY "q" ON "public"."t" IS 'x'`,
    ],
  },
  {
    name: "gone while a column changes its type; a new column is there first and an old one goes after",
    before: `CREATE TABLE t (id int, a text, b int); CREATE POLICY p ON t USING (b > 0); CREATE POLICY q ON t USING (a = 'x')`,
    after: `CREATE TABLE t (id int, c text, b bigint); CREATE POLICY p ON t USING (b > 0); CREATE POLICY q ON t USING (c = 'x')`,
    up: [
      'ALTER TABLE "public"."t" ADD COLUMN "c" text',
      `ALTER POLICY "q" ON "public"."t" USING ((c = 'x'::text))`,
      gone,
      'ALTER TABLE "public"."t" ALTER COLUMN "b" TYPE bigint',
      created(" USING ((b > 0))"),
      'ALTER TABLE "public"."t" DROP COLUMN "a"',
    ],
  },
  {
    name: "an enum label that goes, and a function with another result",
    before: `CREATE TYPE e AS ENUM ('a', 'b', 'c'); CREATE FUNCTION f(e) RETURNS int LANGUAGE sql RETURN 1; CREATE TABLE t (e e); CREATE POLICY p ON t USING (e <> 'a' AND f(e) > 0)`,
    after: `CREATE TYPE e AS ENUM ('a', 'b'); CREATE FUNCTION f(e) RETURNS bigint LANGUAGE sql RETURN 1; CREATE TABLE t (e e); CREATE POLICY p ON t USING (e <> 'a' AND f(e) > 0)`,
    rows: "INSERT INTO t VALUES ('a')",
    up: [
      gone,
      'DROP FUNCTION "public"."f"(public.e)',
      'ALTER TYPE "public"."e" RENAME TO "e_going_away"',
      `CREATE TYPE "public"."e" AS ENUM ('a', 'b')`,
      'CREATE FUNCTION "public"."f"(public.e) RETURNS bigint\nLANGUAGE sql\nRETURN 1',
      'ALTER TABLE "public"."t" ALTER COLUMN "e" TYPE public.e USING "e"::text::public.e',
      created(" USING (((e <> 'a'::public.e) AND (public.f(e) > 0)))"),
      'DROP TYPE "public"."e_going_away"',
    ],
  },
  {
    name: "renamed, and no question asked",
    before: `${t}; CREATE POLICY old ON t USING (b > 0)`,
    after: `${t}; CREATE POLICY p ON t USING (b > 0)`,
    answers: {},
    up: ['ALTER POLICY "old" ON "public"."t" RENAME TO "p"'],
  },
]);
