/** A step as the runner takes it, wherever it was written. */

import type { Step as PlanStep } from "../diff/plan.js";
import type { DataStep } from "./migration.js";

export type Direction = "up" | "down";

export interface Step {
  /** The statement; null for code. */
  readonly sql: string | null;
  readonly code: DataStep | null;
  /** What it does, as the file says it; else the statement's beginning. */
  readonly sentence: string;
  /** It runs by itself, outside the migration's transaction. */
  readonly outside: boolean;
  /** It is about what all databases of the server share: replays on scratch databases leave it out. */
  readonly ofServer?: true;
  /** The line of an SQL file where it starts, from 1. */
  readonly line?: number;
}

/** A migration's steps, read or loaded. */
export interface Steps {
  readonly up: readonly Step[];
  readonly down: readonly Step[] | { readonly irreversible: string };
  /** False: code may commit by itself, and every step stands outside a transaction. */
  readonly transaction: boolean;
}

export function statementStep(sql: string, outside: boolean, sentence: string | null = null): Step {
  return { sql, code: null, sentence: sentence ?? beginningOf(sql), outside };
}

/** A step of a plan, as it is run. */
export function planStep({ sql, sentence, transactional, ofServer }: Omit<PlanStep, "hazards">): Step {
  return { ...statementStep(sql, !transactional, sentence), ...(ofServer ? { ofServer } : {}) };
}

/** What is run on a scratch database. */
export function ofDatabase(steps: readonly Step[]): readonly Step[] {
  return steps.filter(({ ofServer }) => !ofServer);
}

export function codeStep(code: DataStep, outside: boolean): Step {
  return { sql: null, code, sentence: code.name ? `run ${code.name}()` : "run a function", outside };
}

/** A statement's first words, for messages. */
function beginningOf(sql: string): string {
  const line = sql.trim().replace(/\s+/g, " ");
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
