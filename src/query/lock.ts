/** Row locks: FOR UPDATE and its weaker kin. */

import type { SqlWriter } from "../sql/fragment.js";
import { quoteIdentifier } from "../sql/identifier.js";
import { shortName, tablesIn } from "../sql/selectable.js";
import { selectableOf } from "./from.js";
import type { Joinable } from "./joinable.js";

export type LockStrength = "FOR UPDATE" | "FOR NO KEY UPDATE" | "FOR SHARE" | "FOR KEY SHARE";

export interface LockOptions {
  /** Whose rows are locked; left out: of all that is in FROM. */
  readonly of?: readonly Joinable[];
  /** Rows that others have locked are left out of the result. */
  readonly skipLocked?: boolean;
  /** Rows that others have locked are an error at once: LockTimeoutError. */
  readonly nowait?: boolean;
}

export interface Lock {
  readonly strength: LockStrength;
  /** Names in FROM. */
  readonly of: readonly string[];
  readonly wait: "" | " SKIP LOCKED" | " NOWAIT";
}

export function readLock(strength: LockStrength, { of = [], skipLocked = false, nowait = false }: LockOptions): Lock {
  const wait = skipLocked ? " SKIP LOCKED" : nowait ? " NOWAIT" : "";
  // FOR UPDATE OF takes the name in FROM, without a schema.
  return { strength, of: of.flatMap((target) => tablesIn(selectableOf(target)).map(shortName)), wait };
}

export function writeLock({ strength, of, wait }: Lock, writer: SqlWriter): void {
  const names = of.length === 0 ? "" : ` OF ${of.map(quoteIdentifier).join(", ")}`;
  writer.text(` ${strength}${names}${wait}`);
}
