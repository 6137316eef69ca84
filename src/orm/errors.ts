/** What the unit of work says when objects can't be stored or found. */

import { AthanorError } from "../errors.js";

/** Objects were used in a way that can't be stored: no key, two sessions, a cycle. The code says which. */
export class MappingError extends AthanorError {
  override readonly name = "MappingError";
}

/** Rows that a statement was to meet. */
export interface MissingRows {
  readonly expected: number;
  /** How many of them were not there. */
  readonly missing: number;
  /** Their keys, as far as they are known. */
  readonly keys: readonly string[];
}

/**
 * An UPDATE or DELETE of the flush met fewer rows than it has objects: another transaction changed or deleted them, or a
 * trigger kept the statement from it.
 */
export class StaleDataError extends AthanorError {
  override readonly name = "StaleDataError";

  constructor(
    command: "UPDATE" | "DELETE",
    label: string,
    { expected, missing, keys }: MissingRows,
    versioned: boolean,
  ) {
    const shown = keys.length === 0 ? "" : ` (${keys.slice(0, 3).join(", ")}${keys.length > 3 ? ", …" : ""})`;
    const why = versioned
      ? "changed or deleted by another transaction"
      : "deleted by another transaction, or its key has changed";
    super(
      "flush.stale",
      `${command} of ${label} was to meet ${expected} row${expected === 1 ? "" : "s"} and ${missing} ${missing === 1 ? "was" : "were"} not there${shown}: ${why}. Roll back, load again, and decide anew.`,
    );
  }
}

/** The row of an object that was to be read anew is gone. */
export class ObjectDeletedError extends AthanorError {
  override readonly name = "ObjectDeletedError";

  constructor(label: string, key: string) {
    super(
      "orm.object_deleted",
      `The row of ${label} ${key} is gone: it was deleted since it was loaded. Expunge the object, or roll back.`,
    );
  }
}
