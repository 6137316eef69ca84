/** `orm migrate mark`: repairs the record, running nothing. */

import type { Command } from "commander";
import { exitCodes, UsageError } from "../exit.js";
import { openMigrations, wholeNumber } from "../migrations.js";
import type { Context, Verb } from "../verb.js";

interface MarkFlags {
  readonly steps?: string;
}

export const mark: Verb<MarkFlags> = {
  declare(command: Command): void {
    command
      .argument("<migration>", "its id, or a beginning or end of it")
      .argument("[state]", "applied or reverted")
      .option("--steps <count>", "how many of its steps are done, where it was cut short");
  },

  async run(context: Context, flags: MarkFlags, [migration = "", state]: readonly string[]): Promise<number> {
    const { output, signal } = context;
    const { mark } = await import("../../migrate/mark.js");
    const as = markOf(state, flags.steps);
    const { engine, folder, history } = await openMigrations(context);
    const marked = await mark(engine, folder, [migration], as, { history, signal });
    output.result(marked.join("\n"), { marked });
    output.note(marked.length === 0 ? "It is recorded just so already." : "Recorded; nothing was run.");
    return exitCodes.done;
  },
};

function markOf(state: string | undefined, steps: string | undefined) {
  if (steps !== undefined && state === undefined) return { steps: wholeNumber(steps, "--steps", 0) };
  if (steps === undefined && (state === "applied" || state === "reverted")) return state;
  throw new UsageError("usage.mark", "Say what to record: applied, reverted, or --steps with how many are done.");
}
