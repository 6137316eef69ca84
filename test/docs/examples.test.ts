/**
 * The examples in README.md and docs/ are true: they compile as a user's would, links lead somewhere, and the SQL beside
 * a model is what the model becomes.
 *
 * A `ts` block that begins with an import is a module; one that does not goes on with the module before it. A first line
 * such as `// base.ts` names the module, for the others of its page to import. Comments before a block that readers don't
 * see: `<!-- example: fragment -->`, not compiled; `<!-- becomes -->` before an `sql` block, whose statements have to be
 * among those that create what the module above it exports, or be the statements that it exports, whatever the line
 * breaks. On a page with a module `models.ts`, those statements are run too. What prints something is run by
 * tutorial.test.ts.
 */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { catalogOf } from "../../src/catalog/catalog.js";
import { planChanges } from "../../src/diff/plan.js";
import { declaredCatalog } from "../../src/kinds/declare.js";
import { collectDeclarations } from "../../src/model/index.js";
import type { Statement } from "../../src/query/statement.js";
import { ensureBuilt, projectRoot } from "../support/project.js";
import { makeFolder, modulesOf, pages, read, writeModules } from "./pages.js";

ensureBuilt();
const folder = makeFolder();
after(() => rmSync(folder, { recursive: true, force: true }));

const written = pages.map((page) => {
  const home = path.join(folder, page.replace(/\W/g, "-"));
  const modules = modulesOf(page);
  writeModules(home, modules);
  return { page, home, modules };
});

test("every example compiles", async () => {
  const config = path.join(folder, "tsconfig.json");
  const compilerOptions = { skipLibCheck: true, types: ["node"] };
  const extended = path.join(projectRoot, "test/types/tsconfig.json");
  writeFileSync(config, JSON.stringify({ extends: extended, compilerOptions, include: ["**/*.ts"] }));
  const compiler = path.join(projectRoot, "node_modules/typescript/bin/tsc");
  const { stdout } = await promisify(execFile)(process.execPath, [compiler, "--project", config, "--pretty", "false"], {
    cwd: folder,
  }).catch((error: { stdout: string; stderr: string }) => ({ stdout: error.stdout + error.stderr || String(error) }));
  assert.equal(stdout, "");
});

/** The statements that a module exports, by name. */
function statementsOf(exported: unknown): Readonly<Record<string, Statement<readonly unknown[]>>> {
  const isStatement = (value: unknown) => typeof value === "object" && value !== null && "writeStatement" in value;
  return Object.fromEntries(Object.entries(Object(exported)).filter(([, value]) => isStatement(value))) as Record<
    string,
    Statement<readonly unknown[]> // what has writeStatement is one
  >;
}

function oneLine(statement: string): string {
  return statement.replace(/\s+/g, " ");
}

describe("the SQL beside a model or a statement is what it becomes", () => {
  for (const { page, home, modules } of written) {
    for (const { file, becomes } of modules.filter((module) => module.becomes.length > 0)) {
      test(`${page}: ${file}`, async () => {
        const exported: unknown = await import(pathToFileURL(path.join(home, file)).href);
        const declared = declaredCatalog(collectDeclarations([exported]));
        const planned = [
          ...planChanges(catalogOf(0, []), declared).map(({ sql }) => oneLine(sql)),
          ...Object.values(statementsOf(exported)).map((statement) => oneLine(String(statement))),
        ];
        for (const { statements, line } of becomes)
          for (const statement of statements)
            assert.ok(
              planned.includes(oneLine(statement)),
              `${page}:${line} shows\n${statement}\nand it becomes\n${planned.join(";\n")}`,
            );
      });
    }
  }
});

test("every statement runs on the tables of its page's models", async () => {
  // The examples' own copy of the library: the built one, which has the same types.
  const library = (await import("athanor" as string)) as typeof import("../../src/index.js");
  for (const { page, home, modules } of written.filter((one) => one.modules.some(({ file }) => file === "models.ts"))) {
    const load = (file: string) => import(pathToFileURL(path.join(home, file)).href);
    const declared = declaredCatalog(collectDeclarations([await load("models.ts")]));
    const engine = library.createEngine("pglite:memory", { extensions: [] });
    try {
      await using session = new library.Session(engine);
      for (const { sql } of planChanges(catalogOf(0, []), declared)) await session.execute(library.sql.raw(sql));
      // The others may do anything when they are loaded.
      for (const { file } of modules.filter(({ becomes }) => becomes.length > 0))
        for (const [name, statement] of Object.entries(statementsOf(await load(file)))) {
          await session
            .execute(statement)
            .catch((error: unknown) => assert.fail(`${page}: ${file}, ${name}: ${error}`));
        }
    } finally {
      await engine.dispose();
    }
  }
});

describe("links lead somewhere", () => {
  for (const page of pages)
    test(page, () => {
      const markdown = read(page).replace(/^```[\s\S]*?^```$/gm, "");
      for (const [, target = ""] of markdown.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(target)) continue;
        const [file = "", anchor] = target.split("#");
        const linked = file === "" ? page : path.posix.join(path.posix.dirname(page), file);
        assert.ok(existsSync(path.join(projectRoot, linked)), `${page} links to ${target}`);
        if (anchor !== undefined) assert.ok(anchorsOf(read(linked)).has(anchor), `${page} links to ${target}`);
      }
    });
});

/** Headings as GitHub names them: `## Two runners` → `two-runners`. */
function anchorsOf(markdown: string): ReadonlySet<string> {
  const headings = [...markdown.replace(/^```[\s\S]*?^```$/gm, "").matchAll(/^#+ (.*)$/gm)];
  return new Set(
    headings.map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}
