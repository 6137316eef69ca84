import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Catalog } from "../../src/catalog/catalog.js";
import { declaredCatalog } from "../../src/kinds/declare.js";
import { readCatalog } from "../../src/kinds/read.js";
import { loadModels } from "../../src/model/load.js";
import { collectDeclarations } from "../../src/model/registry.js";
import { onScratch } from "../../src/scratch/security-label.js";
import { acceptance, type Case } from "../support/acceptance.js";
import { createDatabase } from "../support/database.js";
import { GeneratedFolder } from "../support/generated.js";
import { type LabelServer, startLabelServer } from "../support/label-provider.js";
import { introspect } from "../support/rebuild.js";
import { serverMajor, serverUrl } from "../support/servers.js";
import { withConnection } from "../support/transition.js";

const major = await serverMajor();
let server: LabelServer | null = null;
before(async () => {
  server = await startLabelServer("everywhere");
});
after(() => server?.stop());

const label = (object: string, text = "x", provider = "anon") =>
  `SECURITY LABEL FOR ${provider} ON ${object} IS '${text}'`;
const labels = (...objects: string[]) => objects.map((object) => label(object)).join(";");
const t = "CREATE TABLE t (id int PRIMARY KEY, a text, b int)";
const f = "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql RETURN 1";

const all = `CREATE SCHEMA s; CREATE TYPE e AS ENUM ('a'); CREATE TYPE c AS (x int, y int); CREATE DOMAIN d AS text; CREATE TYPE r AS RANGE (subtype = float4);
  CREATE SEQUENCE q; ${f}; CREATE PROCEDURE p(int) LANGUAGE sql AS ''; CREATE AGGREGATE n(*) (sfunc = int8inc, stype = int8, initcond = '0');
  ${t}; CREATE VIEW v AS SELECT id FROM t; CREATE MATERIALIZED VIEW m AS SELECT id FROM t; CREATE PUBLICATION pub;
  CREATE FUNCTION et() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER evt ON sql_drop WHEN TAG IN ('DROP SERVER') EXECUTE FUNCTION et();
  CREATE FOREIGN DATA WRAPPER w; CREATE SERVER sv FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE ft (a int) SERVER sv`;

const everywhere = [
  ...[
    "SCHEMA s",
    "TYPE e",
    "TYPE c",
    "COLUMN c.y",
    "DOMAIN d",
    "TYPE r",
    "SEQUENCE q",
    "FUNCTION f",
    "PROCEDURE p",
    "AGGREGATE n(*)",
  ],
  ...[
    "COLUMN t.a",
    "VIEW v",
    "COLUMN v.id",
    "MATERIALIZED VIEW m",
    "COLUMN m.id",
    "PUBLICATION pub",
    "EVENT TRIGGER evt",
  ],
  ...["FOREIGN TABLE ft", "COLUMN ft.a"],
];

const set = (object: string) => `SECURITY LABEL FOR "anon" ON ${object} IS 'x'`;

