/** Every type of PostgreSQL's own, at its limits: written by a column's codec, stored, printed, read. */

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import * as athanor from "../../src/index.js";
import { type ColumnDef, codecOf, microsecondsOf } from "../../src/index.js";
import { onBoth } from "../support/engines.js";

type Column = ColumnDef<unknown, boolean>;

/** Columns beside the values that come back as they were written. */
const cases: readonly (readonly [column: Column, ...values: readonly unknown[]])[] = [
  [athanor.smallint(), -32768, 32767, 0],
  [athanor.integer(), -2147483648, 2147483647],
  [athanor.bigint(), -(2n ** 63n), 2n ** 63n - 1n, 2n ** 53n + 1n],
  [athanor.numeric(1000, 500), `-${"9".repeat(500)}.${"1".repeat(500)}`],
  [athanor.numeric(), "NaN", "Infinity", "-Infinity", "1.10", `0.${"0".repeat(16382)}1`, `1${"0".repeat(131071)}`],
  [athanor.real(), 3.4028235e38, 1e-45, 0.1, -0, Number.NaN, Number.POSITIVE_INFINITY],
  [athanor.doublePrecision(), Number.MAX_VALUE, Number.MIN_VALUE, 0.1 + 0.2, -0, Number.NaN, -Number.POSITIVE_INFINITY],
  [athanor.money(), "$92,233,720,368,547,758.07", "-$92,233,720,368,547,758.08"],
  [athanor.boolean(), true, false],
  [athanor.text(), "", "NULL", "null", "\\N", "\u{10ffff}", "a\u0301", "\u0001\u001f\u007f", "\r\n\t", '"\\', " x "],
  [athanor.text(), "💧ä".repeat(200_000)],
  [athanor.varchar(3), "💧ää"],
  [athanor.char(5), "ab   "],
  [
    athanor.bytea(),
    new Uint8Array(),
    Uint8Array.from({ length: 256 }, (_, i) => i),
    new Uint8Array(randomBytes(2 ** 20)),
  ],
  [athanor.bit(8), "00000000", "10101010"],
  [athanor.varbit(), "", "1".repeat(1000)],
  [athanor.uuid(), "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"],
  [athanor.json(), null, { z: 1, a: [1e308, -0.5, "\u0000 \ud800"] }, "x", 0, [], "text".repeat(250_000)],
  [athanor.jsonb(), null, { "": { ä: ["💧", null, true, 1e-300] } }, '\\"', [[[]]], "text".repeat(250_000)],
  [athanor.date(), "2026-11-22", "infinity", "-infinity", "4714-11-24 BC", "5874897-12-31", "0001-01-01"],
  [athanor.time(), "00:00:00", "24:00:00", "12:34:56.000001"],
  [athanor.timetz(), "24:00:00-15:59", "00:00:00.000001+15:59"],
  ...[athanor.timestamp(), athanor.timestamptz()].map(
    (column) =>
      [
        column,
        new Date(0),
        new Date(-1),
        new Date("2026-11-22T10:15:00.123Z"),
        new Date("0001-01-01T00:00:00.000Z"),
        new Date("0000-12-31T23:59:59.999Z"),
        new Date(-210_866_803_200_000),
        new Date(8.64e15),
      ] as const,
  ),
  [
    athanor.timestamp({ mode: "string" }),
    "infinity",
    "-infinity",
    "294276-12-31 23:59:59.999999",
    "4714-11-24 00:00:00 BC",
  ],
  [athanor.timestamptz({ mode: "string" }), "infinity", "2026-11-22 10:15:00.123456+00", "0044-03-15 12:00:00+00 BC"],
  [athanor.interval(), "178000000 years", "-178000000 years", "1 year 2 mons -3 days +04:05:06.789", "00:00:00.000001"],
  [athanor.inet(), "::1", "192.168.0.1/24", "::ffff:1.2.3.4"],
  [athanor.cidr(), "10.0.0.0/8", "2001:db8::/32"],
  [athanor.macaddr(), "08:00:2b:01:02:03"],
  [athanor.macaddr8(), "08:00:2b:01:02:03:04:05"],
  [athanor.point(), "(1e+300,-1e-300)", "(NaN,Infinity)"],
  [athanor.line(), "{1,2,3}"],
  [athanor.lseg(), "[(0,0),(1,1)]"],
  [athanor.box(), "(1,1),(0,0)"],
  [athanor.path(), "[(0,0),(1,1)]", "((0,0),(1,1))"],
  [athanor.polygon(), "((0,0),(1,1),(1,0))"],
  [athanor.circle(), "<(0,0),1>"],
  [athanor.tsvector(), "'a':1A 'b''c':2,3", ""],
  [athanor.tsquery(), "'a' & !( 'b' | 'c':* )"],
  [athanor.xml(), '<a b="1">ü &amp; <c/></a>', ""],
  [athanor.int4range(), "empty", "[1,10)", "(,)", "[-2147483648,)"],
  [athanor.int8range(), "[-9223372036854775808,9223372036854775807)"],
  [athanor.numrange(), "(1.50,2.5]"],
  [athanor.daterange(), "[2026-01-01,infinity)"],
  [athanor.tsrange(), '["2026-01-01 00:00:00","2026-01-02 00:00:00.000001")'],
  [athanor.tstzrange(), '("2026-01-01 00:00:00+00",)'],
  [athanor.int4multirange(), "{}", "{[1,3),[5,7)}"],
  [athanor.int8multirange(), "{(,)}"],
  [athanor.nummultirange(), "{[1.0,2.0]}"],
  [athanor.datemultirange(), "{[2026-01-01,2026-01-02)}"],
  [athanor.tsmultirange(), '{["2026-01-01 00:00:00","2026-01-02 00:00:00")}'],
  [athanor.tstzmultirange(), '{["2026-01-01 00:00:00+00",)}'],
  [athanor.oid(), 0, 4294967295],
  [athanor.pgLsn(), "0/0", "FFFFFFFF/FFFFFFFF"],
  [athanor.regclass(), "pg_class", "-"],
  [athanor.regtype(), "integer", "timestamp with time zone"],
  [athanor.regproc(), "now", "-"],
  [athanor.regprocedure(), "lower(text)"],
  [athanor.regoper(), "||/"],
  [athanor.regoperator(), "+(integer,integer)"],
  [athanor.regrole(), "postgres"],
  [athanor.regnamespace(), "pg_catalog"],
  [athanor.regcollation(), '"C"'],
  [athanor.regconfig(), "english"],
  [athanor.regdictionary(), "simple"],
  [
    athanor.array(athanor.integer()),
    [],
    [1, null, -1],
    [
      [1, 2],
      [3, null],
    ],
    [[[1]], [[2]]],
  ],
  [
    athanor.array(athanor.text()),
    ["", "NULL", "null", null, '"', "\\", "{}", ",", ";", " ", "💧\n"],
    ["x".repeat(2 ** 20)],
  ],
  [athanor.array(athanor.bigint(), 2), [[2n ** 63n - 1n], [null]]],
  [athanor.array(athanor.timestamptz()), [new Date(0), null]],
  [athanor.array(athanor.timestamp({ mode: "string" })), ["infinity", "2026-11-22 10:15:00"]],
  [athanor.array(athanor.bytea()), [new Uint8Array([0, 255]), new Uint8Array(), null]],
  [athanor.array(athanor.boolean()), [true, null, false]],
  [athanor.array(athanor.doublePrecision()), [Number.NaN, -0, Number.POSITIVE_INFINITY]],
  [athanor.array(athanor.jsonb()), [{ a: '"}' }, null, [1, [2]], "NULL"]],
  [athanor.array(athanor.box()), ["(1,1),(0,0)", null]],
  [athanor.array(athanor.interval()), ["1 day 02:00:00"]],
  [athanor.array(athanor.int4range()), ["[1,3)", "empty"]],
];

