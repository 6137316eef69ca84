import { mkdir, readdir, symlink } from "node:fs/promises";
import path from "node:path";
import { freshPglite } from "../../src/engine/pglite-image.js";
import { projectRoot } from "./project.js";

/** False where a matrix of servers is tested: the embedded database is the same whatever the server. */
const isTested = process.env.ATHANOR_TEST_EMBEDDED !== "no";

/** For a suite or test that runs on the embedded database. */
export const onEmbedded = isTested ? {} : { skip: "the embedded database is tested with the newest server" };

/** Where the embedded database's image is kept for all tests: with it a fresh one starts in a quarter of the time. */
export const imageCache = path.join(projectRoot, ".cache/embedded");

/** Makes the image, once for each checkout. */
export async function ensureImage(): Promise<void> {
  const images = await readdir(imageCache).catch(() => []);
  if (images.length === 0) await (await freshPglite(imageCache, [])).close();
}

/** Gives a project of a test's own the image. */
export async function shareImage(cacheFolder: string): Promise<void> {
  const images = await readdir(imageCache).catch(() => []);
  for (const image of images.filter((name) => name.endsWith(".tar"))) {
    await mkdir(cacheFolder, { recursive: true });
    // Where that is not allowed, as on some Windows machines, the project makes its own.
    await symlink(path.join(imageCache, image), path.join(cacheFolder, image)).catch(() => undefined);
  }
}
