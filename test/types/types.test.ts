import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { ensureBuilt, projectRoot } from "../support/project.js";

/**
 * The cases in `cases/` are compiled as a user compiles: against the declarations in `dist/`, which "athanor" means
 * inside its own package too, with `skipLibCheck` off, so that the declarations themselves are checked.
 */
const compilers = {
  "TypeScript 5.2, the oldest supported": "typescript-5.2/lib/tsc.js",
  "the newest TypeScript": "typescript/bin/tsc",
};

ensureBuilt();

for (const [name, compiler] of Object.entries(compilers)) {
  test(`the types hold with ${name}`, async () => {
    const program = path.join(projectRoot, "node_modules", compiler);
    const project = path.join(projectRoot, "test/types");
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [program, "--project", project, "--pretty", "false"],
      {
        cwd: projectRoot,
      },
    ).catch((error: { stdout: string; stderr: string }) => ({ stdout: error.stdout + error.stderr || String(error) }));
    assert.equal(stdout, "");
  });
}
