/** Where a database stands, and how it came there. Reads only. */

import type { Engine } from "../engine/engine.js";
import { SqlSession } from "../session/sql-session.js";
import type { MigrationFile, MigrationFolder } from "./files.js";
import { defaultHistoryTable, type HistoryEntry, type HistoryTable, Journal } from "./history.js";
import { checkIntegrity, type IntegrityProblem } from "./integrity.js";

/** `partial`: cut short between steps outside a transaction. */
export type MigrationState = "applied" | "partial" | "pending";

export interface MigrationStatus {
  readonly id: string;
  readonly state: MigrationState;
  /** null: it was applied, and its file is gone. */
  readonly file: MigrationFile | null;
  /** Its last entry in the history; null while it is pending. */
  readonly entry: HistoryEntry | null;
  readonly problems: readonly IntegrityProblem[];
}

export interface Status {
  /** In the order of the chain; those without a file come first. */
  readonly migrations: readonly MigrationStatus[];
  readonly problems: readonly IntegrityProblem[];
}

/** What is applied, pending, and wrong. Two queries; nothing is written, not even on a database without a history. */
export async function status(
  engine: Engine,
  folder: MigrationFolder,
  { history }: { readonly history?: HistoryTable } = {},
): Promise<Status> {
  const journal = await readJournal(engine, history);
  const recorded = journal.recorded();
  const problems = checkIntegrity(folder, recorded);
  const known = new Set(folder.migrations.map(({ id }) => id));
  const describe = (id: string, file: MigrationFile | null): MigrationStatus => {
    const entry = recorded.get(id) ?? null;
    return { id, file, entry, state: stateOf(entry), problems: problems.filter((problem) => problem.id === id) };
  };
  const gone = [...recorded.keys()].filter((id) => !known.has(id)).map((id) => describe(id, null));
  return { migrations: [...gone, ...folder.migrations.map((file) => describe(file.id, file))], problems };
}

/** Every entry of the history, the oldest first: who, when, how long. */
export async function history(
  engine: Engine,
  options: { readonly history?: HistoryTable } = {},
): Promise<readonly HistoryEntry[]> {
  return (await readJournal(engine, options.history)).entries;
}

async function readJournal(engine: Engine, place: HistoryTable = defaultHistoryTable): Promise<Journal> {
  await using connection = await engine.connect();
  return await Journal.read(new SqlSession(connection), place);
}

function stateOf(entry: HistoryEntry | null): MigrationState {
  if (entry === null) return "pending";
  return entry.event === "applied" ? "applied" : "partial";
}
