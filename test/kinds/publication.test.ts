import { acceptance } from "../support/acceptance.js";

const tables =
  "CREATE SCHEMA s; CREATE TABLE t (id int PRIMARY KEY, a int, b text); CREATE TABLE u (id int PRIMARY KEY); CREATE TABLE s.v (id int PRIMARY KEY)";

acceptance("publications", [
  {
    name: "of all tables, of some and of none, with options",
    before: tables,
    after: `${tables}; CREATE PUBLICATION everything FOR ALL TABLES WITH (publish_via_partition_root); CREATE PUBLICATION nothing;
      CREATE PUBLICATION "some" FOR TABLE t, s.v WITH (publish = 'insert, delete'); COMMENT ON PUBLICATION "some" IS 'p'`,
    up: [
      'CREATE PUBLICATION "everything" FOR ALL TABLES WITH (publish_via_partition_root = true)',
      'CREATE PUBLICATION "nothing"',
      `CREATE PUBLICATION "some" FOR TABLE public.t, s.v WITH (publish = 'insert, delete')`,
      `COMMENT ON PUBLICATION "some" IS 'p'`,
    ],
  },
  {
    name: "of schemas, columns and rows, after the tables",
    before: "",
    after: `${tables}; CREATE FUNCTION f(int) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN $1 > 0; CREATE PUBLICATION p FOR TABLES IN SCHEMA s, TABLE t WHERE (id > 0); CREATE PUBLICATION q FOR TABLE t (a, id), u`,
    since: 15,
    up: [
      'CREATE SCHEMA "s"',
      'CREATE FUNCTION "public"."f"(integer) RETURNS boolean\nLANGUAGE sql IMMUTABLE\nRETURN ($1 > 0)',
      'CREATE TABLE "public"."t" (\n  "id" integer NOT NULL,\n  "a" integer,\n  "b" text,\n  CONSTRAINT "t_pkey" PRIMARY KEY ("id")\n)',
      'CREATE TABLE "public"."u" (\n  "id" integer NOT NULL,\n  CONSTRAINT "u_pkey" PRIMARY KEY ("id")\n)',
      'CREATE TABLE "s"."v" (\n  "id" integer NOT NULL,\n  CONSTRAINT "v_pkey" PRIMARY KEY ("id")\n)',
      'CREATE PUBLICATION "p" FOR TABLE public.t WHERE ((id > 0)), TABLES IN SCHEMA "s"',
      'CREATE PUBLICATION "q" FOR TABLE public.t ("a", "id"), public.u',
    ],
  },
  {
    name: "tables come and go with what is published of them",
    before: `${tables}; CREATE PUBLICATION p FOR TABLE t, u`,
    after:
      "CREATE SCHEMA s; CREATE TABLE t (id int PRIMARY KEY, a int, b text); CREATE TABLE s.v (id int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE t, s.v WITH (publish = 'insert')",
    up: [
      'ALTER PUBLICATION "p" DROP TABLE public.u',
      'ALTER PUBLICATION "p" ADD TABLE s.v',
      `ALTER PUBLICATION "p" SET (publish = 'insert')`,
      'DROP TABLE "public"."u"',
    ],
  },
  {
    name: "columns, rows and schemas change in place",
    before: `${tables}; CREATE PUBLICATION p FOR TABLE t (id, a), u; CREATE PUBLICATION q FOR TABLES IN SCHEMA s; CREATE PUBLICATION r FOR TABLE u WHERE (id > 1)`,
    after: `${tables}; CREATE PUBLICATION p FOR TABLE t (id, b), u; CREATE PUBLICATION q FOR TABLES IN SCHEMA public; CREATE PUBLICATION r FOR TABLE u WHERE (id > 2)`,
    since: 15,
    up: [
      'ALTER PUBLICATION "p" SET TABLE public.t ("b", "id"), public.u',
      'ALTER PUBLICATION "q" DROP TABLES IN SCHEMA "s"',
      'ALTER PUBLICATION "q" ADD TABLES IN SCHEMA "public"',
      'ALTER PUBLICATION "r" SET TABLE public.u WHERE ((id > 2))',
    ],
  },
  {
    name: "gone while the type changes of a column that rows are chosen by, or that is among those published",
    before: `${tables}; CREATE PUBLICATION p FOR TABLE u WHERE (id > 1)`,
    after: `${tables.replace("u (id int", "u (id bigint")}; CREATE PUBLICATION p FOR TABLE u WHERE (id > 1)`,
    since: 15,
    up: [
      'DROP PUBLICATION "p"',
      'ALTER TABLE "public"."u" ALTER COLUMN "id" TYPE bigint',
      'CREATE PUBLICATION "p" FOR TABLE public.u WHERE ((id > 1))',
    ],
  },
  {
    name: "a published column goes",
    before: `${tables}; CREATE PUBLICATION p FOR TABLE t (id, a)`,
    after:
      "CREATE SCHEMA s; CREATE TABLE t (id int PRIMARY KEY, b text); CREATE TABLE u (id int PRIMARY KEY); CREATE TABLE s.v (id int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE t (id, b)",
    since: 15,
    up: ['ALTER PUBLICATION "p" SET TABLE public.t ("b", "id")', 'ALTER TABLE "public"."t" DROP COLUMN "a"'],
  },
  {
    name: "all tables, or only some, is another publication; renamed",
    before: `${tables}; CREATE PUBLICATION p FOR TABLE t; CREATE PUBLICATION old FOR TABLE u`,
    after: `${tables}; CREATE PUBLICATION p FOR ALL TABLES; CREATE PUBLICATION new FOR TABLE u`,
    answers: {},
    up: ['ALTER PUBLICATION "old" RENAME TO "new"', 'DROP PUBLICATION "p"', 'CREATE PUBLICATION "p" FOR ALL TABLES'],
  },
]);

