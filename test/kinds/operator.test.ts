import { acceptance } from "../support/acceptance.js";

const eq = "CREATE FUNCTION eq(int, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1::text = $2'";
const qe = "CREATE FUNCTION qe(text, int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 = $2::text'";
const created = (rest: string) =>
  `CREATE OPERATOR "public".<~> (FUNCTION = public.eq, LEFTARG = integer, RIGHTARG = text${rest})`;

/** A type of one number, with all that a btree wants of it. */
const size = `CREATE TYPE size AS (n int);
  CREATE FUNCTION less(size, size) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.n < $2.n';
  CREATE FUNCTION order_of(size, size) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1.n - $2.n';
  CREATE FUNCTION less_than(size, int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.n < $2';
  CREATE OPERATOR <# (LEFTARG = size, RIGHTARG = size, FUNCTION = less); CREATE OPERATOR <# (LEFTARG = size, RIGHTARG = int, FUNCTION = less_than)`;

acceptance("operators", [
  {
    name: "created with all that they can have, those that name each other in any order",
    before: "",
    after: `${eq}; ${qe}; CREATE FUNCTION neg(int) RETURNS int LANGUAGE sql AS 'SELECT - $1';
      CREATE OPERATOR <~> (LEFTARG = int, RIGHTARG = text, FUNCTION = eq, COMMUTATOR = <~>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
      CREATE OPERATOR <~> (LEFTARG = text, RIGHTARG = int, FUNCTION = qe, COMMUTATOR = <~>); CREATE OPERATOR !! (RIGHTARG = int, FUNCTION = neg);
      COMMENT ON OPERATOR <~> (int, text) IS 'alike'; COMMENT ON OPERATOR !! (NONE, int) IS 'turned'`,
    up: [
      'CREATE FUNCTION "public"."eq"(integer, text) RETURNS boolean\nLANGUAGE sql IMMUTABLE\nAS $function$SELECT $1::text = $2$function$',
      'CREATE FUNCTION "public"."qe"(text, integer) RETURNS boolean\nLANGUAGE sql IMMUTABLE\nAS $function$SELECT $1 = $2::text$function$',
      'CREATE FUNCTION "public"."neg"(integer) RETURNS integer\nLANGUAGE sql\nAS $function$SELECT - $1$function$',
      'CREATE OPERATOR "public".<~> (FUNCTION = public.qe, LEFTARG = text, RIGHTARG = integer, COMMUTATOR = OPERATOR(public.<~>))',
      created(", COMMUTATOR = OPERATOR(public.<~>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES"),
      `COMMENT ON OPERATOR "public".<~> (integer, text) IS 'alike'`,
      'CREATE OPERATOR "public".!! (FUNCTION = public.neg, RIGHTARG = integer)',
      `COMMENT ON OPERATOR "public".!! (NONE, integer) IS 'turned'`,
    ],
  },
  {
    name: "estimators change in place",
    before: `${eq}; CREATE OPERATOR <~> (LEFTARG = int, RIGHTARG = text, FUNCTION = eq, RESTRICT = neqsel)`,
    after: `${eq}; CREATE OPERATOR <~> (LEFTARG = int, RIGHTARG = text, FUNCTION = eq, JOIN = eqjoinsel)`,
    up: ['ALTER OPERATOR "public".<~> (integer, text) SET (RESTRICT = NONE, JOIN = eqjoinsel)'],
  },
  {
    name: "another function is another operator, and what uses it is put back",
    before: `${eq}; CREATE FUNCTION eq2(int, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE OPERATOR <~> (LEFTARG = int, RIGHTARG = text, FUNCTION = eq2); CREATE TABLE t (a int, CONSTRAINT c CHECK (a OPERATOR(public.<~>) 'x'))`,
    after: `${eq}; CREATE FUNCTION eq2(int, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE OPERATOR <~> (LEFTARG = int, RIGHTARG = text, FUNCTION = eq); CREATE TABLE t (a int, CONSTRAINT c CHECK (a OPERATOR(public.<~>) 'x'))`,
    up: [
      'ALTER TABLE "public"."t" DROP CONSTRAINT "c"',
      'DROP OPERATOR "public".<~> (integer, text)',
      created(""),
      `ALTER TABLE "public"."t" ADD CONSTRAINT "c" CHECK ((a OPERATOR(public.<~>) 'x'::text))`,
    ],
  },
  {
    name: "one that comes links itself, one that goes is unlinked",
    before: `${eq}; ${qe}; CREATE OPERATOR <~> (LEFTARG = int, RIGHTARG = text, FUNCTION = eq)`,
    after: `${eq}; ${qe}; CREATE OPERATOR <~> (LEFTARG = int, RIGHTARG = text, FUNCTION = eq, COMMUTATOR = <~>); CREATE OPERATOR <~> (LEFTARG = text, RIGHTARG = int, FUNCTION = qe, COMMUTATOR = <~>)`,
    up: [
      'CREATE OPERATOR "public".<~> (FUNCTION = public.qe, LEFTARG = text, RIGHTARG = integer, COMMUTATOR = OPERATOR(public.<~>))',
    ],
    down: ['DROP OPERATOR "public".<~> (text, integer)'],
  },
]);

