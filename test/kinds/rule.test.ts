import { acceptance } from "../support/acceptance.js";

const t = "CREATE TABLE t (id int PRIMARY KEY, a text); CREATE TABLE log (id int, a text)";
const keep = "CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING";
const created = (rest: string, verb = "CREATE") => `${verb} RULE "r" AS ON ${rest}`;
const replaced = (rest: string) => created(rest, "CREATE OR REPLACE");
const gone = 'DROP RULE "r" ON "public"."t"';

acceptance("rules", [
  {
    name: "created with all that they can have, after what they write to",
    before: "",
    after: `${t};
      CREATE RULE r AS ON UPDATE TO t WHERE old.a = ' DO INSTEAD "' AND new.id > 5 DO ALSO (INSERT INTO log VALUES (old.id, ' DO '); DELETE FROM log WHERE id = new.id);
      CREATE RULE "odd ""WHERE DO " AS ON DELETE TO t WHERE old.id > 5 DO INSTEAD NOTHING; CREATE RULE told AS ON INSERT TO t DO NOTIFY told;
      ALTER TABLE t DISABLE RULE told; COMMENT ON RULE told ON t IS 'it''s'`,
    up: [
      'CREATE TABLE "public"."t" (\n  "id" integer NOT NULL,\n  "a" text,\n  CONSTRAINT "t_pkey" PRIMARY KEY ("id")\n)',
      'CREATE TABLE "public"."log" (\n  "id" integer,\n  "a" text\n)',
      created(
        `UPDATE TO "public"."t" WHERE ((old.a = ' DO INSTEAD "'::text) AND (new.id > 5)) DO ALSO ( INSERT INTO public.log (id, a)\n  VALUES (old.id, ' DO '::text);\n DELETE FROM public.log\n  WHERE (log.id = new.id);\n)`,
      ),
      'CREATE RULE "odd ""WHERE DO " AS ON DELETE TO "public"."t" WHERE (old.id > 5) DO INSTEAD NOTHING',
      'CREATE RULE "told" AS ON INSERT TO "public"."t" DO ALSO NOTIFY told',
      'ALTER TABLE "public"."t" DISABLE RULE "told"',
      `COMMENT ON RULE "told" ON "public"."t" IS 'it''s'`,
    ],
    down: ['DROP TABLE "public"."t"', 'DROP TABLE "public"."log"'],
  },
  {
    name: "change in place, and keep their state and comment",
    before: `${t}; ${keep}; ALTER TABLE t DISABLE RULE r; COMMENT ON RULE r ON t IS 'x'`,
    after: `${t}; CREATE RULE r AS ON INSERT TO t WHERE new.id > 0 DO ALSO INSERT INTO log VALUES (new.id); ALTER TABLE t DISABLE RULE r; COMMENT ON RULE r ON t IS 'x'`,
    up: [replaced('INSERT TO "public"."t" WHERE (new.id > 0) DO ALSO INSERT INTO public.log (id)\n  VALUES (new.id)')],
    down: [replaced('DELETE TO "public"."t" DO INSTEAD NOTHING')],
  },
  {
    name: "states change without it",
    before: `${t}; ${keep}`,
    after: `${t}; ${keep}; ALTER TABLE t ENABLE REPLICA RULE r`,
    up: ['ALTER TABLE "public"."t" ENABLE REPLICA RULE "r"'],
    down: ['ALTER TABLE "public"."t" ENABLE RULE "r"'],
  },
  {
    name: "gone while a column changes its type, of the table that they write to as well",
    before: `${t}; CREATE RULE r AS ON INSERT TO t DO ALSO INSERT INTO log VALUES (new.id, new.a)`,
    after: `CREATE TABLE t (id int PRIMARY KEY, a text); CREATE TABLE log (id bigint, a text); CREATE RULE r AS ON INSERT TO t DO ALSO INSERT INTO log VALUES (new.id, new.a)`,
    up: [
      gone,
      'ALTER TABLE "public"."log" ALTER COLUMN "id" TYPE bigint',
      created('INSERT TO "public"."t" DO ALSO INSERT INTO public.log (id, a)\n  VALUES (new.id, new.a)'),
    ],
  },
  {
    name: "renamed, with the columns that they name",
    before: `CREATE TABLE t (id int, was int); CREATE RULE old AS ON UPDATE TO t WHERE old.was > 0 DO INSTEAD NOTHING`,
    after: `CREATE TABLE t (id int, a int); CREATE RULE r AS ON UPDATE TO t WHERE old.a > 0 DO INSTEAD NOTHING`,
    answers: { "t.was": "t.a" },
    up: ['ALTER TABLE "public"."t" RENAME COLUMN "was" TO "a"', 'ALTER RULE "old" ON "public"."t" RENAME TO "r"'],
  },
  {
    name: "of views, which they make ones that can be written",
    before: `${t}; CREATE VIEW v AS SELECT 1 AS one, id FROM t`,
    after: `${t}; CREATE VIEW v AS SELECT 2 AS one, id FROM t; CREATE RULE r AS ON INSERT TO v DO INSTEAD INSERT INTO t (id) VALUES (new.id); COMMENT ON RULE r ON v IS 'x'`,
    up: [
      'CREATE OR REPLACE VIEW "public"."v" AS\nSELECT 2 AS one,\n    id\n   FROM public.t',
      created('INSERT TO "public"."v" DO INSTEAD INSERT INTO public.t (id)\n  VALUES (new.id)'),
      `COMMENT ON RULE "r" ON "public"."v" IS 'x'`,
    ],
    since: 16,
  },
]);
