/** `orm migrate check`: the one command for CI. */

import type { Command } from "commander";
import { exitCodes } from "../exit.js";
import { count, table } from "../format.js";
import { paintDiff } from "../steps.js";
import { declareStrict, type StrictFlags } from "../strict.js";
import type { Context, Verb } from "../verb.js";

export const check: Verb<StrictFlags> = {
  declare(command: Command): void {
    declareStrict(command);
  },

  async run(context: Context, { strict }: StrictFlags): Promise<number> {
    const { output } = context;
    const { checkProject } = await import("../../migrate/check.js");
    const found = await checkProject(await context.workspace());
    const { pending, problems, missing, drift, text, unmanaged } = found;
    if (strict) (await import("../../migrate/strict.js")).refuseUnmanaged(unmanaged);
    const { green, red, dim } = output.colours;
    const line = (faults: readonly string[], good: string, bad: string) =>
      faults.length === 0
        ? [[green("ok"), good]]
        : [[red("not ok"), bad], ...faults.map((fault) => ["", `- ${fault}`])];
    const lines = [
      ...line(
        problems.map(({ message }) => message),
        "the files are what was applied",
        count(problems.length, "problem"),
      ),
      ...line(pending, "nothing is pending", `pending: ${count(pending.length, "migration")}`),
      ...line(missing, "the migrations make what the models say", "a migration is missing"),
      ...(pending.length > 0 || missing.length > 0
        ? [[dim("skipped"), "whether the database is what the models say: see above first"]]
        : line(drift, "the database is what the models say", "the database was changed beside the migrations")),
    ];
    output.result([table(lines), paintDiff(text, output.colours)].join("\n").trimEnd(), found);
    if (unmanaged.length > 0) output.note(`Left alone, since Athanor does not manage it: ${unmanaged.join(", ")}.`);
    if (problems.length > 0) return exitCodes.integrity;
    return pending.length + missing.length + drift.length > 0 ? exitCodes.differences : exitCodes.done;
  },
};
