/** The command line as commander sees it. */

import { Command } from "commander";
import { toolVersion } from "../version.js";
import { UsageError } from "./exit.js";
import { declareGlobalFlags, type GlobalFlags } from "./flags.js";
import { likeliest } from "./likeliest.js";
import type { Verb } from "./verb.js";
import { groups, laterVerbs, type VerbEntry, verbs } from "./verbs.js";

/** Runs a verb with the flags that stood before and after it. */
export type Run = (verb: Verb, globals: GlobalFlags, flags: object, args: readonly string[]) => Promise<void>;

export function createProgram(run: Run): Command {
  const program = new Command("orm")
    .description(
      "An ORM's command line for PostgreSQL: it compares models with databases, and writes and applies migrations.",
    )
    .version(toolVersion(), "--version", "print the version")
    .helpOption("-h, --help", "print help for a verb")
    .helpCommand(false)
    .usage("[flags] <verb>")
    .addHelpText("after", "\norm <verb> --help tells of each verb's own flags.")
    .configureHelp({ showGlobalOptions: true })
    // Errors are told in one place, in main.
    .configureOutput({ outputError: () => {} })
    .exitOverride();
  declareGlobalFlags(program);
  addVerbs(program, "", run);
  for (const { name, summary } of groups) {
    const group = program.command(name).description(summary).usage("[flags] <verb>").helpCommand(false);
    addVerbs(group, name, run);
  }
  return program;
}

/** A verb's module is loaded once it is known to be the one: `orm --help` loads none. */
function addVerbs(parent: Command, group: string, run: Run): void {
  const entries = new Map<Command, VerbEntry>();
  for (const entry of verbs) {
    const words = entry.name.split(" ");
    const name = words.pop() ?? "";
    if (words.join(" ") === group) entries.set(parent.command(name).description(entry.summary), entry);
  }
  parent.on("command:*", ([word = ""]: readonly string[]) => {
    throw unknownVerb(group === "" ? word : `${group} ${word}`);
  });
  parent.hook("preSubcommand", async (_, command) => {
    const verb = await entries.get(command)?.load();
    if (verb === undefined) return;
    verb.declare(command);
    // commander leaves open what flags hold; each verb declares them beside the type that it reads.
    command.action(() => run(verb, command.optsWithGlobals<GlobalFlags>(), command.opts<object>(), command.args));
  });
}

function unknownVerb(name: string): UsageError {
  if (laterVerbs.includes(name))
    return new UsageError("usage.not_yet", `orm ${name} is planned, and not in this version yet.`);
  const names = [...verbs, ...groups].map((verb) => verb.name);
  const word = lastWord(name);
  const likely = names.find((other) => lastWord(other) === word) ?? likeliest(name, names);
  const hint = likely === undefined ? "orm --help lists them." : `Did you mean orm ${likely}?`;
  return new UsageError("usage.unknown_verb", `There is no verb ${name}. ${hint}`);
}

function lastWord(name: string): string | undefined {
  return name.split(" ").at(-1);
}

/** `orm help migrate up` is `orm migrate up --help`. */
export function withHelpFlag(argv: readonly string[]): readonly string[] {
  return argv[0] === "help" ? [...argv.slice(1), "--help"] : argv;
}
