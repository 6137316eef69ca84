/** Questions to a person at a terminal. */

import type { PromptObject } from "prompts";
import type { Answers, Question } from "../migrate/decide.js";
import { InterruptedError } from "./exit.js";
import type { GlobalFlags } from "./flags.js";

/** Whether somebody is there to answer. */
export function isAttended(flags: GlobalFlags): boolean {
  return process.stdin.isTTY && process.stdout.isTTY && !flags.yes && !flags.json && !process.env.CI;
}

/** What an answer says, before a candidate's name and where it is none of them. */
const wordings: Readonly<Record<Question["about"], readonly [string, (question: Question) => string]>> = {
  rename: ["renamed to", ({ from }) => `no: ${from} is gone, and what is new is new`],
  rows: ["they become", () => "nothing: there are no such rows, or the migration is to fail"],
};

/** Asks until Ctrl-C, which ends in an InterruptedError. */
export class Terminal {
  constructor(private readonly signal: AbortSignal) {}

  /** For each question one of its candidates, or null: none of them. */
  async decide(questions: readonly Question[]): Promise<Answers> {
    const answers = new Map<string, string | null>();
    for (const question of questions) {
      const { id, text, candidates } = question;
      const [word, none] = wordings[question.about];
      // By number: prompts takes the title for a value that is none, and a label may be empty.
      const choices = [
        ...candidates.map((name, value) => ({ title: `${word} ${name}`, value })),
        { title: none(question), value: candidates.length },
      ];
      const answer = await this.#ask({ type: "select", name: "answer", message: text, choices });
      answers.set(id, candidates[Number(answer)] ?? null);
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
