import { acceptance } from "../support/acceptance.js";

const alter = (action: string) => `ALTER TABLE "public"."t" ${action}`;
const t = (constraint: string) =>
  `CREATE TABLE t (room int4range, during tsrange${constraint === "" ? "" : `, ${constraint}`})`;
const overlap = 'CONSTRAINT "free" EXCLUDE USING gist (room WITH &&, during WITH &&)';
const printed = 'CONSTRAINT "free" EXCLUDE USING "gist" ("room" WITH &&, "during" WITH &&)';
const drop = alter('DROP CONSTRAINT "free"');

acceptance("exclusions", [
  {
    name: "created inside the table",
    before: "",
    after: t(overlap),
    up: [`CREATE TABLE "public"."t" (\n  "room" int4range,\n  "during" tsrange,\n  ${printed}\n)`],
    down: ['DROP TABLE "public"."t"'],
  },
  { name: "added and dropped", before: t(""), after: t(overlap), up: [alter(`ADD ${printed}`)], down: [drop] },
  {
    name: "with all that it can have",
    before: t(""),
    after: t(`${overlap.replace("during WITH", "during range_ops WITH")} INCLUDE (room) WITH (fillfactor = 70)
      WHERE (NOT isempty(room)) DEFERRABLE INITIALLY DEFERRED`),
    up: [
      alter(
        `ADD ${printed} INCLUDE ("room") WITH ("fillfactor"='70') WHERE ((NOT isempty(room))) DEFERRABLE INITIALLY DEFERRED`,
      ),
    ],
  },
  {
    name: "another element, predicate or moment of checking is another constraint",
    before: t(`${overlap} WHERE (NOT isempty(room))`),
    after: t(`${overlap} DEFERRABLE`),
    up: [drop, alter(`ADD ${printed} DEFERRABLE`)],
  },
  {
    name: "its index's settings change in place",
    before: t(`${overlap.replace(/$/, " WITH (fillfactor = 70)")}`),
    after: `${t(overlap)}; ALTER TABLE t CLUSTER ON free`,
    up: ['ALTER INDEX "public"."free" RESET ("fillfactor")', alter('CLUSTER ON "free"')],
    down: [`ALTER INDEX "public"."free" SET ("fillfactor"='70')`, alter("SET WITHOUT CLUSTER")],
  },
  {
    name: "what CLUSTER follows is said once it stands",
    before: "",
    after: `${t(overlap)}; ALTER TABLE t CLUSTER ON free`,
    up: [
      `CREATE TABLE "public"."t" (\n  "room" int4range,\n  "during" tsrange,\n  ${printed}\n)`,
      alter('CLUSTER ON "free"'),
    ],
  },
  {
    name: "renamed, where its definition is the same",
    before: t(overlap.replace("free", "vacant")),
    after: t(overlap),
    up: [alter('RENAME CONSTRAINT "vacant" TO "free"')],
  },
  {
    name: "it goes with a column that it is on",
    before: t(overlap),
    after: "CREATE TABLE t (during tsrange)",
    up: [alter('DROP COLUMN "room"')],
    down: [alter('ADD COLUMN "room" int4range'), alter(`ADD ${printed}`)],
  },
]);
