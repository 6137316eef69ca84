import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { ensureBuilt, projectRoot } from "../support/project.js";

/** Runs a program in a folder, and gives what it wrote to stdout. */
async function run(folder: string, program: string, ...args: string[]): Promise<string> {
  const shell = process.platform === "win32";
  return (await promisify(execFile)(program, args, { cwd: folder, shell, timeout: 180_000 })).stdout;
}

describe("the package, installed into an empty folder", () => {
  let folder: string;

  before(async () => {
    ensureBuilt();
    folder = await mkdtemp(path.join(tmpdir(), "athanor-install-"));
    const packed = await run(projectRoot, "npm", "pack", "--ignore-scripts", "--silent", "--pack-destination", folder);
    const tarball = path.join(folder, packed.trim());
    await writeFile(path.join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
    await run(folder, "npm", "install", "--prefer-offline", "--no-audit", "--no-fund", tarball);
  });

  after(() => rm(folder, { recursive: true, force: true }));

  test("has the command line", async () => {
    assert.match(await run(folder, "npx", "--no-install", "orm", "--help"), /Usage: orm /);
  });

  test("has the library", async () => {
    const program = 'import { createEngine } from "athanor"; process.stdout.write(typeof createEngine)';
    assert.equal(await run(folder, process.execPath, "--input-type=module", "--eval", program), "function");
  });

  test("has types, and neither sources nor tests", async () => {
    const installed = path.join(folder, "node_modules/athanor");
    const listing = JSON.parse(await run(installed, "npm", "pack", "--dry-run", "--json", "--ignore-scripts"));
    const files: string[] = (Array.isArray(listing) ? listing[0] : listing.athanor).files.map(
      (file: { path: string }) => file.path,
    );
    assert.ok(files.includes("dist/index.d.ts"));
    assert.deepEqual(
      files.filter((file) => !/^(bin|dist|docs)\/|^(README|CHANGELOG)\.md$|^LICENSE$|^package\.json$/.test(file)),
      [],
    );
    assert.match(await readFile(path.join(installed, "bin/orm.js"), "utf8"), /^#!\/usr\/bin\/env node\n/);
  });
});
