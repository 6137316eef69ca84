/** A folder of migrations, read as text: no module runs here unless its parent can't be told otherwise. */

import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { AthanorError } from "../errors.js";
import { orderChain } from "./chain.js";
import { isMigrationId } from "./id.js";
import { loadModules } from "./module.js";
import { readSqlHead } from "./sql-file.js";
import { readHead } from "./static.js";

/** A migration as its files show it. */
export interface MigrationFile {
  readonly id: string;
  /** null: it is the first. */
  readonly parent: string | null;
  readonly description: string | null;
  /** SHA-256 over the text, whatever its line endings and byte order mark. */
  readonly checksum: string;
  readonly source: MigrationSource;
}

export type MigrationSource =
  | { readonly kind: "module"; readonly path: string; readonly text: string }
  /** `down` is null where there is no `.down.sql`: no way back. */
  | { readonly kind: "sql"; readonly path: string; readonly up: string; readonly down: string | null };

export interface MigrationFolder {
  readonly dir: string;
  /** From the first to the head, each the parent of the next. */
  readonly migrations: readonly MigrationFile[];
  /** The last one's id; null in an empty folder. */
  readonly head: string | null;
}

/**
 * Reads a folder of migrations: modules `<id>.ts`, `.mts`, `.js` or `.mjs`, and pairs `<id>.up.sql`, `<id>.down.sql`.
 * A folder that isn't there is an empty one. Folders in it are not looked into, nor files that begin with `.` or `_`,
 * nor those that are neither modules nor SQL.
 *
 * @throws AthanorError `migration.invalid` for a file that is no migration; `migration.duplicate` for two of one id;
 * `migration.parent_missing`, `migration.branch` and `migration.cycle` where parents make no chain.
 */
export async function readMigrations(dir: string): Promise<MigrationFolder> {
  const names = (await namesIn(dir)).filter((name) => looksLikeMigration(name)).sort();
  const texts = await Promise.all(
    names.map(async (name) => ({ name, text: normalised(await readFile(join(dir, name))) })),
  );
  const migrations = orderChain(await withParents(sourcesOf(dir, texts)), dir);
  return { dir, migrations, head: migrations.at(-1)?.id ?? null };
}

async function namesIn(dir: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(dir, { withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

function looksLikeMigration(name: string): boolean {
  return /\.(?:[mc]?[jt]sx?|sql)$/.test(name) && !/^[._]|\.d\.[mc]?ts$/.test(name);
}

function normalised(bytes: Buffer): string {
  return bytes
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .replace(/\r\n?/g, "\n");
}

interface Text {
  readonly name: string;
  readonly text: string;
}

function sourcesOf(dir: string, texts: readonly Text[]): ReadonlyMap<string, MigrationSource> {
  const sources = new Map<string, MigrationSource>();
  const downs = new Map<string, Text>();
  for (const { name, text } of texts) {
    const { id, extension } = partsOf(dir, name);
    if (extension === "down.sql") {
      downs.set(id, { name, text });
      continue;
    }
    const path = join(dir, name);
    const known = sources.get(id);
    if (known) throw twice(id, known.path, path);
    sources.set(
      id,
      extension === "up.sql" ? { kind: "sql", path, up: text, down: null } : { kind: "module", path, text },
    );
  }
  for (const [id, { name, text }] of downs) sources.set(id, withDown(dir, id, name, text, sources.get(id)));
  return sources;
}

function partsOf(dir: string, name: string): { id: string; extension: string } {
  const [, id = "", extension = ""] = /^(.*?)\.(up\.sql|down\.sql|m?[jt]s)$/.exec(name) ?? [];
  if (isMigrationId(id)) return { id, extension };
  throw new AthanorError(
    "migration.invalid",
    `${join(dir, name)} isn't named like a migration, such as 20261122101500_create_users.ts or .up.sql. Rename it, move it elsewhere, or begin its name with _ to have it left alone.`,
  );
}

function withDown(
  dir: string,
  id: string,
  name: string,
  down: string,
  up: MigrationSource | undefined,
): MigrationSource {
  if (up?.kind === "sql") return { ...up, down };
  if (up) throw twice(id, up.path, join(dir, name));
  throw new AthanorError(
    "migration.invalid",
    `${join(dir, name)} has no ${id}.up.sql beside it. Add that file, or remove this one.`,
  );
}

function twice(id: string, first: string, second: string): AthanorError {
  return new AthanorError(
    "migration.duplicate",
    `Two migrations have the id ${id}: ${first} and ${second}. Remove one; a compiled copy belongs into another folder.`,
  );
}

async function withParents(sources: ReadonlyMap<string, MigrationSource>): Promise<readonly MigrationFile[]> {
  const heads = await headsOf(sources);
  let previous: string | null = null;
  return [...sources]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, source]) => {
      const { parent = previous, description } = heads.get(id) ?? { description: null };
      previous = id;
      return { id, parent, description, checksum: checksumOf(source), source };
    });
}

/** `parent` is undefined where an SQL file doesn't say: then it is the file before it. */
interface Head {
  readonly parent: string | null | undefined;
  readonly description: string | null;
}

async function headsOf(sources: ReadonlyMap<string, MigrationSource>): Promise<ReadonlyMap<string, Head>> {
  const heads = new Map<string, Head>();
  const closed: { id: string; path: string; text: string }[] = [];
  for (const [id, source] of sources) {
    const head = source.kind === "sql" ? readSqlHead(source.up) : readHead(source.text);
    if (head) heads.set(id, head);
    else if (source.kind === "module") closed.push({ id, ...source });
  }
  // What the text doesn't tell, the module does.
  const modules = await loadModules(closed);
  for (const [i, { parent }] of modules.entries()) heads.set(closed[i]!.id, { parent, description: null });
  return heads;
}

function checksumOf(source: MigrationSource): string {
  const hash = createHash("sha256");
  if (source.kind === "module") hash.update(source.text);
  else
    hash
      .update(source.up)
      .update("\0")
      .update(source.down ?? "");
  return hash.digest("hex");
}
