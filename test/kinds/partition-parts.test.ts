/** What else hangs on partitioned tables and partitions: triggers, policies, privileges, statistics, publications, views. */

import { before } from "node:test";
import { acceptance } from "../support/acceptance.js";
import { createRoles } from "../support/corpus.js";
import { serverMajor } from "../support/servers.js";

before(() => createRoles(["partition_reader"]));

/** Before PostgreSQL 16 a column of the only table is printed with it. */
const major = await serverMajor();
const of = (table: string) => (major < 16 ? `${table}.` : "");

const parent = "CREATE TABLE t (id int NOT NULL, at date NOT NULL, a text) PARTITION BY RANGE (at)";
const bound = "FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')";
const p = `CREATE TABLE p PARTITION OF t ${bound}`;
const touch = "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'";
const server = "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w";
const trigger = (name: string, table: string) =>
  `CREATE TRIGGER "${name}" AFTER INSERT ON "public"."${table}" FOR EACH ROW EXECUTE FUNCTION public.touch()`;

const triggered = `${parent}; ${touch}; CREATE TABLE p PARTITION OF t ${bound} PARTITION BY LIST (id); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
  ${trigger("a", "t")}; ${trigger("b", "t")}; ${trigger("c", "t")}`;

acceptance("what hangs on partitions", [
  {
    name: "a trigger that partitions have from their table is not theirs; one of their own is",
    before: `${parent}; ${p}; ${touch}`,
    after: `${parent}; ${p}; ${touch}; ${trigger("all", "t")}; ${trigger("own", "p")}`,
    up: [trigger("all", "t"), trigger("own", "p")],
    down: ['DROP TRIGGER "all" ON "public"."t"', 'DROP TRIGGER "own" ON "public"."p"'],
  },
  {
    name: "a trigger that fires otherwise on one partition alone",
    before: `${triggered}; ALTER TABLE p DISABLE TRIGGER b; ALTER TABLE p1 ENABLE ALWAYS TRIGGER c`,
    after: `${triggered}; ALTER TABLE p DISABLE TRIGGER a; ALTER TABLE p1 ENABLE TRIGGER a; ALTER TABLE p1 ENABLE REPLICA TRIGGER c`,
    up: [
      'ALTER TABLE "public"."p" DISABLE TRIGGER "a"',
      'ALTER TABLE "public"."p1" ENABLE TRIGGER "a"',
      'ALTER TABLE "public"."p1" ENABLE REPLICA TRIGGER "c"',
      'ALTER TABLE "public"."p" ENABLE TRIGGER "b"',
    ],
  },
  {
    name: "and goes on so when the table's trigger changes",
    before: `${triggered}; ALTER TABLE p DISABLE TRIGGER a; ALTER TABLE p1 ENABLE TRIGGER a; ALTER TABLE p1 DISABLE TRIGGER b; ALTER TABLE p1 DISABLE TRIGGER c`,
    after: `${triggered}; ALTER TABLE t ENABLE ALWAYS TRIGGER a; ALTER TABLE p DISABLE TRIGGER a; ALTER TABLE p1 ENABLE TRIGGER a; ALTER TABLE t DISABLE TRIGGER b; ALTER TABLE p1 DISABLE TRIGGER b; DROP TRIGGER c ON t`,
    up: [
      'ALTER TABLE "public"."t" DISABLE TRIGGER "b"',
      'ALTER TABLE "public"."t" ENABLE ALWAYS TRIGGER "a"',
      'ALTER TABLE "public"."p" DISABLE TRIGGER "a"',
      'ALTER TABLE "public"."p1" ENABLE TRIGGER "a"',
      'DROP TRIGGER "c" ON "public"."t"',
    ],
  },
  {
    name: "a table becomes a partition on which one does not fire",
    before: `${parent}; ${touch}; ${trigger("a", "t")}; CREATE TABLE p (id int NOT NULL, at date NOT NULL, a text)`,
    after: `${parent}; ${touch}; ${trigger("a", "t")}; ${p}; ALTER TABLE p DISABLE TRIGGER a`,
    up: [
      `ALTER TABLE "public"."t" ATTACH PARTITION "public"."p" ${bound}`,
      'ALTER TABLE "public"."p" DISABLE TRIGGER "a"',
    ],
  },
  {
    name: "and does not fire there either once the partition has another bound",
    before: `${triggered}; CREATE TABLE q PARTITION OF t FOR VALUES FROM ('2025-01-01') TO ('2026-01-01'); ALTER TABLE q DISABLE TRIGGER a; ALTER TABLE q DISABLE TRIGGER b`,
    after: `${triggered}; CREATE TABLE q PARTITION OF t FOR VALUES FROM ('2025-01-01') TO ('2027-01-01'); ALTER TABLE q DISABLE TRIGGER a; ALTER TABLE t DISABLE TRIGGER c`,
    up: [
      'ALTER TABLE "public"."t" DETACH PARTITION "public"."q"',
      'ALTER TABLE "public"."t" DISABLE TRIGGER "c"',
      `ALTER TABLE "public"."t" ATTACH PARTITION "public"."q" FOR VALUES FROM ('2025-01-01') TO ('2027-01-01')`,
      'ALTER TABLE "public"."q" DISABLE TRIGGER "a"',
    ],
  },
  {
    name: "a replaced trigger fires as it did on partitions",
    before: `${triggered}; ALTER TABLE p DISABLE TRIGGER a`,
    after: `${triggered}; ${trigger("a", "t").replace("CREATE", "CREATE OR REPLACE").replace("INSERT", "DELETE")}; ALTER TABLE p DISABLE TRIGGER a`,
    up: [
      trigger("a", "t").replace("CREATE", "CREATE OR REPLACE").replace("INSERT", "DELETE"),
      'ALTER TABLE "public"."p" DISABLE TRIGGER "a"',
    ],
  },
  {
    name: "a partition with its table's trigger is detached, and another is attached",
    before: `${parent}; ${p}; ${touch}; ${trigger("all", "t")}; CREATE TABLE q (id int NOT NULL, at date NOT NULL, a text)`,
    after: `${parent}; CREATE TABLE p (id int NOT NULL, at date NOT NULL, a text); ${touch}; ${trigger("all", "t")};
      CREATE TABLE q PARTITION OF t ${bound}`,
    up: [
      'ALTER TABLE "public"."t" DETACH PARTITION "public"."p"',
      `ALTER TABLE "public"."t" ATTACH PARTITION "public"."q" ${bound}`,
    ],
  },
  {
    name: "a foreign table is a partition",
    before: `${parent}; ${server}`,
    after: `${parent}; ${server}; CREATE FOREIGN TABLE p PARTITION OF t (a DEFAULT 'x') ${bound} SERVER s OPTIONS (table_name 't')`,
    up: [
      `CREATE FOREIGN TABLE "public"."p" PARTITION OF "public"."t" ${bound} SERVER "s" OPTIONS ("table_name" 't')`,
      `ALTER TABLE "public"."p" ALTER COLUMN "a" SET DEFAULT 'x'::text`,
    ],
    down: ['DROP FOREIGN TABLE "public"."p"'],
  },
  {
    name: "policies, privileges and statistics of the table and of a partition",
    before: `${parent}; ${p}`,
    after: `${parent}; ${p}; ALTER TABLE p ENABLE ROW LEVEL SECURITY; CREATE POLICY all_t ON t USING (id > 0); CREATE POLICY all_p ON p USING (id > 1);
      GRANT SELECT ON t TO partition_reader; GRANT UPDATE (a) ON p TO partition_reader; CREATE STATISTICS st ON id, at FROM t; CREATE STATISTICS sp ON id, at FROM p`,
    up: [
      'ALTER TABLE "public"."p" ENABLE ROW LEVEL SECURITY',
      'CREATE STATISTICS "public"."st" ON "at", "id" FROM "public"."t"',
      'CREATE STATISTICS "public"."sp" ON "at", "id" FROM "public"."p"',
      'CREATE POLICY "all_t" ON "public"."t" USING ((id > 0))',
      'CREATE POLICY "all_p" ON "public"."p" USING ((id > 1))',
      'GRANT SELECT ON TABLE "public"."t" TO "partition_reader"',
      'GRANT UPDATE ("a") ON TABLE "public"."p" TO "partition_reader"',
    ],
  },
  {
    name: "published by way of the table, beside a partition",
    before: `${parent}; ${p}; CREATE PUBLICATION one FOR TABLE t`,
    after: `${parent}; ${p}; CREATE PUBLICATION one FOR TABLE t WITH (publish_via_partition_root); CREATE PUBLICATION two FOR TABLE p`,
    up: [
      'CREATE PUBLICATION "two" FOR TABLE public.p',
      'ALTER PUBLICATION "one" SET (publish_via_partition_root = true)',
    ],
  },
  {
    name: "the type of a column under views, a policy, a trigger and statistics of table and partition",
    before: `${parent}; ${p}; ${touch}; CREATE VIEW vt AS SELECT t.a FROM t; CREATE VIEW vp AS SELECT p.a FROM p; CREATE POLICY pp ON p USING (a = 'x');
      CREATE TRIGGER tp BEFORE UPDATE OF a ON p FOR EACH ROW EXECUTE FUNCTION touch(); GRANT SELECT (a) ON p TO partition_reader; CREATE STATISTICS sp ON id, a FROM p`,
    after: `CREATE TABLE t (id int NOT NULL, at date NOT NULL, a varchar(9)) PARTITION BY RANGE (at); ${p}; ${touch}; CREATE VIEW vt AS SELECT t.a FROM t;
      CREATE VIEW vp AS SELECT p.a FROM p; CREATE POLICY pp ON p USING (a = 'x');
      CREATE TRIGGER tp BEFORE UPDATE OF a ON p FOR EACH ROW EXECUTE FUNCTION touch(); GRANT SELECT (a) ON p TO partition_reader; CREATE STATISTICS sp ON id, a FROM p`,
    up: [
      'DROP POLICY "pp" ON "public"."p"',
      'DROP TRIGGER "tp" ON "public"."p"',
      'DROP VIEW "public"."vt"',
      'DROP VIEW "public"."vp"',
      'ALTER TABLE "public"."t" ALTER COLUMN "a" TYPE character varying(9)',
      `CREATE VIEW "public"."vt" AS\nSELECT ${of("t")}a\n   FROM public.t`,
      `CREATE VIEW "public"."vp" AS\nSELECT ${of("p")}a\n   FROM public.p`,
      'CREATE TRIGGER "tp" BEFORE UPDATE OF "a" ON "public"."p" FOR EACH ROW EXECUTE FUNCTION public.touch()',
      `CREATE POLICY "pp" ON "public"."p" USING (((a)::text = 'x'::text))`,
    ],
  },
  {
    name: "identity and keys on both sides of partitioned tables",
    before: "",
    after: `CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at); CREATE TABLE p PARTITION OF t ${bound};
      CREATE TABLE u (id int, at date, FOREIGN KEY (id, at) REFERENCES t) PARTITION BY LIST (id); CREATE TABLE u1 PARTITION OF u FOR VALUES IN (1)`,
    up: [
      'CREATE TABLE "public"."t" (\n  "id" integer NOT NULL GENERATED ALWAYS AS IDENTITY,\n  "at" date NOT NULL,\n  CONSTRAINT "t_pkey" PRIMARY KEY ("id", "at")\n) PARTITION BY RANGE (at)',
      `CREATE TABLE "public"."p" PARTITION OF "public"."t" ${bound}`,
      'CREATE TABLE "public"."u" (\n  "id" integer,\n  "at" date\n) PARTITION BY LIST (id)',
      'CREATE TABLE "public"."u1" PARTITION OF "public"."u" FOR VALUES IN (1)',
      'ALTER TABLE "public"."u" ADD CONSTRAINT "u_id_at_fkey" FOREIGN KEY ("id", "at") REFERENCES "public"."t" ("id", "at")',
    ],
    down: ['DROP TABLE "public"."u"', 'DROP TABLE "public"."t"'],
  },
]);
