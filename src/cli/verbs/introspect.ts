/** `orm introspect`: models from an existing database. */

import { relative, resolve } from "node:path";
import type { Command } from "commander";
import { exitCodes } from "../exit.js";
import { writeFiles } from "../files.js";
import { count } from "../format.js";
import { declareStrict, type StrictFlags } from "../strict.js";
import type { Context, Verb } from "../verb.js";

interface IntrospectFlags extends StrictFlags {
  readonly out: string;
  readonly force?: boolean;
  readonly owners?: boolean;
  readonly roles?: boolean;
}

export const introspect: Verb<IntrospectFlags> = {
  declare(command: Command): void {
    command
      .option("--out <folder>", "where the models are written", "models")
      .option("--owners", "models that say who owns what")
      .option("--roles", "models of the roles that have to do with the database")
      .option("--force", "write over files that are there and differ");
    declareStrict(command);
  },

  async run(
    context: Context,
    { out, force = false, owners = false, roles = false, strict }: IntrospectFlags,
  ): Promise<number> {
    const { output } = context;
    const { introspect } = await import("../../migrate/introspect.js");
    const { files, unexpressed } = await introspect(await context.workspace(), { owners, roles });
    if (strict) (await import("../../migrate/strict.js")).refuseUnmanaged(unexpressed);
    const written = writeFiles(resolve(out), files, force);
    const { green, yellow, dim } = output.colours;
    const line = (path: string, isNew: boolean) =>
      `${isNew ? green("wrote") : dim("same ")}  ${relative(process.cwd(), path)}`;
    output.result(written.map(({ path, isNew }) => line(path, isNew)).join("\n"), {
      files: written.map(({ path }) => path),
      unexpressed,
    });
    for (const sentence of unexpressed) output.note(`${yellow("not expressed:")} ${sentence}`);
    output.note(`${count(files.size, "file")} of models.`);
    return exitCodes.done;
  },
};
