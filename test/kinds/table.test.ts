import { acceptance } from "../support/acceptance.js";

const alter = (table: string, action: string) => `ALTER TABLE "public"."${table}" ${action}`;
const sequence = (action: string) => `ALTER SEQUENCE "public"."s" ${action}`;
const pair = (unlogged: "" | "UNLOGGED") =>
  `CREATE ${unlogged} TABLE b (id int PRIMARY KEY); CREATE ${unlogged} TABLE a (id int PRIMARY KEY, b int REFERENCES b)`;
const circle = (unlogged: "" | "UNLOGGED") =>
  `${pair(unlogged)}; ALTER TABLE b ADD COLUMN a int CONSTRAINT b_a_fkey REFERENCES a`;
const drop = [alter("a", 'DROP CONSTRAINT "a_b_fkey"'), alter("b", 'DROP CONSTRAINT "b_a_fkey"')];
const restore = [
  alter("a", 'ADD CONSTRAINT "a_b_fkey" FOREIGN KEY ("b") REFERENCES "public"."b" ("id")'),
  alter("b", 'ADD CONSTRAINT "b_a_fkey" FOREIGN KEY ("a") REFERENCES "public"."a" ("id")'),
];
const counted = (unlogged: "" | "UNLOGGED", column = "n int") =>
  `CREATE ${unlogged} TABLE t (${column}); CREATE SEQUENCE s OWNED BY t.n`;

acceptance("tables", [
  {
    name: "what references becomes unlogged first, what is referenced logged first",
    before: pair(""),
    after: pair("UNLOGGED"),
    up: [alter("a", "SET UNLOGGED"), alter("b", "SET UNLOGGED")],
    down: [alter("b", "SET LOGGED"), alter("a", "SET LOGGED")],
  },
  {
    name: "whatever the tables are called",
    before: "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a int REFERENCES a)",
    after: "CREATE UNLOGGED TABLE a (id int PRIMARY KEY); CREATE UNLOGGED TABLE b (a int REFERENCES a)",
    up: [alter("b", "SET UNLOGGED"), alter("a", "SET UNLOGGED")],
    down: [alter("a", "SET LOGGED"), alter("b", "SET LOGGED")],
  },
  {
    name: "a table that references itself",
    before: "CREATE TABLE a (id int PRIMARY KEY, up int REFERENCES a)",
    after: "CREATE UNLOGGED TABLE a (id int PRIMARY KEY, up int REFERENCES a)",
    up: [alter("a", "SET UNLOGGED")],
  },
  {
    name: "where tables reference each other, the foreign keys make room",
    before: circle(""),
    after: circle("UNLOGGED"),
    up: [...drop, alter("b", "SET UNLOGGED"), alter("a", "SET UNLOGGED"), ...restore],
    down: [...drop, alter("b", "SET LOGGED"), alter("a", "SET LOGGED"), ...restore],
  },
  {
    name: "a table takes its sequences along",
    before: "CREATE TABLE t (a serial, b int GENERATED ALWAYS AS IDENTITY)",
    after: "CREATE UNLOGGED TABLE t (a serial, b int GENERATED ALWAYS AS IDENTITY)",
    up: [alter("t", "SET UNLOGGED")],
    down: [alter("t", "SET LOGGED")],
    since: 15,
  },
  {
    name: "but for one that is to stay as it is",
    before: counted(""),
    after: counted("UNLOGGED"),
    up: [alter("t", "SET UNLOGGED"), sequence("SET LOGGED")],
    down: [alter("t", "SET LOGGED")],
    since: 15,
  },
  {
    name: "before PostgreSQL 15 no sequence is unlogged",
    before: counted(""),
    after: counted("UNLOGGED"),
    up: [alter("t", "SET UNLOGGED")],
    until: 14,
  },
  {
    name: "and not one that leaves the table or comes to it",
    before: "CREATE TABLE t (n int); CREATE TABLE u (n int); CREATE SEQUENCE s OWNED BY t.n",
    after: "CREATE UNLOGGED TABLE t (n int); CREATE TABLE u (n int); CREATE SEQUENCE s OWNED BY u.n",
    up: [sequence("OWNED BY NONE"), alter("t", "SET UNLOGGED"), sequence('OWNED BY "public"."u"."n"')],
    down: [alter("t", "SET LOGGED"), sequence("OWNED BY NONE"), sequence('OWNED BY "public"."t"."n"')],
  },
  {
    name: "parameters of a TOAST table wait for the column that brings it",
    before: "CREATE TABLE t (a int)",
    after: "CREATE TABLE t (a int, b text) WITH (fillfactor = 70, toast.autovacuum_enabled = off)",
    up: [
      alter("t", `SET ("fillfactor"='70')`),
      alter("t", 'ADD COLUMN "b" text'),
      alter("t", `SET ("toast"."autovacuum_enabled"='off')`),
    ],
  },
  {
    name: "or for the type that does",
    before: "CREATE TABLE t (a int)",
    after: "CREATE TABLE t (a text) WITH (toast.autovacuum_enabled = off)",
    up: [alter("t", 'ALTER COLUMN "a" TYPE text'), alter("t", `SET ("toast"."autovacuum_enabled"='off')`)],
  },
]);
