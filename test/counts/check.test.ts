/** What a check leaves undone where nothing is new. */

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { LogEvent } from "../../src/engine/connection.js";
import { checkProject } from "../../src/migrate/check.js";
import { readMigrations } from "../../src/migrate/files.js";
import type { Project } from "../../src/migrate/project.js";
import { up } from "../../src/migrate/runner.js";
import { Workspace } from "../../src/migrate/workspace.js";
import { writeMigration } from "../../src/migrate/write.js";
import type { Scratch } from "../../src/scratch/scratch.js";
import { createDatabase } from "../support/database.js";

const athanor = JSON.stringify(new URL("../../src/index.js", import.meta.url).href);
const model = `import { declarativeBase, integer } from ${athanor};
const Base = declarativeBase();
export class User extends Base.model({ id: integer().primaryKey() }, {}, { tablename: "users" }) {}
`;

const withRole = `${model}import { role } from ${athanor};
export const reader = role("counts_reader");
`;

/** Counts the scratch databases that are opened. */
class Watched extends Workspace {
  opened = 0;

  override provingGround(): Promise<Scratch> {
    this.opened++;
    return super.provingGround();
  }

  override serverGround(): Promise<Scratch> {
    this.opened++;
    return super.serverGround();
  }
}

test("a check with nothing new opens no scratch database, and reads the catalog once", async () => {
  await using database = await createDatabase();
  const root = await mkdtemp(join(tmpdir(), "athanor-check-"));
  try {
    const project = await makeProject(root, database.url);
    const [first, second] = [await check(project), await check(project)];
    assert.ok(first.opened > 0);
    assert.equal(second.opened, 0);
    assert.ok(second.queries <= 8, `${second.queries} queries`);
  } finally {
    await rm(root, { recursive: true });
  }
});

test("nor does one of models with roles", async () => {
  await using database = await createDatabase();
  const root = await mkdtemp(join(tmpdir(), "athanor-check-"));
  try {
    const project = await makeProject(root, database.url);
    await writeFile(join(root, "models.ts"), withRole);
    await writeMigration(project.migrations, {
      id: "20260101000002_reader",
      parent: "20260101000001_users",
      description: "reader",
      up: [{ sql: 'CREATE ROLE "counts_reader"', sentence: "create role", transactional: true, ofServer: true }],
      down: [],
    });
    const [first, second] = [await check(project), await check(project)];
    assert.ok(first.opened > 1);
    assert.equal(second.opened, 0);
  } finally {
    await rm(root, { recursive: true });
    await database.query("DROP ROLE IF EXISTS counts_reader");
  }
});

async function makeProject(root: string, url: string): Promise<Project> {
  const migrations = join(root, "migrations");
  await writeFile(join(root, "models.ts"), model);
  const step = { sql: 'CREATE TABLE "users" ("id" integer PRIMARY KEY)', sentence: "create table users" };
  await writeMigration(migrations, {
    id: "20260101000001_users",
    parent: null,
    description: "users",
    up: [{ ...step, transactional: true }],
    down: [],
  });
  return {
    root,
    url,
    migrations,
    models: ["models.ts"],
    schemas: null,
    defaultSchema: "public",
    shadow: null,
    ignore: [],
    privileges: false,
    cacheFolder: join(root, "cache"),
    history: { schema: "public", table: "orm_migrations" },
  };
}

async function check(project: Project): Promise<{ readonly opened: number; readonly queries: number }> {
  const sent: LogEvent[] = [];
  await using workspace = new Watched(project, { log: (event) => sent.push(event) });
  await up(workspace.engine(), await readMigrations(project.migrations));
  sent.length = 0;
  const { missing, drift, pending, problems } = await checkProject(workspace);
  assert.deepEqual([missing, drift, pending, problems], [[], [], [], []]);
  return { opened: workspace.opened, queries: sent.length };
}
