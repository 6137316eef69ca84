import assert from "node:assert/strict";
import { before, test } from "node:test";
import fc from "fast-check";
import {
  array,
  bigint,
  boolean,
  box,
  bytea,
  type ColumnDef,
  codecOf,
  composite,
  customType,
  date,
  declarativeBase,
  domain,
  doublePrecision,
  int4range,
  integer,
  json,
  jsonb,
  jsonNull,
  metadataOf,
  numeric,
  oid,
  pgEnum,
  real,
  smallint,
  text,
  timestamptz,
  uuid,
  varchar,
} from "../../src/index.js";
import { onBoth } from "../support/engines.js";

const mood = pgEnum("codec_mood", ["ok", "NULL", "so, so"]);
const tags = domain("codec_tags", array(text()));
const settings = domain("codec_settings", jsonb());
const place = composite("codec_place", { name: text(), at: array(integer()).nullable(), raw: bytea().nullable() });
const types = `
  CREATE TYPE codec_mood AS ENUM ('ok', 'NULL', 'so, so');
  CREATE DOMAIN codec_tags AS text[];
  CREATE DOMAIN codec_settings AS jsonb;
  CREATE TYPE codec_place AS (name text, at integer[], raw bytea)`;
const url = () => text().transform({ read: (href) => new URL(href), write: (url: URL) => url.href });

/** Each comes back as it was written. */
const cases: readonly (readonly [column: ColumnDef<unknown, boolean>, value: unknown])[] = [
  [jsonb(), ["a", 1, null]],
  [jsonb(), "a string"],
  [jsonb(), "null"],
  [jsonb(), false],
  [json(), { b: "\0\ud800", a: [] }],
  [jsonb(), JSON.parse('{"__proto__": 1}')],
  [settings(), [{ a: 1 }]],
  [array(jsonb()), [[1, 2], { a: "{" }, null, "x", []]],
  [
    array(array(jsonb())),
    [
      [[1], [2]],
      [[3], "null"],
    ],
  ],
  [array(mood()), ["ok", "NULL", null, "so, so"]],
  [array(tags()), [["a,b", "c"], [], null]],
  [tags(), ['"', "\\", "💧"]],
  [array(box()), ["(1,1),(0,0)", "(2,2),(1,1)"]],
  [array(int4range()), ["[1,10)", "empty"]],
  [place(), { name: 'a "b" \\ (c), d', at: [1, null], raw: new Uint8Array([0, 255]) }],
  [place(), { name: "", at: null, raw: null }],
  [array(place()), [{ name: "x,y", at: [1], raw: new Uint8Array() }, null]],
  [array(bytea()), [new Uint8Array([0, 92, 255])]],
  [bytea(), new Uint8Array([0, 1, 255])],
  [bigint(), 2n ** 63n - 1n],
  [real(), -0],
  [array(text()), [["a"], ["b"]]],
  [url(), new URL("https://example.org/?q=1")],
  [array(url()), [new URL("https://example.org/"), null]],
  [customType("text", { codec: { encode: (n: number) => `n${n}`, decode: (t) => Number(t.slice(1)) } }), 7],
];

let number = 0;
function codec(column: ColumnDef<unknown, boolean>) {
  const Base = declarativeBase();
  class Thing extends Base.model({ value: column }, {}, { tablename: `thing${number++}` }) {}
  return codecOf(metadataOf(Thing).columns[0]!);
}

