/** The pages of the documentation, read: their examples, and what stands beside them. */

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { splitStatements } from "../../src/migrate/statements.js";
import { projectRoot } from "../support/project.js";

export interface Block {
  readonly language: string;
  readonly text: string;
  readonly line: number;
  /** The comment before it, without its signs; empty where there is none. */
  readonly mark: string;
}

export interface Module {
  readonly file: string;
  readonly parts: string[];
  /** What its parts have to print, or to send to the database. */
  readonly shown: {
    readonly part: number;
    readonly kind: "prints" | "sends";
    readonly text: string;
    readonly line: number;
  }[];
  /** SQL that it has to become, with the line where it stands. */
  readonly becomes: { readonly statements: readonly string[]; readonly line: number }[];
}

export const pages = [
  "README.md",
  ...readdirSync(path.join(projectRoot, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => path.posix.join("docs", name)),
];
export const read = (page: string) => readFileSync(path.join(projectRoot, page), "utf8");

export function blocksOf(markdown: string): readonly Block[] {
  return [...markdown.matchAll(/(?:^<!-- (.*) -->\n\n?)?^```(\w*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    mark: match[1] ?? "",
    language: match[2] ?? "",
    text: match[3] ?? "",
    line: markdown.slice(0, match.index).split("\n").length,
  }));
}

export function modulesOf(page: string): readonly Module[] {
  const modules: Module[] = [];
  for (const { language, text, line, mark } of blocksOf(read(page))) {
    const last = modules.at(-1);
    if (language === "ts" && mark !== "example: fragment") {
      const [, name = `line-${line}.ts`] = /^\/\/ ([\w-]+\.ts)\n/.exec(text) ?? [];
      if (/^(?:\/\/.*\n)?import /.test(text)) modules.push({ file: name, parts: [text], shown: [], becomes: [] });
      else {
        assert.ok(last, `${page}:${line} goes on with no module; begin it with its imports.`);
        last.parts.push(text);
      }
    }
    if (mark === "prints" || mark === "sends") {
      assert.ok(last, `${page}:${line} has no module above it.`);
      last.shown.push({ part: last.parts.length - 1, kind: mark, text, line });
    }
    if (mark === "becomes") {
      assert.ok(last, `${page}:${line} has no module above it.`);
      last.becomes.push({ statements: splitStatements(text).map(({ sql }) => sql), line });
    }
  }
  return modules;
}

/** A new folder for examples, inside the package, so that "athanor" means the built one. */
export function makeFolder(): string {
  mkdirSync(path.join(projectRoot, ".cache"), { recursive: true });
  return mkdtempSync(path.join(projectRoot, ".cache/examples-"));
}

/** Writes a page's modules into a folder. */
export function writeModules(home: string, modules: readonly Module[]): void {
  mkdirSync(home, { recursive: true });
  for (const { file, parts } of modules) writeFileSync(path.join(home, file), parts.join("\n"));
}
