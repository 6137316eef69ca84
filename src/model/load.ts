/** Loads users' model files, TypeScript or JavaScript. */

import { stat } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { importTogether } from "../bundle.js";
import { AthanorError } from "../errors.js";
import { lineIn, withTypeScript } from "../modules.js";
import { declarationOf } from "./brand.js";
import { findFiles, isGlob } from "./glob.js";

export interface LoadOptions {
  /** What relative paths start from; default: the process' folder. */
  readonly cwd?: string;
}

export interface LoadedModels {
  /** Absolute paths, in the order they were loaded. */
  readonly files: readonly string[];
  /** Everything they export, for `collectDeclarations`. */
  readonly exports: readonly unknown[];
}

/**
 * `await loadModels(["src/models/**\/*.ts"])`: files and globs, each loaded once, in alphabetical order per pattern.
 * TypeScript is compiled in memory, without a check of its types. Files of types only (`.d.ts`) are left out.
 *
 * @throws AthanorError `model.load` for a pattern that matches no file, a file that fails to load (with its line where
 * there is one), and where no model or other declaration is exported.
 */
export async function loadModels(patterns: readonly string[], options: LoadOptions = {}): Promise<LoadedModels> {
  const cwd = options.cwd ?? process.cwd();
  const found: string[] = [];
  for (const pattern of patterns) found.push(...(await filesOf(pattern, cwd)));
  const files = [...new Set(found)];
  const modules = await importTogether(files).catch(() => withTypeScript(files, () => importEach(files, cwd)));
  const exports = modules.flatMap(exportsOf);
  if (!exports.some((value) => isDeclaration(value)))
    throw new AthanorError(
      "model.load",
      `No model is exported by ${files.map((file) => relative(cwd, file)).join(", ")}; write export class Name extends Base.model(…) {}.`,
    );
  return { files, exports };
}

async function filesOf(pattern: string, cwd: string): Promise<readonly string[]> {
  if (isGlob(pattern)) {
    const files = (await findFiles(pattern, cwd)).filter((file) => !/\.d\.[mc]?ts$/.test(file));
    if (files.length > 0) return files;
    throw new AthanorError("model.load", `No file matches ${pattern} in ${cwd}; correct the pattern of the models.`);
  }
  const file = resolve(cwd, pattern);
  const info = await stat(file).catch(() => null);
  if (info?.isFile()) return [file];
  const what = info === null ? "There is no file" : "A folder is no file of models:";
  throw new AthanorError(
    "model.load",
    `${what} ${pattern} in ${cwd}; correct the path, or write a glob such as models/**/*.ts.`,
  );
}

/** One after the other, to learn which of them fails. */
async function importEach(files: readonly string[], cwd: string): Promise<readonly object[]> {
  const modules: object[] = [];
  for (const file of files) modules.push(await importFile(file, cwd));
  return modules;
}

async function importFile(file: string, cwd: string): Promise<object> {
  try {
    return await import(pathToFileURL(file).href);
  } catch (cause) {
    const name = relative(cwd, file);
    const message = cause instanceof Error ? cause.message : String(cause);
    const line = lineIn(file, cause);
    throw new AthanorError("model.load", `${name}${line} can't be loaded: ${message}`, { cause });
  }
}

/** A module's exports; those of a CommonJS module stand under `default` too, which is looked into as well. */
function exportsOf(module: object): readonly unknown[] {
  return Object.entries(module).flatMap(([name, value]: [string, unknown]) =>
    (name === "default" || name === "module.exports") &&
    typeof value === "object" &&
    value !== null &&
    !isDeclaration(value)
      ? Object.values(value)
      : [value],
  );
}

function isDeclaration(value: unknown): boolean {
  const declaration = declarationOf(value);
  return declaration !== null && declaration.kind !== "base";
}
