import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { DeclinedError, exitCodeOf, exitCodes, InterruptedError, UsageError } from "../../src/cli/exit.js";
import { verbs } from "../../src/cli/verbs.js";
import { AthanorError } from "../../src/errors.js";
import { UnansweredError } from "../../src/migrate/decide.js";
import { projectRoot } from "../support/project.js";

const read = (name: string) => readFileSync(path.join(projectRoot, name), "utf8");
const errors = read("docs/errors.md");
const documented = new Set([...errors.matchAll(/^\| `([a-z_.-]+)` +\|/gm)].map(([, code = ""]) => code));

/** Every string in the sources that looks like a code of an area that has any. */
function codesInSources(): ReadonlySet<string> {
  const areas = new Set([...documented].map((code) => code.split(".")[0]));
  const files = readdirSync(path.join(projectRoot, "src"), { recursive: true, encoding: "utf8" });
  const codes = files
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => [...read(path.join("src", file)).matchAll(/"([a-z]+\.[a-z_-]+)"/g)])
    .map(([, code = ""]) => code);
  return new Set(codes.filter((code) => areas.has(code.split(".")[0])));
}

describe("docs/errors.md", () => {
  test("has every code", () => {
    assert.deepEqual([...codesInSources()].filter((code) => !documented.has(code)).sort(), []);
  });

  test("has no code that is gone", () => {
    const known = codesInSources();
    assert.deepEqual(
      [...documented].filter((code) => code.includes(".") && !known.has(code)),
      [],
    );
  });

  test("every error that is thrown by its class has a code of a documented area", () => {
    const files = readdirSync(path.join(projectRoot, "src"), { recursive: true, encoding: "utf8" });
    for (const file of files.filter((name) => name.endsWith(".ts")))
      for (const [, code = ""] of read(path.join("src", file)).matchAll(/new \w*Error\(\s*"([^"]+)"/g))
        if (/^[a-z]+\.[a-z_-]+$/.test(code)) assert.ok(documented.has(code), `${code} in ${file}`);
  });
});

describe("docs/cli.md", () => {
  const page = read("docs/cli.md");

  test("has every verb and every exit code", () => {
    for (const { name } of verbs) assert.match(page, new RegExp(`^\\| \`orm ${name}\\b`, "m"));
    for (const code of Object.values(exitCodes)) assert.match(page, new RegExp(`^\\| ${code} +\\|`, "m"));
  });
});

describe("exit codes", () => {
  const cases: readonly (readonly [code: string, exitCode: number])[] = [
    ["config.invalid", 2],
    ["url.invalid", 2],
    ["model.invalid", 2],
    ["db.unreachable", 2],
    ["db.auth_failed", 2],
    ["db.embedded_failed", 2],
    ["pool.timeout", 2],
    ["lock.held", 2],
    ["migration.unknown", 2],
    ["migration.drift", 6],
    ["migration.edited", 6],
    ["migration.missing", 6],
    ["migration.diverged", 6],
    ["migration.branch", 6],
    ["migration.failed", 1],
    ["db.syntax_error_or_access_rule_violation", 1],
    ["session.busy", 1],
    ["proof.failed", 7],
    ["sync.data_loss", 8],
    ["migration.interrupted", 130],
  ];
  for (const [code, exitCode] of cases)
    test(`${code}: ${exitCode}`, () => assert.equal(exitCodeOf(new AthanorError(code, "")), exitCode));

  test("by class", () => {
    assert.equal(exitCodeOf(new Error("a defect")), 1);
    assert.equal(exitCodeOf(new UsageError("usage.x", "")), 2);
    assert.equal(exitCodeOf(new UnansweredError([])), 2);
    assert.equal(exitCodeOf(new DeclinedError()), 3);
    assert.equal(exitCodeOf(new InterruptedError()), 130);
  });
});
