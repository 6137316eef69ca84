/** What a verb is, and what it has at hand. */

import { relative } from "node:path";
import type { Command } from "commander";
import type { Decider } from "../migrate/decide.js";
import type { Project } from "../migrate/project.js";
import type { Workspace } from "../migrate/workspace.js";
import type { GivenAnswers } from "./answers.js";
import { DeclinedError, UsageError } from "./exit.js";
import type { GlobalFlags } from "./flags.js";
import type { Output } from "./output.js";
import { resolveProject } from "./project.js";
import { isAttended, Terminal } from "./terminal.js";

/** One verb: its flags, and one call down. */
export interface Verb<Flags = object> {
  /** Adds arguments and flags of its own. */
  declare(command: Command): void;
  /** @returns the exit code. */
  run(context: Context, flags: Flags, args: readonly string[]): Promise<number>;
}

/** What every verb has at hand. Nothing is read or opened before it is asked for. */
export class Context {
  /** Somebody to ask; null where nobody is there. */
  readonly terminal: Terminal | null;
  #project: Promise<Project> | undefined;
  #workspace: Workspace | undefined;

  constructor(
    readonly flags: GlobalFlags,
    readonly output: Output,
    readonly signal: AbortSignal,
  ) {
    this.terminal = isAttended(flags) ? new Terminal(signal) : null;
  }

  /** The config file, the environment and the flags, resolved. */
  project(): Promise<Project> {
    this.#project ??= this.#resolve();
    return this.#project;
  }

  async #resolve(): Promise<Project> {
    const { project, unsaid } = await resolveProject(this.flags, process.env, process.cwd());
    if (unsaid)
      this.output.note(
        `No database URL was given: this is the embedded database in ${relative(process.cwd(), project.url.slice("pglite:".length))}.`,
      );
    return project;
  }

  /**
   * The database, scratch databases and models of the project; closed when the verb ends.
   *
   * @param offline leave the project's database alone.
   */
  async workspace(offline = false): Promise<Workspace> {
    const { openWorkspace } = await import("../migrate/workspace.js");
    const { log } = this.output;
    const notice = (sentence: string) => this.output.note(sentence);
    this.#workspace = openWorkspace(await this.project(), { log, signal: this.signal, offline, notice });
    return this.#workspace;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#workspace?.[Symbol.asyncDispose]();
  }

  decider(given: GivenAnswers): Decider {
    const { terminal } = this;
    return { given: given.renames, ...(terminal && { ask: (questions) => terminal.decide(questions) }) };
  }

  /**
   * Goes on where the answer is yes.
   *
   * @throws DeclinedError, UsageError where nobody is there and `--yes` was not given.
   */
  async confirm(question: string): Promise<void> {
    if (this.flags.yes) return;
    if (this.terminal === null)
      throw new UsageError("question.unconfirmed", `${question} Nobody is there to say so; add --yes if it is to be.`);
    if (!(await this.terminal.confirm(question))) throw new DeclinedError();
  }
}
