import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The project's root folder. */
export const projectRoot = fileURLToPath(new URL("../..", import.meta.url));

/** The folder beside the project with the corpus and the oracle; it may be absent. */
export const sharedRoot = path.join(projectRoot, "../shared");

/** Builds `dist/` where a source is newer than it, so that tests can run what users run. */
export function ensureBuilt(): void {
  if (newestIn(path.join(projectRoot, "dist")) >= newestIn(path.join(projectRoot, "src"))) return;
  const shell = process.platform === "win32";
  execFileSync("npm", ["run", "--silent", "build"], { cwd: projectRoot, stdio: ["ignore", 2, 2], shell });
}

/** When the last changed file below a folder was changed; 0 where there is none. */
function newestIn(folder: string): number {
  if (!existsSync(folder)) return 0;
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files.reduce((newest, file) => Math.max(newest, statSync(path.join(folder, file)).mtimeMs), 0);
}
