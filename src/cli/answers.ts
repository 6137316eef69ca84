/** Answers that were given beforehand: by `--rename`, by `--map`, in an answers file. */

import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import type { Answers } from "../migrate/decide.js";
import { parseJson } from "./config-file.js";
import { UsageError } from "./exit.js";
import { repeated } from "./flags.js";

export interface AnswerFlags {
  readonly rename?: readonly string[];
  readonly map?: readonly string[];
  readonly answers?: string;
}

/** By enum: what becomes of rows that hold a label that is gone. */
export type Labels = Map<string, Record<string, string>>;

export interface GivenAnswers {
  readonly renames: Answers;
  readonly labels: Labels;
}

export function declareAnswerFlags(command: Command): Command {
  return command
    .option("--rename <from=to>", "users.nick=users.nickname was renamed; with nothing behind =, it is gone", repeated)
    .option(
      "--map <label=label>",
      "rows that hold the gone label status.retired become: status.retired=active",
      repeated,
    )
    .option("--answers <file>", 'a JSON file of such answers: { "renames": { … }, "labels": { … } }');
}

/**
 * Flags beat the file.
 *
 * @throws AthanorError `usage.rename`, `usage.map`, `usage.answers`
 */
export async function givenAnswers(flags: AnswerFlags): Promise<GivenAnswers> {
  const { renames, labels } = flags.answers === undefined ? noAnswers() : await readAnswers(flags.answers);
  for (const rename of flags.rename ?? []) {
    const [from, to] = halves(rename, "usage.rename", "--rename takes from=to, such as users.nick=users.nickname");
    renames.set(from, to === "" ? null : to);
  }
  for (const mapping of flags.map ?? []) {
    const wrong = "--map takes enum.label=label, such as status.retired=active";
    const [from, to] = halves(mapping, "usage.map", wrong);
    const dot = from.lastIndexOf(".");
    if (dot < 1 || to === "") throw new UsageError("usage.map", `${wrong}, not ${mapping}.`);
    mapLabel(labels, from.slice(0, dot), from.slice(dot + 1), to);
  }
  return { renames, labels };
}

function noAnswers() {
  return { renames: new Map<string, string | null>(), labels: new Map<string, Record<string, string>>() };
}

function halves(text: string, code: string, wrong: string): readonly [string, string] {
  const equals = text.indexOf("=");
  if (equals < 1) throw new UsageError(code, `${wrong}, not ${text}.`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}

function mapLabel(labels: Labels, name: string, from: string, to: string): void {
  labels.set(name, { ...labels.get(name), [from]: to });
}

async function readAnswers(file: string) {
  const wrong = (problem: string, cause?: unknown) => new UsageError("usage.answers", `${file} ${problem}`, { cause });
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw wrong("can't be read: is it there?", cause);
  });
  const found = parseJson(text, file, "usage.answers");
  if (!isRecord(found)) throw wrong('should hold an object such as { "renames": { "users.nick": "users.nickname" } }.');
  const answers = noAnswers();
  for (const [key, value] of Object.entries(found)) {
    if (key !== "renames" && key !== "labels") throw wrong(`has ${JSON.stringify(key)}; it takes renames and labels.`);
    if (!isRecord(value)) throw wrong(`should hold an object under ${key}.`);
    for (const [name, answer] of Object.entries(value)) {
      if (key === "renames") {
        if (typeof answer !== "string" && answer !== null)
          throw wrong(`should give ${name} a new name, or null for "it is gone".`);
        answers.renames.set(name, answer === "" ? null : answer);
      } else {
        if (!isRecord(answer)) throw wrong(`should give ${name} an object of labels, such as { "retired": "active" }.`);
        for (const [from, to] of Object.entries(answer)) {
          if (typeof to !== "string") throw wrong(`should give ${name}.${from} another label.`);
          mapLabel(answers.labels, name, from, to);
        }
      }
    }
  }
  return answers;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
