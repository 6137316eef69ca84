/** Repairs the record: says what is applied without running anything. */

import type { Engine } from "../engine/engine.js";
import { AthanorError } from "../errors.js";
import { SqlSession } from "../session/sql-session.js";
import { stepsChecksum } from "./execute.js";
import type { MigrationFile, MigrationFolder } from "./files.js";
import { defaultHistoryTable, type HistoryEntry, type HistoryTable, Journal, type NewEntry } from "./history.js";
import { loadMigrations } from "./load.js";
import { withLock } from "./lock.js";
import { findMigration } from "./target.js";

/** What to record: `steps` says how many of the steps of one that was cut short are done. */
export type Mark = "applied" | "reverted" | { readonly steps: number };

export interface MarkOptions {
  readonly history?: HistoryTable;
  /** Milliseconds to wait for another runner. Default 10,000. */
  readonly lockTimeout?: number;
  readonly signal?: AbortSignal;
}

/**
 * Records migrations as applied or reverted, or how far one has come, all in one transaction.
 *
 * @param targets ids, or what only they begin or end with; one that has no file any more can be marked reverted.
 * @returns the ids that were marked; one that is recorded just so already is left out.
 * @throws AthanorError `lock.held`, `migration.unknown`, `migration.steps` for a number of steps that there can't be.
 */
export async function mark(
  engine: Engine,
  folder: MigrationFolder,
  targets: readonly string[],
  as: Mark,
  options: MarkOptions = {},
): Promise<readonly string[]> {
  const { history = defaultHistoryTable } = options;
  await using connection = await engine.connect();
  const session = new SqlSession(connection);
  return await withLock(session, history, options, async () => {
    const journal = await Journal.read(session, history);
    const entries = await entriesFor(folder, journal, targets, as);
    if (entries.length === 0) return [];
    await journal.ensure(session);
    try {
      for (const entry of entries) await session.execute(journal.add(entry));
      await session.commit();
    } finally {
      await session.rollback();
    }
    return entries.map(({ id }) => id);
  });
}

async function entriesFor(
  folder: MigrationFolder,
  journal: Journal,
  targets: readonly string[],
  as: Mark,
): Promise<readonly NewEntry[]> {
  const recorded = journal.recorded();
  const entries: NewEntry[] = [];
  for (const target of targets) {
    const entry = await entryFor(folder, recorded, target, as);
    if (entry) entries.push(entry);
  }
  return entries;
}

async function entryFor(
  folder: MigrationFolder,
  recorded: ReadonlyMap<string, HistoryEntry>,
  target: string,
  as: Mark,
): Promise<NewEntry | null> {
  if (as === "reverted") {
    const { id } = findMigration([...folder.migrations, ...[...recorded.values()].filter(isGone(folder))], target);
    const entry = recorded.get(id);
    return entry ? { ...entry, event: "reverted", stepRunning: null, marked: true, milliseconds: null } : null;
  }
  const file = findMigration(folder.migrations, target);
  const entry = recorded.get(file.id) ?? null;
  return as === "applied" ? appliedEntry(file, entry) : stepsEntry(file, entry, as.steps);
}

function isGone(folder: MigrationFolder): (entry: HistoryEntry) => boolean {
  const known = new Set(folder.migrations.map(({ id }) => id));
  return ({ id }) => !known.has(id);
}

const marked = { stepRunning: null, marked: true, milliseconds: null } as const;

function appliedEntry(file: MigrationFile, entry: HistoryEntry | null): NewEntry | null {
  const { id, parent, checksum } = file;
  if (entry?.event === "applied" && entry.parent === parent && entry.checksum === checksum) return null;
  return { id, parent, checksum, event: "applied", stepsDone: 0, ...marked };
}

async function stepsEntry(file: MigrationFile, entry: HistoryEntry | null, done: number): Promise<NewEntry> {
  const { id, parent } = file;
  const event = entry?.event === "reverting" ? "reverting" : "applying";
  const [migration] = await loadMigrations([file]);
  const steps = event === "applying" ? migration!.up : migration!.down;
  const count = "irreversible" in steps ? 0 : steps.length;
  if ("irreversible" in steps || !Number.isInteger(done) || done < 0 || done > count)
    throw new AthanorError(
      "migration.steps",
      `${id} has ${count} steps, so ${done} of them can't be done. Give 0 to ${count}.`,
    );
  return { id, parent, checksum: stepsChecksum(steps, done), event, stepsDone: done, ...marked };
}
