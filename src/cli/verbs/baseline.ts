/** `orm migrate baseline`: an existing database's schema as the first migration, recorded as applied. */

import { relative } from "node:path";
import type { Command } from "commander";
import { exitCodes } from "../exit.js";
import type { Context, Verb } from "../verb.js";

interface BaselineFlags {
  readonly message?: string;
}

export const baseline: Verb<BaselineFlags> = {
  declare(command: Command): void {
    command.option("-m, --message <text>", "what it is called");
  },

  async run(context: Context, flags: BaselineFlags): Promise<number> {
    const { output } = context;
    const { baseline } = await import("../../migrate/baseline.js");
    const { id, file } = await baseline(await context.workspace(), flags);
    output.result(output.colours.green(relative(process.cwd(), file)), { id, file });
    output.note("Recorded as applied; nothing was run.");
    return exitCodes.done;
  },
};
