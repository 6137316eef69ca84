/** Nothing that a user makes escapes: every row of every catalog is an object, a part of one, or stated here. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { kinds } from "../../src/kinds/index.js";
import { aliasAddress, objectsQuery } from "../../src/kinds/read.js";
import { quoteIdentifier } from "../../src/sql/identifier.js";
import { corpusSchemas, loadSchema } from "../support/corpus.js";
import { createDatabase } from "../support/database.js";
import { sharedAvailable } from "../support/oracle.js";
import { queryRows } from "../support/query.js";
import { serverMajor } from "../support/servers.js";
import { withConnection } from "../support/transition.js";

/** Catalogs whose rows are objects of some kind, managed or not, or internal to one (`pg_depend` has type `i`). */
const objects = new Set(
  [
    "pg_class pg_type pg_proc pg_constraint pg_namespace pg_extension pg_language pg_cast pg_operator pg_opclass pg_opfamily",
    "pg_amop pg_amproc pg_am pg_collation pg_conversion pg_transform pg_trigger pg_event_trigger pg_rewrite pg_policy",
    "pg_statistic_ext pg_ts_config pg_ts_dict pg_ts_parser pg_ts_template pg_foreign_data_wrapper pg_foreign_server",
    "pg_user_mapping pg_publication pg_publication_rel pg_publication_namespace pg_subscription pg_attrdef pg_enum",
  ].flatMap((names) => names.split(" ")),
);

/** Catalogs of parts, which the object's own definition tells. */
const parts: Readonly<Record<string, string>> = {
  pg_attribute: "columns and attributes",
  pg_aggregate: "of the function",
  pg_index: "of the index",
  pg_sequence: "of the sequence",
  pg_range: "of the type",
  pg_inherits: "of the child",
  pg_partitioned_table: "of the table",
  pg_foreign_table: "of the table",
  pg_ts_config_map: "of the configuration",
  pg_default_acl: "default privileges, an object for each role that has some",
  pg_description: "comments",
  pg_depend: "who needs whom",
  pg_seclabel: "security labels, an object for each provider that an object has some of; large objects' are data's",
  pg_shseclabel:
    "the same of subscriptions, and of roles where models declare some; databases' and tablespaces' are the server's",
  pg_authid: "roles, which are the server's: read where models declare some",
  pg_auth_members: "of the role",
  pg_db_role_setting: "of the role; a database's own are the server's",
};

/** Catalogs that say nothing of a schema, or not yet. */
const others: Readonly<Record<string, string>> = {
  pg_shdescription:
    "comments on roles, which are read with them, and on databases and tablespaces, which are the server's",
  pg_shdepend: "who needs a role",
  pg_init_privs: "what extensions granted",
  pg_parameter_acl: "privileges on settings, which are the server's",
  pg_statistic: "measured, not made",
  pg_statistic_ext_data: "measured, not made",
  pg_largeobject: "data",
  pg_largeobject_metadata: "data",
  pg_subscription_rel: "how far a subscription is",
  pg_replication_origin: "how far a subscription is",
  pg_database: "the server's",
  pg_tablespace: "the server's",
};

/** Rows that are a part of another object without being internal to it. */
const partOf: Readonly<Record<string, { readonly owner: string; readonly where: string }>> = {
  pg_attrdef: { owner: "'pg_class'::regclass::oid || '/' || x.adrelid || '/' || x.adnum", where: "true" },
  pg_enum: { owner: "'pg_type'::regclass::oid || '/' || x.enumtypid || '/0'", where: "true" },
  pg_rewrite: { owner: "'pg_class'::regclass::oid || '/' || x.ev_class || '/0'", where: "x.ev_type = '1'" },
  // Columns' NOT NULL, from PostgreSQL 18 on (and domains', from 17 on), and checks that a table has from those above.
  pg_constraint: {
    owner:
      "CASE WHEN x.contypid <> 0 THEN 'pg_type'::regclass::oid || '/' || x.contypid ELSE 'pg_class'::regclass::oid || '/' || x.conrelid END || '/0'",
    where: "x.contype = 'n' OR x.contype = 'c' AND x.coninhcount > 0",
  },
};

/** Rows that are no objects: operators that are only named by another, what TOAST keeps, and what is another database's. */
const exceptions: Readonly<Record<string, string>> = {
  pg_operator: "x.oprcode = 0",
  pg_subscription: "x.subdbid <> (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())",
  pg_class: "x.relnamespace = 'pg_toast'::regnamespace",
};

test("every catalog of PostgreSQL is known", async () => {
  await using database = await createDatabase();
  const unknown = (await catalogsOf(database.url)).filter(
    (name) => !(objects.has(name) || name in parts || name in others),
  );
  assert.deepEqual(unknown, [], "new catalogs: say above what their rows are");
});

