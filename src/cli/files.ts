/** Files that a verb writes for its user. */

import { mkdirSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { UsageError } from "./exit.js";

/**
 * Writes all of them, or none where one is there with another text and `force` was not given.
 *
 * @param files by their path in the folder.
 * @returns their absolute paths.
 */
export async function writeFiles(
  folder: string,
  files: ReadonlyMap<string, string>,
  force: boolean,
): Promise<readonly string[]> {
  const wanted = [...files].map(([name, text]) => ({ path: join(folder, name), text }));
  const inTheWay: string[] = [];
  for (const { path, text } of force ? [] : wanted) {
    const found = await readFile(path, "utf8").catch(() => null);
    if (found !== null && found !== text) inTheWay.push(relative(process.cwd(), path));
  }
  if (inTheWay.length > 0)
    throw new UsageError(
      "usage.files_exist",
      `Nothing was written: ${inTheWay.join(", ")} would be overwritten. Name another folder with --out, or add --force.`,
    );
  for (const parent of new Set(wanted.map(({ path }) => dirname(path)))) mkdirSync(parent, { recursive: true });
  // Nothing else is going on; a thousand small files one by one would wait for another thread each.
  for (const { path, text } of wanted) writeFileSync(path, text);
  return wanted.map(({ path }) => path);
}
