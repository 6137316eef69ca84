import { acceptance } from "../support/acceptance.js";

const t = "CREATE TABLE t (a int, b text)";
const on = (index: string) => `${t}; CREATE INDEX ${index}`;
const drop = (name: string) => `DROP INDEX "public"."${name}"`;

acceptance("indexes", [
  {
    name: "created and dropped",
    before: t,
    after: on("i ON t (a, b)"),
    up: ['CREATE INDEX "i" ON "public"."t" ("a", "b")'],
    hazards: ["scan"],
    down: [drop("i")],
  },
  {
    name: "with all that it can have",
    before: t,
    after: `${t}; CREATE UNIQUE INDEX i ON t (lower(b) COLLATE "C" text_pattern_ops DESC NULLS LAST, a) INCLUDE (b) WITH (fillfactor = 70) WHERE a > 0`,
    up: [
      `CREATE UNIQUE INDEX "i" ON "public"."t" ((lower(b)) COLLATE pg_catalog."C" text_pattern_ops DESC NULLS LAST, "a") INCLUDE ("b") WITH ("fillfactor"='70') WHERE (a > 0)`,
    ],
    hazards: ["may-fail", "scan"],
  },
  {
    name: "NULLs that are equal",
    before: t,
    after: `${t}; CREATE UNIQUE INDEX i ON t (a) NULLS NOT DISTINCT`,
    up: ['CREATE UNIQUE INDEX "i" ON "public"."t" ("a") NULLS NOT DISTINCT'],
    since: 15,
  },
  {
    name: "another method",
    before: t,
    after: on("i ON t USING hash (a)"),
    up: ['CREATE INDEX "i" ON "public"."t" USING "hash" ("a")'],
  },
  {
    name: "another shape is another index",
    before: on("i ON t (a)"),
    after: on("i ON t (a DESC)"),
    up: [drop("i"), 'CREATE INDEX "i" ON "public"."t" ("a" DESC)'],
  },
  {
    name: "settings change in place",
    before: `${t}; CREATE INDEX i ON t (lower(b))`,
    after: `${t}; CREATE INDEX i ON t (lower(b)) WITH (fillfactor = 70); ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 500`,
    up: [
      `ALTER INDEX "public"."i" SET ("fillfactor"='70')`,
      'ALTER INDEX "public"."i" ALTER COLUMN 1 SET STATISTICS 500',
    ],
    down: [
      'ALTER INDEX "public"."i" RESET ("fillfactor")',
      'ALTER INDEX "public"."i" ALTER COLUMN 1 SET STATISTICS -1',
    ],
  },
  {
    name: "CLUSTER follows another index than before",
    before: `${on("x ON t (a)")}; CREATE INDEX y ON t (b); ALTER TABLE t CLUSTER ON x`,
    after: `${on("x ON t (a)")}; CREATE INDEX y ON t (b); ALTER TABLE t CLUSTER ON y`,
    up: ['ALTER TABLE "public"."t" SET WITHOUT CLUSTER', 'ALTER TABLE "public"."t" CLUSTER ON "y"'],
    down: ['ALTER TABLE "public"."t" SET WITHOUT CLUSTER', 'ALTER TABLE "public"."t" CLUSTER ON "x"'],
  },
  {
    name: "or a key instead",
    before: `CREATE TABLE t (a int CONSTRAINT k UNIQUE, b text); CREATE INDEX z ON t (b); ALTER TABLE t CLUSTER ON z`,
    after: `CREATE TABLE t (a int CONSTRAINT k UNIQUE, b text); CREATE INDEX z ON t (b); ALTER TABLE t CLUSTER ON k`,
    up: ['ALTER TABLE "public"."t" SET WITHOUT CLUSTER', 'ALTER TABLE "public"."t" CLUSTER ON "k"'],
  },
  {
    name: "a name that goes from one table to another",
    before: `${on("i ON t (a)")}; CREATE TABLE u (a int)`,
    after: `${t}; CREATE TABLE u (a int); CREATE INDEX i ON u (a)`,
    up: [drop("i"), 'CREATE INDEX "i" ON "public"."u" ("a")'],
  },
  {
    name: "renamed, where its definition is the same",
    before: on("old ON t (a)"),
    after: on("i ON t (a)"),
    up: ['ALTER INDEX "public"."old" RENAME TO "i"'],
  },
  {
    name: "it goes with a column that it is on",
    before: on("i ON t (a, b)"),
    after: "CREATE TABLE t (a int)",
    up: ['ALTER TABLE "public"."t" DROP COLUMN "b"'],
  },
]);