const everything = `
  CREATE SCHEMA app; CREATE EXTENSION hstore; CREATE TYPE app.mood AS ENUM ('ok'); CREATE DOMAIN app.email AS text NOT NULL CHECK (VALUE <> ''); CREATE TYPE app.pair AS (a int);
  CREATE TYPE app.floats AS RANGE (SUBTYPE = float8); CREATE TYPE app.shell; CREATE SEQUENCE app.numbers;
  CREATE TYPE number; CREATE FUNCTION number_in(cstring) RETURNS number LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
  CREATE FUNCTION number_out(number) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out'; CREATE TYPE number (INPUT = number_in, OUTPUT = number_out, LIKE = int4);
  CREATE FUNCTION app.f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'; CREATE PROCEDURE app.p() LANGUAGE sql AS ''; CREATE AGGREGATE app.s(int) (sfunc = int4pl, stype = int);
  CREATE TABLE app.t (id int PRIMARY KEY GENERATED ALWAYS AS IDENTITY, a serial UNIQUE, b text DEFAULT 'x' CHECK (b <> ''), c int REFERENCES app.t, d int GENERATED ALWAYS AS (a + 1) STORED, EXCLUDE (a WITH =));
  CREATE INDEX ON app.t (lower(b)); CREATE STATISTICS app.st ON a, c FROM app.t; ALTER TABLE app.t REPLICA IDENTITY FULL; ALTER TABLE app.t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON app.t;
  CREATE FUNCTION app.tr() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER tr BEFORE INSERT ON app.t FOR EACH ROW EXECUTE FUNCTION app.tr(); CREATE RULE r AS ON DELETE TO app.t DO INSTEAD NOTHING;
  CREATE VIEW app.v AS SELECT 1 AS a; CREATE MATERIALIZED VIEW app.m AS SELECT 1 AS a; CREATE INDEX ON app.m (a); CREATE TRIGGER tr INSTEAD OF INSERT ON app.v FOR EACH ROW EXECUTE FUNCTION app.tr();
  CREATE TABLE parted (id int, a text, UNIQUE (id), CHECK (id > 0)) PARTITION BY RANGE (id); CREATE TABLE part PARTITION OF parted FOR VALUES FROM (0) TO (9); CREATE INDEX ON parted (a);
  CREATE TABLE child (x int) INHERITS (app.t); CREATE TABLE typed OF app.pair;
  CREATE FUNCTION app.et() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER et ON sql_drop WHEN TAG IN ('DROP SERVER') EXECUTE FUNCTION app.et();
  CREATE COLLATION app.c (locale = 'C'); CREATE CONVERSION app.cv FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1; CREATE CAST (app.mood AS int) WITH INOUT;
  CREATE OPERATOR <~> (LEFTARG = int, RIGHTARG = text, FUNCTION = app.eq, COMMUTATOR = ~>~); CREATE OPERATOR FAMILY app.fam USING btree; ALTER OPERATOR FAMILY app.fam USING btree ADD OPERATOR 1 < (int, int), FUNCTION 1 btint4cmp(int, int);
  CREATE OPERATOR CLASS app.cls FOR TYPE int USING btree AS OPERATOR 1 <, FUNCTION 1 btint4cmp(int, int);
  CREATE FUNCTION up(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'int4recv'; CREATE TRANSFORM FOR app.pair LANGUAGE sql (FROM SQL WITH FUNCTION up(internal));
  CREATE FUNCTION handle() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler'; CREATE LANGUAGE other HANDLER handle; CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
  CREATE TEXT SEARCH PARSER app.pr (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype); CREATE TEXT SEARCH TEMPLATE app.tp (LEXIZE = dsimple_lexize);
  CREATE TEXT SEARCH DICTIONARY app.di (TEMPLATE = simple); CREATE TEXT SEARCH CONFIGURATION app.cf (COPY = english);
  CREATE FOREIGN DATA WRAPPER w; CREATE SERVER sv FOREIGN DATA WRAPPER w; CREATE USER MAPPING FOR PUBLIC SERVER sv; CREATE FOREIGN TABLE app.ft (a int DEFAULT 1, CHECK (a > 0)) SERVER sv;
  CREATE TRIGGER tr BEFORE INSERT ON app.ft FOR EACH ROW EXECUTE FUNCTION app.tr();
  CREATE PUBLICATION pb FOR TABLE app.t; CREATE SUBSCRIPTION sb CONNECTION '' PUBLICATION x WITH (connect = false, slot_name = NONE);
  COMMENT ON TABLE app.t IS 'x'; SELECT lo_create(0); ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC`.replace(
  "CREATE OPERATOR <~>",
  "CREATE FUNCTION app.eq(int, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'; CREATE OPERATOR <~>",
);

test("of a database with one of everything, every row is explained", async () => {
  await using database = await createDatabase({ script: everything });
  assert.deepEqual(await unexplained(database.url), []);
});

test("of every schema of the corpus too", async (t) => {
  if (!sharedAvailable()) return t.skip("needs the corpus");
  for (const schema of corpusSchemas(await serverMajor())) {
    await using database = await loadSchema(schema);
    assert.deepEqual(await unexplained(database.url), [], schema.name);
  }
});

