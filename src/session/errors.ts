/** What a session and its results say when they are used in a way that can't work. */

import { AthanorError } from "../errors.js";

/** A session was used against the rules of transactions: `begin()` twice, two calls at once, … */
export class SessionError extends AthanorError {
  override readonly name: string = "SessionError";
}

/** An earlier error has aborted the transaction. That error is the `cause`; `rollback()` is what goes on from here. */
export class PendingRollbackError extends SessionError {
  override readonly name = "PendingRollbackError";

  constructor(first: unknown) {
    const why = first instanceof Error ? first.message : "a statement failed";
    super(
      "session.pending_rollback",
      `The transaction was aborted by an earlier error and nothing more can be done in it; call rollback(). That error was: ${why}`,
      { cause: first },
    );
  }
}

/** A flush that the session did by itself, before it asked the database something, failed. What went wrong is the `cause`. */
export class AutoflushError extends SessionError {
  override readonly name = "AutoflushError";

  private constructor(cause: Error) {
    super(
      "session.autoflush",
      `The changes that are flushed before every query could not be written (flush() yourself to see where, or use noAutoflush() to wait with them): ${cause.message}`,
      { cause },
    );
  }

  /** What a failed autoflush throws: a transaction that had failed before says so itself. */
  static around(error: unknown): unknown {
    return error instanceof Error && !(error instanceof SessionError) ? new AutoflushError(error) : error;
  }
}

/** `one()` and its kin found no row. */
export class NoResultError extends AthanorError {
  override readonly name = "NoResultError";

  constructor() {
    super("result.none", "One row was asked for, and there is none. Where that may be, ask for oneOrNone().");
  }
}

/** `one()` and its kin found more than one row. */
export class MultipleResultsError extends AthanorError {
  override readonly name = "MultipleResultsError";

  constructor(count: number) {
    super("result.multiple", `One row was asked for, and there are ${count}. Narrow the query, or ask for first().`);
  }
}

/** A result was read after `first()`, `one()` or another call that ends it. */
export class ResultClosedError extends AthanorError {
  override readonly name = "ResultClosedError";

  constructor() {
    super("result.closed", "This result was closed by the call that read its one row. Keep that row, or use all().");
  }
}
