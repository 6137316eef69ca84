/** What a migration that failed says: where, why, what stays, what to do. */

import { ConnectionLostError, DatabaseError } from "../engine/errors.js";
import { AthanorError } from "../errors.js";
import { labelProvider } from "../scratch/security-label.js";
import type { Direction, Step } from "./step.js";

/** A step of a migration failed, or the run was interrupted in it. The error that it met is the `cause`. */
export class MigrationError extends AthanorError {
  override readonly name = "MigrationError";
  readonly migration: string;
  readonly path: string;
  readonly direction: Direction;
  /** Counted from 1; null where it was no step, but the commit or the history's entry. */
  readonly step: number | null;
  /** Those that were done before it in the same run, and stay so. */
  readonly before: readonly string[];

  constructor(code: string, message: string, place: FailurePlace, cause: unknown) {
    super(code, message, { cause });
    this.migration = place.id;
    this.path = place.path;
    this.direction = place.direction;
    this.step = place.at === null ? null : place.at + 1;
    this.before = place.before;
  }
}

export interface FailurePlace {
  readonly id: string;
  readonly path: string;
  readonly direction: Direction;
  readonly steps: readonly Step[];
  /** The step's index; null: the end of the transaction. */
  readonly at: number | null;
  /** Steps that are done and stay done. */
  readonly stepsDone: number;
  readonly before: readonly string[];
  readonly interrupted: boolean;
}

/** An error in its migration's context. */
export function failureOf(cause: unknown, place: FailurePlace): MigrationError {
  const parts = [
    headline(place),
    reasonOf(cause),
    excerptOf(cause, place),
    adviceOf(cause, place),
    remains(cause, place),
  ];
  const code = place.interrupted ? "migration.interrupted" : "migration.failed";
  return new MigrationError(code, parts.filter(Boolean).join("\n"), place, cause);
}

function headline({ id, path, direction, steps, at, interrupted }: FailurePlace): string {
  const verb = direction === "up" ? "" : "the way down of ";
  const step = at === null ? undefined : steps[at];
  const where = step ? `step ${at! + 1} of ${steps.length} (${step.sentence})` : "the entry in the history";
  const line = step?.line === undefined ? "" : `:${step.line}`;
  return `${interrupted ? "Interrupted in" : "Failed:"} ${verb}${id}, ${where}, in ${path}${line}.`;
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** The statement's line that PostgreSQL points at, and a mark below it; without a place, the statement's first lines. */
function excerptOf(cause: unknown, { steps, at }: FailurePlace): string {
  const sql = (at === null ? undefined : steps[at])?.sql;
  if (!(cause instanceof DatabaseError)) return "";
  const text = sql ?? cause.sql;
  if (text === undefined || at === null) return "";
  if (cause.position === undefined) return indented(text.split("\n").slice(0, 5).join("\n"));
  // PostgreSQL counts characters, not UTF-16 units.
  const before = [...text].slice(0, cause.position - 1).join("");
  const start = before.lastIndexOf("\n") + 1;
  const end = text.indexOf("\n", before.length);
  const line = text.slice(start, end === -1 ? text.length : end);
  return indented(`${line}\n${before.slice(start).replace(/[^\t]/g, " ")}^`);
}

function indented(text: string): string {
  return text.replace(/^/gm, "    ");
}

/** What to do where a label's provider is missing; empty where that is not what is wrong. */
export function providerAdvice(cause: unknown, sql: string | null): string {
  const provider = sql === null ? null : labelProvider(sql);
  if (provider === null || !(cause instanceof DatabaseError) || cause.sqlstate !== "22023") return "";
  return `Security labels are taken by a library that the server has loaded, and it has none for the provider ${provider} in this database: name it in session_preload_libraries (ALTER DATABASE … SET session_preload_libraries = …) or in shared_preload_libraries, and try again.`;
}

function adviceOf(cause: unknown, { at, steps }: FailurePlace): string {
  if (!(cause instanceof DatabaseError)) return "";
  if (at === null)
    return cause.sqlstate === "23505"
      ? "Another runner has written to the history meanwhile, so the lock did not hold. A pooler in transaction mode can't keep one: connect to PostgreSQL itself, or to a pooler in session mode."
      : "";
  const mark = "outsideTransaction(sql`…`), or in an SQL file by the line -- outside transaction above it";
  if (cause.sqlstate === "25001")
    return `PostgreSQL doesn't take this statement in a transaction: mark it, by ${mark}.`;
  if (cause.sqlstate === "55P04")
    return `A label can be used once the ALTER TYPE … ADD VALUE that brings it is committed: mark that step, by ${mark}, or put it into a migration before this one.`;
  if (cause.sqlstate === "42601" && /multiple commands/.test(cause.message))
    return "A step is one statement: make each of them a step of its own.";
  return providerAdvice(cause, steps[at]?.sql ?? null);
}

function remains(cause: unknown, { direction, steps, stepsDone, before, at }: FailurePlace): string {
  const done = direction === "up" ? "applied" : "reverted";
  const others =
    before.length > 0
      ? `${done[0]!.toUpperCase()}${done.slice(1)} before it, and so they stay: ${before.join(", ")}.`
      : "";
  return [remainsOfThis(cause, direction, steps.length, stepsDone, at), others].filter(Boolean).join(" ");
}

function remainsOfThis(
  cause: unknown,
  direction: Direction,
  steps: number,
  stepsDone: number,
  at: number | null,
): string {
  if (at === null && cause instanceof ConnectionLostError)
    return "Whether its transaction was committed is not known here; orm migrate status tells.";
  if (stepsDone === 0) return "It was rolled back: nothing of it was done.";
  const which = stepsDone === 1 ? "Step 1 is" : `Steps 1 to ${stepsDone} are`;
  return `${which} done and recorded; correct what is wrong, and orm migrate ${direction} goes on with step ${Math.min(stepsDone + 1, steps)}.`;
}