onBoth((database) => {
  before(async () => {
    await using connection = await database().engine.connect();
    await connection.script(types);
  });

  test("a value comes back as the model's type says", async () => {
    await using connection = await database().engine.connect();
    for (const [column, value] of cases) {
      const { parse, write, equals, copy } = codec(column);
      const sql = `SELECT $1::${column.spec.type.sql("public")}`;
      const { rows } = await connection.query(sql, [write(value)], { raw: true });
      const read = parse(String(rows[0]?.[0]));
      assert.deepEqual(read, value, sql);
      assert.ok(equals(read, value), sql);
      assert.ok(equals(copy(value), value), sql);
    }
  });

  test("any text in arrays and composites", async () => {
    await using connection = await database().engine.connect();
    const list = codec(array(place()));
    const word = fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0") && !/\p{Surrogate}/u.test(text));
    const value = fc.array(
      fc.record(
        {
          name: word,
          at: fc.option(fc.array(fc.option(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })), { minLength: 1 })),
          raw: fc.option(fc.uint8Array()),
        },
        { noNullPrototype: true },
      ),
      { minLength: 1 },
    );
    const property = fc.asyncProperty(value, async (given) => {
      const { rows } = await connection.query("SELECT $1::codec_place[]", [list.write(given)], { raw: true });
      assert.deepEqual(list.parse(String(rows[0]?.[0])), given);
    });
    await fc.assert(property, { numRuns: 50 });
  });
});

test("what would not arrive as it is, is refused before it is sent, with the column's name", () => {
  const refused: readonly (readonly [column: ColumnDef<unknown, boolean>, value: unknown, why: RegExp])[] = [
    [text(), "a\0b", /NUL/],
    [text(), "\ud83d", /surrogate/],
    [array(text()), ["a\0b"], /NUL/],
    [jsonb(), { a: ["\0"] }, /NUL/],
    [jsonb(), { "\udc00": 1 }, /surrogate/],
    [jsonb(), { a: Number.NaN }, /NaN/],
    [json(), [undefined], /undefined/],
    [jsonb(), new Map(), /Map/],
    [jsonb(), { a: 1n }, /bigint/],
    [timestamptz(), new Date(Number.NaN), /invalid Date/],
    [timestamptz(), new Date(-8.64e15), /4714 BC/],
    [smallint(), 32768, /outside of smallint/],
    [integer(), -(2 ** 31) - 1, /outside of integer/],
    [integer(), 1.5, /whole/],
    [integer(), Number.NaN, /whole/],
    [bigint(), 2n ** 63n, /outside of bigint/],
    [oid(), -1, /outside of oid/],
    [real(), 1e39, /outside of real/],
    [boolean(), "yes", /true or false/],
    [text(), {}, /takes a string/],
    [array(text()), "{a}", /takes an array/],
    [array(integer()), [1, undefined], /undefined/],
    [place(), { name: "x", other: 1 }, /"other"/],
    [place(), { name: "\0" }, /NUL/],
    [bytea(), "abc", /Uint8Array/],
  ];
  for (const [column, value, why] of refused)
    assert.throws(
      () => codec(column).write(value),
      (error: Error & { code?: string }) =>
        error.name === "DataError" &&
        error.code === "value.unstorable" &&
        /^Thing\.value/.test(error.message) &&
        why.test(error.message),
      String(why),
    );
  const circle: unknown[] = [];
  circle.push(circle);
  assert.throws(() => codec(jsonb()).write(circle), /contains itself/);
});

test("a snapshot sees what is changed in place, and only that", () => {
  const date = new Date(0);
  const changes: readonly (readonly [column: ColumnDef<unknown, boolean>, value: unknown, change: () => unknown])[] = [
    [timestamptz(), date, () => date.setTime(1)],
    ...[{ a: [1] }].map((value) => [jsonb(), value, () => value.a.push(2)] as const),
    ...[new Uint8Array(2)].map((value) => [bytea(), value, () => value.fill(1)] as const),
    ...[[["a"], [null]] as unknown[][]].map((value) => [array(text(), 2), value, () => value[1]?.push("b")] as const),
    ...[{ name: "x", at: [1] }].map((value) => [place(), value, () => value.at.push(2)] as const),
    ...[new URL("https://a.example/")].map((value) => [url(), value, () => (value.hash = "b")] as const),
  ];
  for (const [column, value, change] of changes) {
    const { copy, equals } = codec(column);
    const snapshot = copy(value);
    assert.ok(equals(value, snapshot), column.spec.type.sql("public"));
    change();
    assert.ok(!equals(value, snapshot), column.spec.type.sql("public"));
  }
});

