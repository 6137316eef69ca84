import { acceptance } from "../support/acceptance.js";

const alter = (action: string) => `ALTER TABLE "public"."t" ${action}`;
const t = (constraint = "") => `CREATE TABLE t (a int${constraint === "" ? "" : `, ${constraint}`})`;
const late = (constraint: string) => `${t()}; ALTER TABLE t ADD ${constraint}`;

acceptance("checks", [
  {
    name: "added and dropped",
    before: t(),
    after: t("CONSTRAINT c CHECK (a > 0)"),
    up: [alter('ADD CONSTRAINT "c" CHECK ((a > 0))')],
    hazards: ["may-fail", "scan"],
    down: [alter('DROP CONSTRAINT "c"')],
  },
  {
    name: "not valid: rows that are there are not looked at",
    before: t(),
    after: late("CONSTRAINT c CHECK (a > 0) NO INHERIT NOT VALID"),
    rows: "INSERT INTO t VALUES (-1)",
    up: [alter('ADD CONSTRAINT "c" CHECK ((a > 0)) NO INHERIT NOT VALID')],
    hazards: [],
  },
  {
    name: "validated in place",
    before: late("CONSTRAINT c CHECK (a > 0) NOT VALID"),
    after: t("CONSTRAINT c CHECK (a > 0)"),
    up: [alter('VALIDATE CONSTRAINT "c"')],
    down: [alter('DROP CONSTRAINT "c"'), alter('ADD CONSTRAINT "c" CHECK ((a > 0)) NOT VALID')],
  },
  {
    name: "not enforced, inside a new table and on one that is there",
    before: t(),
    after: `${t("CONSTRAINT c CHECK (a > 0) NOT ENFORCED")}; CREATE TABLE u (a int CONSTRAINT d CHECK (a > 0) NOT ENFORCED)`,
    rows: "INSERT INTO t VALUES (-1)",
    up: [
      'CREATE TABLE "public"."u" (\n  "a" integer,\n  CONSTRAINT "d" CHECK ((a > 0)) NOT ENFORCED\n)',
      alter('ADD CONSTRAINT "c" CHECK ((a > 0)) NOT ENFORCED'),
    ],
    hazards: [],
    since: 18,
  },
  {
    name: "enforced from now on",
    before: t("CONSTRAINT c CHECK (a > 0) NOT ENFORCED"),
    after: t("CONSTRAINT c CHECK (a > 0)"),
    up: [alter('DROP CONSTRAINT "c"'), alter('ADD CONSTRAINT "c" CHECK ((a > 0))')],
    hazards: ["may-fail", "scan"],
    since: 18,
  },
  {
    name: "another expression is another constraint; another way to write it is none",
    before: t("CONSTRAINT c CHECK (a > 0), CONSTRAINT d CHECK (a IN (1, 2))"),
    after: t("CONSTRAINT c CHECK (a > 1), CONSTRAINT d CHECK ((a = ANY (ARRAY[1, 2])))"),
    up: [alter('DROP CONSTRAINT "c"'), alter('ADD CONSTRAINT "c" CHECK ((a > 1))')],
  },
  {
    name: "renamed",
    before: t("CONSTRAINT old CHECK (a > 0)"),
    after: t("CONSTRAINT c CHECK (a > 0)"),
    up: [alter('RENAME CONSTRAINT "old" TO "c"')],
  },
]);
