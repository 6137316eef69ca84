import assert from "node:assert/strict";
import { test } from "node:test";
import { onBoth } from "../support/engines.js";

const cases: readonly (readonly [type: string, value: unknown])[] = [
  ["int2", -7],
  ["int4", 2147483647],
  ["int8", 9223372036854775807n],
  ["float8", 0.1],
  ["float8", -0],
  ["float8", Number.POSITIVE_INFINITY],
  ["float8", Number.NaN],
  ["numeric", "12345678901234567890.12300"],
  ["boolean", true],
  ["text", "naïve 'x' \\ 💧"],
  ["uuid", "7d444840-9dc0-11d1-b245-5ffdce74fad2"],
  ["bytea", new Uint8Array([0, 1, 92, 255])],
  ["bytea", new Uint8Array()],
  ["timestamptz", new Date("2026-11-22T10:15:00.123Z")],
  ["timestamp", new Date("2026-11-22T10:15:00.123Z")],
  ["timestamp", new Date("-000043-03-15T12:00:00.000Z")],
  ["timestamptz", Number.POSITIVE_INFINITY],
  ["date", "2026-11-22"],
  ["time", "10:15:00.5"],
  ["interval", "1 day 02:03:04"],
  ["jsonb", { a: [1, null, "x"], b: { c: true } }],
  ["int4[]", [1, null, 3]],
  [
    "int8[]",
    [
      [1n, 2n],
      [3n, 4n],
    ],
  ],
  ["text[]", ["a", "", "NULL", null, 'q"\\', "{x,y}"]],
  ["bytea[]", [new Uint8Array([0, 255])]],
  ["timestamptz[]", [new Date("2026-11-22T10:15:00.000Z"), null]],
  ["jsonb[]", [{ a: 1 }, { b: "x,}" }]],
  ["float8[]", []],
  ["text", null],
];

onBoth((database) => {
  test("a value comes back as it was written", async () => {
    await using connection = await database().engine.connect();
    for (const [type, value] of cases) {
      const { rows } = await connection.query(`SELECT $1::${type}`, [value]);
      assert.deepEqual(rows, [[value]], type);
    }
  });

  test("raw gives PostgreSQL's text", async () => {
    await using connection = await database().engine.connect();
    const { rows } = await connection.query("SELECT 1::int8, true, NULL::int, '{1}'::int[]", [], { raw: true });
    assert.deepEqual(rows, [["1", "t", null, "{1}"]]);
  });

  test("columns, row count and command", async () => {
    await using connection = await database().engine.connect();
    await connection.script("CREATE TEMP TABLE t (id int); INSERT INTO t VALUES (1), (2)");
    const { columns, rowCount, command } = await connection.query("SELECT id AS a, id FROM t");
    assert.deepEqual([columns, rowCount, command], [["a", "id"], 2, "SELECT"]);
    assert.equal((await connection.query("UPDATE t SET id = 3")).rowCount, 2);
    const inserted = await connection.query("INSERT INTO t VALUES (9)");
    assert.deepEqual([inserted.rowCount, inserted.command], [1, "INSERT"]);
    assert.equal((await connection.query("CREATE TEMP TABLE u ()")).command, "CREATE TABLE");
    await assert.rejects(connection.query("SELECT 1; SELECT 2"), { name: "ProgrammingError" });
    const told = await connection.query("SELECT current_setting('server_version_num')::int");
    assert.deepEqual(told.rows, [[connection.serverVersion]]);
    assert.deepEqual((await connection.query("")).rows, []);
  });

  test("a prepared statement: once parsed, described once, and its columns may change", async () => {
    await using connection = await database().engine.connect();
    await connection.script("CREATE TEMP TABLE p (id int8); INSERT INTO p VALUES (1)");
    const query = () => connection.query("SELECT * FROM p WHERE id = $1", [1], { prepare: true });
    for (let i = 0; i < 3; i++) assert.deepEqual((await query()).rows, [[1n]]);
    await connection.query("ALTER TABLE p ADD COLUMN more text");
    assert.deepEqual((await query()).rows, [[1n, null]]);
    await connection.query("DEALLOCATE ALL");
    assert.deepEqual((await query()).rows, [[1n, null]]);
  });

  test("COPY FROM STDIN ends with an error, not with silence", async () => {
    await using connection = await database().engine.connect();
    await connection.script("CREATE TEMP TABLE c (id int)");
    await assert.rejects(connection.query("COPY c FROM STDIN"), { sqlstate: "57014" });
    assert.deepEqual((await connection.query("SELECT 1")).rows, [[1]]);
    const around = [{ before: "BEGIN" }, { after: "SELECT 1" }, { before: "BEGIN", after: "COMMIT" }];
    for (const options of around) {
      await assert.rejects(connection.query("COPY c FROM STDIN", [], options), { name: "QueryCanceledError" });
      await connection.query("ROLLBACK");
      for (let i = 0; i < 3; i++) assert.deepEqual((await connection.query("SELECT $1::int", [i])).rows, [[i]]);
    }
  });
});
