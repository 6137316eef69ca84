/** The command line: runs one verb, tells of errors, gives the exit code. */

import { CommanderError } from "commander";
import { AthanorError } from "../errors.js";
import { loadColours, wantsColours } from "./colours.js";
import { exitCodeOf, exitCodes, InterruptedError, UsageError } from "./exit.js";
import { Interruption } from "./interruption.js";
import { hidePasswords, Output, writeError } from "./output.js";
import { createProgram, type Run, withHelpFlag } from "./program.js";
import { Context } from "./verb.js";

/** @returns the process' exit code; see docs/cli.md. */
export async function main(argv: readonly string[]): Promise<number> {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", outputFailed);
  const interruption = new Interruption();
  let code: number = exitCodes.done;
  const run: Run = async (verb, globals, flags, args) => {
    const output = new Output({
      json: globals.json ?? false,
      quiet: globals.quiet ?? false,
      verbose: globals.verbose ?? false,
      colours: await loadColours(wantsColours(globals.color)),
    });
    await using context = new Context(globals, output, interruption.signal);
    code = await verb.run(context, flags, args);
  };
  try {
    await createProgram(run).parseAsync(withHelpFlag(argv), { from: "user" });
    return code;
  } catch (error) {
    return report(interruption.signal.aborted ? interruptedBy(error) : error, argv);
  } finally {
    interruption.stop();
  }
}

/** A migration that was cut short says what stays; anything else that failed did so because it was to stop. */
function interruptedBy(error: unknown): unknown {
  return exitCodeOf(error) === exitCodes.interrupted ? error : new InterruptedError();
}

/** What was to be printed did not arrive, as where the disk of `orm diff > file` is full. */
function outputFailed(error: Error): void {
  // `orm migrate history | head`: whoever read has gone, and that is no failure.
  if ("code" in error && error.code === "EPIPE") return;
  if (process.exitCode === undefined) writeError(`error: The output can't be written: ${error.message}.`);
  process.exitCode = exitCodes.failure;
}

function report(error: unknown, argv: readonly string[]): number {
  if (error instanceof CommanderError) {
    // Help or the version was printed; or help, on stderr, for want of a verb.
    if (error.exitCode === 0) return exitCodes.done;
    if (error.code === "commander.help") return exitCodes.usage;
    return report(usageError(error), argv);
  }
  const known = error instanceof AthanorError;
  const code = known ? error.code : "unexpected";
  const message = hidePasswords(error instanceof Error ? error.message : String(error));
  const questions = error instanceof AthanorError && "questions" in error ? { questions: error.questions } : null;
  const problems = error instanceof AthanorError && "problems" in error ? { problems: error.problems } : null;
  // The flags may be what is wrong, so they are looked for rather than parsed.
  if (argv.includes("--json")) printJson({ error: { code, message, ...questions, ...problems } });
  else {
    writeError(`error: ${message}\n(${code}${known ? "" : "; --verbose shows where"})`);
    if (questions) printJson(questions);
  }
  if (argv.includes("--verbose")) writeError(stacks(error));
  return exitCodeOf(error);
}

function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** The stack of an error and of what caused it. Never the errors themselves: a driver's may hold a password. */
function stacks(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const stack = error.stack ?? error.message;
  return error.cause instanceof Error ? `${stack}\ncaused by: ${stacks(error.cause)}` : stack;
}

/** commander's words as a sentence: `error: unknown option '--jsn'\n(Did you mean --json?)`. */
function usageError({ code, message }: CommanderError): UsageError {
  const words = message.replace(/^error: /, "").replace(/\n\((.*)\)$/, ". $1");
  const hint = words.includes("Did you mean") ? "" : " --help tells what there is.";
  const sentence = words.charAt(0).toUpperCase() + words.slice(1);
  return new UsageError(
    `usage.${code.replace(/^commander\./, "").replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`,
    `${/[.?]$/.test(sentence) ? sentence : `${sentence}.`}${hint}`,
  );
}
