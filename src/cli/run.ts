/** What `up` and `down` share: their flags, and how they tell of a run. */

import type { Command } from "commander";
import type { Engine } from "../engine/engine.js";
import type { MigrationFolder } from "../migrate/files.js";
import type { MigrateOptions, RunResult } from "../migrate/runner.js";
import { count, duration, table } from "./format.js";
import { openMigrations, ProgressReport, stepsScript } from "./migrations.js";
import type { Context } from "./verb.js";

export interface RunFlags {
  readonly dryRun?: boolean;
  readonly sql?: boolean;
}

export function declareRunFlags(command: Command): Command {
  return command
    .option("--dry-run", "tell what would be run, run nothing")
    .option("--sql", "print the statements, run nothing");
}

type Runner = (
  engine: Engine,
  folder: MigrationFolder,
  options: MigrateOptions & { readonly dryRun: boolean },
) => Promise<RunResult>;

/** @param done `applied` or `reverted` */
export async function runMigrations(context: Context, flags: RunFlags, done: string, run: Runner): Promise<void> {
  const { output, signal } = context;
  const { engine, folder, history } = await openMigrations(context);
  const { green, dim } = output.colours;
  const report = new ProgressReport(output, (id, milliseconds) =>
    output.line(`${green(done)}  ${id}  ${dim(duration(milliseconds))}`),
  );
  const dryRun = (flags.dryRun ?? false) || (flags.sql ?? false);
  const { onProgress } = report;
  const { migrations } = await run(engine, folder, { history, signal, onProgress, dryRun });
  const described = dryRun ? (flags.sql ? asScript(migrations) : asPlan(migrations)) : "";
  output.result(described, {
    dryRun,
    migrations: migrations.map(({ id, description, path, steps, stepsDoneBefore }) => ({
      ...{ id, description, path, stepsDoneBefore, milliseconds: report.milliseconds.get(id) ?? null },
      steps: steps.map(({ sentence, sql, outside }) => ({ sentence, sql, outside })),
    })),
  });
  if (migrations.length === 0) output.note(`Nothing to do: no migration is to be ${done}.`);
  else output.note(`${count(migrations.length, "migration")} ${dryRun ? `would be ${done}` : done}.`);
}

function asScript(migrations: RunResult["migrations"]): string {
  return migrations.map(({ id, steps, stepsDoneBefore }) => stepsScript(id, steps.slice(stepsDoneBefore))).join("\n");
}

function asPlan(migrations: RunResult["migrations"]): string {
  const plan = ({ id, steps, stepsDoneBefore }: RunResult["migrations"][number]) =>
    `${id}\n${table(steps.slice(stepsDoneBefore).map(({ sentence, outside }) => ["  -", sentence, outside ? "outside" : ""]))}`;
  return migrations.map(plan).join("\n");
}
