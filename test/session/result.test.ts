import assert from "node:assert/strict";
import { test } from "node:test";
import { Result } from "../../src/session/result.js";

const result = (count: number) =>
  new Result<[number, string]>({
    columns: ["id", "name"],
    rows: Array.from({ length: count }, (_, i) => [i + 1, `n${i + 1}`]),
    rowCount: count,
  });
const none = { name: "NoResultError" };
const many = { name: "MultipleResultsError" };
const closed = { name: "ResultClosedError" };

test("no row", () => {
  assert.deepEqual(result(0).all(), []);
  for (const call of ["first", "oneOrNone", "scalar", "scalarOneOrNone"] as const)
    assert.equal(result(0)[call](), null);
  for (const call of ["one", "scalarOne"] as const) assert.throws(() => result(0)[call](), none);
});

test("one row", () => {
  for (const call of ["first", "one", "oneOrNone"] as const)
    assert.deepEqual([...(result(1)[call]() ?? [])], [1, "n1"]);
  for (const call of ["scalar", "scalarOne", "scalarOneOrNone"] as const) assert.equal(result(1)[call](), 1);
});

test("many rows", () => {
  assert.equal(result(3).all().length, 3);
  assert.equal(result(3).first()?.[0], 1);
  assert.equal(result(3).scalar(), 1);
  for (const call of ["one", "oneOrNone", "scalarOne", "scalarOneOrNone"] as const)
    assert.throws(() => result(3)[call](), many);
});

test("read once: a second all() is empty, first() closes", () => {
  const rows = result(2);
  assert.equal(rows.all().length, 2);
  assert.deepEqual(rows.all(), []);
  const first = result(2);
  first.first();
  assert.throws(() => first.all(), closed);
  assert.throws(() => first.scalars().all(), closed);
});

test("views: scalars, tuples, mappings", () => {
  assert.deepEqual(result(2).scalars().all(), [1, 2]);
  assert.equal(result(2).scalars().first(), 1);
  assert.deepEqual(result(1).tuples().all(), [[1, "n1"]]);
  assert.deepEqual(result(1).mappings().one(), { id: 1, name: "n1" });
});

test("a row is an array that carries its columns' names, but for those that arrays have or that come twice", () => {
  const rows = new Result<readonly unknown[] & Record<string, unknown>>({
    columns: ["id", "length", "map", "x", "x"],
    rows: [[7, 8, 9, 10, 11]],
    rowCount: 1,
  });
  const row = rows.all()[0]!;
  assert.ok(Array.isArray(row));
  assert.deepEqual([row.id, row.length, typeof row.map, row.x], [7, 5, "function", undefined]);
  assert.equal(JSON.stringify(row), "[7,8,9,10,11]");
  const twice = new Result({ columns: ["x", "x"], rows: [[1, 2]], rowCount: 1 });
  assert.throws(() => twice.mappings().all(), { code: "result.ambiguous_column" });
});
