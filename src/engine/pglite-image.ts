/**
 * Fresh embedded databases, fast: an initialised data directory is kept as an image, because initdb takes 2 s and
 * loading its result half a second. For scratch databases.
 */

import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { startPglite } from "./pglite.js";

/**
 * A fresh in-memory PGlite, from the image in `cacheFolder`, which is made where it is missing. A folder that can't be
 * written, or an image that is damaged, costs the slow start and nothing else.
 *
 * @param extensions contrib extensions to offer, by name; all of them unless said.
 */
export async function freshPglite(cacheFolder: string, extensions?: readonly string[]): Promise<PGlite> {
  const file = join(cacheFolder, `pglite-${pgliteVersion()}.tar`);
  const image = await readImage(file);
  if (image !== undefined) {
    try {
      return await startPglite({ folder: null, extensions, image });
    } catch {
      // Cut short or foreign: made again below, over it.
    }
  }
  const database = await startPglite({ folder: null, extensions });
  await keepImage(database, cacheFolder, file);
  return database;
}

/** Each release has its own image: another PostgreSQL's data directory would not start. */
function pgliteVersion(): string {
  const require = createRequire(import.meta.url);
  // The entry is dist/index.cjs; package.json isn't among the package's exports.
  const manifest: unknown = require(join(require.resolve("@electric-sql/pglite"), "../../package.json"));
  return typeof manifest === "object" && manifest !== null && "version" in manifest
    ? String(manifest.version)
    : "unknown";
}

async function readImage(file: string): Promise<Blob | undefined> {
  try {
    return new Blob([new Uint8Array(await readFile(file))]);
  } catch {
    return undefined;
  }
}

/** Written beside its place and moved there, so that nobody ever reads half an image. */
async function keepImage(database: PGlite, folder: string, file: string): Promise<void> {
  const draft = `${file}.${process.pid}.${Date.now()}`;
  try {
    await mkdir(folder, { recursive: true });
    const image = await database.dumpDataDir("none");
    await writeFile(draft, new Uint8Array(await image.arrayBuffer()));
    await rename(draft, file);
  } catch {
    // No image then: the next one starts slowly as well.
    await rm(draft, { force: true }).catch(() => {});
  }
}
