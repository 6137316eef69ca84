/** Files that a verb writes for its user. */

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { writeFailed } from "../migrate/write-failure.js";
import { UsageError } from "./exit.js";

/**
 * Writes all of them, or none where one is there with another text and `force` was not given. Those that have their text
 * already are left alone, so that nothing that watches them wakes.
 *
 * @param files by their path in the folder.
 * @returns their absolute paths, and which of them were written.
 * @throws AthanorError `usage.files_exist`, `file.write_failed`
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
  writeTogether(differing);
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

/** Beside their places first, so that a disk that fills up leaves what was there. */
function writeTogether(files: readonly { readonly path: string; readonly text: string }[]): void {
  const draftOf = (path: string) => `${path}.${process.pid}.tmp`;
  let current = "";
  try {
    for (const parent of new Set(files.map(({ path }) => dirname(path)))) {
      current = parent;
      mkdirSync(parent, { recursive: true });
    }
    // Nothing else is going on; a thousand small files one by one would wait for another thread each.
    for (const { path, text } of files) {
      current = path;
      writeFileSync(draftOf(path), text);
    }
  } catch (cause) {
    for (const { path } of files) rmSync(draftOf(path), { force: true });
    throw writeFailed(current, cause, "No file was changed.");
  }
  for (const { path } of files) renameSync(draftOf(path), path);
}
