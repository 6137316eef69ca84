/** `orm migrate generate`: the next migration file, proved before it is written. */

import { relative } from "node:path";
import type { Command } from "commander";
import { type AnswerFlags, declareAnswerFlags, givenAnswers } from "../answers.js";
import { exitCodes, UsageError } from "../exit.js";
import { describeSteps, stepsJson } from "../steps.js";
import { declareStrict, type StrictFlags } from "../strict.js";
import type { Context, Verb } from "../verb.js";

interface GenerateFlags extends AnswerFlags, StrictFlags {
  readonly message?: string;
  readonly from: string;
  readonly empty?: boolean;
  readonly sqlFiles?: boolean;
  readonly dryRun?: boolean;
}

export const generate: Verb<GenerateFlags> = {
  declare(command: Command): void {
    command
      .option("-m, --message <text>", "what it does, for its name; default: from its first step")
      .option("--from <source>", "what is there: db, or migrations to replay history with no database at all", "db")
      .option("--empty", "a migration with no steps, to be filled in by hand")
      .option("--sql-files", "write .up.sql and .down.sql instead of a module")
      .option("--dry-run", "print the migration, write nothing");
    declareStrict(command);
    declareAnswerFlags(command);
  },

  async run(context: Context, flags: GenerateFlags): Promise<number> {
    const { output } = context;
    const { from, message, empty = false, sqlFiles = false, dryRun = false, strict = false } = flags;
    if (from !== "db" && from !== "migrations")
      throw new UsageError("usage.from", `--from takes db or migrations, not ${from}.`);
    const given = await givenAnswers(flags);
    const workspace = await context.workspace(from === "migrations");
    const { generateMigration } = await import("../../migrate/generate.js");
    const written = await generateMigration(workspace, {
      ...{ from, empty, sqlFiles, dryRun, strict, labels: given.labels, decider: context.decider(given) },
      ...(message !== undefined && { message }),
    });
    if (written === null) {
      output.result("", { id: null, files: [], up: [], down: [] });
      output.note("Nothing to do: the models are what is there already.");
      return exitCodes.done;
    }
    const { id, files, sources, up, down, text } = written;
    const names = files.map((path) => relative(process.cwd(), path));
    const summary = [names.map(output.colours.green).join("\n"), describeSteps(up, output.colours)];
    output.result(dryRun ? Object.values(sources).join("\n") : summary.join("\n"), {
      ...{ id, files, sources, written: !dryRun, up: stepsJson(up), down: stepsJson(down), text },
    });
    if (!dryRun && !empty) output.note("Proved: up, down and up again on a scratch database.");
    return exitCodes.done;
  },
};
