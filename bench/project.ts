/** A project on disk for `orm` to work on, and databases for it. */

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { introspect } from "../src/migrate/introspect.js";
import { openWorkspace } from "../src/migrate/workspace.js";

/** The package's own folder. */
export const packageRoot = fileURLToPath(new URL("..", import.meta.url));

/** `orm` as users have it, built. */
export const orm: readonly string[] = [process.execPath, join(packageRoot, "bin/orm.js")];

/** An empty folder with a config; models in it find the package by its name, since it lies within it. */
export function makeProject(name: string, url: string): string {
  const folder = join(packageRoot, ".cache/bench", name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeJson(join(folder, "orm.config.json"), { url });
  return folder;
}

export function writeJson(file: string, value: unknown): string {
  writeFileSync(file, JSON.stringify(value));
  return file;
}

/** One server's databases. */
export class Databases {
  constructor(readonly server: string) {}

  url(name: string): string {
    return Object.assign(new URL(this.server), { pathname: `/${name}` }).href;
  }

  /** Empty; one of the name that is there goes. */
  async create(name: string): Promise<string> {
    await this.#run(this.server, [`DROP DATABASE IF EXISTS ${name}`, `CREATE DATABASE ${name}`]);
    return this.url(name);
  }

  async drop(name: string): Promise<void> {
    await this.#run(this.server, [`DROP DATABASE ${name}`]);
  }

  /** Runs statements, each a transaction of its own, and tells the planner what came of them. */
  async load(name: string, statements: readonly string[]): Promise<void> {
    await this.run(name, [...statements, "VACUUM ANALYZE"]);
  }

  /** Runs statements, each a transaction of its own. */
  async run(name: string, statements: readonly string[]): Promise<void> {
    await this.#run(this.url(name), statements);
  }

  async #run(url: string, statements: readonly string[]): Promise<void> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  }
}

/** The statements that `orm introspect` sends, from the engine's own log. */
export async function catalogStatements(url: string): Promise<string[]> {
  const statements: string[] = [];
  await using workspace = openWorkspace(
    {
      url,
      root: packageRoot,
      models: [],
      migrations: packageRoot,
      schemas: null,
      defaultSchema: "public",
      shadow: null,
      ignore: [],
      privileges: false,
      cacheFolder: packageRoot,
      history: { schema: "public", table: "orm_migrations" },
    },
    { log: ({ sql }) => statements.push(sql) },
  );
  await introspect(workspace);
  return statements;
}
