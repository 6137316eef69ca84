/** `orm migrate down`: reverts what was applied last. */

import type { Command } from "commander";
import { exitCodes, UsageError } from "../exit.js";
import { wholeNumber } from "../migrations.js";
import { declareRunFlags, type RunFlags, runMigrations } from "../run.js";
import type { Context, Verb } from "../verb.js";

interface DownFlags extends RunFlags {
  readonly number?: string;
}

export const down: Verb<DownFlags> = {
  declare(command: Command): void {
    command
      .argument("[target]", "the migration to go back to, which stays; base: to before the first")
      .option("-n, --number <count>", "how many to revert (default: 1)");
    declareRunFlags(command);
  },

  async run(context: Context, flags: DownFlags, [target]: readonly string[]): Promise<number> {
    const { down } = await import("../../migrate/runner.js");
    const { number } = flags;
    if (target !== undefined && number !== undefined)
      throw new UsageError("usage.down", "Name a target or a number of migrations, not both.");
    const options = {
      ...(target !== undefined && { target }),
      ...(number !== undefined && { steps: wholeNumber(number, "-n", 1) }),
    };
    await runMigrations(context, flags, "reverted", (engine, folder, run) =>
      down(engine, folder, { ...run, ...options }),
    );
    return exitCodes.done;
  },
};
