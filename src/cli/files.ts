/** Files that a verb writes for its user. */

import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { writeFailed } from "../migrate/write-failure.js";
import { UsageError } from "./exit.js";

/**
 * Writes all of them, or none where one is there with another text and `force` was not given.
 *
 * @param files by their path in the folder.
 * @returns their absolute paths.
 * @throws AthanorError `usage.files_exist`, `file.write_failed`
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
  writeTogether(wanted);
  return wanted.map(({ path }) => path);
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
