/** The next migration: planned, proved, and only then written. */

import { join } from "node:path";
import type { Step } from "../diff/plan.js";
import { scopeOf } from "../diff/scope.js";
import { AthanorError } from "../errors.js";
import { readCatalog } from "../kinds/read.js";
import { withServerPart } from "../kinds/server-part.js";
import { admitRoles, rolesIn } from "../scratch/roles.js";
import { prepared, type Scratch } from "../scratch/scratch.js";
import { type Comparison, compareRead } from "./compare.js";
import type { Decider } from "./decide.js";
import { type MigrationFolder, readMigrations } from "./files.js";
import { newMigrationId } from "./id.js";
import { refuseProblems } from "./integrity.js";
import type { LabelReplacements } from "./intent.js";
import { MigrationSession } from "./interrupt.js";
import { serverHistory } from "./on-server.js";
import { planProved } from "./plan-proved.js";
import { rehearse, replay } from "./replay.js";
import { readSource, type SourceCatalog } from "./sources.js";
import { status } from "./status.js";
import { ofDatabase, planStep } from "./step.js";
import { refuseUnmanaged } from "./strict.js";
import type { Workspace } from "./workspace.js";
import { renderMigration, writeMigration } from "./write.js";

export interface GenerateOptions {
  /** Words for the file's name and head; default: what the first steps do. */
  readonly message?: string | undefined;
  /** Where it starts from: the database, or history replayed. */
  readonly from: "db" | "migrations";
  /** A migration without steps, to be filled in by hand. */
  readonly empty?: boolean;
  /** A pair of SQL files instead of a module. */
  readonly sqlFiles?: boolean;
  /** Plan and prove, but write nothing. */
  readonly dryRun?: boolean;
  /** Refuse where anything is not managed. */
  readonly strict?: boolean;
  readonly decider: Decider;
  readonly labels?: LabelReplacements;
}

export interface GeneratedMigration {
  readonly id: string;
  /** The files that were written, absolute; with `dryRun` those that would have been. */
  readonly files: readonly string[];
  /** The files' texts by name. */
  readonly sources: Readonly<Record<string, string>>;
  readonly up: readonly Step[];
  readonly down: readonly Step[];
  /** A unified diff of definitions. */
  readonly text: string;
}

/**
 * @returns null where nothing changed; no file is written then.
 * @throws UnansweredError, AthanorError `strict.unmanaged`, `migration.drift` where the database is not where history leads, `proof.*`, `plan.*`
 */
export async function generateMigration(
  workspace: Workspace,
  options: GenerateOptions,
): Promise<GeneratedMigration | null> {
  const folder = await readMigrations(workspace.project.migrations);
  if (options.empty) return write(workspace, folder, options, { up: [], down: [] }, "");
  if (options.from === "db") await refusePending(workspace, folder);
  const from = await readStart(workspace, options.from, folder);
  const comparison = await compareRead(workspace, from, await readSource(workspace, "models"));
  if (options.strict) refuseUnmanaged(comparison.unmanaged);
  if (comparison.differences === 0) return null;
  const proved = await planProved(workspace, comparison, options, async () => {
    const ground = await replay(workspace, folder.migrations);
    return prepared(ground, async () => {
      if (options.from === "db") await meetDatabase(workspace, comparison, ground);
    });
  });
  return write(workspace, folder, options, proved, comparison.text);
}

/** What the server has by now, not every server has that the migrations are for: of that, history tells. */
async function readStart(
  workspace: Workspace,
  from: GenerateOptions["from"],
  { migrations }: MigrationFolder,
): Promise<SourceCatalog> {
  const source = await readSource(workspace, from);
  if (from !== "db") return source;
  return { ...source, catalog: withServerPart(source.catalog, await serverHistory(workspace, migrations)) };
}

/** What is pending would be generated a second time. */
async function refusePending(workspace: Workspace, folder: MigrationFolder): Promise<void> {
  const { migrations, problems } = await status(workspace.engine(), folder, { history: workspace.project.history });
  refuseProblems(problems);
  const pending = migrations.filter(({ state }) => state !== "applied").map(({ id }) => id);
  if (pending.length === 0) return;
  throw new AthanorError(
    "migration.pending",
    `The database has not had ${pending.join(", ")} yet. Run orm migrate up first, or start from history with --from migrations.`,
  );
}

/**
 * What history makes has to be what the database is: else the new file would not fit behind the others. Privileges and owners
 * are no part of that, since they are given by hand as well: the ground is given those of the database.
 */
async function meetDatabase(workspace: Workspace, comparison: Comparison, ground: Scratch): Promise<void> {
  const replayed = await readCatalog(ground.connection, await workspace.reading());
  const history = { label: "migrations", catalog: replayed, externals: comparison.from.externals };
  const database = { ...comparison.from, label: "db" };
  const drift = await compareRead(workspace, history, database, scopeOf(null));
  if (drift.differences === 0) return takeRights(await compareRead(workspace, history, database), ground);
  throw new AthanorError(
    "migration.drift",
    `The database is not where the migrations lead. Where it was there before them, adopt it with orm migrate baseline; else bring the two together, or start from history with --from migrations.\n${drift.text}`,
  );
}

/** Two catalogs that differ in nothing else. */
async function takeRights(comparison: Comparison, ground: Scratch): Promise<void> {
  if (comparison.differences === 0) return;
  const { up, to } = await comparison.plan({ given: new Map() });
  await admitRoles(ground, rolesIn(to));
  await rehearse(new MigrationSession(ground.connection), ofDatabase(up.map(planStep)));
}

async function write(
  workspace: Workspace,
  folder: MigrationFolder,
  options: GenerateOptions,
  { up, down }: { readonly up: readonly Step[]; readonly down: readonly Step[] },
  text: string,
): Promise<GeneratedMigration> {
  const description = options.message ?? describeSteps(up);
  const id = newMigrationId(description, folder.head);
  const migration = { id, parent: folder.head, description, up, down };
  const format = options.sqlFiles ? "sql" : "ts";
  const sources = renderMigration(migration, format);
  const dir = workspace.project.migrations;
  const files = options.dryRun
    ? Object.keys(sources).map((name) => join(dir, name))
    : await writeMigration(dir, migration, format);
  return { id, files, sources, up, down, text };
}

/** `create table users and 3 more`. */
function describeSteps(steps: readonly Step[]): string {
  const [first] = steps;
  if (first === undefined) return "migration";
  return steps.length === 1 ? first.sentence : `${first.sentence} and ${steps.length - 1} more`;
}
