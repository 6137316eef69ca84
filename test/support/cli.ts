/** The command line as users run it: a process of its own, in a project of its own. */

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { shareImage } from "./embedded.js";
import { ensureBuilt, projectRoot } from "./project.js";

export const ormProgram = path.join(projectRoot, "bin/orm.js");

export interface OrmResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface OrmOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Called with the process once it runs, to send it signals. */
  readonly meanwhile?: (child: ChildProcess) => Promise<void>;
}

/** A folder with a project in it. */
export interface CliProject extends AsyncDisposable {
  readonly folder: string;
  /** Runs `orm` in it, with no terminal. */
  orm(args: readonly string[], options?: OrmOptions): Promise<OrmResult>;
  /** The same where it must end with 0: what stdout said. @throws AssertionError with all that it said. */
  succeed(args: readonly string[], options?: OrmOptions): Promise<string>;
  /** The same with `--json`, and what stdout said. */
  json<T>(args: readonly string[], options?: OrmOptions): Promise<{ readonly code: number | null; readonly value: T }>;
  write(files: Readonly<Record<string, string>>): Promise<void>;
  read(name: string): Promise<string>;
  list(folder: string): Promise<readonly string[]>;
}

/** A project with these files, in which `athanor` is this package. */
export async function createProject(files: Readonly<Record<string, string>> = {}): Promise<CliProject> {
  ensureBuilt();
  const folder = await mkdtemp(path.join(tmpdir(), "athanor-cli-"));
  await mkdir(path.join(folder, "node_modules"));
  await symlink(projectRoot, path.join(folder, "node_modules/athanor"), "junction");
  const write = async (more: Readonly<Record<string, string>>) => {
    for (const [name, content] of Object.entries(more)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), content);
    }
  };
  await write({ "package.json": '{ "type": "module" }', ...files });
  await shareImage(path.join(folder, ".orm/cache"));
  const orm = (args: readonly string[], options: OrmOptions = {}) => runOrm(folder, args, options);
  return {
    folder,
    orm,
    async succeed(args, options) {
      const { code, stdout, stderr } = await orm(args, options);
      assert.equal(code, 0, stdout + stderr);
      return stdout;
    },
    async json(args, options) {
      const { code, stdout, stderr } = await orm([...args, "--json"], options);
      try {
        return { code, value: JSON.parse(stdout) };
      } catch (cause) {
        throw new Error(`stdout is not JSON:\n${stdout}\n${stderr}`, { cause });
      }
    },
    write,
    read: (name) => readFile(path.join(folder, name), "utf8"),
    list: (name) => readdir(path.join(folder, name)),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

async function runOrm(cwd: string, args: readonly string[], options: OrmOptions): Promise<OrmResult> {
  const { DATABASE_URL: _, ...environment } = process.env;
  const child = spawn(process.execPath, [ormProgram, ...args], {
    cwd,
    env: { ...environment, ...options.environment },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 120_000,
  });
  const closed = once(child, "close");
  // A test may close stdout early, to see how the program takes it.
  const outputs = Promise.all([text(child.stdout).catch(() => ""), text(child.stderr)]);
  await options.meanwhile?.(child);
  const [stdout, stderr] = await outputs;
  const [code] = await closed;
  return { code, stdout, stderr };
}
