/** Whether the files and the history still tell the same story. */

import { AthanorError } from "../errors.js";
import type { MigrationFile, MigrationFolder } from "./files.js";
import type { HistoryEntry } from "./history.js";

export type ProblemKind = "edited" | "missing" | "diverged" | "out_of_order";

export interface IntegrityProblem {
  readonly kind: ProblemKind;
  readonly id: string;
  /** What is wrong and what to do, in a sentence or two. */
  readonly message: string;
}

/** What keeps migrations from being run; the command line's exit code is 6. Its code is that of the first problem. */
export class MigrationIntegrityError extends AthanorError {
  override readonly name = "MigrationIntegrityError";

  constructor(readonly problems: readonly [IntegrityProblem, ...IntegrityProblem[]]) {
    super(`migration.${problems[0].kind}`, problems.map(({ message }) => message).join("\n"));
  }
}

/**
 * What doesn't fit, migration by migration: `missing` (applied, and the file is gone), `edited` (the file is not what was
 * applied), `diverged` (applied behind another parent), `out_of_order` (pending, though one behind it was applied).
 */
export function checkIntegrity(
  folder: MigrationFolder,
  recorded: ReadonlyMap<string, HistoryEntry>,
): readonly IntegrityProblem[] {
  const files = new Map(folder.migrations.map((file) => [file.id, file]));
  const changed = [...recorded.values()].flatMap(
    (entry) => changedProblem(entry, files.get(entry.id), folder.dir) ?? [],
  );
  return [...changed, ...outOfOrder(folder, recorded)];
}

/** @throws MigrationIntegrityError where there is a problem. */
export function refuseProblems(problems: readonly IntegrityProblem[]): void {
  const [first, ...rest] = problems;
  if (first) throw new MigrationIntegrityError([first, ...rest]);
}

/** What is wrong with one that was applied; null: nothing. */
export function changedProblem(
  entry: HistoryEntry,
  file: MigrationFile | undefined,
  dir: string,
): IntegrityProblem | null {
  const { id } = entry;
  if (file === undefined)
    return {
      kind: "missing",
      id,
      message: `${id} was applied on ${day(entry)}, and its file is not in ${dir}. Restore it from version control, or take it out of the record with orm migrate mark ${id} reverted.`,
    };
  if (file.parent !== entry.parent)
    return {
      kind: "diverged",
      id,
      message: `${id} was applied behind ${entry.parent ?? "nothing"}, and its file puts it behind ${file.parent ?? "nothing"}. Restore the file's parent, or record it anew with orm migrate mark ${id} applied.`,
    };
  // Of one that is partly applied, the runner compares the steps that were done.
  const whole = entry.event === "applied";
  if (whole && file.checksum !== entry.checksum)
    return {
      kind: "edited",
      id,
      message: `${file.source.path} is not what was applied on ${day(entry)}: it was edited since. Undo the edit and put the change into a new migration; or, if the edit changes nothing in the database, record it with orm migrate mark ${id} applied.`,
    };
  return null;
}

function outOfOrder(folder: MigrationFolder, recorded: ReadonlyMap<string, HistoryEntry>): readonly IntegrityProblem[] {
  const last = folder.migrations.findLastIndex(({ id }) => recorded.has(id));
  return folder.migrations.slice(0, Math.max(0, last)).flatMap(({ id }) =>
    recorded.has(id)
      ? []
      : {
          kind: "out_of_order" as const,
          id,
          message: `${id} is pending, and ${folder.migrations[last]!.id}, which comes after it, was applied. Put it at the end with a new id and parent, or record it with orm migrate mark ${id} applied if its changes are there.`,
        },
  );
}

function day({ at }: HistoryEntry): string {
  return `${at.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
