/** Whole processes, timed. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { summary, type Times } from "./report.js";

export interface Candidate {
  readonly name: string;
  readonly command: readonly string[];
  readonly cwd?: string;
  /** Runs before each of its runs, and is not timed; what it gives is added to the command. */
  readonly before?: () => Promise<readonly string[]>;
}

/** Each candidate in turn, `runs` times over, so that whatever else the machine does falls on all of them. */
export async function measure(candidates: readonly Candidate[], runs: number): Promise<Times[]> {
  const times = new Map<string, number[]>(candidates.map(({ name }) => [name, []]));
  for (let run = 0; run < runs; run++)
    for (const candidate of candidates) times.get(candidate.name)?.push(await timeOf(candidate));
  return [...times].map(([name, all]) => summary(name, all));
}

async function timeOf({ command, cwd, before }: Candidate): Promise<number> {
  const all = [...command, ...((await before?.()) ?? [])];
  const started = performance.now();
  await run(all, cwd);
  return performance.now() - started;
}

/** @throws Error with what the process wrote to stderr, where it fails. */
export async function run([program = "", ...parameters]: readonly string[], cwd?: string): Promise<void> {
  const child = spawn(program, parameters, {
    stdio: ["ignore", "ignore", "pipe"],
    ...(cwd === undefined ? {} : { cwd }),
  });
  let told = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    told += text;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${parameters.join(" ")} ended with ${code}:\n${told.slice(0, 4000)}`);
}
