/** `up` and `down`: migrations run in order, one runner at a time. */

import type { Engine } from "../engine/engine.js";
import { AthanorError } from "../errors.js";
import { SqlSession } from "../session/sql-session.js";
import { MigrationRun, type Progress, type RunContext } from "./execute.js";
import type { MigrationFile, MigrationFolder } from "./files.js";
import { defaultHistoryTable, type HistoryEntry, type HistoryTable, Journal } from "./history.js";
import { changedProblem, checkIntegrity, refuseProblems } from "./integrity.js";
import { InterruptibleConnection, MigrationSession } from "./interrupt.js";
import { type LoadedMigration, loadMigrations } from "./load.js";
import { withLock } from "./lock.js";
import type { Direction, Step } from "./step.js";
import { findMigration } from "./target.js";

export interface MigrateOptions {
  readonly history?: HistoryTable;
  /** Milliseconds to wait for another runner. Default 10,000. */
  readonly lockTimeout?: number;
  /** Interrupts: the running statement is cancelled, the migration it is part of rolled back. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

export interface UpOptions extends MigrateOptions {
  /** The last migration to apply: its id, or what only its id begins or ends with. Default: the head. */
  readonly target?: string;
  /** Tell what would be run, and run nothing. Default false. */
  readonly dryRun?: boolean;
}

export interface DownOptions extends MigrateOptions {
  /** The migration to go back to, which stays; `base`: to before the first. Default: `steps`. */
  readonly target?: string;
  /** How many migrations to revert. Default 1. */
  readonly steps?: number;
  /** As in `up`. */
  readonly dryRun?: boolean;
}

/** A migration that was run, or that would be. */
export interface MigrationResult {
  readonly id: string;
  readonly description: string | null;
  readonly path: string;
  readonly steps: readonly Step[];
  /** How many of them an earlier run had done. */
  readonly stepsDoneBefore: number;
}

export interface RunResult {
  readonly direction: Direction;
  readonly dryRun: boolean;
  /** In the order in which they were run. */
  readonly migrations: readonly MigrationResult[];
}

/** One migration that is to be run. */
interface Task {
  readonly file: MigrationFile;
  /** Where an earlier run was cut short. */
  readonly cut: HistoryEntry | null;
}

/**
 * Applies what is pending, in the order of the chain. Each migration is a transaction, its history's entry included:
 * BEGIN, its steps, INSERT INTO orm_migrations, COMMIT. With nothing pending it takes four queries: the lock, whether
 * there is a history, the history, the lock given back.
 *
 * @throws AthanorError `lock.held`; `migration.unknown` for a target; `migration.partial` where an earlier run was cut
 * short and it can't be told what it did.
 * @throws MigrationIntegrityError `migration.edited`, `.missing`, `.diverged`, `.out_of_order`: nothing was run.
 * @throws MigrationError `migration.failed`, `migration.interrupted`; those before it in the run stay applied.
 */
export function up(engine: Engine, folder: MigrationFolder, options: UpOptions = {}): Promise<RunResult> {
  return run(engine, "up", options, (journal) => pendingTasks(folder, journal, options.target));
}

/**
 * Reverts the migrations that were applied last: one, `steps` of them, or all behind a target.
 *
 * @throws as `up`; besides AthanorError `migration.irreversible` where there is no way back: nothing was run then.
 */
export function down(engine: Engine, folder: MigrationFolder, options: DownOptions = {}): Promise<RunResult> {
  return run(engine, "down", options, (journal) => revertTasks(folder, journal, options));
}

async function run(
  engine: Engine,
  direction: Direction,
  options: UpOptions | DownOptions,
  choose: (journal: Journal) => readonly Task[],
): Promise<RunResult> {
  const { history = defaultHistoryTable, dryRun = false, onProgress } = options;
  await using connection = await engine.connect();
  const control = new SqlSession(connection);
  const work = async () => {
    const journal = await Journal.read(control, history);
    const tasks = choose(journal);
    const loaded = await loadMigrations(tasks.map(({ file }) => file));
    const jobs = tasks.map((task, i) => ({ ...task, migration: loaded[i]!, steps: stepsFor(direction, loaded[i]!) }));
    if (jobs.length > 0 && !dryRun) {
      await journal.ensure(control);
      const session = new MigrationSession(new InterruptibleConnection(connection, options.signal));
      const context = {
        connection,
        control,
        session,
        journal,
        signal: options.signal,
        report: onProgress ?? (() => {}),
      };
      await runAll({ ...context, before: [] }, direction, jobs);
    }
    return { direction, dryRun, migrations: jobs.map(resultOf) };
  };
  if (dryRun) return await work();
  return await withLock(
    control,
    history,
    { ...options, onWaiting: (holder) => onProgress?.({ kind: "waiting", holder }) },
    work,
  );
}