function codec(column: Column) {
  return codecOf({ spec: column.spec, origin: "Thing.value" });
}

onBoth((database) => {
  test("every value comes back as it was written, and is equal to itself", async () => {
    await using connection = await database().engine.connect();
    await connection.script("SET timezone = 'UTC'; SET lc_monetary = 'C'");
    for (const [column, ...values] of cases) {
      const type = column.spec.type.sql("public");
      const { parse, write, equals, copy } = codec(column);
      await connection.script(`CREATE TEMP TABLE round_trip (id int, value ${type})`);
      for (const value of values) {
        const title = `${type}: ${String(JSON.stringify(write(value))).slice(0, 80)}`;
        const insert = "INSERT INTO round_trip VALUES (1, $1) RETURNING value";
        const read = ([text]: readonly (string | null | undefined)[]) => (text == null ? null : parse(text));
        const { rows } = await connection.query(insert, [write(value)], { read });
        assert.deepEqual(rows, [value], title);
        assert.ok(equals(rows[0], value), title);
        assert.ok(equals(copy(value), rows[0]), title);
      }
      await connection.script("DROP TABLE round_trip");
    }
  });
});

onBoth((database) => {
  test("a Date carries the microseconds it was read with, and no further than it stays as it is", async () => {
    await using connection = await database().engine.connect();
    const { parse, write, equals, copy } = codec(athanor.timestamptz());
    const texts = [
      "2026-11-22 10:15:00.123456+00",
      "1969-12-31 23:59:59.999999+00",
      "0044-03-15 12:00:00.000001+00 BC",
    ];
    await connection.script("SET timezone = 'UTC'");
    for (const text of texts) {
      const date = parse(text) as Date;
      assert.deepEqual(date, new Date(date.getTime()), "a plain Date to everyone");
      const back = await connection.query("SELECT $1::timestamptz = $2, $1::timestamptz::text", [text, date]);
      assert.deepEqual(back.rows, [[true, text]], "as a parameter of plain SQL");
      assert.equal((await connection.query("SELECT $1::timestamptz", [write(date)], { raw: true })).rows[0]?.[0], text);
      assert.ok(equals(copy(date), date));
      assert.ok(!equals(new Date(date.getTime()), date));
      assert.equal(microsecondsOf(date), Number(text.slice(23, 26)));
    }
    const changed = parse(texts[0]!) as Date;
    changed.setUTCHours(0);
    assert.equal(microsecondsOf(changed), 0);
    assert.equal(write(changed), "2026-11-22T00:15:00.123Z");
  });

  test("text that would arrive as another is refused as a parameter", async () => {
    await using connection = await database().engine.connect();
    for (const value of ["a\0", "\ud83d", ["\udc00"]])
      await assert.rejects(connection.query("SELECT $1::text", [value]), {
        code: "parameter.invalid",
        message: /\$1 has/,
      });
  });
});
