import assert from "node:assert/strict";
import { test } from "node:test";
import { catalogObject, catalogOf } from "../../src/catalog/catalog.js";
import { planChanges } from "../../src/diff/plan.js";
import { lockTableNotice, relationsLocked } from "../../src/migrate/lock-table.js";
import { createDatabase } from "../support/database.js";
import { readDatabase, withConnection } from "../support/transition.js";

const held = "SELECT count(DISTINCT relation) FROM pg_locks WHERE pid = pg_backend_pid() AND relation >= 16384";

test("the locks that are foreseen are about those that PostgreSQL holds", async () => {
  await using goal = await createDatabase({
    script: `CREATE TABLE kept (id int PRIMARY KEY, word text); CREATE TABLE a (id serial PRIMARY KEY, word text UNIQUE);
      CREATE TABLE b (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int REFERENCES a); CREATE INDEX ON b (a)`,
  });
  await using live = await createDatabase({
    script: "CREATE TABLE kept (id int PRIMARY KEY); CREATE TABLE gone (id text)",
  });
  const [from, to] = [await readDatabase(live.url), await readDatabase(goal.url)];
  const locks = await withConnection(live.url, async (connection) => {
    await connection.script(
      `BEGIN; ${planChanges(from, to)
        .map(({ sql }) => sql)
        .join(";\n")}`,
    );
    const { rows } = await connection.query(held, [], { raw: true });
    await connection.script("ROLLBACK");
    return Number(rows[0]?.[0]);
  });
  const foreseen = relationsLocked(from, to);
  assert.ok(foreseen >= locks * 0.7 && foreseen <= locks * 1.5, `${foreseen} foreseen, ${locks} held`);
});

test("a plan that comes near to a stock server's room for locks says which setting gives more", () => {
  const tables = (count: number) =>
    catalogOf(
      180000,
      Array.from({ length: count }, (_, i) => catalogObject("table", ["public", `t${i}`], null, {})),
    );
  assert.equal(lockTableNotice(tables(0), tables(1000)), null);
  assert.match(
    lockTableNotice(tables(0), tables(2000)) ?? "",
    /^This locks about 6000 relations .* room for 6400 locks .* Raise max_locks_per_transaction/,
  );
  assert.equal(lockTableNotice(tables(2000), tables(2000)), null);
});
