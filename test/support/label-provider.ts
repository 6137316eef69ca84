/** Servers with a provider of security labels, of which PostgreSQL ships none: compiled here, where there is a compiler. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { chmod, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type Server, serverMajor, startServer } from "./servers.js";

/** A server, and the library that gives it the providers `anon` and `odd "provider`. */
export interface LabelServer extends Server {
  readonly library: string;
}

/**
 * A server of the version that is tested; null where nothing here compiles C.
 *
 * @param loads whether all its sessions have the providers; else those have that load the library.
 */
export async function startLabelServer(loads: "everywhere" | "where asked"): Promise<LabelServer | null> {
  const major = await serverMajor();
  const library = await compileProvider(major);
  if (library === null) return null;
  const settings = loads === "everywhere" ? { session_preload_libraries: library } : {};
  return { library, ...(await startServer({ major, settings })) };
}

async function compileProvider(major: number): Promise<string | null> {
  const folder = await mkdtemp(path.join(tmpdir(), "athanor-labels-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  // The server may run as another user.
  await chmod(folder, 0o755);
  const library = path.join(folder, "labels.so");
  const source = fileURLToPath(new URL("label-provider.c", import.meta.url));
  const platform = process.platform === "darwin" ? ["-undefined", "dynamic_lookup"] : [];
  const options = ["-shared", "-fPIC", "-O1", `-DPG_MAJOR=${major}`, ...platform];
  const compiler = spawn("cc", [...options, source, "-o", library], { stdio: "inherit" });
  const [code] = await Promise.race([once(compiler, "exit"), once(compiler, "error").then(() => [null])]);
  if (code === null) return null;
  if (code !== 0) throw new Error(`cc ended with ${code}.`);
  return library;
}
