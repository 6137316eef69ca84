#!/usr/bin/env node
/**
 * Runs the tests: builds `dist/` where it is older than `src/` (the command line's tests run it), starts one PostgreSQL
 * for all test files, and hands them its URL in ATHANOR_TEST_URL. A URL that is set already is used as it is.
 *
 *     npm test                         every test, on the newest PostgreSQL
 *     npm test -- catalog kinds/enum   only the files with one of these in their path
 *     npm test -- --test-only          any other flag is for node's own runner
 *     npm test -- --matrix             every supported PostgreSQL; the older ones are fetched once, into .cache/
 *     npm test -- --matrix=14,15       some of them
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { register } from "tsx/esm/api";

register();
const { ensureBuilt } = await import("./support/project.ts");
const { majors, newestMajor } = await import("./support/postgres.ts");
const { startServer } = await import("./support/servers.ts");
const { ensureImage } = await import("./support/embedded.ts");

/** The folders whose tests depend on the server's version: all that runs in a matrix on others than the newest. */
const versionDependent = ["support", "engine", "catalog", "kinds", "diff", "migrate", "codegen", "corpus"];

/** What the ORM sends, the oldest has or hasn't; those between are for whoever asks (`--matrix=15 orm/`). */
const oldestToo = ["session", "query", "loading", "orm", "semantics"];

/** How long one test file may take: a hang must fail, not eat CI's time. */
const fileTimeoutMs = 8 * 60_000;

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const args = process.argv.slice(2);
const matrix = args.find((arg) => arg === "--matrix" || arg.startsWith("--matrix="));
const wanted = args.filter((arg) => !arg.startsWith("-"));
const flags = args.filter((arg) => arg.startsWith("-") && arg !== matrix);

const files = readdirSync(path.join(root, "test"), { recursive: true, encoding: "utf8" })
  .map((file) => path.posix.join("test", ...file.split(path.sep)))
  .filter((file) => file.endsWith(".test.ts"))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort();
if (files.length === 0) fail(`No test file's path contains ${wanted.join(" or ")}.`);

ensureBuilt();
if (matrix) await runMatrix(matrix);
else if (process.env.ATHANOR_TEST_URL) process.exitCode = (await runFiles(files, process.env.ATHANOR_TEST_URL)).code;
else process.exitCode = (await runOn(newestMajor)).code;

/** Runs the tests on each version, one after the other, and ends with a table. */
async function runMatrix(flag) {
  const chosen = flag.includes("=")
    ? flag
        .slice(flag.indexOf("=") + 1)
        .split(",")
        .map(Number)
    : majors;
  const rows = [];
  for (const major of chosen) {
    console.log(`# PostgreSQL ${major}`);
    const started = Date.now();
    const result = await runOn(major).catch((error) => {
      console.error(`${error.message}\n${error.cause?.message ?? ""}`);
      return { code: 1, counts: {} };
    });
    rows.push({ major, seconds: Math.round((Date.now() - started) / 1000), ...result });
  }
  console.log("\n# PostgreSQL   tests    pass    fail  skipped  seconds");
  for (const { major, code, counts, seconds } of rows) {
    const cells = [counts.tests, counts.pass, counts.fail, counts.skipped, seconds].map((cell) => String(cell ?? "-"));
    console.log(
      `# ${String(major).padEnd(10)}${cells.map((cell) => cell.padStart(8)).join("")}${code ? "  FAILED" : ""}`,
    );
  }
  if (rows.some((row) => row.code !== 0)) process.exitCode = 1;
}

/** Runs the tests that concern a version on a server of it. */
async function runOn(major) {
  const folders =
    major === Math.min(...majors) || wanted.length > 0 ? [...versionDependent, ...oldestToo] : versionDependent;
  const some = files.filter((file) => major === newestMajor || folders.includes(file.split("/")[1] ?? ""));
  if (some.length === 0) return { code: 0, counts: { tests: "0" } };
  const server = await startServer({ major });
  try {
    return await runFiles(some, server.url, major === newestMajor ? {} : { ATHANOR_TEST_EMBEDDED: "no" });
  } finally {
    await server.stop();
  }
}

/** Runs test files, each in a process of its own, and reads the closing counts (`# pass 12`) as they go by. */
async function runFiles(some, url, environment = {}) {
  if (environment.ATHANOR_TEST_EMBEDDED !== "no") await ensureImage();
  const options = [
    `--test-concurrency=${Math.max(2, availableParallelism())}`,
    `--test-timeout=${fileTimeoutMs}`,
    `--test-reporter=${process.stdout.isTTY ? "spec" : "tap"}`,
  ];
  const child = spawn(process.execPath, ["--import", "tsx", "--test", ...options, ...flags, ...some], {
    cwd: root,
    env: { ...process.env, ...environment, ATHANOR_TEST_URL: url },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const counts = {};
  let rest = "";
  child.stdout.on("data", (chunk) => {
    process.stdout.write(chunk);
    const lines = (rest + chunk).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      const count = /^(?:#|\S*ℹ) (tests|pass|fail|skipped) (\d+)/.exec(line);
      if (count) counts[count[1]] = count[2];
    }
  });
  const [code, signal] = await once(child, "close");
  return { code: signal ? 1 : code, counts };
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
