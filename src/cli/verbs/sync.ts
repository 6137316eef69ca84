/** `orm sync`: the database made to match the models, with no file. */

import type { Command } from "commander";
import { type AnswerFlags, declareAnswerFlags, givenAnswers } from "../answers.js";
import { exitCodes } from "../exit.js";
import { count } from "../format.js";
import { describeSteps, paintDiff, stepsJson } from "../steps.js";
import type { Context, Verb } from "../verb.js";

interface SyncFlags extends AnswerFlags {
  readonly allowDataLoss?: boolean;
  readonly dryRun?: boolean;
}

export const sync: Verb<SyncFlags> = {
  declare(command: Command): void {
    command
      .option("--allow-data-loss", "go on where rows or values will be lost")
      .option("--dry-run", "show the plan, change nothing");
    declareAnswerFlags(command);
  },

  async run(context: Context, flags: SyncFlags): Promise<number> {
    const { output } = context;
    const { allowDataLoss = false, dryRun = false } = flags;
    const { planSync } = await import("../../migrate/sync.js");
    const given = await givenAnswers(flags);
    const decider = context.decider(given);
    const plan = await planSync(await context.workspace(), { decider, labels: given.labels });
    const { steps, losses, text } = plan;
    const apply = !dryRun && steps.length > 0;
    if (!output.json && steps.length > 0)
      output.result(`${paintDiff(text, output.colours)}\n${describeSteps(steps, output.colours)}`, null);
    // What may not be is refused before anybody is asked.
    if (apply && (allowDataLoss || losses.length === 0)) await context.confirm(`Apply ${count(steps.length, "step")}?`);
    if (apply) await plan.apply({ allowDataLoss });
    if (output.json) output.result("", { steps: stepsJson(steps), losses, text, applied: apply });
    const nothing = steps.length === 0 ? "Nothing to do: the database matches the models." : "Nothing was changed.";
    output.note(apply ? "Done: the database matches the models." : nothing);
    return exitCodes.done;
  },
};
