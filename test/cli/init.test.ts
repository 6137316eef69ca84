import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { createProject } from "../support/cli.js";
import { projectRoot } from "../support/project.js";

test("init writes what type-checks and works at once, on the embedded database", async () => {
  await using project = await createProject();
  const first = await project.json<{ created: string[]; kept: string[] }>(["init"]);
  assert.equal(first.code, 0);
  const names = first.value.created.map((file) => path.relative(project.folder, file));
  assert.deepEqual(names, ["orm.config.ts", "models/base.ts", "models/note.ts", "migrations", ".gitignore"]);
  assert.match(await project.read(".gitignore"), /^\.orm\/$/m);

  const flags = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--skipLibCheck"];
  const files = ["orm.config.ts", "models/note.ts"];
  const compiler = path.join(projectRoot, "node_modules/typescript/bin/tsc");
  await promisify(execFile)(process.execPath, [compiler, ...flags, "--types", "", ...files], { cwd: project.folder });

  const generated = await project.orm(["migrate", "generate", "-m", "create notes"]);
  assert.equal(generated.code, 0, generated.stderr);
  assert.match(generated.stderr, /No database URL was given: this is the embedded database in \.orm/);
  assert.match(generated.stdout, /^migrations\/\d{14}_create_notes\.ts\n +- +create table notes/);
  const applied = await project.orm(["migrate", "up", "--quiet"]);
  assert.equal(applied.code, 0, applied.stderr);
  assert.equal(applied.stderr, "");
  assert.match(applied.stdout, /^applied {2}\d{14}_create_notes {2}/);
  assert.equal((await project.orm(["migrate", "check"])).code, 0);
});

test("init never overwrites, and keeps passwords out of the config", async () => {
  await using project = await createProject({ "orm.config.json": "{}", ".gitignore": "dist", "models/base.ts": "//" });
  const { value } = await project.json<{ created: string[]; kept: string[] }>(["init", "--dir", "db"]);
  const kept = value.kept.map((file) => path.relative(project.folder, file));
  assert.deepEqual(kept, ["orm.config.json", "models/base.ts"]);
  assert.equal(await project.read("models/base.ts"), "//");
  assert.equal(await project.read(".gitignore"), "dist\n.orm/\n");
  assert.deepEqual(await project.list("db"), []);

  const { code, stderr } = await project.orm(["init", "other", "--url", "postgres://ada:hush@localhost/app"]);
  assert.equal(code, 0);
  assert.match(stderr, /set DATABASE_URL/);
  assert.doesNotMatch(await project.read("other/orm.config.ts"), /hush/);
  await project.orm(["init", "third", "--url", "postgres://ada@localhost/app"]);
  assert.match(await project.read("third/orm.config.ts"), /url: "postgres:\/\/ada@localhost\/app"/);
});
