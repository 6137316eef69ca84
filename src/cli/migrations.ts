/** What the verbs about migrations work on. */

import type { Engine } from "../engine/engine.js";
import type { Progress } from "../migrate/execute.js";
import type { MigrationFolder } from "../migrate/files.js";
import type { Project } from "../migrate/project.js";
import type { Step } from "../migrate/step.js";
import { UsageError } from "./exit.js";
import type { Output } from "./output.js";
import type { Context } from "./verb.js";

export interface Migrations {
  readonly engine: Engine;
  readonly folder: MigrationFolder;
  /** Where the record is. */
  readonly history: Project["history"];
}

export async function openMigrations(context: Context): Promise<Migrations> {
  const { readMigrations } = await import("../migrate/files.js");
  const { migrations, history } = await context.project();
  const workspace = await context.workspace();
  return {
    engine: workspace.engine(),
    folder: await readMigrations(migrations),
    history,
  };
}

/** Tells of a run while it goes on, and keeps how long each migration took. */
export class ProgressReport {
  readonly milliseconds = new Map<string, number>();

  constructor(
    private readonly output: Output,
    private readonly ended: (id: string, milliseconds: number) => void,
  ) {}

  readonly onProgress = (progress: Progress): void => {
    if (progress.kind === "waiting") this.output.note(`Waiting for another migration to end: ${progress.holder}.`);
    if (progress.kind === "note") this.output.note(`${progress.id}: ${progress.message}`);
    if (progress.kind !== "end") return;
    this.milliseconds.set(progress.id, progress.milliseconds);
    this.ended(progress.id, progress.milliseconds);
  };
}

/** A migration's steps as a script; code in it is only named. */
export function stepsScript(id: string, steps: readonly Step[]): string {
  const lines = steps.map(({ sql, sentence }) => (sql === null ? `-- code: ${sentence}` : `${sql.trimEnd()};`));
  return [`-- ${id}`, ...lines, ""].join("\n");
}

/** @throws UsageError `usage.number` */
export function wholeNumber(text: string, flag: string, least: number): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= least) return number;
  throw new UsageError("usage.number", `${flag} takes a whole number from ${least} on, not ${text}.`);
}