acceptance("operator families and classes", [
  {
    name: "created after their functions, and before the indexes that use them",
    before: size,
    after: `${size}; CREATE OPERATOR CLASS sizes DEFAULT FOR TYPE size USING btree AS OPERATOR 1 <#, FUNCTION 1 order_of(size, size);
      CREATE OPERATOR FAMILY mixed USING btree; CREATE OPERATOR CLASS others FOR TYPE size USING btree FAMILY mixed AS OPERATOR 1 <#, FUNCTION 1 order_of(size, size);
      ALTER OPERATOR FAMILY mixed USING btree ADD OPERATOR 1 <# (size, int); COMMENT ON OPERATOR FAMILY mixed USING btree IS 'f'; COMMENT ON OPERATOR CLASS sizes USING btree IS 'c';
      CREATE TABLE t (a size); CREATE INDEX i ON t (a); CREATE INDEX j ON t (a others)`,
    up: [
      'CREATE OPERATOR FAMILY "public"."sizes" USING "btree"',
      'CREATE OPERATOR FAMILY "public"."mixed" USING "btree"',
      'ALTER OPERATOR FAMILY "public"."mixed" USING "btree" ADD OPERATOR 1 public.<# (public.size, integer)',
      `COMMENT ON OPERATOR FAMILY "public"."mixed" USING "btree" IS 'f'`,
      'CREATE OPERATOR CLASS "public"."sizes" DEFAULT FOR TYPE public.size USING "btree" FAMILY "public"."sizes" AS OPERATOR 1 public.<# (public.size, public.size), FUNCTION 1 (public.size, public.size) public.order_of(public.size,public.size)',
      `COMMENT ON OPERATOR CLASS "public"."sizes" USING "btree" IS 'c'`,
      'CREATE OPERATOR CLASS "public"."others" FOR TYPE public.size USING "btree" FAMILY public.mixed AS OPERATOR 1 public.<# (public.size, public.size), FUNCTION 1 (public.size, public.size) public.order_of(public.size,public.size)',
      'CREATE TABLE "public"."t" (\n  "a" public.size\n)',
      'CREATE INDEX "i" ON "public"."t" ("a")',
      'CREATE INDEX "j" ON "public"."t" ("a" public.others)',
    ],
  },
  {
    name: "members of a family come and go; a class has no ALTER, and its indexes are put back",
    before: `${size}; CREATE OPERATOR FAMILY f USING btree; ALTER OPERATOR FAMILY f USING btree ADD OPERATOR 1 <# (size, int);
      CREATE OPERATOR CLASS c FOR TYPE size USING btree FAMILY f AS OPERATOR 1 <#, FUNCTION 1 order_of(size, size); CREATE TABLE t (a size); CREATE INDEX i ON t (a c)`,
    after: `${size}; CREATE OPERATOR FAMILY f USING btree; ALTER OPERATOR FAMILY f USING btree ADD OPERATOR 2 <# (size, int);
      CREATE OPERATOR CLASS c DEFAULT FOR TYPE size USING btree FAMILY f AS OPERATOR 1 <#, FUNCTION 1 order_of(size, size); CREATE TABLE t (a size); CREATE INDEX i ON t (a c)`,
    up: [
      'DROP INDEX "public"."i"',
      'DROP OPERATOR CLASS "public"."c" USING "btree"',
      'ALTER OPERATOR FAMILY "public"."f" USING "btree" DROP OPERATOR 1 (public.size, integer)',
      'ALTER OPERATOR FAMILY "public"."f" USING "btree" ADD OPERATOR 2 public.<# (public.size, integer)',
      'CREATE OPERATOR CLASS "public"."c" DEFAULT FOR TYPE public.size USING "btree" FAMILY public.f AS OPERATOR 1 public.<# (public.size, public.size), FUNCTION 1 (public.size, public.size) public.order_of(public.size,public.size)',
      'CREATE INDEX "i" ON "public"."t" ("a")',
    ],
  },
  {
    name: "renamed, a class with the family of its name",
    before: `${size}; CREATE OPERATOR CLASS c FOR TYPE size USING btree AS OPERATOR 1 <#, FUNCTION 1 order_of(size, size)`,
    after: `${size}; CREATE OPERATOR CLASS d FOR TYPE size USING btree AS OPERATOR 1 <#, FUNCTION 1 order_of(size, size)`,
    answers: {},
    up: [
      'ALTER OPERATOR FAMILY "public"."c" USING "btree" RENAME TO "d"',
      'ALTER OPERATOR CLASS "public"."c" USING "btree" RENAME TO "d"',
    ],
  },
]);
