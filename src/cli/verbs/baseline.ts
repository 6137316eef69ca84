/** `orm migrate baseline`: an existing database's schema as the first migration, recorded as applied. */

import { relative } from "node:path";
import type { Command } from "commander";
import { exitCodes } from "../exit.js";
import { describeSteps, stepsJson } from "../steps.js";
import type { Context, Verb } from "../verb.js";

interface BaselineFlags {
  readonly message?: string;
  readonly sqlFiles?: boolean;
}

export const baseline: Verb<BaselineFlags> = {
  declare(command: Command): void {
    command
      .option("-m, --message <text>", "what it is called (default: baseline)")
      .option("--sql-files", "write .up.sql and .down.sql instead of a module");
  },

  async run(context: Context, flags: BaselineFlags): Promise<number> {
    const { output } = context;
    const { baseline } = await import("../../migrate/baseline.js");
    const { id, files, steps } = await baseline(await context.workspace(), flags);
    const names = files.map((path) => output.colours.green(relative(process.cwd(), path)));
    output.result([...names, describeSteps(steps, output.colours)].join("\n"), { id, files, steps: stepsJson(steps) });
    output.note("Proved to rebuild the database, and recorded as applied; nothing was run on it.");
    return exitCodes.done;
  },
};
