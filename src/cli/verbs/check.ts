/** `orm migrate check`: the one command for CI. */

import type { Command } from "commander";
import { type AnswerFlags, declareAnswerFlags, givenAnswers } from "../answers.js";
import { exitCodes } from "../exit.js";
import { count, table } from "../format.js";
import { paintDiff } from "../steps.js";
import type { Context, Verb } from "../verb.js";

export const check: Verb<AnswerFlags> = {
  declare(command: Command): void {
    declareAnswerFlags(command);
  },

  async run(context: Context, flags: AnswerFlags): Promise<number> {
    const { output } = context;
    const { checkProject } = await import("../../migrate/check.js");
    const decider = context.decider(await givenAnswers(flags));
    const found = await checkProject(await context.workspace(), { decider });
    const { pending, problems, differences, text, unmanaged } = found;
    const { green, red } = output.colours;
    const line = (good: boolean, words: string) => [good ? green("ok") : red("not ok"), words];
    const lines = [
      line(
        problems.length === 0,
        problems.length === 0 ? "the files are what was applied" : count(problems.length, "problem"),
      ),
      ...problems.map(({ message }) => ["", message]),
      line(pending.length === 0, pending.length === 0 ? "nothing is pending" : `pending: ${pending.join(", ")}`),
      line(
        differences.length === 0,
        differences.length === 0
          ? "the models are what the migrations make"
          : `${count(differences.length, "object")} differ from the models`,
      ),
    ];
    output.result([table(lines), paintDiff(text, output.colours)].join("\n").trim(), found);
    if (unmanaged.length > 0) output.note(`Left alone, since Athanor does not manage it: ${unmanaged.join(", ")}.`);
    if (problems.length > 0) return exitCodes.integrity;
    return pending.length + differences.length > 0 ? exitCodes.differences : exitCodes.done;
  },
};
