/** The exit codes, the same for every verb, and which error gives which. Documented in docs/cli.md. */

import { AthanorError } from "../errors.js";

export const exitCodes = {
  /** Done, or nothing to do. */
  done: 0,
  /** Unexpected failure. */
  failure: 1,
  /** Usage or precondition: a bad flag or config, no connection, a lock held, an answer is needed and nobody is there. */
  usage: 2,
  /** The user declined. */
  declined: 3,
  /** Differences or pending migrations. */
  differences: 4,
  /** Hazards at or above `--fail-on`. */
  hazards: 5,
  /** Edited, missing or diverged migrations. */
  integrity: 6,
  /** A proof failed. */
  proof: 7,
  /** Data loss that was not allowed. */
  dataLoss: 8,
  interrupted: 130,
} as const;

/** A flag, argument or verb that the command line does not take. */
export class UsageError extends AthanorError {
  override readonly name = "UsageError";
}

/** The user said no. */
export class DeclinedError extends AthanorError {
  override readonly name = "DeclinedError";

  constructor(message = "Nothing was done, as you wished.") {
    super("question.declined", message);
  }
}

/** Ctrl-C, in a prompt or while a verb was at work. */
export class InterruptedError extends AthanorError {
  override readonly name = "InterruptedError";

  constructor() {
    super("interrupted", "Interrupted.");
  }
}

/** The first words of codes that stand for what a user can put right before another try. */
const usageAreas: ReadonlySet<string> = new Set([
  ...["usage", "config", "question", "url", "source", "scratch", "pool", "lock", "file"],
  ...["model", "identifier", "extension", "plan", "migration", "history", "replay", "baseline", "introspect", "strict"],
]);

const codesOf = (exitCode: number, ...codes: readonly string[]) => codes.map((code) => [code, exitCode] as const);

/** By an error's whole code, which wins over its first word. */
const byCode: ReadonlyMap<string, number> = new Map([
  ...codesOf(exitCodes.failure, "migration.failed", "migration.transaction"),
  ...codesOf(exitCodes.usage, "db.unreachable", "db.auth_failed", "db.tls_failed", "db.database_missing"),
  ...codesOf(exitCodes.usage, "db.connect_failed", "db.too_many_connections", "db.starting_up", "db.read_only"),
  ...codesOf(exitCodes.usage, "db.lock_timeout", "db.invalid_authorization", "db.embedded_failed"),
  ...codesOf(exitCodes.declined, "question.declined"),
  ...codesOf(exitCodes.integrity, "migration.edited", "migration.missing", "migration.diverged"),
  ...codesOf(
    exitCodes.integrity,
    "migration.out_of_order",
    "migration.drift",
    "migration.branch",
    "migration.parent_missing",
  ),
  ...codesOf(exitCodes.integrity, "migration.duplicate", "migration.cycle", "migration.partial"),
  ...codesOf(exitCodes.proof, "proof.failed", "proof.no_cast"),
  ...codesOf(exitCodes.dataLoss, "sync.data_loss"),
  ...codesOf(exitCodes.interrupted, "interrupted", "migration.interrupted"),
]);

/** The code that a process ends with after this error. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof AthanorError)) return exitCodes.failure;
  const [area = ""] = error.code.split(".");
  return byCode.get(error.code) ?? (usageAreas.has(area) ? exitCodes.usage : exitCodes.failure);
}
