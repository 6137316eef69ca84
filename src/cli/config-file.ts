/** Finds and reads the config file. */

import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Config } from "../config.js";
import { AthanorError } from "../errors.js";
import { checkConfig } from "./config-shape.js";

/** In the order in which they are looked for. */
export const configNames = ["ts", "js", "mjs", "json"].map((extension) => `orm.config.${extension}`);

export interface ConfigFile {
  /** Absolute. */
  readonly path: string;
  readonly config: Config;
}

/**
 * The config file that was named, or the one here or in the nearest parent folder; null where there is none.
 *
 * @throws AthanorError `config.missing`, `config.load`, `config.invalid`, `config.unknown_key`
 */
export async function readConfigFile(named: string | undefined, cwd: string): Promise<ConfigFile | null> {
  const path = named === undefined ? findConfigFile(cwd) : namedFile(named, cwd);
  if (path === null) return null;
  const name = relative(cwd, path) || basename(path);
  const config = path.endsWith(".json") ? await readJson(path, name) : await readModule(path, name);
  checkConfig(config, name);
  return { path, config };
}

function namedFile(named: string, cwd: string): string {
  const path = resolve(cwd, named);
  if (existsSync(path) && statSync(path).isFile()) return path;
  throw new AthanorError("config.missing", `There is no config file ${named}; correct --config, or run orm init.`);
}

function findConfigFile(folder: string): string | null {
  const found = configNames.map((name) => join(folder, name)).find((path) => existsSync(path));
  if (found !== undefined) return found;
  const parent = dirname(folder);
  return parent === folder ? null : findConfigFile(parent);
}

async function readJson(path: string, name: string): Promise<unknown> {
  return parseJson(await readFile(path, "utf8"), name, "config.load");
}

/** @throws AthanorError with the code given and the line where the text stops being JSON. */
export function parseJson(text: string, name: string, code: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const position = /at position (\d+)/.exec(message)?.[1];
    const line = text.slice(0, position === undefined ? text.length : Number(position)).split("\n").length;
    const what = message.replace(/ in JSON at position.*| \(line.*/, "");
    throw new AthanorError(code, `${name}:${line} is not JSON: ${what}.`, { cause });
  }
}

async function readModule(path: string, name: string): Promise<unknown> {
  const { lineIn, withTypeScript } = await import("../modules.js");
  const module = await withTypeScript([path], async () => {
    try {
      const loaded: object = await import(pathToFileURL(path).href);
      return loaded;
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      const line = lineIn(path, cause) || (cause instanceof SyntaxError ? await lineOfSyntaxError(path) : "");
      throw new AthanorError("config.load", `${name}${line} can't be loaded: ${message}`, { cause });
    }
  });
  return "default" in module ? unwrapped(module.default) : undefined;
}

/** `:2` where a file stops being JavaScript: Node says it of a program only, not of an import. */
async function lineOfSyntaxError(path: string): Promise<string> {
  const { execFile } = await import("node:child_process");
  const said = new Promise<string>((resolve) => {
    execFile(process.execPath, ["--check", path], (_error, _stdout, stderr) => resolve(stderr));
  });
  return /:\d+$/m.exec(await said)?.[0] ?? "";
}

/** TypeScript in a CommonJS package: the module's exports are its default export, and hold another. */
function unwrapped(value: unknown): unknown {
  return typeof value === "object" && value !== null && "__esModule" in value && "default" in value
    ? value.default
    : value;
}
