/** The one command for CI: models and history agree, nothing is edited, the database is where history leads. */

import type { Catalog } from "../catalog/catalog.js";
import { compareCatalogs } from "../diff/compare.js";
import { withinScope } from "../diff/scope.js";
import { describe } from "../kinds/index.js";
import { type ReadOptions, readCatalog } from "../kinds/read.js";
import { type Comparison, compareRead, unmanagedIn } from "./compare.js";
import { readMigrations } from "./files.js";
import type { IntegrityProblem } from "./integrity.js";
import { readSource, type SourceCatalog } from "./sources.js";
import { status } from "./status.js";
import { ignoring, type Workspace } from "./workspace.js";

export interface CheckResult {
  /** Ids of migrations that are not applied. */
  readonly pending: readonly string[];
  /** Edited, missing, diverged or out of order. */
  readonly problems: readonly IntegrityProblem[];
  /** What history and the models disagree on: a migration is missing. */
  readonly missing: readonly string[];
  /** Where nothing is pending: what the database and the models disagree on although history does not. */
  readonly drift: readonly string[];
  /** Unified diffs of both. */
  readonly text: string;
  readonly unmanaged: readonly string[];
}

/** Reads only. With nothing new since the last check, nothing is replayed or printed again. */
export async function checkProject(workspace: Workspace): Promise<CheckResult> {
  // They are compiled in another process while the database answers.
  const declarations = workspace.declarations();
  declarations.catch(() => undefined);
  const folder = await readMigrations(workspace.project.migrations);
  const { history } = workspace.project;
  const stand = await status(workspace.engine(), folder, { history });
  const pending = stand.migrations.filter(({ state }) => state !== "applied").map(({ id }) => id);
  const live = pending.length > 0 ? null : new LiveCatalog(workspace);
  try {
    const models = await readSource(workspace, "models");
    const replayed = await compareRead(workspace, await readSource(workspace, "migrations"), models);
    const missing = differing(replayed);
    const found = live === null || missing.length > 0 ? null : await live.compareWith(models);
    return {
      pending,
      problems: stand.problems,
      missing,
      drift: found?.drift ?? [],
      text: [replayed.text, found?.text].filter(Boolean).join("\n"),
      unmanaged: live === null ? replayed.unmanaged : unmanagedIn(await live.catalog()),
    };
  } finally {
    await live?.settled();
  }
}

/**
 * The database's catalog, asked for before the models have told which schemas are managed: most projects have the default
 * one only, and where they have others, or leave partitions to others, it is read again.
 */
class LiveCatalog {
  readonly #guess: readonly string[] | "*";
  /** Whether it was read as the models say. */
  #isKnown = false;
  #read: Promise<Catalog>;

  constructor(readonly workspace: Workspace) {
    const { schemas, defaultSchema } = workspace.project;
    this.#guess = schemas ?? [defaultSchema];
    this.#read = this.#readSchemas(this.#guess, ignoring(workspace.project));
  }

  /** Ends when nothing is being read any more; never throws. */
  async settled(): Promise<void> {
    await this.#read.catch(() => undefined);
  }

  /** Without dependencies, which are not compared. */
  async catalog(): Promise<Catalog> {
    const { schemas, ignore } = await this.workspace.reading();
    const { size } = await this.workspace.leaving();
    if (!this.#isKnown && (size > 0 || JSON.stringify(schemas) !== JSON.stringify(this.#guess)))
      this.#read = this.#readSchemas(schemas, ignore);
    this.#isKnown = true;
    return this.#read;
  }

  async compareWith(models: SourceCatalog): Promise<{ readonly drift: readonly string[]; readonly text: string }> {
    const [live, wanted] = withinScope(await this.catalog(), models.catalog, await this.workspace.scope());
    if (compareCatalogs(live, wanted).length === 0) return { drift: [], text: "" };
    // To print definitions once more takes the order in which they depend on each other.
    const compared = await compareRead(this.workspace, await readSource(this.workspace, "db"), models);
    return { drift: differing(compared), text: compared.text };
  }

  #readSchemas(schemas: ReadOptions["schemas"], ignore: ReadOptions["ignore"]): Promise<Catalog> {
    const options = { schemas, ...(ignore === undefined ? {} : { ignore }), dependencies: () => false };
    return this.workspace.database((connection) => readCatalog(connection, options));
  }
}

function differing({ from, to }: Comparison): string[] {
  return compareCatalogs(from.catalog, to.catalog).map((change) =>
    change.op === "create"
      ? `${describe(change.to)} is missing`
      : change.op === "drop"
        ? `${describe(change.from)} is too many`
        : `${describe(change.to)} differs`,
  );
}
