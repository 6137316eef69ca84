#!/usr/bin/env node
/** A first migration there and back, and a session in between, on the embedded database: `npm run example`, from a fresh clone. */

import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const orm = fileURLToPath(new URL("../bin/orm.js", import.meta.url));

// Each run begins with nothing: what it writes is not kept in the repository.
for (const leftover of [".orm/data", "migrations"]) rmSync(here + leftover, { recursive: true, force: true });

run("migrate", "generate", "-m", "users, posts and tags");
run("migrate", "up");
runApplication();
run("migrate", "check");
run("migrate", "down");
run("migrate", "status");

function run(...args) {
  console.log(`\n$ orm ${args.map((arg) => (arg.includes(" ") ? JSON.stringify(arg) : arg)).join(" ")}`);
  runNode(orm, ...args);
}

/** What the application does with the models. */
function runApplication() {
  console.log("\n$ npx tsx app.ts");
  runNode("--import", import.meta.resolve("tsx"), "app.ts");
}

/** The database is the one in the config, whatever DATABASE_URL says. */
function runNode(...args) {
  const environment = { ...process.env, DATABASE_URL: "" };
  const { status } = spawnSync(process.execPath, args, { cwd: here, env: environment, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
