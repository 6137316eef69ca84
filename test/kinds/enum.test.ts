import { objectId } from "../../src/catalog/catalog.js";
import { acceptance } from "../support/acceptance.js";

const status = (...labels: string[]) =>
  `CREATE TYPE status AS ENUM (${labels.map((label) => `'${label.replaceAll("'", "''")}'`).join(", ")})`;
const tickets = "CREATE TABLE tickets (id int PRIMARY KEY, status status)";
const away = 'ALTER TYPE "public"."status" RENAME TO "status_going_away"';
const gone = 'DROP TYPE "public"."status_going_away"';
const move = (type: string, using: string) =>
  `ALTER TABLE "public"."tickets" ALTER COLUMN "status" TYPE ${type} USING ${using}`;

acceptance("enums", [
  {
    name: "created before the table that uses it, dropped after",
    before: "",
    after: `${status("a")}; CREATE TABLE t (s status)`,
    up: [`CREATE TYPE "public"."status" AS ENUM ('a')`, 'CREATE TABLE "public"."t" (\n  "s" public.status\n)'],
    down: ['DROP TABLE "public"."t"', 'DROP TYPE "public"."status"'],
  },
  {
    name: "labels are added wherever they belong",
    before: `${status("b", "d")}; ${tickets}`,
    after: `${status("a", "b", "c", "d", "e")}; ${tickets}`,
    up: [
      `ALTER TYPE "public"."status" ADD VALUE 'a' BEFORE 'b'`,
      `ALTER TYPE "public"."status" ADD VALUE 'c' AFTER 'b'`,
      `ALTER TYPE "public"."status" ADD VALUE 'e'`,
    ],
    down: [
      away,
      `CREATE TYPE "public"."status" AS ENUM ('b', 'd')`,
      move("public.status", '"status"::text::public.status'),
      gone,
    ],
  },
  {
    name: "labels with quotes and backslashes",
    before: status("it's"),
    after: status("it's", "back\\slash", 'say "x"', ""),
    up: [
      `ALTER TYPE "public"."status" ADD VALUE E'back\\\\slash'`,
      `ALTER TYPE "public"."status" ADD VALUE 'say "x"'`,
      `ALTER TYPE "public"."status" ADD VALUE ''`,
    ],
  },
  {
    name: "a label that the same plan uses is committed first",
    before: `${status("a")}; CREATE TABLE t (s status DEFAULT 'a')`,
    after: `${status("a", "b")}; CREATE TABLE t (s status DEFAULT 'b')`,
    up: [
      `ALTER TYPE "public"."status" ADD VALUE IF NOT EXISTS 'b'`,
      `ALTER TABLE "public"."t" ALTER COLUMN "s" SET DEFAULT 'b'::public.status`,
    ],
  },
  {
    name: "what is committed first goes ahead of all else",
    before: `${status("a")}; CREATE TABLE t (s status DEFAULT 'a', x int UNIQUE)`,
    after: `CREATE SCHEMA app; ${status("a", "b")}; CREATE TABLE t (s status DEFAULT 'b')`,
    up: [
      `ALTER TYPE "public"."status" ADD VALUE IF NOT EXISTS 'b'`,
      'CREATE SCHEMA "app"',
      `ALTER TABLE "public"."t" ALTER COLUMN "s" SET DEFAULT 'b'::public.status`,
      'ALTER TABLE "public"."t" DROP COLUMN "x"',
    ],
  },
  {
    name: "rows of text that become a new label commit it first",
    before: `${status("a")}; CREATE TABLE t (s text)`,
    after: `${status("a", "b")}; CREATE TABLE t (s status)`,
    rows: "INSERT INTO t VALUES ('b')",
    up: [
      `ALTER TYPE "public"."status" ADD VALUE IF NOT EXISTS 'b'`,
      'ALTER TABLE "public"."t" ALTER COLUMN "s" TYPE public.status USING "s"::text::public.status',
    ],
  },
  {
    name: "labels in another order: columns move to a new type",
    before: `${status("a", "b")}; ${tickets}`,
    after: `${status("b", "a")}; ${tickets}`,
    up: [
      away,
      `CREATE TYPE "public"."status" AS ENUM ('b', 'a')`,
      move("public.status", '"status"::text::public.status'),
      gone,
    ],
  },
  {
    name: "a label is removed, and rows that hold it take another",
    before: `${status("open", "stale", "closed")}; ${tickets}`,
    after: `${status("open", "closed")}; ${tickets}`,
    rows: "INSERT INTO tickets VALUES (7, 'stale')",
    plan: { labelReplacements: new Map([[objectId("enum", ["public", "status"]), { stale: "closed" }]]) },
    up: [
      away,
      `CREATE TYPE "public"."status" AS ENUM ('open', 'closed')`,
      move("public.status", `(CASE "status"::text WHEN 'stale' THEN 'closed' ELSE "status"::text END)::public.status`),
      gone,
    ],
    gives: ["SELECT status FROM tickets WHERE id = 7", ["closed"]],
  },
  {
    name: "a label is removed from arrays likewise",
    before: `${status("open", "stale")}; CREATE TABLE tickets (id int PRIMARY KEY, status status[])`,
    after: `${status("open")}; CREATE TABLE tickets (id int PRIMARY KEY, status status[])`,
    rows: "INSERT INTO tickets VALUES (7, '{open,stale,NULL}')",
    plan: { labelReplacements: new Map([[objectId("enum", ["public", "status"]), { stale: "open" }]]) },
    up: [
      away,
      `CREATE TYPE "public"."status" AS ENUM ('open')`,
      move("public.status[]", `array_replace("status"::text[], 'stale', 'open')::public.status[]`),
      gone,
    ],
    gives: ["SELECT status FROM tickets WHERE id = 7", ["{open,open,NULL}"]],
  },
  {
    name: "so do arrays in a domain, and a label that is not there any more is not looked for",
    before: `${status("open", "stale")}; CREATE DOMAIN states AS status[]; CREATE TABLE tickets (id int PRIMARY KEY, status states)`,
    after: `${status("open")}; CREATE DOMAIN states AS status[]; CREATE TABLE tickets (id int PRIMARY KEY, status states)`,
    rows: "INSERT INTO tickets VALUES (7, '{open,stale}')",
    plan: { labelReplacements: new Map([[objectId("enum", ["public", "status"]), { stale: "open", older: "open" }]]) },
    up: [
      'ALTER DOMAIN "public"."states" RENAME TO "states_going_away"',
      away,
      `CREATE TYPE "public"."status" AS ENUM ('open')`,
      'CREATE DOMAIN "public"."states" AS public.status[]',
      move("public.states", `array_replace("status"::text[], 'stale', 'open')::public.states`),
      'DROP DOMAIN "public"."states_going_away"',
      gone,
    ],
    gives: ["SELECT status FROM tickets WHERE id = 7", ["{open,open}"]],
  },
  {
    name: "everything that depends on the enum is put back",
    before: `${status("a", "b", "c")};
      CREATE DOMAIN kept AS status CHECK (VALUE <> 'b');
      CREATE TYPE pair AS (one status, many status[]);
      CREATE TABLE tickets (id int PRIMARY KEY, status status DEFAULT 'a' UNIQUE CHECK (status <> 'b'), tags status[] DEFAULT ARRAY['a'::status],
        kept kept DEFAULT 'a', pair pair, is_a boolean GENERATED ALWAYS AS (status = 'a'::status) STORED);
      CREATE INDEX open_tickets ON tickets (id) WHERE status = 'a';
      CREATE TABLE notes (status status REFERENCES tickets (status))`,
    after: `${status("c", "a", "b")};
      CREATE DOMAIN kept AS status CHECK (VALUE <> 'b');
      CREATE TYPE pair AS (one status, many status[]);
      CREATE TABLE tickets (id int PRIMARY KEY, status status DEFAULT 'a' UNIQUE CHECK (status <> 'b'), tags status[] DEFAULT ARRAY['a'::status],
        kept kept DEFAULT 'a', pair pair, is_a boolean GENERATED ALWAYS AS (status = 'a'::status) STORED);
      CREATE INDEX open_tickets ON tickets (id) WHERE status = 'a';
      CREATE TABLE notes (status status REFERENCES tickets (status))`,
    rows: "INSERT INTO tickets (id, status, pair) VALUES (7, 'a', ROW('c', '{a,b}')); INSERT INTO notes VALUES ('a')",
    up: [
      'ALTER TYPE "public"."pair" RENAME TO "pair_going_away"',
      'ALTER DOMAIN "public"."kept" RENAME TO "kept_going_away"',
      'ALTER TYPE "public"."status" RENAME TO "status_going_away"',
      `CREATE TYPE "public"."status" AS ENUM ('c', 'a', 'b')`,
      'CREATE TYPE "public"."pair" AS ("one" public.status, "many" public.status[])',
      `CREATE DOMAIN "public"."kept" AS public.status CONSTRAINT "kept_check" CHECK ((VALUE <> 'b'::public.status))`,
      'ALTER TABLE "public"."tickets" ALTER COLUMN "pair" TYPE public.pair USING "pair"::text::public.pair',
      'ALTER TABLE "public"."notes" DROP CONSTRAINT "notes_status_fkey"',
      'ALTER TABLE "public"."notes" ALTER COLUMN "status" TYPE public.status USING "status"::text::public.status',
      'DROP INDEX "public"."open_tickets"',
      'ALTER TABLE "public"."tickets" DROP CONSTRAINT "tickets_status_check"',
      'ALTER TABLE "public"."tickets" ALTER COLUMN "kept" DROP DEFAULT',
      'ALTER TABLE "public"."tickets" ALTER COLUMN "kept" TYPE public.kept USING "kept"::text::public.kept',
      `ALTER TABLE "public"."tickets" ALTER COLUMN "kept" SET DEFAULT 'a'::public.status`,
      'ALTER TABLE "public"."tickets" ALTER COLUMN "status" DROP DEFAULT',
      'ALTER TABLE "public"."tickets" ALTER COLUMN "tags" DROP DEFAULT',
      'ALTER TABLE "public"."tickets" ALTER COLUMN "tags" TYPE public.status[] USING "tags"::text::public.status[]',
      `ALTER TABLE "public"."tickets" ALTER COLUMN "tags" SET DEFAULT ARRAY['a'::public.status]`,
      'ALTER TABLE "public"."tickets" DROP COLUMN "is_a"',
      'ALTER TABLE "public"."tickets" ALTER COLUMN "status" TYPE public.status USING "status"::text::public.status',
      `ALTER TABLE "public"."tickets" ADD COLUMN "is_a" boolean GENERATED ALWAYS AS ((status = 'a'::public.status)) STORED`,
      `ALTER TABLE "public"."tickets" ALTER COLUMN "status" SET DEFAULT 'a'::public.status`,
      `ALTER TABLE "public"."tickets" ADD CONSTRAINT "tickets_status_check" CHECK ((status <> 'b'::public.status))`,
      `CREATE INDEX "open_tickets" ON "public"."tickets" ("id") WHERE (status = 'a'::public.status)`,
      'ALTER TABLE "public"."notes" ADD CONSTRAINT "notes_status_fkey" FOREIGN KEY ("status") REFERENCES "public"."tickets" ("status")',
      'DROP DOMAIN "public"."kept_going_away"',
      'DROP TYPE "public"."pair_going_away"',
      'DROP TYPE "public"."status_going_away"',
    ],
    gives: [
      "SELECT status::text || tags::text || kept::text || pair::text || is_a::text FROM tickets WHERE id = 7",
      ['a{a}a(c,"{a,b}")true'],
    ],
  },
]);