const cases: readonly Case[] = [
  {
    name: "on all sorts of objects and on columns, of several providers",
    before: all,
    after: `${all}; ${labels(...everywhere)};
        ${label("TABLE t", "it''s \\ \n odd", '"odd ""provider"')}`,
    up: [
      ...[
        'SCHEMA "s"',
        'TYPE "public"."e"',
        'TYPE "public"."c"',
        'COLUMN "public"."c"."y"',
        'DOMAIN "public"."d"',
        'TYPE "public"."r"',
      ].map(set),
      ...[
        'SEQUENCE "public"."q"',
        'FUNCTION "public"."f"(integer)',
        'PROCEDURE "public"."p"(integer)',
        'AGGREGATE "public"."n"(*)',
        'COLUMN "public"."t"."a"',
      ].map(set),
      `SECURITY LABEL FOR "odd ""provider" ON TABLE "public"."t" IS E'it''s \\\\ \n odd'`,
      ...[
        'VIEW "public"."v"',
        'COLUMN "public"."v"."id"',
        'MATERIALIZED VIEW "public"."m"',
        'COLUMN "public"."m"."id"',
        'PUBLICATION "pub"',
        'EVENT TRIGGER "evt"',
      ].map(set),
      ...['FOREIGN TABLE "public"."ft"', 'COLUMN "public"."ft"."a"'].map(set),
    ],
  },
  {
    name: "changed and removed, with the column that is gone, and put on a new one",
    before: `${t}; ${labels("TABLE t", "COLUMN t.a", "COLUMN t.b")}`,
    after: `CREATE TABLE t (id int PRIMARY KEY, b int, c int); ${label("TABLE t", "y")}; ${labels("COLUMN t.c")}`,
    up: [
      'ALTER TABLE "public"."t" ADD COLUMN "c" integer',
      `SECURITY LABEL FOR "anon" ON TABLE "public"."t" IS 'y'`,
      'SECURITY LABEL FOR "anon" ON COLUMN "public"."t"."b" IS NULL',
      set('COLUMN "public"."t"."c"'),
      'ALTER TABLE "public"."t" DROP COLUMN "a"',
    ],
  },
  {
    name: "on what has to be made anew are put back",
    before: `${t}; CREATE VIEW v AS SELECT a FROM t; ${labels("VIEW v", "COLUMN v.a", "COLUMN t.a")}`,
    after: `CREATE TABLE t (id int PRIMARY KEY, a varchar(9), b int); CREATE VIEW v AS SELECT a FROM t; ${labels("VIEW v", "COLUMN v.a", "COLUMN t.a")}`,
    up: [
      'DROP VIEW "public"."v"',
      'ALTER TABLE "public"."t" ALTER COLUMN "a" TYPE character varying(9)',
      `CREATE VIEW "public"."v" AS\nSELECT ${major < 16 ? "t." : ""}a\n   FROM public.t`,
      set('VIEW "public"."v"'),
      set('COLUMN "public"."v"."a"'),
    ],
  },
  {
    name: "stay through renames",
    before: `CREATE TABLE old (id int, a text); CREATE FUNCTION g() RETURNS int LANGUAGE sql RETURN 1; ${labels("TABLE old", "COLUMN old.a", "FUNCTION g()")}`,
    after: `CREATE TABLE t (id int, name text); CREATE FUNCTION h() RETURNS int LANGUAGE sql RETURN 1; ${labels("TABLE t", "COLUMN t.name", "FUNCTION h()")}`,
    answers: { old: "t", "t.a": "t.name", "g()": "h()" },
    up: [
      'ALTER TABLE "public"."old" RENAME TO "t"',
      'ALTER FUNCTION "public"."g"() RENAME TO "h"',
      'ALTER TABLE "public"."t" RENAME COLUMN "a" TO "name"',
    ],
  },
  {
    name: "of attributes of a type and of columns of partitions and of children",
    before: `CREATE TYPE c AS (x int, y int); CREATE TABLE p (id int, a int) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9); CREATE TABLE up (a int); CREATE TABLE down () INHERITS (up);
        ${labels("COLUMN c.y", "COLUMN p1.a", "COLUMN down.a", "TABLE p")}`,
    after: `CREATE TYPE c AS (x int, z int); CREATE TABLE p (id int, b int) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9); CREATE TABLE up (a int, b int); CREATE TABLE down () INHERITS (up);
        ${labels("COLUMN c.x", "COLUMN c.z", "COLUMN p1.b", "COLUMN down.b", "TABLE p1")}`,
    up: [
      'ALTER TYPE "public"."c" ADD ATTRIBUTE "z" integer',
      'ALTER TYPE "public"."c" DROP ATTRIBUTE "y"',
      'ALTER TABLE "public"."p" ADD COLUMN "b" integer',
      'ALTER TABLE "public"."up" ADD COLUMN "b" integer',
      set('COLUMN "public"."c"."x"'),
      set('COLUMN "public"."c"."z"'),
      set('TABLE "public"."p1"'),
      set('COLUMN "public"."p1"."b"'),
      'SECURITY LABEL FOR "anon" ON COLUMN "public"."down"."a" IS NULL',
      set('COLUMN "public"."down"."b"'),
      'SECURITY LABEL FOR "anon" ON TABLE "public"."p" IS NULL',
      'ALTER TABLE "public"."p" DROP COLUMN "a"',
    ],
  },
];

const anywhere = { server: async () => server?.url ?? null };
acceptance("security labels", cases, anywhere);
acceptance("security labels, where scratch databases lack their provider", cases, {
  ...anywhere,
  scratchServer: serverUrl,
});

