/**
 * Modules of the documentation that say what they print or send, such as all of docs/tutorial.md: run on a server and on
 * the embedded database, in a process of their own. After an example, `<!-- prints -->` stands before what it prints, and
 * `<!-- sends -->` before the statements that it sends, as the engine's log has them on stderr. One that says nothing of
 * what it prints, prints nothing. In a statement, `…` stands for anything.
 */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import path from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { createProject } from "../support/cli.js";
import { createDatabase } from "../support/database.js";
import { type Module, modulesOf, pages } from "./pages.js";

/** Ends the output of a part, on stdout and on stderr. */
const endOfPart = "\u241e";

interface Output {
  readonly prints: readonly string[];
  readonly sends: readonly string[];
}

/** Runs a module of a page on a database with the tables of its `models.ts`. What each part printed and sent. */
async function runModule(program: Module, modules: readonly Module[], url: string): Promise<Output> {
  await using project = await createProject(
    Object.fromEntries(
      modules.map(({ file, parts }) => [
        file,
        parts.map((part) => `${part}\nconsole.log("${endOfPart}");\nconsole.error("${endOfPart}");\n`).join(""),
      ]),
    ),
  );
  const environment = { DATABASE_URL: url.replace("FOLDER", path.join(project.folder, "data")) };
  const models = modules.find(({ file }) => file === "models.ts")!;
  await project.write({ "declared/models.ts": models.parts.join("\n") });
  const synced = await project.orm(["sync", "--yes", "--models", "declared/models.ts"], { environment });
  assert.equal(synced.code, 0, synced.stderr);
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ["--import", import.meta.resolve("tsx"), program.file],
    { cwd: project.folder, env: { ...process.env, ...environment }, timeout: 120_000 },
  );
  // Those of the modules that it imports come first.
  const parts = program.parts.length;
  const split = (output: string) => output.split(`${endOfPart}\n`).slice(-parts - 1, -1);
  return { prints: split(stdout), sends: split(stderr) };
}

/** One statement a line. */
function statementsIn(text: string): readonly string[] {
  return text
    .split(/;\n|\n$/)
    .map((statement) => statement.replace(/\s+/g, " ").trim())
    .filter(Boolean);
}

/** Whether a statement is the one shown. */
function isShown(shown: string, statement: string): boolean {
  const pattern = shown.split("…").map((part) => part.trim().replace(/[$()*+.?[\\\]^{|}]/g, "\\$&"));
  return new RegExp(`^${pattern.join(".*")}$`).test(statement);
}

function assertShown(page: string, { parts, shown }: Module, { prints, sends }: Output): void {
  for (const [part] of parts.entries()) {
    const expected = (kind: "prints" | "sends") => shown.find((one) => one.part === part && one.kind === kind);
    const printed = expected("prints");
    assert.equal(
      prints[part],
      printed?.text ?? "",
      `${page}:${printed?.line ?? ""} shows another output, after\n${parts[part]}`,
    );
    const sent = expected("sends");
    if (sent === undefined) continue;
    const statements = statementsIn(sends[part] ?? "");
    const wanted = statementsIn(sent.text);
    const same = wanted.length === statements.length && wanted.every((one, i) => isShown(one, statements[i]!));
    assert.ok(same, `${page}:${sent.line} shows other statements than\n${statements.join(";\n")}`);
  }
}

for (const page of pages) {
  const modules = modulesOf(page);
  for (const program of modules.filter(({ shown }) => shown.length > 0)) {
    describe(`${page}: ${program.file}`, () => {
      test("on a server", async () => {
        await using database = await createDatabase();
        assertShown(page, program, await runModule(program, modules, database.url));
      });
      test("on the embedded database", async () => {
        assertShown(page, program, await runModule(program, modules, "pglite:FOLDER"));
      });
    });
  }
}
