/** Partitions through the command line: said by the models, or left to others. */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type CliProject, createProject } from "../support/cli.js";
import { createDatabase, type TestDatabase } from "../support/database.js";

const base = `import { declarativeBase } from "athanor"; export const Base = declarativeBase();`;

function models(partitions: string, more = ""): string {
  return `import { date, index, integer, list, maxvalue, minvalue, partition, range, sql, text } from "athanor";
import { Base } from "../base.js";
export class Event extends Base.model(
  { id: integer().primaryKey(), at: date().primaryKey(), kind: text().primaryKey() ${more} }, {},
  { tablename: "events", partitionBy: (c) => range(c.at), constraints: (c) => [index(c.kind)], partitions: ${partitions} }) {}\n`;
}

const first = `[
  partition("events_old", { from: minvalue, to: "2026-01-01" }, { constraints: (c) => [index(c.id)], columns: { kind: { serverDefault: sql\`'old'\` } } }),
  partition("events_2026", { from: "2026-01-01", to: "2027-01-01" }, { partitionBy: (c) => list(c.kind), partitions: [partition("events_2026_rest", "default")] }),
]`;

describe("partitions", () => {
  let project: CliProject;
  let database: TestDatabase;
  before(async () => {
    database = await createDatabase();
    project = await createProject({
      "orm.config.json": JSON.stringify({ url: database.url }),
      "base.ts": base,
      "models/all.ts": models(first),
    });
  });
  after(async () => {
    await project[Symbol.asyncDispose]();
    await database.drop();
  });

  const run = (...args: string[]) => project.succeed(args);

  test("a first migration makes them, and check finds nothing to do", async () => {
    await run("migrate", "generate", "-m", "first");
    await run("migrate", "up");
    await database.query("INSERT INTO events VALUES (1, '2025-05-05', 'a'), (2, '2026-05-05', 'b')");
    assert.deepEqual(await database.query("SELECT id FROM events_2026_rest"), [{ id: 2 }]);
    await run("migrate", "check");
  });

  test("another bound, a new one and a new column are one migration, there and back", async () => {
    const second = first
      .replace('"2027-01-01"', '"2028-01-01"')
      .replace(/]$/, '  partition("events_new", { from: "2028-01-01", to: maxvalue }),\n]');
    await project.write({ "models/all.ts": models(second, ", note: text().nullable()") });
    await run("migrate", "generate", "-m", "second");
    await run("migrate", "up");
    await run("migrate", "check");
    await run("migrate", "down");
    assert.deepEqual(await database.query("SELECT id FROM events ORDER BY id"), [{ id: 1 }, { id: 2 }]);
    await run("migrate", "up");
  });

  test("those that are left to others are neither dropped nor told of, whoever makes them", async () => {
    await project.write({ "models/all.ts": models('"unmanaged"', ", note: text().nullable()") });
    await database.query("CREATE TABLE by_a_job PARTITION OF events_2026 FOR VALUES IN ('j')");
    assert.equal(await run("diff"), "");
    await run("migrate", "check");
    await project.write({ "models/all.ts": models('"unmanaged"', ", note: text()") });
    assert.doesNotMatch(await run("diff", "--sql"), /by_a_job|events_2026|DROP TABLE/);
  });

  test("how a table is partitioned can't change: a sentence says what to do", async () => {
    await project.write({
      "models/all.ts": models("[]", ", note: text().nullable()").replace("range(c.at)", "list(c.at)"),
    });
    const { code, stderr } = await project.orm(["migrate", "generate", "-m", "third"]);
    assert.notEqual(code, 0);
    assert.match(stderr, /partitioned by RANGE \(at\) and is to be partitioned by LIST \(at\)/);
  });
});
