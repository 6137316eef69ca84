/** `orm init`: files to begin with. */

import { relative } from "node:path";
import type { Command } from "commander";
import { exitCodes } from "../exit.js";
import { holdsPassword, writeProject } from "../init/files.js";
import type { Context, Verb } from "../verb.js";

export const init: Verb = {
  declare(command: Command): void {
    command.argument("[folder]", "where; default: here");
  },

  async run({ flags, output, terminal }: Context, _: object, [folder = "."]: readonly string[]): Promise<number> {
    const url = flags.url ?? (await terminal?.text("Database URL (none: an embedded database, kept in .orm/)", ""));
    const migrations = flags.dir ?? (await terminal?.text("Folder of migrations", "migrations"));
    const written = await writeProject(folder, { url: url || undefined, migrations: migrations || "migrations" });
    const { green, dim } = output.colours;
    const name = (path: string) => relative(process.cwd(), path);
    const lines = [
      ...written.created.map((path) => `${green("wrote")}  ${name(path)}`),
      ...written.kept.map((path) => `${dim("kept")}   ${name(path)}`),
    ];
    output.result(lines.join("\n"), written);
    if (url && holdsPassword(url))
      output.note("The URL has a password and was not written anywhere: set DATABASE_URL.");
    const steps = ['npx orm migrate generate -m "create notes"', "npx orm migrate up"];
    output.note(["Next:", ...(folder === "." ? [] : [`cd ${folder}`]), ...steps].join("\n  "));
    return exitCodes.done;
  },
};
