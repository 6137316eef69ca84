import { acceptance } from "../support/acceptance.js";

const alter = (action: string) => `ALTER TABLE "public"."t" ${action}`;
const t = (constraint = "") => `CREATE TABLE t (a int NOT NULL, b int${constraint === "" ? "" : `, ${constraint}`})`;
const slots = (constraint = "") =>
  `CREATE TABLE t (room int4range NOT NULL, during tsrange NOT NULL${constraint === "" ? "" : `, ${constraint}`})`;
const periods = (include: string) =>
  `CREATE TABLE t (room int4range, during tsrange, note int4range, CONSTRAINT k UNIQUE (room, during WITHOUT OVERLAPS) ${include});
   CREATE TABLE u (room int4range, during tsrange,
     CONSTRAINT f FOREIGN KEY (room, PERIOD during) REFERENCES t (room, PERIOD during))`;

acceptance("keys", [
  {
    name: "created inside the table",
    before: "",
    after: t("PRIMARY KEY (a), UNIQUE (b, a)"),
    up: [
      'CREATE TABLE "public"."t" (\n  "a" integer NOT NULL,\n  "b" integer,\n  CONSTRAINT "t_pkey" PRIMARY KEY ("a"),\n  CONSTRAINT "t_b_a_key" UNIQUE ("b", "a")\n)',
    ],
    down: ['DROP TABLE "public"."t"'],
  },
  {
    name: "added and dropped",
    before: t(),
    after: t("PRIMARY KEY (a)"),
    up: [alter('ADD CONSTRAINT "t_pkey" PRIMARY KEY ("a")')],
    hazards: ["may-fail", "scan"],
    down: [alter('DROP CONSTRAINT "t_pkey"')],
  },
  {
    name: "with all that it can have",
    before: t(),
    after: t(
      "CONSTRAINT k UNIQUE NULLS NOT DISTINCT (b) INCLUDE (a) WITH (fillfactor = 70) DEFERRABLE INITIALLY DEFERRED",
    ),
    up: [
      alter(
        `ADD CONSTRAINT "k" UNIQUE NULLS NOT DISTINCT ("b") INCLUDE ("a") WITH ("fillfactor"='70') DEFERRABLE INITIALLY DEFERRED`,
      ),
    ],
    since: 15,
  },
  {
    name: "ranges that don't overlap",
    before: slots(),
    after: slots("PRIMARY KEY (room, during WITHOUT OVERLAPS)"),
    up: [alter('ADD CONSTRAINT "t_pkey" PRIMARY KEY ("room", "during" WITHOUT OVERLAPS)')],
    down: [alter('DROP CONSTRAINT "t_pkey"')],
    since: 18,
  },
  {
    name: "ranges may overlap after all",
    before: slots("CONSTRAINT k UNIQUE (room, during WITHOUT OVERLAPS)"),
    after: slots("CONSTRAINT k UNIQUE (room, during)"),
    up: [alter('DROP CONSTRAINT "k"'), alter('ADD CONSTRAINT "k" UNIQUE ("room", "during")')],
    since: 18,
  },
  {
    name: "a foreign key over periods is put back when the key it needs is made anew",
    before: periods(""),
    after: periods("INCLUDE (note)"),
    up: [
      'ALTER TABLE "public"."u" DROP CONSTRAINT "f"',
      alter('DROP CONSTRAINT "k"'),
      alter('ADD CONSTRAINT "k" UNIQUE ("room", "during" WITHOUT OVERLAPS) INCLUDE ("note")'),
      'ALTER TABLE "public"."u" ADD CONSTRAINT "f" FOREIGN KEY ("room", PERIOD "during") REFERENCES "public"."t" ("room", PERIOD "during")',
    ],
    since: 18,
  },
  {
    name: "settings of its index change in place",
    before: t("CONSTRAINT k UNIQUE (a) WITH (fillfactor = 70)"),
    after: `${t("CONSTRAINT k UNIQUE (a)")}; ALTER TABLE t CLUSTER ON k`,
    up: ['ALTER INDEX "public"."k" RESET ("fillfactor")', alter('CLUSTER ON "k"')],
    down: [`ALTER INDEX "public"."k" SET ("fillfactor"='70')`, alter("SET WITHOUT CLUSTER")],
  },
  {
    name: "the primary key moves, and what references the old one goes before",
    before: `${t("CONSTRAINT k PRIMARY KEY (a)")}; CREATE TABLE u (a int CONSTRAINT f REFERENCES t)`,
    after: `CREATE TABLE t (a int NOT NULL, b int NOT NULL, CONSTRAINT k PRIMARY KEY (b)); CREATE TABLE u (a int)`,
    up: [
      alter('ALTER COLUMN "b" SET NOT NULL'),
      'ALTER TABLE "public"."u" DROP CONSTRAINT "f"',
      alter('DROP CONSTRAINT "k"'),
      alter('ADD CONSTRAINT "k" PRIMARY KEY ("b")'),
    ],
  },
  {
    name: "renamed",
    before: t("CONSTRAINT old PRIMARY KEY (a)"),
    after: t("CONSTRAINT k PRIMARY KEY (a)"),
    up: [alter('RENAME CONSTRAINT "old" TO "k"')],
  },
]);
