import type { Session } from "./session.js";

/**
 * What a session calls at certain moments, at once and while it is busy: a function may read and change objects, `add` and
 * `delete` them; a call that needs the database throws `session.busy`. What it throws, the session's own call throws.
 */
export interface SessionEvents {
  /** Before a flush that has something to write: what is changed here goes with it. */
  readonly beforeFlush?: (session: Session) => void;
  /** After a flush that has written something. */
  readonly afterFlush?: (session: Session) => void;
  /** After COMMIT. It can't be undone any more. */
  readonly afterCommit?: (session: Session) => void;
  /** After a transaction was rolled back, by `rollback()`, by `close()` or by a COMMIT that failed. */
  readonly afterRollback?: (session: Session) => void;
  /** An object was made for a row: its columns are there; what comes with it by relationships may not be yet. */
  readonly load?: (instance: object, session: Session) => void;
}
