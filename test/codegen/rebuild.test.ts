/** What a catalog can hold and what a name can be: each comes back from the models that are made of it. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { describe as describeObject } from "../../src/kinds/index.js";
import { createRoles } from "../support/corpus.js";
import { createDatabase } from "../support/database.js";
import { GeneratedFolder } from "../support/generated.js";
import { newestMajor } from "../support/postgres.js";
import { introspect, rebuild, remaining } from "../support/rebuild.js";
import { serverMajor } from "../support/servers.js";

const folder = new GeneratedFolder("cases");
after(() => folder[Symbol.dispose]());

const cases: Readonly<Record<string, string>> = {
  names: `
    CREATE SCHEMA "odd ""schema"""; CREATE SCHEMA "users";
    CREATE TYPE "enum" AS ENUM ('new', '', 'a\`b', '\${x}', 'back\\slash', 'it''s');
    CREATE TYPE text AS ENUM ('x');
    CREATE TABLE "class" (e "enum" DEFAULT 'back\\slash', id int PRIMARY KEY, "constructor" int, "__proto__" text, name public.text, length int, prototype int, c int, "toString" text);
    CREATE TABLE "2fa codes" ("1st" int PRIMARY KEY, "😀" int UNIQUE, "a b" int, "a_b" int, "aB" int, "A.B" int UNIQUE, "q""q" text DEFAULT E'\`\${1}\\\\n\\r\\n', "line
break" text CHECK ("line
break" <> ''));
    CREATE TABLE "😀" (id int PRIMARY KEY REFERENCES "2fa codes" ("1st"), x int REFERENCES "2fa codes" ("A.B"));
    CREATE TABLE "user" (id serial PRIMARY KEY); CREATE TABLE users (id serial PRIMARY KEY, user_id int REFERENCES "user");
    CREATE TABLE "users".id (id int PRIMARY KEY); CREATE TABLE "users".child (user_id int REFERENCES public.users, id_id int REFERENCES "users".id);
    CREATE TABLE "odd ""schema""".users ("id" serial PRIMARY KEY, "user" int REFERENCES public."user", "other.id" int REFERENCES "odd ""schema""".users);
    CREATE TABLE "dot.ted" (id int PRIMARY KEY); CREATE TABLE dots (a int REFERENCES "dot.ted", b int REFERENCES "dot.ted");
    CREATE TABLE base (id int); CREATE TABLE index (id int); CREATE TABLE "Index" (id int); CREATE TABLE objects (id int); CREATE TABLE object (id int);
    COMMENT ON TABLE base IS E'quote " back \\\\ tick \` \${x} \\u2028 */';`,
  relations: `
    CREATE TABLE tenants (id int PRIMARY KEY);
    CREATE TABLE people (id int, tenant_id int REFERENCES tenants, parent_id int, manager_id int, PRIMARY KEY (tenant_id, id),
      FOREIGN KEY (tenant_id, parent_id) REFERENCES people, FOREIGN KEY (tenant_id, manager_id) REFERENCES people);
    CREATE TABLE posts (id int PRIMARY KEY, tenant_id int, author_id int, editor_id int, person_id int NOT NULL,
      FOREIGN KEY (tenant_id, author_id) REFERENCES people, FOREIGN KEY (tenant_id, editor_id) REFERENCES people, FOREIGN KEY (tenant_id, person_id) REFERENCES people);
    CREATE TABLE profiles (id int PRIMARY KEY REFERENCES posts, post_id int UNIQUE REFERENCES posts);
    ALTER TABLE posts ADD profile_id int REFERENCES profiles;
    CREATE TABLE tags (id int PRIMARY KEY, parent_id int REFERENCES tags);
    CREATE TABLE post_tags (post_id int REFERENCES posts ON DELETE CASCADE, tag_id int REFERENCES tags ON DELETE CASCADE, PRIMARY KEY (post_id, tag_id));
    CREATE TABLE similar_tags (tag_id int REFERENCES tags, similar_id int REFERENCES tags, since timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (tag_id, similar_id));
    CREATE TABLE twice (a int REFERENCES tags, CONSTRAINT again FOREIGN KEY (a) REFERENCES tags);`,
  code: `
    CREATE SCHEMA "odd ""schema"""; CREATE TYPE mood AS ENUM ('ok');
    CREATE TABLE people (id int PRIMARY KEY, name text, mood mood, "a\`b" int);
    CREATE FUNCTION total(a int, b int DEFAULT 1) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a + b';
    CREATE FUNCTION total(text) RETURNS mood[] LANGUAGE sql AS $$SELECT '{}'::public.mood[]$$;
    CREATE FUNCTION total() RETURNS SETOF people LANGUAGE plpgsql SET search_path TO "odd ""schema""", '' AS $$
BEGIN -- \` \${x} \\ \\\\n
  RETURN;
END$$;
    CREATE FUNCTION "class"("1" int, "2" int, "a b" anyelement, INOUT x int, VARIADIC mood[]) LANGUAGE sql AS 'SELECT 1';
    CREATE FUNCTION "odd ""schema"""."f(x"(OUT a int, OUT b text) BEGIN ATOMIC SELECT 1, 'x'; END;
    CREATE FUNCTION "f,g"(x people) RETURNS TABLE (id int) LANGUAGE sql AS '${"\n-- line".repeat(50)}\nSELECT 1';
    COMMENT ON FUNCTION "f,g" IS 'long */';
    CREATE PROCEDURE total(a int, b int, c int) LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN END';
    CREATE AGGREGATE total(numeric) (sfunc = numeric_add, stype = numeric, initcond = '0'); CREATE AGGREGATE nobody(*) (sfunc = int8inc, stype = int8, initcond = '0');
    CREATE VIEW "user" (id, "A b", "constructor") WITH (security_barrier, check_option = cascaded) AS SELECT id, name, "a\`b" FROM people WHERE name <> '\${x}\\';
    ALTER VIEW "user" ALTER "A b" SET DEFAULT 'x'; COMMENT ON COLUMN "user"."A b" IS 'it''s'; COMMENT ON VIEW "user" IS 'v';
    CREATE VIEW "odd ""schema""".active_people AS SELECT p.*, total(p.id) AS sum FROM people p;
    CREATE MATERIALIZED VIEW counts WITH (fillfactor = 70) AS SELECT mood, count(*) AS n FROM people GROUP BY mood WITH NO DATA;
    CREATE UNIQUE INDEX ON counts (mood); CREATE INDEX odd ON counts (n DESC) WHERE n > 1; COMMENT ON INDEX odd IS 'i'; ALTER MATERIALIZED VIEW counts ALTER n SET STATISTICS 7;
    CREATE VIEW numbers AS ${Array.from({ length: 45 }, (_, i) => `SELECT ${i} AS n`).join(" UNION ALL ")};
    CREATE VIEW nothing AS SELECT;`,
  rights: `
    CREATE SCHEMA app; GRANT USAGE ON SCHEMA app TO rebuild_reader; GRANT CREATE ON SCHEMA public TO rebuild_reader;
    CREATE TABLE people (id serial PRIMARY KEY, "full name" text, "a b" int); CREATE TABLE tags (id int PRIMARY KEY, n int GENERATED ALWAYS AS IDENTITY);
    CREATE TABLE people_tags (person_id int REFERENCES people, tag_id int REFERENCES tags, PRIMARY KEY (person_id, tag_id));
    CREATE TYPE mood AS ENUM ('ok'); CREATE TYPE app.pair AS (a int); CREATE DOMAIN short AS text; CREATE SEQUENCE numbers;
    CREATE VIEW names AS SELECT id, "full name" AS "Full" FROM people; CREATE MATERIALIZED VIEW app.counts AS SELECT count(*) AS n FROM people;
    CREATE FUNCTION one(mood) RETURNS int LANGUAGE sql RETURN 1; CREATE FUNCTION one() RETURNS int LANGUAGE sql RETURN 1; CREATE PROCEDURE two() LANGUAGE sql AS '';
    CREATE AGGREGATE total(int) (sfunc = int4pl, stype = int, initcond = '0');
    GRANT SELECT, INSERT ON people TO rebuild_reader, "rebuild ""odd"; GRANT UPDATE ("full name", "a b"), REFERENCES ("a b") ON people TO "rebuild ""odd" WITH GRANT OPTION;
    GRANT ALL ON people_tags, tags TO rebuild_reader; GRANT USAGE ON SEQUENCE people_id_seq, numbers, tags_n_seq TO rebuild_reader; GRANT SELECT ("Full") ON names TO PUBLIC;
    GRANT SELECT ON app.counts TO rebuild_reader; REVOKE USAGE ON TYPE mood FROM PUBLIC; GRANT USAGE ON TYPE app.pair TO rebuild_reader; GRANT ALL ON DOMAIN short TO rebuild_reader;
    REVOKE EXECUTE ON FUNCTION one(mood) FROM PUBLIC; GRANT EXECUTE ON FUNCTION one() TO rebuild_reader; REVOKE ALL ON PROCEDURE two FROM PUBLIC; GRANT EXECUTE ON FUNCTION total TO rebuild_reader;
    ALTER DEFAULT PRIVILEGES FOR ROLE rebuild_reader IN SCHEMA app GRANT SELECT, INSERT ON TABLES TO "rebuild ""odd";
    ALTER DEFAULT PRIVILEGES FOR ROLE rebuild_reader GRANT EXECUTE ON FUNCTIONS TO "rebuild ""odd"; ALTER DEFAULT PRIVILEGES FOR ROLE rebuild_reader REVOKE USAGE ON TYPES FROM PUBLIC;
    CREATE FOREIGN DATA WRAPPER w; CREATE SERVER far FOREIGN DATA WRAPPER w; GRANT USAGE ON FOREIGN SERVER far TO rebuild_reader;`,
  extending: `
    CREATE SCHEMA app; CREATE TYPE mood AS ENUM ('ok'); CREATE TYPE size AS (n int);
    CREATE COLLATION german (provider = icu, locale = 'de-u-ks-level2', deterministic = false); CREATE COLLATION app.mixed (lc_collate = 'C', lc_ctype = 'POSIX'); COMMENT ON COLLATION german IS 'it''s';
    CREATE TABLE people (id int PRIMARY KEY, name text COLLATE german, other text COLLATE app.mixed, size size, mood mood);
    CREATE FUNCTION less(size, size) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.n < $2.n'; CREATE FUNCTION order_of(size, size) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1.n - $2.n';
    CREATE FUNCTION less_than(size, int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.n < $2'; CREATE FUNCTION more_than(int, size) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 > $2.n';
    CREATE OPERATOR <# (LEFTARG = size, RIGHTARG = size, FUNCTION = less, RESTRICT = scalarltsel, JOIN = scalarltjoinsel); COMMENT ON OPERATOR <# (size, size) IS 'less';
    CREATE OPERATOR app.<# (LEFTARG = size, RIGHTARG = int, FUNCTION = less_than, COMMUTATOR = OPERATOR(app.>#)); CREATE OPERATOR app.># (LEFTARG = int, RIGHTARG = size, FUNCTION = more_than, COMMUTATOR = OPERATOR(app.<#));
    CREATE OPERATOR CLASS sizes DEFAULT FOR TYPE size USING btree AS OPERATOR 1 <#, FUNCTION 1 order_of(size, size);
    CREATE OPERATOR FAMILY app.mixed USING btree; CREATE OPERATOR CLASS app.sizes FOR TYPE size USING btree FAMILY app.mixed AS OPERATOR 1 <#, FUNCTION 1 order_of(size, size);
    ALTER OPERATOR FAMILY app.mixed USING btree ADD OPERATOR 1 app.<# (size, int); CREATE INDEX ON people (size app.sizes); CREATE INDEX by_size ON people (size);
    CREATE FUNCTION number_of(mood) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'; CREATE CAST (mood AS int) WITH FUNCTION number_of(mood) AS ASSIGNMENT; CREATE CAST (text AS mood) WITH INOUT; COMMENT ON CAST (text AS mood) IS 'c';
    CREATE CAST (oid AS date) WITHOUT FUNCTION; CREATE DEFAULT CONVERSION app.conv FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;
    CREATE FUNCTION up(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'int4recv'; CREATE TRANSFORM FOR size LANGUAGE sql (FROM SQL WITH FUNCTION up(internal));
    CREATE FUNCTION handle() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler'; CREATE TRUSTED LANGUAGE other HANDLER handle;
    CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler; CREATE TABLE stored (a int) USING heap2;
    CREATE TEXT SEARCH PARSER app.parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
    CREATE TEXT SEARCH TEMPLATE template (LEXIZE = dsimple_lexize, INIT = dsimple_init); CREATE TEXT SEARCH DICTIONARY plain (TEMPLATE = template, accept = false);
    CREATE TEXT SEARCH DICTIONARY words (TEMPLATE = snowball, Language = english, StopWords = english);
    CREATE TEXT SEARCH CONFIGURATION ours (COPY = english); ALTER TEXT SEARCH CONFIGURATION ours ALTER MAPPING FOR word, asciiword WITH plain, words; COMMENT ON TEXT SEARCH CONFIGURATION ours IS 'o';
    CREATE TEXT SEARCH CONFIGURATION app.bare (PARSER = app.parser);`,
  elsewhere: `
    CREATE SCHEMA app; CREATE TABLE people (id int PRIMARY KEY, name text); CREATE TABLE app.notes (id int PRIMARY KEY);
    CREATE FOREIGN DATA WRAPPER w OPTIONS (a '1', "odd name" 'it''s'); CREATE SERVER archive TYPE 't' VERSION '1' FOREIGN DATA WRAPPER w OPTIONS (host 'h'); COMMENT ON SERVER archive IS 's';
    CREATE USER MAPPING FOR PUBLIC SERVER archive OPTIONS ("user" 'reader', password 'hidden'); CREATE USER MAPPING FOR postgres SERVER archive;
    CREATE FOREIGN TABLE people_there (id int OPTIONS (column_name 'no') NOT NULL, name text DEFAULT 'x' CHECK (name <> ''), "odd c" int) SERVER archive OPTIONS (table_name '7', "odd o" 'true');
    CREATE PUBLICATION everything FOR ALL TABLES; CREATE PUBLICATION "odd p" FOR TABLE people, app.notes WITH (publish = 'insert, update'); COMMENT ON PUBLICATION "odd p" IS 'p';
    CREATE SUBSCRIPTION sub CONNECTION 'host=nowhere password=hidden' PUBLICATION "odd p" WITH (connect = false, slot_name = NONE, binary = true); COMMENT ON SUBSCRIPTION sub IS 's';`,
  everything: `
    CREATE EXTENSION citext; CREATE SCHEMA ext; CREATE EXTENSION pg_trgm SCHEMA ext; CREATE EXTENSION btree_gist SCHEMA ext;
    COMMENT ON EXTENSION citext IS 'mine';
    CREATE SCHEMA empty; CREATE SCHEMA app; COMMENT ON SCHEMA app IS 'it';
    CREATE FUNCTION app.inner_slug(text) RETURNS text IMMUTABLE LANGUAGE sql RETURN lower($1);
    CREATE FUNCTION app.slug(t text) RETURNS text IMMUTABLE LANGUAGE sql RETURN app.inner_slug(t) || '\`\${}\\d';
    CREATE TYPE app.mood AS ENUM ('sad', 'ok'); COMMENT ON TYPE app.mood IS 'm';
    CREATE DOMAIN app.email AS citext NOT NULL DEFAULT 'x' CONSTRAINT at CHECK (VALUE ~ '@\\d') CONSTRAINT len CHECK (length(VALUE) < 9);
    COMMENT ON CONSTRAINT at ON DOMAIN app.email IS 'has at';
    ALTER DOMAIN app.email ADD CONSTRAINT late CHECK (VALUE <> '') NOT VALID;
    CREATE COLLATION app.sorted (provider = icu, locale = 'de-u-ks-level2', deterministic = false);
    CREATE DOMAIN app.de AS text COLLATE app.sorted;
    CREATE TYPE app.pair AS (a int, "B b" text COLLATE "C", m app.mood[]); COMMENT ON COLUMN app.pair.a IS 'first';
    CREATE TYPE app.floats AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi);
    CREATE TYPE app.texts AS RANGE (SUBTYPE = text, COLLATION = "C", MULTIRANGE_TYPE_NAME = app.many_texts);
    CREATE SEQUENCE app.numbers AS smallint START 5 INCREMENT -3 MINVALUE -9 MAXVALUE 7 CACHE 3 CYCLE; COMMENT ON SEQUENCE app.numbers IS 'n';
    CREATE SEQUENCE app.big MAXVALUE 9223372036854775806;
    CREATE TABLE app.all_types (
      a smallserial, b bigserial, c serial, d int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME app.special START 10),
      e bigint GENERATED BY DEFAULT AS IDENTITY (MINVALUE -9223372036854775807), f numeric, g numeric(10), h numeric(10,2), i varchar(3), j char, k char(4),
      l bit, m bit(3), n varbit(4), o timestamp(3), p timestamptz(0), q time(2), r timetz, s interval, t interval(3), u interval day to second(2),
      v interval year, w text[][], x app.mood[] DEFAULT '{sad}', y app.email, z app.pair, aa app.floats, ab app.many_texts, ac citext, ad bpchar, ae "char", af name,
      ag double precision, ah real, ai json, aj jsonb, ak uuid, al xml, am inet, an tsvector, ao point, ap int4range, aq daterange[], ar regclass, ass pg_lsn,
      at text COMPRESSION pglz COLLATE "C", au text GENERATED ALWAYS AS (app.slug(i)) STORED, av text GENERATED ALWAYS AS (i || 'x') VIRTUAL, aw app.de, ax app.texts, ay oidvector, az numeric(3,-2),
      UNIQUE NULLS NOT DISTINCT (f), UNIQUE (g) INCLUDE (h), UNIQUE (h) WITH (fillfactor = 50) DEFERRABLE, CONSTRAINT odd UNIQUE (i) DEFERRABLE INITIALLY DEFERRED,
      PRIMARY KEY (b, a), CONSTRAINT ck CHECK (f > 0) NO INHERIT, CONSTRAINT off CHECK (g > 0) NOT ENFORCED,
      EXCLUDE USING gist (c WITH =, ap WITH &&) WHERE (c > 0) DEFERRABLE, EXCLUDE (k WITH =)
    ) WITH (fillfactor = 70, toast.autovacuum_enabled = false);
    ALTER TABLE app.all_types ADD CONSTRAINT later CHECK (h > 0) NOT VALID;
    ALTER TABLE app.all_types ALTER w SET STORAGE EXTERNAL, ALTER f SET STATISTICS 100, ALTER f SET (n_distinct = -0.5);
    ALTER TABLE app.all_types ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    ALTER TABLE app.all_types REPLICA IDENTITY FULL;
    COMMENT ON CONSTRAINT ck ON app.all_types IS 'c'; COMMENT ON COLUMN app.all_types.f IS E'two\\nlines';
    CREATE INDEX ON app.all_types USING gin (i ext.gin_trgm_ops); CREATE INDEX ON app.all_types USING gist (i ext.gist_trgm_ops (siglen='32'));
    CREATE UNIQUE INDEX everywhere ON app.all_types (lower(i) DESC NULLS LAST, c DESC, (h + 1) NULLS FIRST, at COLLATE "POSIX") INCLUDE (k) NULLS NOT DISTINCT WITH (fillfactor = 60) WHERE (i ~ '\\d');
    ALTER INDEX app.everywhere ALTER COLUMN 1 SET STATISTICS 7; COMMENT ON INDEX app.everywhere IS 'idx'; CREATE INDEX clu ON app.all_types (c); ALTER TABLE app.all_types CLUSTER ON clu;
    CREATE FUNCTION app.fires() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE FUNCTION "order"() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TRIGGER a BEFORE INSERT OR UPDATE OF f, ass OR DELETE ON app.all_types FOR EACH ROW WHEN (pg_trigger_depth() < 1) EXECUTE FUNCTION app.fires('a', 'it''s \\ ');
    CREATE TRIGGER b AFTER UPDATE ON app.all_types REFERENCING OLD TABLE AS gone NEW TABLE AS "new Rows" FOR EACH STATEMENT EXECUTE FUNCTION "order"();
    CREATE CONSTRAINT TRIGGER c AFTER INSERT ON app.all_types DEFERRABLE FOR EACH ROW EXECUTE FUNCTION app.fires(); COMMENT ON TRIGGER c ON app.all_types IS 'late';
    CREATE TRIGGER d BEFORE UPDATE ON app.all_types FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger(); ALTER TABLE app.all_types DISABLE TRIGGER d;
    CREATE VIEW app.seen AS SELECT f, g FROM app.all_types; CREATE TRIGGER e INSTEAD OF INSERT ON app.seen FOR EACH ROW EXECUTE FUNCTION app.fires();
    CREATE RULE keep AS ON DELETE TO app.all_types WHERE old.i = ' DO INSTEAD ' DO INSTEAD NOTHING; ALTER TABLE app.all_types ENABLE ALWAYS RULE keep;
    CREATE RULE more AS ON UPDATE TO app.seen DO INSTEAD (UPDATE app.all_types SET f = new.f WHERE f = old.f; DELETE FROM app.all_types WHERE f < 0); COMMENT ON RULE more ON app.seen IS 'two';
    CREATE POLICY own ON app.all_types FOR UPDATE TO CURRENT_USER USING (f > 0) WITH CHECK (g > 0); CREATE POLICY "not ""odd" ON app.all_types AS RESTRICTIVE; COMMENT ON POLICY own ON app.all_types IS 'p';
    CREATE STATISTICS app.several (mcv, dependencies) ON c, f, (lower(i)) FROM app.all_types; ALTER STATISTICS app.several SET STATISTICS 9; COMMENT ON STATISTICS app.several IS 's'; CREATE STATISTICS elsewhere ON (c + 1) FROM app.all_types;
    CREATE FUNCTION app.audit() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER audit ON ddl_command_end WHEN TAG IN ('CREATE CAST') EXECUTE FUNCTION app.audit();
    CREATE UNLOGGED TABLE app.quick (id serial); CREATE TABLE app.fast (id int CONSTRAINT fast_key PRIMARY KEY, n smallint NOT NULL DEFAULT nextval('app.numbers'));
    ALTER SEQUENCE app.big OWNED BY app.fast.id; ALTER TABLE app.fast CLUSTER ON fast_key;
    CREATE TABLE app.periods (id int, at daterange, PRIMARY KEY (id, at WITHOUT OVERLAPS));
    CREATE TABLE app.covers (id int, at daterange, x int, y int, FOREIGN KEY (id, PERIOD at) REFERENCES app.periods (id, PERIOD at),
      FOREIGN KEY (x, y) REFERENCES app.covers (x, y) MATCH FULL ON UPDATE CASCADE ON DELETE SET NULL (y) DEFERRABLE INITIALLY DEFERRED, UNIQUE (x, y));
    ALTER TABLE app.covers ADD CONSTRAINT late FOREIGN KEY (x) REFERENCES app.fast NOT VALID, ADD CONSTRAINT off FOREIGN KEY (y) REFERENCES app.fast NOT ENFORCED;
    COMMENT ON CONSTRAINT late ON app.covers IS 'fk';
    CREATE UNIQUE INDEX covers_id ON app.covers (id); ALTER TABLE app.covers ALTER id SET NOT NULL; ALTER TABLE app.covers REPLICA IDENTITY USING INDEX covers_id;
    CREATE PUBLICATION "some" FOR TABLE app.fast (id) WHERE (id > 1), app.covers; CREATE PUBLICATION whole FOR TABLES IN SCHEMA app;
    CREATE TABLE app.none (); CREATE TABLE app.of_rows (r app.fast, rs app.fast[]);`,
};

before(() => createRoles(["rebuild_reader", 'rebuild "odd']));

for (const [name, script] of Object.entries(cases))
  test(`${name} come back`, async (t) => {
    if (name === "everything" && (await serverMajor()) < newestMajor) return t.skip(`needs PostgreSQL ${newestMajor}`);
    await using original = await createDatabase({ script });
    const { catalog, models, again } = await introspect(original.url, folder.package);
    assert.deepEqual([...again.files], [...models.files]);
    const { database, refused } = await rebuild(folder.write(name, models.files));
    await using rebuilt = database;
    assert.deepEqual(refused, []);
    const changes = await remaining(catalog, rebuilt.url);
    assert.deepEqual(
      changes.map((change) => `${change.op} ${describeObject("to" in change ? change.to : change.from)}`),
      [],
    );
  });

test("all of it compiles", () => {
  assert.equal(folder.typeErrors(), "");
});