interface Job extends Task {
  readonly migration: LoadedMigration;
  readonly steps: readonly Step[];
}

async function runAll(context: RunContext, direction: Direction, jobs: readonly Job[]): Promise<void> {
  for (const { migration, steps, cut } of jobs) {
    await new MigrationRun(context, migration, direction, steps, cut).run();
    context.before.push(migration.file.id);
  }
}

function resultOf({ file, steps, cut }: Job): MigrationResult {
  const { id, description, source } = file;
  return { id, description, path: source.path, steps, stepsDoneBefore: cut?.stepsDone ?? 0 };
}

function stepsFor(direction: Direction, { file, up, down }: LoadedMigration): readonly Step[] {
  if (direction === "up") return up;
  if (!("irreversible" in down)) return down;
  throw new AthanorError(
    "migration.irreversible",
    `${file.id} can't be reverted: ${down.irreversible} Nothing was reverted. If its changes were undone by hand, say so with orm migrate mark ${file.id} reverted.`,
  );
}

function pendingTasks(folder: MigrationFolder, journal: Journal, target: string | undefined): readonly Task[] {
  const recorded = journal.recorded();
  refuseProblems(checkIntegrity(folder, recorded));
  refuseCut(recorded, "reverting");
  const last = target === undefined ? folder.head : findMigration(folder.migrations, target).id;
  const end = folder.migrations.findIndex(({ id }) => id === last) + 1;
  return folder.migrations.slice(0, end).flatMap((file) => {
    const entry = recorded.get(file.id) ?? null;
    return entry?.event === "applied" ? [] : { file, cut: entry };
  });
}

function revertTasks(folder: MigrationFolder, journal: Journal, options: DownOptions): readonly Task[] {
  const recorded = journal.recorded();
  refuseCut(recorded, "applying");
  const files = new Map(folder.migrations.map((file) => [file.id, file]));
  const entries = lastApplied(folder, recorded, options);
  refuseProblems(entries.flatMap((entry) => changedProblem(entry, files.get(entry.id), folder.dir) ?? []));
  return entries.map((entry) => ({ file: files.get(entry.id)!, cut: entry.event === "reverting" ? entry : null }));
}

/** What is to be reverted, the latest first: in the order of the chain, and those without a file before it. */
function lastApplied(
  folder: MigrationFolder,
  recorded: ReadonlyMap<string, HistoryEntry>,
  { target, steps = 1 }: DownOptions,
): readonly HistoryEntry[] {
  const place = new Map(folder.migrations.map(({ id }, i) => [id, i]));
  const order = (entry: HistoryEntry) => place.get(entry.id) ?? Number.MAX_SAFE_INTEGER;
  const latestFirst = [...recorded.values()].sort((a, b) => order(b) - order(a) || b.number - a.number);
  if (target === undefined) return latestFirst.slice(0, steps);
  if (target === "base") return latestFirst;
  const { id } = findMigration(folder.migrations, target);
  if (!recorded.has(id))
    throw new AthanorError(
      "migration.unknown",
      `${id} is not applied, so there is no way down to it. Use orm migrate up.`,
    );
  return latestFirst.slice(
    0,
    latestFirst.findIndex((entry) => entry.id === id),
  );
}

/** A migration that was cut short on one way has to be brought to an end on that way. */
function refuseCut(recorded: ReadonlyMap<string, HistoryEntry>, event: "applying" | "reverting"): void {
  const cut = [...recorded.values()].find((entry) => entry.event === event);
  if (cut === undefined) return;
  const [done, way] = event === "applying" ? ["applied", "up"] : ["reverted", "down"];
  throw new AthanorError(
    "migration.partial",
    `${cut.id} is ${done} in part: ${cut.stepsDone} of its steps are done. Bring it to its end with orm migrate ${way}, or say with orm migrate mark ${cut.id} where it stands.`,
  );
}
