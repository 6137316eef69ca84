/** `orm migrate status`: what is applied, pending, edited, missing or out of order. */

import type { Command } from "commander";
import { exitCodes } from "../exit.js";
import { localTime, table } from "../format.js";
import { openMigrations } from "../migrations.js";
import type { Context, Verb } from "../verb.js";

interface StatusFlags {
  readonly exitCode?: boolean;
}

export const status: Verb<StatusFlags> = {
  declare(command: Command): void {
    command.option("--exit-code", "exit with 4 where migrations are pending, with 6 where files and history disagree");
  },

  async run(context: Context, flags: StatusFlags): Promise<number> {
    const { output } = context;
    const { status } = await import("../../migrate/status.js");
    const opened = await openMigrations(context);
    const { migrations, problems } = await status(opened.engine, opened.folder, opened);
    const { green, yellow, red, dim } = output.colours;
    const paint = { applied: green, partial: red, pending: yellow };
    const rows = migrations.map(({ id, state, entry, problems: own }) => [
      paint[state](state),
      id,
      entry === null ? "" : `${localTime(entry.at)}  ${dim(entry.client)}`,
      red(own.map(({ kind }) => kind.replaceAll("_", " ")).join(", ")),
    ]);
    output.result([table(rows), ...problems.map(({ message }) => message)].join("\n"), {
      migrations: migrations.map(({ id, state, file, entry, problems: own }) => ({
        ...{ id, state, description: file?.description ?? null, path: file?.source.path ?? null },
        ...{ at: entry?.at ?? null, client: entry?.client ?? null, milliseconds: entry?.milliseconds ?? null },
        problems: own.map(({ kind, message }) => ({ kind, message })),
      })),
    });
    if (migrations.length === 0) output.note(`There are no migrations in ${opened.folder.dir}.`);
    if (!flags.exitCode) return exitCodes.done;
    if (problems.length > 0) return exitCodes.integrity;
    return migrations.some(({ state }) => state !== "applied") ? exitCodes.differences : exitCodes.done;
  },
};
