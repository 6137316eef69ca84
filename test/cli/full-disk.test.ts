import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, openSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { writeFiles } from "../../src/cli/files.js";
import { writeProject } from "../../src/cli/init/files.js";
import { writeMigration } from "../../src/migrate/write.js";
import { ormProgram } from "../support/cli.js";
import { ensureBuilt } from "../support/project.js";

const step = { sql: `SELECT '${"x".repeat(100_000)}'`, sentence: "too much", transactional: true };
const migration = { id: "20260101000001_a", parent: null, description: "a", up: [step], down: [] };
const full = { code: "file.write_failed", message: /can't be written: the disk is full\. Make room/ };

/** A file system of 64 kB, where this user may mount one. */
let folder = "";
let skip: string | false = false;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "athanor-full-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]);
  if (mounted.status !== 0) skip = "only root can mount a small file system";
});
after(async () => {
  if (skip === false) spawnSync("umount", [folder]);
  await rm(folder, { recursive: true, force: true });
});

describe("where the disk is full", () => {
  test("no migration is left in half", async (t) => {
    if (skip) return t.skip(skip);
    for (const format of ["ts", "sql"] as const) await assert.rejects(writeMigration(folder, migration, format), full);
    assert.deepEqual(await readdir(folder), []);
  });

  test("generated models leave what was there", async (t) => {
    if (skip) return t.skip(skip);
    await writeFile(join(folder, "a.ts"), "kept");
    const files = new Map([
      ["a.ts", "other"],
      ["b.ts", step.sql],
    ]);
    assert.throws(() => writeFiles(folder, files, true), {
      ...full,
      message: /b\.ts can't be written.*No file was changed/,
    });
    assert.deepEqual(await readdir(folder), ["a.ts"]);
  });

  test("a new project has no file in half", async (t) => {
    if (skip) return t.skip(skip);
    await writeFile(join(folder, "fill"), "x".repeat(100_000)).catch(() => {});
    await assert.rejects(writeProject(join(folder, "p"), { migrations: "m" }), full);
    assert.ok(!existsSync(join(folder, "p/orm.config.ts")));
  });
});

test("output that has nowhere to go is told in a sentence", {
  skip: !existsSync("/dev/full") && "there is no /dev/full",
}, () => {
  ensureBuilt();
  const { status, stderr } = spawnSync(process.execPath, [ormProgram, "--help"], {
    stdio: ["ignore", openSync("/dev/full", "w"), "pipe"],
    encoding: "utf8",
  });
  assert.deepEqual(
    [status, stderr.trim()],
    [1, "error: The output can't be written: ENOSPC: no space left on device, write."],
  );
});

test("a place that is none is told in a sentence", async () => {
  const file = join(await mkdtemp(join(tmpdir(), "athanor-place-")), "file");
  await writeFile(file, "");
  await assert.rejects(writeMigration(join(file, "m"), migration), {
    code: "file.write_failed",
    message: /a part of its path is a file/,
  });
});
