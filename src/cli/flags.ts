/** The flags that every verb takes, before it or after it. */

import type { Command } from "commander";

export interface GlobalFlags {
  readonly config?: string;
  readonly url?: string;
  readonly models?: readonly string[];
  readonly dir?: string;
  readonly schema?: readonly string[];
  readonly shadow?: string;
  readonly privileges?: boolean;
  readonly json?: boolean;
  readonly yes?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color: boolean;
}

export function declareGlobalFlags(program: Command): void {
  program
    .option("--config <file>", "the config file (default: orm.config.{ts,js,mjs,json} here or in a parent folder)")
    .option("--url <url>", "the database: postgres://… or pglite:… (default: DATABASE_URL, then the config file)")
    .option("--models <glob>", "files of models; may be repeated", repeated)
    .option("--dir <folder>", "the folder of migrations")
    .option("--schema <name>", "a schema to manage, or * for all; may be repeated", repeated)
    .option("--shadow <url>", "a server, or an empty database, for scratch work")
    .option("--privileges", "compare and write privileges everywhere, not only where the models speak of them")
    .option("--json", "the result as one JSON document")
    .option("--yes", "answer yes; ask nothing")
    .option("--quiet", "say nothing beside the result")
    .option("--verbose", "show SQL with timings, and where errors come from")
    .option("--no-color", "no colours");
}

/** A flag that may be given more than once. */
export function repeated(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}
