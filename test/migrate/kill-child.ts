/** A runner in a process of its own, to be killed: `kill-child.ts URL FOLDER`. Says `running` once it migrates. */

import { createEngine } from "../../src/index.js";
import { readMigrations } from "../../src/migrate/files.js";
import { up } from "../../src/migrate/runner.js";

const [url = "", dir = ""] = process.argv.slice(2);
await up(createEngine(url), await readMigrations(dir), {
  lockTimeout: 60_000,
  onProgress: ({ kind }) => kind === "begin" && process.send?.("running"),
});
process.exit(0);