test("where a kind has objects, it is seen", async () => {
  const few = [
    "CREATE TYPE mood AS ENUM ()",
    "CREATE TYPE pair AS (a int); CREATE TABLE typed OF pair (a DEFAULT 1)",
    "CREATE TABLE parent (a int); CREATE TABLE child () INHERITS (parent); ALTER TABLE child ALTER a SET DEFAULT 1",
  ];
  for (const script of [everything, ...few]) {
    await using database = await createDatabase({ script });
    const ranks = await queryRows<{ rank: number }>(
      database.url,
      `SELECT DISTINCT q.rank FROM ${await everyObject(database.url)}`,
    );
    for (const { rank } of ranks) {
      const { name, seenIn } = kinds[rank]!;
      const seen =
        seenIn === undefined || (await queryRows(database.url, `SELECT FROM pg_catalog.${seenIn} LIMIT 1`)).length > 0;
      assert.ok(seen, name);
    }
  }
});

async function catalogsOf(url: string): Promise<readonly string[]> {
  const rows = await queryRows<{ relname: string }>(
    url,
    "SELECT relname::text FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r' ORDER BY 1",
  );
  return rows.map(({ relname }) => relname);
}

/** Rows that users made and that no kind reads, as PostgreSQL calls them. */
async function unexplained(url: string): Promise<readonly string[]> {
  const { known, unmanaged } = await readAddresses(url);
  const catalogs = (await catalogsOf(url)).filter((name) => objects.has(name));
  const rows = await queryRows<{ address: string; owner: string | null; what: string }>(
    url,
    catalogs.map(userRows).join(" UNION ALL "),
  );
  const ties = await queryRows<{ part: string; whole: string; internal: boolean }>(
    url,
    `SELECT classid || '/' || objid || '/0' AS part, refclassid || '/' || refobjid || '/' || refobjsubid AS whole, deptype <> 'a' AS internal
     FROM pg_depend WHERE deptype IN ('i', 'P', 'S', 'a') AND objid >= 16384`,
  );
  // A part of a part is a part too. What is not managed is named with all that goes when it goes.
  for (let before = -1; before !== known.size + unmanaged.size; ) {
    before = known.size + unmanaged.size;
    for (const { part, whole, internal } of ties) {
      if (internal && isKnown(known, whole)) known.add(part);
      if (isKnown(unmanaged, whole)) unmanaged.add(part);
    }
  }
  for (const address of unmanaged) known.add(address);
  return rows
    .filter(({ address, owner }) => !known.has(address) && !(owner !== null && isKnown(known, owner)))
    .map(({ what }) => what);
}

/** A column whose table is known is known. */
function isKnown(known: ReadonlySet<string>, address: string): boolean {
  return known.has(address) || known.has(address.replace(/\/\d+$/, "/0"));
}

/** All objects, as `q` in FROM. */
async function everyObject(url: string): Promise<string> {
  const version = await withConnection(url, async ({ serverVersion }) => serverVersion);
  return `(${objectsQuery({ version }, { schemas: "*" })}) q (rank, classid, objid, objsubid, aliases, path, comment, definition)`;
}

/** The addresses of all objects that are read, and those among them of what is not managed. */
async function readAddresses(url: string): Promise<{ known: Set<string>; unmanaged: Set<string> }> {
  const rows = await queryRows<{
    rank: number;
    classid: string;
    objid: string;
    objsubid: number;
    aliases: string | null;
  }>(url, `SELECT q.rank, q.classid::text, q.objid::text, q.objsubid, q.aliases FROM ${await everyObject(url)}`);
  const addressesOf = (some: typeof rows) =>
    new Set(
      some.flatMap(({ classid, objid, objsubid, aliases }) => [
        `${classid}/${objid}/${objsubid}`,
        ...(aliases?.split(" ").map(aliasAddress) ?? []),
      ]),
    );
  return {
    known: addressesOf(rows),
    unmanaged: addressesOf(rows.filter(({ rank }) => kinds[rank]?.managed === false)),
  };
}

function userRows(catalog: string): string {
  const part = partOf[catalog];
  const owner = part === undefined ? "NULL" : `CASE WHEN ${part.where} THEN ${part.owner} END`;
  return `SELECT '${catalog}'::regclass::oid || '/' || x.oid || '/0' AS address, ${owner} AS owner,
      ${catalog === "pg_enum" ? "'label ' || x.enumlabel" : `pg_describe_object('${catalog}'::regclass, x.oid, 0)`} AS what
    FROM ${quoteIdentifier(catalog)} x WHERE x.oid >= 16384 AND NOT (${exceptions[catalog] ?? "false"})
      AND NOT EXISTS (WITH RECURSIVE holder (classid, objid) AS (
        SELECT '${catalog}'::regclass::oid, x.oid UNION SELECT d.refclassid, d.refobjid FROM holder h JOIN pg_depend d ON d.classid = h.classid AND d.objid = h.objid WHERE d.deptype = 'i' OR d.deptype = 'a' AND d.refclassid IN ('pg_opclass'::regclass, 'pg_opfamily'::regclass))
        SELECT FROM holder h JOIN pg_depend e ON e.classid = h.classid AND e.objid = h.objid WHERE e.deptype = 'e')`;
}
