/** Questions to a person at a terminal. */

import type { PromptObject } from "prompts";
import type { Answers, Question } from "../migrate/decide.js";
import { InterruptedError } from "./exit.js";
import type { GlobalFlags } from "./flags.js";

/** Whether somebody is there to answer. */
export function isAttended(flags: GlobalFlags): boolean {
  return process.stdin.isTTY && process.stdout.isTTY && !flags.yes && !flags.json && !process.env.CI;
}

/** Asks until Ctrl-C, which ends in an InterruptedError. */
export class Terminal {
  constructor(private readonly signal: AbortSignal) {}

  /** For each question, which of the candidates it became, or null: it is gone. */
  async renames(questions: readonly Question[]): Promise<Answers> {
    const answers = new Map<string, string | null>();
    for (const { id, from, text, candidates } of questions) {
      const renamed = candidates.map((name) => ({ title: `renamed to ${name}`, value: name }));
      // Not null: prompts takes the title for a value that is none.
      const gone = { title: `no: ${from} is gone, and what is new is new`, value: "" };
      const answer = await this.#ask({ type: "select", name: "answer", message: text, choices: [...renamed, gone] });
      answers.set(id, answer === "" ? null : String(answer));
    }
    return answers;
  }

  async confirm(message: string): Promise<boolean> {
    return (await this.#ask({ type: "confirm", name: "answer", message, initial: false })) === true;
  }

  async text(message: string, initial: string): Promise<string> {
    return String(await this.#ask({ type: "text", name: "answer", message, initial }));
  }

  async #ask(question: PromptObject<"answer">): Promise<unknown> {
    const { default: prompts } = await import("prompts");
    const interrupted = new Promise<never>((_, reject) => {
      const stop = () => reject(new InterruptedError());
      if (this.signal.aborted) stop();
      this.signal.addEventListener("abort", stop, { once: true });
    });
    const asked = prompts(
      // stdout is for results.
      { ...question, stdout: process.stderr },
      {
        onCancel: () => {
          throw new InterruptedError();
        },
      },
    );
    return (await Promise.race([asked, interrupted])).answer;
  }
}
