/** Files that a verb writes for its user. */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { UsageError } from "./exit.js";

/**
 * Writes all of them, or none where one is there with another text and `force` was not given. Those that have their text
 * already are left alone, so that nothing that watches them wakes.
 *
 * @param files by their path in the folder.
 * @returns their absolute paths, and which of them were written.
 */
export function writeFiles(
  folder: string,
  files: ReadonlyMap<string, string>,
  force: boolean,
): readonly { readonly path: string; readonly isNew: boolean }[] {
  // Nothing else is going on; a thousand small files one by one would wait for another thread each.
  const wanted = [...files].map(([name, text]) => {
    const path = join(folder, name);
    return { path, text, found: read(path) };
  });
  const differing = wanted.filter(({ text, found }) => found !== text);
  const inTheWay = differing.flatMap(({ path, found }) => (found === null ? [] : [relative(process.cwd(), path)]));
  if (inTheWay.length > 0 && !force)
    throw new UsageError(
      "usage.files_exist",
      `Nothing was written: ${inTheWay.join(", ")} would be overwritten. Name another folder with --out, or add --force.`,
    );
  for (const parent of new Set(differing.map(({ path }) => dirname(path)))) mkdirSync(parent, { recursive: true });
  for (const { path, text } of differing) writeFileSync(path, text);
  return wanted.map(({ path, text, found }) => ({ path, isNew: found !== text }));
}

/** The text of a file; null where there is none that can be read. */
function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
