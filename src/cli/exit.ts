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

/** By an error's whole code, or by its first word; the longer match wins. What is in neither is unexpected. */
const byCode: Readonly<Record<string, number>> = {
  usage: exitCodes.usage,
  config: exitCodes.usage,
  url: exitCodes.usage,
  model: exitCodes.usage,
  identifier: exitCodes.usage,
  extension: exitCodes.usage,
  init: exitCodes.usage,
  introspect: exitCodes.usage,
  source: exitCodes.usage,
  scratch: exitCodes.usage,
  plan: exitCodes.usage,
  question: exitCodes.usage,
  "question.declined": exitCodes.declined,
  "pool.timeout": exitCodes.usage,
  "db.unreachable": exitCodes.usage,
  "db.auth_failed": exitCodes.usage,
  "db.tls_failed": exitCodes.usage,
  "db.database_missing": exitCodes.usage,
  "db.connect_failed": exitCodes.usage,
  "db.too_many_connections": exitCodes.usage,
  "db.starting_up": exitCodes.usage,
  "db.read_only": exitCodes.usage,
  "db.lock_timeout": exitCodes.usage,
  lock: exitCodes.usage,
  migration: exitCodes.usage,
  history: exitCodes.integrity,
  proof: exitCodes.proof,
  data: exitCodes.dataLoss,
  interrupted: exitCodes.interrupted,
};

/** The code that a process ends with after this error. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof AthanorError)) return exitCodes.failure;
  const [area = ""] = error.code.split(".");
  return byCode[error.code] ?? byCode[area] ?? exitCodes.failure;
}