test("what is stored alike is equal", () => {
  const { equals } = codec(jsonb());
  assert.ok(equals({ a: 1, b: [new Date(0)] }, { b: ["1970-01-01T00:00:00.000Z"], a: 1, c: undefined }));
  assert.ok(!equals({ a: null }, {}));
  assert.ok(!equals([], {}));
  assert.ok(!codec(json()).equals({ a: 1, b: 2 }, { b: 2, a: 1 }), "json keeps the order of keys");
  assert.ok(codec(json()).equals({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }], c: undefined }));
  assert.ok(!codec(json()).equals({ a: 1n }, { a: 1 }), "what can't be stored is another value, which write refuses");
  assert.ok(codec(bigint()).equals(1, 1n));
  assert.ok(codec(real()).equals(Number.NaN, Number.NaN));
  assert.ok(codec(real()).equals(0.1 + 0.2, 0.3));
  assert.ok(!codec(doublePrecision()).equals(0.1 + 0.2, 0.3));
  assert.ok(codec(text()).equals(null, undefined));
  assert.ok(!codec(text()).equals(null, ""));
});

test("null is SQL's NULL, and jsonNull JSON's", () => {
  const { write, equals, copy } = codec(jsonb().nullable());
  assert.equal(write(null), null);
  assert.equal(write(undefined), null);
  assert.equal(write(jsonNull), "null");
  assert.ok(!equals(jsonNull, null));
  assert.ok(equals(copy(jsonNull), jsonNull));
});

test("transforms: one upon the other, never with a null, and before the defaults", () => {
  const trimmed = text().transform({ read: (value) => value.trim(), write: (value: string) => ` ${value} ` });
  const length = trimmed.nullable().transform({ read: (value) => value.length, write: (n: number) => "x".repeat(n) });
  assert.equal(codec(length).write(2), " xx ");
  assert.equal(codec(length).parse(" xxx "), 3);
  assert.equal(codec(length).write(null), null);
  assert.throws(
    () =>
      text()
        .default("a")
        .transform({ read: Number, write: (n: number) => String(n) }),
    {
      code: "model.column_contradiction",
    },
  );
});

test("what a transform throws is told with the column", () => {
  const { parse, write } = codec(url());
  assert.throws(
    () => parse("no url"),
    (error: Error & { code?: string }) =>
      error.code === "value.invalid" &&
      /^Thing\.value.*Invalid URL/.test(error.message) &&
      error.cause instanceof TypeError,
  );
  assert.throws(() => write(7), { code: "value.unstorable", message: /^Thing\.value/ });
});

test("a timestamp that no Date holds is an error when it is read", () => {
  assert.throws(() => codec(timestamptz()).parse("infinity"), { code: "value.invalid", message: /Thing\.value/ });
});

test("what is no text is refused where text is stored", () => {
  for (const type of [text(), varchar(3), uuid(), date(), pgEnum("mood", ["happy"])()])
    for (const value of [3, 3n, true, {}, new Date()])
      assert.throws(() => codec(type).write(value), {
        code: "value.unstorable",
        message: /^Thing\.value can't be stored/,
      });
});

test("a codec of one's own gives text, or is told so", () => {
  const wrong = { encode: (value: number) => value as unknown as string, decode: Number };
  assert.throws(() => codec(customType<number>("text", { codec: wrong })).write(3), {
    code: "value.unstorable",
    message: "Thing.value can't be stored: it is made a number by its codec, which is to give text.",
  });
});

test("numeric takes every number, and keeps its digits", () => {
  assert.equal(codec(numeric()).write(12345678901234567890n), "12345678901234567890");
});
