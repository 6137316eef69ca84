/** From a comparison to steps that were proved: what `generate` and `sync` have in common. */

import type { Step } from "../diff/plan.js";
import { databasePart } from "../kinds/server-part.js";
import { admitRoles, rolesIn } from "../scratch/roles.js";
import type { Scratch } from "../scratch/scratch.js";
import type { Change } from "./change.js";
import { type Comparison, settleWith } from "./compare.js";
import type { Decider } from "./decide.js";
import { declaredExternals, type LabelReplacements, planOptions, withModelRenames } from "./intent.js";
import { lockTableNotice } from "./lock-table.js";
import { proveOnServer } from "./on-server.js";
import { type ProvedSteps, prove } from "./proof.js";
import { weaveExternals } from "./weave.js";
import type { Workspace } from "./workspace.js";

export interface PlanProvedOptions {
  readonly decider: Decider;
  readonly labels?: LabelReplacements;
}

/**
 * Plans the way to the models, and runs it up, down and up again.
 *
 * @param makeGround a scratch database in the state before, to commit in; it is disposed of here.
 * @throws UnansweredError, AthanorError `plan.*`, `proof.*`
 */
export async function planProved(
  workspace: Workspace,
  comparison: Comparison,
  { decider, labels }: PlanProvedOptions,
  makeGround: (change: Change) => Promise<Scratch>,
): Promise<ProvedSteps> {
  const declarations = await workspace.declarations();
  const change = await comparison.plan(withModelRenames(decider, declarations), planOptions(declarations, labels));
  const locks = lockTableNotice(change.from, change.to);
  if (locks !== null) workspace.options.notice?.(locks);
  const reading = await workspace.reading();
  const settle = settleWith(workspace, comparison);
  await using ground = await makeGround(change);
  await admitRoles(ground, rolesIn(change.to));
  const { up, down } = await weaveExternals(ground.connection, reading, declaredExternals(declarations), change);
  await proveOnServer(workspace, change);
  const isHere = ({ ofServer }: Step) => ofServer !== true;
  return await prove({ ground: ground.connection, reading, up, down, to: databasePart(change.to), isHere, settle });
}
