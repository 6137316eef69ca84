/** Steps of a plan, for people and for machines. */

import type { Step } from "../diff/plan.js";
import type { Colours } from "./colours.js";
import { table } from "./format.js";

/** One line for each: what it does, and its hazards. */
export function describeSteps(steps: readonly Step[], { yellow, red, dim }: Colours): string {
  const hazards = (step: Step) =>
    [
      ...step.hazards.map((hazard) => (hazard === "data-loss" ? red(hazard) : yellow(hazard))),
      ...(step.transactional ? [] : [dim("outside a transaction")]),
      ...(step.ofServer ? [dim("on the server")] : []),
    ].join(", ");
  return table(steps.map((step) => ["  -", step.sentence, hazards(step)]));
}

export function stepsJson(steps: readonly Step[]): readonly object[] {
  return steps.map(({ sql, sentence, hazards, transactional, ofServer = false }) => ({
    sql,
    sentence,
    hazards,
    transactional,
    ofServer,
  }));
}

/** A unified diff in colours. */
export function paintDiff(text: string, { red, green, cyan, bold }: Colours): string {
  const paint = (line: string) => {
    if (/^(\+\+\+|---)/.test(line)) return bold(line);
    if (line.startsWith("+")) return green(line);
    if (line.startsWith("-")) return red(line);
    return line.startsWith("@@") ? cyan(line) : line;
  };
  return text.split("\n").map(paint).join("\n");
}
