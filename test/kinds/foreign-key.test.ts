import { acceptance } from "../support/acceptance.js";

const alter = (action: string) => `ALTER TABLE "public"."t" ${action}`;
const t = (constraint = "") =>
  `CREATE TABLE u (id int PRIMARY KEY, x int, UNIQUE (x, id));
   CREATE TABLE t (a int, b int${constraint === "" ? "" : `, CONSTRAINT f ${constraint}`})`;
const plain = "FOREIGN KEY (a) REFERENCES u";
const printed = 'ADD CONSTRAINT "f" FOREIGN KEY ("a") REFERENCES "public"."u" ("id")';
const drop = alter('DROP CONSTRAINT "f"');

acceptance("foreign keys", [
  {
    name: "added and dropped",
    before: t(),
    after: t(plain),
    up: [alter(printed)],
    hazards: ["may-fail", "scan"],
    down: [drop],
  },
  {
    name: "with all that it can have",
    before: t(),
    after: t(
      "FOREIGN KEY (a, b) REFERENCES u (x, id) MATCH FULL ON UPDATE CASCADE ON DELETE SET DEFAULT DEFERRABLE INITIALLY DEFERRED",
    ),
    up: [
      alter(
        'ADD CONSTRAINT "f" FOREIGN KEY ("a", "b") REFERENCES "public"."u" ("x", "id") MATCH FULL ON UPDATE CASCADE ON DELETE SET DEFAULT DEFERRABLE INITIALLY DEFERRED',
      ),
    ],
  },
  {
    name: "columns that are set on delete",
    before: t(),
    after: t("FOREIGN KEY (a, b) REFERENCES u (x, id) ON DELETE SET NULL (b)"),
    up: [
      alter('ADD CONSTRAINT "f" FOREIGN KEY ("a", "b") REFERENCES "public"."u" ("x", "id") ON DELETE SET NULL ("b")'),
    ],
    since: 15,
  },
  {
    name: "when it is checked changes in place",
    before: t(plain),
    after: t(`${plain} DEFERRABLE INITIALLY DEFERRED`),
    up: [alter('ALTER CONSTRAINT "f" DEFERRABLE INITIALLY DEFERRED')],
    down: [alter('ALTER CONSTRAINT "f" NOT DEFERRABLE')],
  },
  {
    name: "another action is another foreign key",
    before: t(plain),
    after: t(`${plain} ON DELETE CASCADE`),
    up: [drop, alter(`${printed} ON DELETE CASCADE`)],
  },
  {
    name: "validated in place",
    before: `${t()}; ALTER TABLE t ADD CONSTRAINT f ${plain} NOT VALID`,
    after: t(plain),
    up: [alter('VALIDATE CONSTRAINT "f"')],
    down: [drop, alter(`${printed} NOT VALID`)],
  },
  {
    name: "not enforced",
    before: t(),
    after: t(`${plain} NOT ENFORCED`),
    rows: "INSERT INTO t VALUES (99)",
    up: [alter(`${printed} NOT ENFORCED`)],
    hazards: [],
    since: 18,
  },
  {
    name: "enforced from now on, and no more on the way back",
    before: t(`${plain} NOT ENFORCED`),
    after: t(plain),
    up: [drop, alter(printed)],
    hazards: ["may-fail", "scan"],
    down: [drop, alter(`${printed} NOT ENFORCED`)],
    since: 18,
  },
  {
    name: "over periods",
    before:
      "CREATE TABLE u (id int4range, at tsrange, PRIMARY KEY (id, at WITHOUT OVERLAPS)); CREATE TABLE t (a int4range, at tsrange)",
    after: `CREATE TABLE u (id int4range, at tsrange, PRIMARY KEY (id, at WITHOUT OVERLAPS));
      CREATE TABLE t (a int4range, at tsrange, CONSTRAINT f FOREIGN KEY (a, PERIOD at) REFERENCES u (id, PERIOD at))`,
    up: [alter('ADD CONSTRAINT "f" FOREIGN KEY ("a", PERIOD "at") REFERENCES "public"."u" ("id", PERIOD "at")')],
    down: [drop],
    since: 18,
  },
  {
    name: "renamed",
    before: t(plain).replace("CONSTRAINT f", "CONSTRAINT old"),
    after: t(plain),
    up: [alter('RENAME CONSTRAINT "old" TO "f"')],
  },
]);
