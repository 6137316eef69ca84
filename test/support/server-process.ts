/**
 * A process that keeps one PostgreSQL server: starts it, says where it is in one line of JSON on stdout, and stops it
 * and removes its data once stdin closes. A pipe closes however its other end dies, so no server outlives its tests.
 *
 *     node --import tsx server-process.ts '{"native": FOLDER, "settings": {…}}'
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, statSync } from "node:fs";
import { appendFile, chown, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ServerAnswer, ServerRequest } from "./servers.js";

/** PostgreSQL refuses to run as root; `nobody` has this number everywhere it matters. */
const nobody = 65534;
const asNobody = process.getuid?.() === 0;
/** The longest path of a socket that every platform takes, less the socket's own name. */
const longestSocketFolder = 80;

const request = JSON.parse(process.argv[2] ?? "") as ServerRequest;
const orphaned = once(process.stdin.resume(), "close");
const stopped = Promise.race(["SIGINT", "SIGTERM", "SIGHUP"].map((signal) => once(process, signal)));
process.stdout.on("error", () => {}); // whoever asked has gone; stdin will say so as well

const root = await mkdtemp(path.join(tmpdir(), "athanor-pg-"));
const data = path.join(root, "data");
const log = path.join(root, "log");
if (asNobody) await chown(root, nobody, nobody);
const native = await reachableNative();

try {
  answer({ url: await start() });
  await Promise.race([orphaned, stopped]);
} catch (error) {
  answer({ error: String(error) });
} finally {
  await program("pg_ctl", ["stop", "--pgdata", data, "--mode=immediate"]).catch(() => {});
  await rm(root, { recursive: true, force: true, maxRetries: 5 });
}
process.exit();

function answer(line: ServerAnswer): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** The programs' folder, or a copy of it where `nobody` may not enter the original, as below /root. */
async function reachableNative(): Promise<string> {
  if (!asNobody || isOpenToAll(request.native)) return request.native;
  const copy = path.join(root, "native");
  await cp(request.native, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

function isOpenToAll(folder: string): boolean {
  if ((statSync(folder).mode & 0o001) === 0) return false;
  const parent = path.dirname(folder);
  return parent === folder || isOpenToAll(parent);
}

async function start(): Promise<string> {
  // Other platforms have no C.UTF-8; there C gives the same order of bytes.
  const locale = process.platform === "linux" ? "C.UTF-8" : "C";
  await program("initdb", [
    ...["--pgdata", data, "--username=postgres", "--encoding=UTF8", `--locale=${locale}`],
    ...["--no-sync", "--no-instructions", ...(await authentication())],
  ]);
  await appendFile(path.join(data, "postgresql.conf"), configuration());
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    try {
      await program("pg_ctl", ["start", "--wait", "--pgdata", data, "--options", `-p ${port}`]);
      const secret = request.password === undefined ? "" : `:${encodeURIComponent(request.password)}`;
      return `postgres://postgres${secret}@127.0.0.1:${port}/postgres`;
    } catch (error) {
      // Another process may have taken the port in between.
      if (attempt === 3) throw error;
    }
  }
}

async function authentication(): Promise<readonly string[]> {
  if (request.password === undefined) return ["--auth=trust"];
  const file = path.join(root, "password");
  await writeFile(file, `${request.password}\n`);
  return ["--auth=scram-sha-256", `--pwfile=${file}`];
}

function configuration(): string {
  const hasSocket = process.platform !== "win32" && root.length <= longestSocketFolder;
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: hasSocket ? root : "",
    max_connections: 200,
    max_locks_per_transaction: 1024,
    shared_buffers: "128MB",
    fsync: "off",
    synchronous_commit: "off",
    full_page_writes: "off",
    wal_level: "minimal",
    max_wal_senders: 0,
    autovacuum: "off",
    jit: "off",
    timezone: "UTC",
    log_min_messages: "log",
    ...request.settings,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'\n`);
  return `\n${lines.join("")}`;
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;
  listener.close();
  await once(listener, "close");
  return port;
}

/** Runs one of PostgreSQL's programs. What it says goes to the log, which a failure shows. */
async function program(name: string, args: readonly string[]): Promise<void> {
  const output = openSync(log, "a");
  const child = spawn(path.join(native, "bin", name), args, {
    cwd: root,
    env: { ...process.env, LD_LIBRARY_PATH: path.join(native, "lib") },
    stdio: ["ignore", output, output],
    windowsHide: true,
    ...(asNobody ? { uid: nobody, gid: nobody } : {}),
  });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`${name} ended with ${code}:\n${await readFile(log, "utf8")}`);
}
