import { acceptance } from "../support/acceptance.js";
import { serverMajor } from "../support/servers.js";

/** Before PostgreSQL 16 a column of the only table is printed with it. */
const id = (await serverMajor()) < 16 ? "p1.id" : "id";

const columns = "(id int NOT NULL, at date NOT NULL, a text)";
const parent = `CREATE TABLE t ${columns} PARTITION BY RANGE (at)`;
const range = (from: number, to: number) => `FOR VALUES FROM ('${from}-01-01') TO ('${to}-01-01')`;
const p1 = `CREATE TABLE p1 PARTITION OF t ${range(2020, 2021)}`;
const p2 = `CREATE TABLE p2 PARTITION OF t ${range(2021, 2022)}`;
const created = (name: string, bound: string) => `CREATE TABLE "public"."${name}" PARTITION OF "public"."t" ${bound}`;
const t = (action: string) => `ALTER TABLE "public"."t" ${action}`;
const ofP1 = (action: string) => `ALTER TABLE "public"."p1" ${action}`;

acceptance("partitions", [
  {
    name: "created with their table; what follows from it is not said again",
    before: "",
    after: `${parent}; ${p1}; ${p2}; ALTER TABLE t ADD PRIMARY KEY (id, at); CREATE INDEX i ON t (a); ALTER TABLE t ADD CHECK (id > 0);
      CREATE TABLE u (id int, at date, FOREIGN KEY (id, at) REFERENCES t); CREATE TABLE r (id int PRIMARY KEY); ALTER TABLE t ADD FOREIGN KEY (id) REFERENCES r`,
    up: [
      'CREATE TABLE "public"."t" (\n  "id" integer NOT NULL,\n  "at" date NOT NULL,\n  "a" text,\n  CONSTRAINT "t_pkey" PRIMARY KEY ("id", "at"),\n  CONSTRAINT "t_id_check" CHECK ((id > 0))\n) PARTITION BY RANGE (at)',
      created("p1", range(2020, 2021)),
      created("p2", range(2021, 2022)),
      'CREATE TABLE "public"."u" (\n  "id" integer,\n  "at" date\n)',
      'CREATE TABLE "public"."r" (\n  "id" integer NOT NULL,\n  CONSTRAINT "r_pkey" PRIMARY KEY ("id")\n)',
      'CREATE INDEX "i" ON "public"."t" ("a")',
      'ALTER TABLE "public"."u" ADD CONSTRAINT "u_id_at_fkey" FOREIGN KEY ("id", "at") REFERENCES "public"."t" ("id", "at")',
      t('ADD CONSTRAINT "t_id_fkey" FOREIGN KEY ("id") REFERENCES "public"."r" ("id")'),
    ],
    down: ['DROP TABLE "public"."u"', 'DROP TABLE "public"."t"', 'DROP TABLE "public"."r"'],
  },
  {
    name: "list, hash, default, and partitions of partitions, by expressions with collations and operator classes",
    before: "",
    after: `CREATE TABLE t (a text, b int) PARTITION BY LIST (lower(a) COLLATE "C" text_pattern_ops);
      CREATE TABLE p1 PARTITION OF t FOR VALUES IN ('x', 'it''s', NULL) PARTITION BY HASH (b);
      CREATE TABLE p11 PARTITION OF p1 FOR VALUES WITH (MODULUS 2, REMAINDER 0); CREATE TABLE rest PARTITION OF t DEFAULT`,
    up: [
      'CREATE TABLE "public"."t" (\n  "a" text,\n  "b" integer\n) PARTITION BY LIST (lower(a) COLLATE "C" text_pattern_ops)',
      created("p1", "FOR VALUES IN ('x', 'it''s', NULL) PARTITION BY HASH (b)"),
      'CREATE TABLE "public"."p11" PARTITION OF "public"."p1" FOR VALUES WITH (modulus 2, remainder 0)',
      created("rest", "DEFAULT"),
    ],
    down: ['DROP TABLE "public"."t"'],
  },
  {
    name: "those that go make room for those that come, which look through the default one",
    before: `${parent}; ${p1}; ${p2}; CREATE TABLE rest PARTITION OF t DEFAULT`,
    after: `${parent}; ${p2}; CREATE TABLE q PARTITION OF t FOR VALUES FROM ('2020-01-01') TO ('2020-07-01'); CREATE TABLE rest PARTITION OF t DEFAULT`,
    up: ['DROP TABLE "public"."p1"', created("q", "FOR VALUES FROM ('2020-01-01') TO ('2020-07-01')")],
    hazards: ["data-loss", "may-fail", "scan"],
  },
  {
    name: "what a partition says of its columns, and what only it has",
    before: `${parent}; ${p1}; ${p2}; CREATE INDEX gone ON p1 (id)`,
    after: `${parent}; CREATE TABLE p1 PARTITION OF t (a DEFAULT 'x' NOT NULL, CHECK (id > 0)) ${range(2020, 2021)} WITH (fillfactor = 70); ${p2};
      CREATE INDEX own ON p1 (a); ALTER TABLE p1 ALTER id SET STATISTICS 5; COMMENT ON COLUMN p1.at IS 'when'; COMMENT ON TABLE p1 IS 'first'; ALTER TABLE p1 ADD UNIQUE (id)`,
    up: [
      'DROP INDEX "public"."gone"',
      ofP1(`SET ("fillfactor"='70')`),
      `COMMENT ON TABLE "public"."p1" IS 'first'`,
      ofP1('ALTER COLUMN "id" SET STATISTICS 5'),
      `COMMENT ON COLUMN "public"."p1"."at" IS 'when'`,
      ofP1(`ALTER COLUMN "a" SET DEFAULT 'x'::text`),
      ofP1('ALTER COLUMN "a" SET NOT NULL'),
      ofP1('ADD CONSTRAINT "p1_id_key" UNIQUE ("id")'),
      ofP1('ADD CONSTRAINT "p1_id_check" CHECK ((id > 0))'),
      'CREATE INDEX "own" ON "public"."p1" ("a")',
    ],
    down: [
      'DROP INDEX "public"."own"',
      ofP1('DROP CONSTRAINT "p1_id_check"'),
      ofP1('DROP CONSTRAINT "p1_id_key"'),
      ofP1('ALTER COLUMN "id" SET STATISTICS -1'),
      'COMMENT ON COLUMN "public"."p1"."at" IS NULL',
      ofP1('ALTER COLUMN "a" DROP DEFAULT'),
      ofP1('ALTER COLUMN "a" DROP NOT NULL'),
      ofP1('RESET ("fillfactor")'),
      'COMMENT ON TABLE "public"."p1" IS NULL',
      'CREATE INDEX "gone" ON "public"."p1" ("id")',
    ],
  },
  {
    name: "the table's columns change under what partitions say of them, and under a view of one partition",
    before: `${parent}; ${p1}; ${p2}; ALTER TABLE p1 ALTER a SET DEFAULT 'x'; ALTER TABLE p2 ALTER id SET DEFAULT 5; CREATE INDEX own ON p1 (id); CREATE VIEW v AS SELECT id FROM p1; CREATE VIEW w AS SELECT at FROM p1`,
    after: `CREATE TABLE t (id bigint NOT NULL, at date NOT NULL, a text NOT NULL DEFAULT 'y', more int) PARTITION BY RANGE (at); ${p1}; ${p2};
      ALTER TABLE p1 ALTER a SET DEFAULT 'x'; ALTER TABLE p2 ALTER id SET DEFAULT 5; CREATE INDEX own ON p1 (id); CREATE VIEW v AS SELECT id FROM p1; CREATE VIEW w AS SELECT at FROM p1`,
    up: [
      t('ADD COLUMN "more" integer'),
      t('ALTER COLUMN "a" SET NOT NULL'),
      t(`ALTER COLUMN "a" SET DEFAULT 'y'::text`),
      ofP1(`ALTER COLUMN "a" SET DEFAULT 'x'::text`),
      'DROP VIEW "public"."v"',
      t('ALTER COLUMN "id" TYPE bigint'),
      `CREATE VIEW "public"."v" AS\nSELECT ${id}\n   FROM public.p1`,
    ],
  },
  {
    name: "the table's default goes, and one partition keeps its own",
    before: `CREATE TABLE t (a int, b text DEFAULT 'y' NOT NULL) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF t (b DEFAULT 'x') FOR VALUES IN (1); CREATE TABLE p2 PARTITION OF t FOR VALUES IN (2)`,
    after: `CREATE TABLE t (a int, b text) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF t (b DEFAULT 'x') FOR VALUES IN (1); CREATE TABLE p2 PARTITION OF t (b NOT NULL) FOR VALUES IN (2)`,
    up: [
      t('ALTER COLUMN "b" DROP DEFAULT'),
      t('ALTER COLUMN "b" DROP NOT NULL'),
      `ALTER TABLE "public"."p2" ALTER COLUMN "b" SET NOT NULL`,
      ofP1(`ALTER COLUMN "b" SET DEFAULT 'x'::text`),
    ],
  },
  {
    name: "one is detached and keeps its rows, another is attached with its own; indexes keep their names",
    before: `${parent}; ${p1}; CREATE TABLE p2 ${columns}; CREATE INDEX i ON t (a); ALTER INDEX p1_a_idx RENAME TO odd`,
    after: `${parent}; CREATE TABLE p1 ${columns}; ${p2}; CREATE INDEX i ON t (a); CREATE INDEX odd ON p1 (a)`,
    up: [
      t('DETACH PARTITION "public"."p1"'),
      'CREATE INDEX "p2_a_idx" ON "public"."p2" ("a")',
      t(`ATTACH PARTITION "public"."p2" ${range(2021, 2022)}`),
    ],
    hazards: ["scan", "may-fail"],
  },
  {
    name: "attached to a table that is new, its columns made to fit first",
    before: `CREATE TABLE p1 (id bigint, a text)`,
    after: `${parent}; ${p1}`,
    up: [
      'CREATE TABLE "public"."t" (\n  "id" integer NOT NULL,\n  "at" date NOT NULL,\n  "a" text\n) PARTITION BY RANGE (at)',
      ofP1('ADD COLUMN "at" date NOT NULL'),
      ofP1('ALTER COLUMN "id" TYPE integer'),
      ofP1('ALTER COLUMN "id" SET NOT NULL'),
      t(`ATTACH PARTITION "public"."p1" ${range(2020, 2021)}`),
    ],
  },
  {
    name: "another bound: rows stay where they are",
    before: `${parent}; ${p1}; CREATE INDEX i ON t (a); ALTER INDEX p1_a_idx RENAME TO odd`,
    after: `${parent}; CREATE TABLE p1 PARTITION OF t ${range(2019, 2021)}; CREATE INDEX i ON t (a)`,
    up: [t('DETACH PARTITION "public"."p1"'), t(`ATTACH PARTITION "public"."p1" ${range(2019, 2021)}`)],
  },
  {
    name: "a partition's own index and constraints become its table's",
    before: `${parent}; ${p1}; CREATE INDEX own ON p1 (a); ALTER TABLE p1 ADD UNIQUE (id, at); ALTER TABLE p1 ADD CONSTRAINT c CHECK (id > 0)`,
    after: `${parent}; ${p1}; CREATE INDEX i ON t (a); ALTER TABLE t ADD UNIQUE (id, at); ALTER TABLE t ADD CONSTRAINT c CHECK (id > 0)`,
    up: [
      'CREATE INDEX "i" ON "public"."t" ("a")',
      t('ADD CONSTRAINT "c" CHECK ((id > 0))'),
      t('ADD CONSTRAINT "t_id_at_key" UNIQUE ("id", "at")'),
    ],
  },
  {
    name: "renamed with its table and a column",
    before: `CREATE TABLE events ${columns} PARTITION BY RANGE (at); CREATE TABLE events_2020 PARTITION OF events ${range(2020, 2021)}`,
    after: `CREATE TABLE incidents (id int NOT NULL, at date NOT NULL, b text) PARTITION BY RANGE (at); CREATE TABLE incidents_2020 PARTITION OF incidents ${range(2020, 2021)}`,
    answers: { events: "incidents", events_2020: "incidents_2020", "incidents.a": "incidents.b" },
    up: [
      'ALTER TABLE "public"."events" RENAME TO "incidents"',
      'ALTER TABLE "public"."events_2020" RENAME TO "incidents_2020"',
      'ALTER TABLE "public"."incidents" RENAME COLUMN "a" TO "b"',
    ],
  },
]);
