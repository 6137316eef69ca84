/** The one command for CI: models and history agree, nothing is edited, the database is where history leads. */

import { compareCatalogs } from "../diff/compare.js";
import { describe } from "../kinds/index.js";
import { type Comparison, compareRead } from "./compare.js";
import { readMigrations } from "./files.js";
import type { IntegrityProblem } from "./integrity.js";
import { readSource } from "./sources.js";
import { status } from "./status.js";
import type { Workspace } from "./workspace.js";

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
  const folder = await readMigrations(workspace.project.migrations);
  const { history } = workspace.project;
  const stand = await status(workspace.engine(), folder, { history });
  const models = await readSource(workspace, "models");
  const replayed = await compareRead(workspace, await readSource(workspace, "migrations"), models);
  const pending = stand.migrations.filter(({ state }) => state !== "applied").map(({ id }) => id);
  const live = pending.length > 0 ? null : await compareRead(workspace, await readSource(workspace, "db"), models);
  const missing = differing(replayed);
  return {
    pending,
    problems: stand.problems,
    missing,
    drift: live === null || missing.length > 0 ? [] : differing(live),
    text: [replayed.text, missing.length > 0 ? "" : (live?.text ?? "")].filter(Boolean).join("\n"),
    unmanaged: (live ?? replayed).unmanaged,
  };
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
