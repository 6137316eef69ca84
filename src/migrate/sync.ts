/** The database made to match the models at once, with no file. */

import type { Catalog } from "../catalog/catalog.js";
import { planCreation, type Step } from "../diff/plan.js";
import type { Connection } from "../engine/connection.js";
import { AthanorError } from "../errors.js";
import { databasePart } from "../kinds/server-part.js";
import { type Loadable, loadStatements } from "../scratch/load.js";
import { admitRoles, rolesIn } from "../scratch/roles.js";
import { prepared } from "../scratch/scratch.js";
import { compareSources } from "./compare.js";
import type { Decider } from "./decide.js";
import { providerAdvice } from "./failure.js";
import type { LabelReplacements } from "./intent.js";
import { MigrationSession } from "./interrupt.js";
import { withLock } from "./lock.js";
import { planProved } from "./plan-proved.js";
import { runSteps, StepError } from "./replay.js";
import { planStep } from "./step.js";
import type { Workspace } from "./workspace.js";

export interface SyncOptions {
  readonly decider: Decider;
  readonly labels?: LabelReplacements;
}

export interface SyncPlan {
  readonly steps: readonly Step[];
  /** Sentences of the steps that lose rows or values. */
  readonly losses: readonly string[];
  /** A unified diff of definitions; empty where nothing differs. */
  readonly text: string;
  /**
   * Runs the steps, all in one transaction but those that PostgreSQL wants outside.
   *
   * @throws AthanorError `sync.data_loss` where rows or values would be lost and that was not allowed; `sync.failed` naming the
   * step that PostgreSQL refuses.
   */
  apply(options?: { readonly allowDataLoss?: boolean }): Promise<void>;
}

/** Plans the way from the database to the models, and proves it on a scratch database. */
export async function planSync(workspace: Workspace, options: SyncOptions): Promise<SyncPlan> {
  const comparison = await compareSources(workspace, "db", "models");
  if (comparison.differences === 0) return { steps: [], losses: [], text: "", apply: async () => {} };
  const { up: steps } = await planProved(workspace, comparison, options, async ({ from }) => {
    const ground = await workspace.provingGround();
    return prepared(ground, async () => {
      await admitRoles(ground, rolesIn(from));
      await build(ground.connection, from, await comparison.from.externals());
    });
  });
  const losses = steps.filter(({ hazards }) => hazards.includes("data-loss")).map(({ sentence }) => sentence);
  return {
    steps,
    losses,
    text: comparison.text,
    apply: (how) => apply(workspace, steps, losses, how?.allowDataLoss ?? false),
  };
}

/** Builds the catalog in an empty database, with what it needs from outside. */
async function build(connection: Connection, catalog: Catalog, externals: readonly Loadable[]): Promise<void> {
  const creations = planCreation(databasePart(catalog));
  await connection.script("BEGIN; SET LOCAL check_function_bodies = off");
  await loadStatements(connection, [
    ...externals,
    ...creations.map(({ sql, sentence }) => ({ sql, origin: sentence })),
  ]);
  await connection.script("COMMIT");
}

async function apply(
  workspace: Workspace,
  steps: readonly Step[],
  losses: readonly string[],
  allowDataLoss: boolean,
): Promise<void> {
  if (losses.length > 0 && !allowDataLoss)
    throw new AthanorError(
      "sync.data_loss",
      `This would lose data: ${losses.join("; ")}. Nothing was changed. Allow it with --allow-data-loss, or answer with --rename where something was renamed.`,
    );
  await workspace.database(async (connection) => {
    const session = new MigrationSession(connection);
    await withLock(session, workspace.project.history, signalOf(workspace), () =>
      runSteps(session, steps.map(planStep)).catch((error: unknown) => {
        throw error instanceof StepError ? refusal(error) : error;
      }),
    );
  });
}

function refusal({ step, cause, message }: StepError): AthanorError {
  const advice = providerAdvice(cause, step.sql);
  return new AthanorError(
    "sync.failed",
    [`PostgreSQL refuses to ${step.sentence}: ${message}`, advice].filter(Boolean).join("\n"),
    { cause },
  );
}

function signalOf({ options: { signal } }: Workspace): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
