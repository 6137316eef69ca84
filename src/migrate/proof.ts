/**
 * What was not proved is not written: a migration runs up, down and up again on a scratch database that history made, and
 * has to reach exactly the schema it claims each time.
 */

import type { Catalog } from "../catalog/catalog.js";
import { compareCatalogs } from "../diff/compare.js";
import type { Step as PlannedStep } from "../diff/plan.js";
import { renderDifferences } from "../diff/render.js";
import type { HeldConnection } from "../engine/connection.js";
import { AthanorError } from "../errors.js";
import { type ReadOptions, readCatalog } from "../kinds/read.js";
import { MigrationSession } from "./interrupt.js";
import { rehearse, StepError } from "./replay.js";
import { planStep } from "./step.js";

export interface ProofTask {
  /** A scratch database in the state before, to commit in. */
  readonly ground: HeldConnection;
  readonly reading: ReadOptions;
  readonly up: readonly PlannedStep[];
  readonly down: readonly PlannedStep[];
  /** Which of the steps are run on the ground; those of the database, or those of the server. */
  readonly isHere: (step: PlannedStep) => boolean;
  /** What `up` claims to reach. */
  readonly to: Catalog;
  /** Two catalogs as they are to be compared: printed again where need be, and without what is open. */
  readonly settle: (from: Catalog, to: Catalog) => Promise<readonly [Catalog, Catalog]>;
}

/** The steps that were proved: some may have had to leave the transaction. */
export interface ProvedSteps {
  readonly up: readonly PlannedStep[];
  readonly down: readonly PlannedStep[];
}

/**
 * @throws AthanorError `proof.failed` naming the direction and what is different, or the statement that PostgreSQL refuses;
 * `proof.no_cast` where a column's type has no way to the new one.
 */
export async function prove(task: ProofTask): Promise<ProvedSteps> {
  const { ground, reading, to, isHere, settle } = task;
  const before = await readCatalog(ground, reading);
  const session = new MigrationSession(ground);
  const expect = async (expected: Catalog, direction: string) => {
    const [reached, goal] = await settle(await readCatalog(ground, reading), expected);
    if (compareCatalogs(reached, goal).length === 0) return;
    const text = renderDifferences(reached, goal, { from: "reached", to: "expected" });
    throw new AthanorError(
      "proof.failed",
      `The ${direction} did not reach the schema it claims on a scratch database; nothing was written. This is a defect of Athanor: please report it.\n${text}`,
    );
  };
  const up = await runProved(session, task.up, isHere, "way up");
  await expect(to, "way up");
  const down = await runProved(session, task.down, isHere, "way down");
  await expect(before, "way down");
  await runProved(session, up, isHere, "second way up");
  await expect(to, "second way up");
  return { up, down };
}

/** Runs the steps; where PostgreSQL wants one outside the transaction, it is taken out and all run again. */
async function runProved(
  session: MigrationSession,
  steps: readonly PlannedStep[],
  isHere: ProofTask["isHere"],
  direction: string,
): Promise<readonly PlannedStep[]> {
  let current = steps;
  for (;;) {
    const run = current.map(planStep);
    try {
      await rehearse(
        session,
        run.filter((_, i) => isHere(current[i]!)),
      );
      return current;
    } catch (error) {
      if (!(error instanceof StepError)) throw error;
      const next = takenOut(current, run.indexOf(error.step), error.sqlstate);
      if (next === null) throw refusal(error, direction);
      current = next;
    }
  }
}

/** 25001: the statement may not run in a transaction at all. */
function takenOut(
  steps: readonly PlannedStep[],
  failed: number,
  sqlstate: string | null,
): readonly PlannedStep[] | null {
  // Steps outside were committed: what ran before could not run again.
  if (steps.some(({ transactional }) => !transactional)) return null;
  if (sqlstate === "25001") return steps.map((step, i) => (i === failed ? { ...step, transactional: false } : step));
  return null;
}

function refusal(error: StepError, direction: string): AthanorError {
  const { step, cause, sqlstate } = error;
  if (sqlstate === "42846" || sqlstate === "42804")
    return new AthanorError(
      "proof.no_cast",
      `PostgreSQL has no way to do this: ${step.sentence}: ${error.message} Say in the model how values become the new type: .using(sql\`…\`).\n  ${step.sql}`,
      { cause },
    );
  return new AthanorError(
    "proof.failed",
    `The ${direction} fails on a scratch database, at "${step.sentence}"; nothing was written: ${error.message}\n  ${step.sql}`,
    { cause },
  );
}
