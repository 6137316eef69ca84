/** `orm migrate up`: applies what is pending. */

import type { Command } from "commander";
import { exitCodes } from "../exit.js";
import { wholeNumber } from "../migrations.js";
import { declareRunFlags, type RunFlags, runMigrations } from "../run.js";
import type { Context, Verb } from "../verb.js";

interface UpFlags extends RunFlags {
  readonly lockTimeout?: string;
}

export const up: Verb<UpFlags> = {
  declare(command: Command): void {
    command.argument("[target]", "the last migration to apply: its id, or a beginning or end of it");
    declareRunFlags(command).option("--lock-timeout <ms>", "how long to wait for another runner (default: 10000)");
  },

  async run(context: Context, flags: UpFlags, [target]: readonly string[]): Promise<number> {
    const { up } = await import("../../migrate/runner.js");
    const { lockTimeout } = flags;
    const options = {
      ...(target !== undefined && { target }),
      ...(lockTimeout !== undefined && { lockTimeout: wholeNumber(lockTimeout, "--lock-timeout", 0) }),
    };
    await runMigrations(context, flags, "applied", (engine, folder, run) => up(engine, folder, { ...run, ...options }));
    return exitCodes.done;
  },
};
