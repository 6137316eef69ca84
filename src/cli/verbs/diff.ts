/** `orm diff`: what separates two sources. */

import type { Command } from "commander";
import { type AnswerFlags, declareAnswerFlags, givenAnswers } from "../answers.js";
import { exitCodes } from "../exit.js";
import { count, script } from "../format.js";
import { paintDiff, stepsJson } from "../steps.js";
import { declareStrict, type StrictFlags } from "../strict.js";
import type { Context, Verb } from "../verb.js";

interface DiffFlags extends AnswerFlags, StrictFlags {
  readonly from: string;
  readonly to: string;
  readonly sql?: boolean;
  readonly exitCode?: boolean;
}

export const diff: Verb<DiffFlags> = {
  declare(command: Command): void {
    const sources = "models, db, migrations, empty, a postgres:// URL, an .sql file or a migrations folder";
    command
      .option("--from <source>", `what is there: ${sources}`, "db")
      .option("--to <source>", "what is wanted, likewise", "models")
      .option("--sql", "show the statements that turn the one into the other")
      .option("--exit-code", "exit with 4 where there are differences");
    declareStrict(command);
    declareAnswerFlags(command);
  },

  async run(context: Context, flags: DiffFlags): Promise<number> {
    const { output } = context;
    const { compareSources } = await import("../../migrate/compare.js");
    const given = await givenAnswers(flags);
    const workspace = await context.workspace(flags.from !== "db" && flags.to !== "db");
    const comparison = await compareSources(workspace, flags.from, flags.to);
    const { differences, text, unmanaged } = comparison;
    if (flags.strict) (await import("../../migrate/strict.js")).refuseUnmanaged(unmanaged);
    const steps = flags.sql ? (await comparison.plan(context.decider(given))).up : null;
    output.result(steps ? script(steps.map(({ sql }) => sql)) : paintDiff(text, output.colours), {
      ...{ from: comparison.from.label, to: comparison.to.label, differences, text, unmanaged },
      ...(steps && { steps: stepsJson(steps) }),
    });
    if (unmanaged.length > 0) output.note(`Left alone, since Athanor does not manage it: ${unmanaged.join(", ")}.`);
    output.note(differences === 0 ? "No differences." : `${count(differences, "object")} differ.`);
    return flags.exitCode && differences > 0 ? exitCodes.differences : exitCodes.done;
  },
};
