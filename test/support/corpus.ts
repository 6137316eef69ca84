/** Schemas and schema pairs that others wrote, from beside the project; see `../shared/corpus/README.md`. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { quoteIdentifier, quoteLiteral } from "../../src/sql/identifier.js";
import { createDatabase, type TestDatabase } from "./database.js";
import { sharedRoot } from "./project.js";
import { runScript } from "./query.js";
import { serverUrl } from "./servers.js";

/** A real schema, as a script for an empty database. */
export interface CorpusSchema {
  readonly name: string;
  readonly script: string;
  /** The oldest PostgreSQL that it loads on. */
  readonly since: number;
}

/** A transition: two scripts for empty databases. */
export interface CorpusPair {
  readonly suite: string;
  readonly name: string;
  readonly old: string;
  readonly new: string;
  /** The oldest and the newest PostgreSQL on which both were loaded. */
  readonly loads_on: readonly [number, number];
  /** Roles that the scripts name. */
  readonly roles?: readonly string[];
  /** Kinds of object in either. */
  readonly kinds: readonly string[];
  /** Kinds that differ, with a count of what is added, removed and changed. */
  readonly changes: Readonly<Record<string, string>>;
  /** Whether the two are equal. */
  readonly same?: boolean;
}

/** The corpus was tried on PostgreSQL 15 and later. */
const oldestMajor = 15;

function filesOf(folder: string, extension: string): { name: string; text: string }[] {
  const root = path.join(sharedRoot, "corpus", folder);
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .filter((file) => file.endsWith(extension))
    .sort()
    .map((file) => ({ name: path.basename(file, extension), text: readFileSync(path.join(root, file), "utf8") }));
}

/** The schemas that load on a major version; none where the corpus is absent. */
export function corpusSchemas(major: number): CorpusSchema[] {
  return filesOf("schemas", ".sql")
    .map(({ name, text }) => ({ name, script: text, since: name === "pagila18" ? 18 : oldestMajor }))
    .filter((schema) => major >= schema.since);
}

/** The pairs that load on a major version; none where the corpus is absent. */
export function corpusPairs(major: number): CorpusPair[] {
  return filesOf("pairs", ".jsonl")
    .flatMap(({ text }) => text.split("\n").filter(Boolean))
    .map((line) => JSON.parse(line) as CorpusPair)
    .filter((pair) => major >= Math.min(...pair.loads_on));
}

/** A new database with a schema of the corpus in it. */
export function loadSchema(schema: CorpusSchema): Promise<TestDatabase> {
  return createDatabase({ script: schema.script });
}

/** Two new databases with the two sides of a pair in them. */
export async function loadPair(pair: CorpusPair): Promise<AsyncDisposable & { old: TestDatabase; new: TestDatabase }> {
  await createRoles(pair.roles ?? []);
  const before = await createDatabase({ script: pair.old });
  try {
    const after = await createDatabase({ script: pair.new });
    return {
      old: before,
      new: after,
      async [Symbol.asyncDispose]() {
        await Promise.all([before.drop(), after.drop()]);
      },
    };
  } catch (error) {
    await before.drop();
    throw error;
  }
}

/** Creates roles on the shared server, where they are missing. They stay: other tests may use them as well. */
export async function createRoles(roles: readonly string[], server?: string): Promise<void> {
  const url = server ?? (await serverUrl());
  for (const role of new Set(roles)) {
    const create = `CREATE ROLE ${quoteIdentifier(role)}`;
    const tolerant = `BEGIN ${create}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END`;
    await runScript(url, `DO ${quoteLiteral(tolerant)}`);
  }
}
