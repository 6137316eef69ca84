import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatArray, parseArray } from "../../src/engine/types/array.js";
import { parseBytea } from "../../src/engine/types/bytes.js";
import { serializeParameter } from "../../src/engine/types/serialize.js";
import { formatTimestamp, parseTimestamp } from "../../src/engine/types/time.js";

test("arrays: nesting, NULL, quotes, bounds", () => {
  const text = (element: string) => element;
  assert.deepEqual(parseArray("{}", text), []);
  assert.deepEqual(parseArray('{a,NULL,"NULL","x,\\"\\\\y",""}', text), ["a", null, "NULL", 'x,"\\y', ""]);
  assert.deepEqual(parseArray("[0:1][5:6]={{1,2},{3,4}}", Number), [
    [1, 2],
    [3, 4],
  ]);
  assert.throws(() => parseArray("{1,2", Number), { code: "value.invalid" });
  const values = ["a", null, "NULL", 'x,"\\y', "", " b "];
  assert.deepEqual(parseArray(formatArray(values, String), text), values);
});

test("timestamps: zones, BC, far years, infinity", () => {
  const iso = (text: string) => {
    const value = parseTimestamp(text);
    return value instanceof Date ? value.toISOString() : value;
  };
  assert.equal(iso("2026-11-22 10:15:00"), "2026-11-22T10:15:00.000Z");
  assert.equal(iso("2026-11-22 10:15:00.5+02"), "2026-11-22T08:15:00.500Z");
  assert.equal(iso("2026-11-22 10:15:00.123456-03:30"), "2026-11-22T13:45:00.123Z");
  assert.equal(iso("1890-01-01 00:19:32+00:19:32"), "1890-01-01T00:00:00.000Z");
  assert.equal(iso("0044-03-15 12:00:00+00 BC"), "-000043-03-15T12:00:00.000Z");
  assert.equal(iso("0001-01-01 00:00:00+00"), "0001-01-01T00:00:00.000Z");
  assert.equal(iso("12026-01-01 00:00:00+00"), "+012026-01-01T00:00:00.000Z");
  assert.equal(iso("-infinity"), Number.NEGATIVE_INFINITY);
  assert.throws(() => parseTimestamp("22/11/2026 10:15:00 CET"), { code: "value.invalid" });
  assert.throws(() => parseTimestamp("294276-01-01 00:00:00"), { code: "value.invalid" });
  for (const text of [
    "2026-11-22T10:15:00.123Z",
    "0099-05-01T00:00:00.000Z",
    "-000043-03-15T12:00:00.000Z",
    "+012026-01-01T00:00:00.000Z",
  ])
    assert.equal(iso(formatTimestamp(new Date(text))), text);
});

test("a time in the years 1 to 9999 is written as ISO has it", () => {
  const years = { min: new Date("0001-01-01T00:00:00.000Z"), max: new Date("9999-12-31T23:59:59.999Z") };
  const isIso = (date: Date) => assert.equal(formatTimestamp(date), date.toISOString());
  for (const date of Object.values(years)) isIso(date);
  // Each first and last of a month, leap years and centuries among them.
  for (let month = 0; month < 12 * 401; month++) {
    const first = Date.UTC(1_900, month, 1);
    for (const time of [first, first - 1]) isIso(new Date(time));
  }
  fc.assert(fc.property(fc.date({ ...years, noInvalidDate: true }), isIso), { numRuns: 1_000 });
});

test("bytea in both output forms", () => {
  assert.deepEqual(parseBytea("\\x00ff5c"), new Uint8Array([0, 255, 92]));
  assert.deepEqual(parseBytea("\\000\\377\\\\a"), new Uint8Array([0, 255, 92, 97]));
});

test("what can't be a parameter is refused by number", () => {
  assert.throws(() => serializeParameter(undefined, 1), { code: "parameter.invalid", message: /\$2 is undefined/ });
  assert.throws(() => serializeParameter([1, undefined], 0), { code: "parameter.invalid" });
  assert.throws(() => serializeParameter(() => 1, 0), { code: "parameter.invalid" });
  assert.throws(() => serializeParameter(new Date(Number.NaN), 0), { code: "value.invalid" });
  assert.equal(serializeParameter({ a: [1n.toString()] }, 0), '{"a":["1"]}');
});
