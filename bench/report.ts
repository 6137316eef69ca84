/** Times, summed up and shown. */

export interface Times {
  readonly name: string;
  /** Both in milliseconds. */
  readonly median: number;
  readonly least: number;
}

/** Of one candidate's times, in milliseconds. */
export function summary(name: string, times: readonly number[]): Times {
  const sorted = times.toSorted((a, b) => a - b);
  return { name, median: sorted[Math.floor(sorted.length / 2)] ?? 0, least: sorted[0] ?? 0 };
}

/** Prints a table of medians, and of ratios to the first, which is the floor. `digits` are those after the point. */
export function report(title: string, times: readonly Times[], digits = 0): void {
  const [first] = times;
  console.log(`| ${title.padEnd(44)} |  median |   least | ratio |\n|${"-".repeat(46)}|--------:|--------:|------:|`);
  for (const { name, median, least } of times) {
    const ratio = (median / (first?.median ?? median)).toFixed(2);
    const [middle, lowest] = [median, least].map((time) => time.toFixed(digits).padStart(7));
    console.log(`| ${name.padEnd(44)} | ${middle} | ${lowest} | ${ratio.padStart(5)} |`);
  }
  console.log();
}

/** Prints a table of the ratios alone: a line for each title, a column for each name. */
export function reportRatios(tables: readonly { readonly title: string; readonly times: readonly Times[] }[]): void {
  const names = [...new Set(tables.flatMap(({ times }) => times.map(({ name }) => name)))];
  const widest = Math.max(...tables.map(({ title }) => title.length));
  const line = (title: string, cells: readonly string[]) =>
    console.log(
      `| ${[title.padEnd(widest), ...cells.map((cell, i) => cell.padStart(names[i]?.length ?? 0))].join(" | ")} |`,
    );
  line("ratios", names);
  console.log(`|${"-".repeat(widest + 2)}|${names.map((name) => `${"-".repeat(name.length + 1)}:|`).join("")}`);
  for (const { title, times } of tables) {
    const ratios = new Map(times.map(({ name, median }) => [name, median / (times[0]?.median ?? median)]));
    line(
      title,
      names.map((name) => ratios.get(name)?.toFixed(2) ?? "–"),
    );
  }
}