describe("on a scratch database without its provider", () => {
  const definitions = async (...statements: readonly string[]) => {
    await using database = await createDatabase({
      script: `CREATE TABLE "a""b" (id int); CREATE TABLE t (id int, "IS 'x'" int)`,
    });
    return await withConnection(database.url, async (connection) => {
      await connection.script("BEGIN");
      for (const sql of statements) await connection.script(onScratch(sql));
      const { objects } = await readCatalog(connection, { schemas: "*", transaction: false });
      await connection.script("ROLLBACK");
      const left = await readCatalog(connection, { schemas: "*" });
      assert.deepEqual(labelsOf(left), [], "rolled back");
      return labelsOf({ objects });
    });
  };

  test("a label is seen as it would be with it, however it is written", async () => {
    assert.deepEqual(
      await definitions(
        "security  label for Anon on table t is 'it''s \\'",
        `SECURITY LABEL FOR "an""on" ON COLUMN t."IS 'x'" IS E'\\'IS ''x''';`,
        `-- by hand\n/* of ours */ SECURITY LABEL FOR anon ON TABLE "a""b" IS 'x'`,
        `SECURITY LABEL FOR anon ON TABLE "a""b" IS 'y'`,
      ),
      [
        ['table public a"b anon', { label: "y" }],
        ['table public t an"on', { columns: { "IS 'x'": "'IS 'x'" } }],
        ["table public t anon", { label: "it's \\" }],
      ],
    );
  });

  test("it is removed, follows its object and goes with it", async () => {
    assert.deepEqual(
      await definitions(
        ...["TABLE t", "COLUMN t.id", 'TABLE "a""b"'].map((on) => label(on)),
        "SECURITY LABEL FOR anon ON TABLE t IS NULL",
        'DROP TABLE "a""b"',
        "ALTER TABLE t RENAME id TO nr",
        "ALTER TABLE t RENAME TO u",
      ),
      [["table public u anon", { columns: { nr: "x" } }]],
    );
    assert.deepEqual(await definitions(label("COLUMN t.id"), "ALTER TABLE t DROP id"), []);
  });

  test("comments stay, and what is not there is refused", async () => {
    const comment = "SELECT 1 / length(obj_description('t'::regclass))";
    assert.deepEqual(await definitions("COMMENT ON TABLE t IS 'mine'", label("TABLE t"), comment), [
      ["table public t anon", { label: "x" }],
    ]);
    await assert.rejects(definitions(label("COLUMN t.gone")), { sqlstate: "42703" });
    await assert.rejects(definitions(label("SERVER gone")), { sqlstate: "22023" });
  });
});

test("models say them as the database has them", async (t) => {
  if (server === null) return t.skip("nothing here compiles C");
  using folder = new GeneratedFolder("labels");
  await using database = await createDatabase({
    server: server.url,
    script: `${all}; CREATE TABLE p (id int, "Odd" int, PRIMARY KEY (id)) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9);
      CREATE TABLE up (a int); CREATE TABLE down () INHERITS (up); CREATE TABLE typed OF c; CREATE TABLE numbered (id serial);
      CREATE SUBSCRIPTION sub CONNECTION '' PUBLICATION x WITH (connect = false, slot_name = NONE); ALTER TABLE p1 ALTER "Odd" SET STATISTICS 7;
      ${labels(...everywhere, 'COLUMN p1."Odd"', "TABLE p1", "COLUMN up.a", "COLUMN down.a", "COLUMN typed.x")};
      ${labels("SEQUENCE numbered_id_seq", "SUBSCRIPTION sub", "TABLE t")};
      ${label("TABLE t", `y \` $\{z}`, '"odd ""provider"')}; ${label("COLUMN t.a", "y", '"odd ""provider"')}`,
  });
  const { catalog, models, again } = await introspect(database.url, folder.package);
  assert.deepEqual([...again.files], [...models.files]);
  assert.deepEqual(models.unexpressed, []);
  const { exports } = await loadModels([`${folder.write("all", models.files)}/**/*.ts`]);
  const declared = labelsOf(declaredCatalog(collectDeclarations(exports)));
  assert.deepEqual(declared, labelsOf(catalog));
  assert.equal(declared.length, 22);
  assert.equal(folder.typeErrors(), "");
});

test("what extensions and schemas that are not managed have is left alone", async (t) => {
  if (server === null) return t.skip("nothing here compiles C");
  await using database = await createDatabase({
    server: server.url,
    script: `CREATE EXTENSION hstore; CREATE SCHEMA other; CREATE TABLE other.t (id int); CREATE TABLE t (id int);
      ${labels("TYPE hstore", "FUNCTION akeys(hstore)", "TABLE other.t", "TABLE t", "LANGUAGE plpgsql", "LARGE OBJECT 1")}`.replace(
      "CREATE EXTENSION",
      "SELECT lo_create(1); CREATE EXTENSION",
    ),
  });
  const found = await withConnection(database.url, (connection) => readCatalog(connection, { schemas: ["public"] }));
  assert.deepEqual(labelsOf(found), [["table public t anon", { label: "x" }]]);
});

function labelsOf({ objects }: Pick<Catalog, "objects">) {
  return [...objects.values()]
    .filter(({ kind }) => kind === "security label")
    .map(({ path, definition }) => [path.join(" "), definition] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
