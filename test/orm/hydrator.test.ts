/** Objects are made of rows by generated code, or without any where a process may not make code of text. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createDatabase } from "../support/database.js";

const script = `
  import { bigint, declarativeBase, createEngine, inspect, integer, jsonb, select, sessionmaker, text } from "./src/index.ts";
  const columns = { id: bigint().primaryKey(), name: text().named("it's"), size: integer().nullable(), "a\\"; b": jsonb() };
  class Thing extends declarativeBase().model(columns, {}, { tablename: "things" }) {}
  const engine = createEngine(process.env.DATABASE);
  const session = sessionmaker(engine)();
  const [first, second] = (await session.execute(select(Thing).orderBy(Thing.id))).scalars().all();
  const shown = (thing) => JSON.stringify({ ...thing, id: String(thing.id) }) + (thing instanceof Thing);
  console.log(shown(first), shown(second), (await session.get(Thing, 9007199254740993n)) === second, (await session.get(Thing, -7n)) === first);
  first["a\\"; b"].n++;
  console.log(inspect(first).changed.join(), inspect(second).changed.join());
  await session.close();
  await engine.dispose();
`;

test("the same objects come of both", async () => {
  await using database = await createDatabase({
    script: `CREATE TABLE things (id bigint PRIMARY KEY, "it's" text NOT NULL, size int, "a""; b" jsonb NOT NULL);
      INSERT INTO things VALUES (-7, 'x', 3, '{"n": 1}'), (9007199254740992, 'z', 1, '2'), (9007199254740993, 'y', NULL, '[]');
      DELETE FROM things WHERE size = 1`,
  });
  const run = async (...flags: string[]) => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...flags, "--import", "tsx", "--input-type=module", "-e", script],
      { cwd: fileURLToPath(new URL("../..", import.meta.url)), env: { ...process.env, DATABASE: database.url } },
    );
    return stdout.split("\n");
  };
  const [objects, changed] = await run();
  assert.equal(
    objects,
    '{"id":"-7","name":"x","size":3,"a\\"; b":{"n":1}}true {"id":"9007199254740993","name":"y","size":null,"a\\"; b":[]}true true true',
  );
  assert.equal(changed, 'a"; b ');
  assert.deepEqual(await run("--disallow-code-generation-from-strings"), [objects, changed, ""]);
});