const subscribe = (rest = "", name = "s") =>
  `CREATE SUBSCRIPTION ${name} CONNECTION 'dbname=nowhere password=hidden' PUBLICATION a, "B" WITH (connect = false, slot_name = NONE, enabled = false, create_slot = false${rest})`;
const subscribed = (rest = "") =>
  `CREATE SUBSCRIPTION "s" CONNECTION '' PUBLICATION "a", "B" WITH (connect = false, slot_name = NONE${rest})`;

acceptance("subscriptions", [
  {
    name: "created without a connection and without a slot; their connection string is nobody's business",
    before: "",
    after: `${subscribe(", binary = true, synchronous_commit = local")}; COMMENT ON SUBSCRIPTION s IS 's'`,
    up: [subscribed(", binary = true, synchronous_commit = 'local'"), `COMMENT ON SUBSCRIPTION "s" IS 's'`],
    down: ['ALTER SUBSCRIPTION "s" DISABLE', 'ALTER SUBSCRIPTION "s" SET (slot_name = NONE)', 'DROP SUBSCRIPTION "s"'],
  },
  {
    name: "change in place",
    before: subscribe(", streaming = on"),
    after: subscribe(", binary = true").replace('a, "B"', "c"),
    until: 17,
    up: [
      'ALTER SUBSCRIPTION "s" SET PUBLICATION "c" WITH (refresh = false)',
      'ALTER SUBSCRIPTION "s" SET (streaming = off, binary = true)',
    ],
  },
  {
    name: "change in place and have newer settings",
    before: subscribe(", streaming = on, origin = none"),
    after: subscribe(", run_as_owner = true"),
    since: 18,
    up: ['ALTER SUBSCRIPTION "s" SET (streaming = parallel, origin = any, run_as_owner = true)'],
  },
  {
    name: "renamed",
    before: subscribe(),
    after: subscribe("", "r"),
    answers: {},
    up: ['ALTER SUBSCRIPTION "s" RENAME TO "r"'],
  },
]);
