/** Real PostgreSQL servers for tests. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Socket } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { nativeFolder } from "./postgres.js";
import { queryRows } from "./query.js";

/** Settings of postgresql.conf beyond those that suit every test. */
export type ServerSettings = Readonly<Record<string, string | number>>;

/** What a server's process is asked for, and its one line of answer. */
export interface ServerRequest {
  readonly native: string;
  readonly settings: ServerSettings;
  /** Asked for of everybody, where it is given. */
  readonly password?: string;
}
export type ServerAnswer = { readonly url: string } | { readonly error: string };

/** A running server. It ends with `stop()`, or with the process that started it, however that one ends. */
export interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts a server with an empty data folder on a free port of 127.0.0.1.
 *
 * ```ts
 * const server = await startServer({ settings: { wal_level: "logical", max_wal_senders: 4 } });
 * ```
 */
export async function startServer(
  options: { major?: number; settings?: ServerSettings; password?: string } = {},
): Promise<Server> {
  const { major, settings = {}, password } = options;
  const request: ServerRequest = {
    native: await nativeFolder(major),
    settings,
    ...(password === undefined ? {} : { password }),
  };
  const script = fileURLToPath(new URL("server-process.ts", import.meta.url));
  // In a group of its own: Ctrl-C in a terminal must reach the tests, not the server under them.
  const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), script, JSON.stringify(request)], {
    detached: true,
    stdio: ["pipe", "pipe", "ignore"],
    windowsHide: true,
  });
  const exited = once(child, "exit");
  const [line] = await Promise.race([once(createInterface(child.stdout), "line"), exited.then(() => [undefined])]);
  const answer: ServerAnswer = typeof line === "string" ? JSON.parse(line) : { error: "the server's process died" };
  if ("error" in answer) throw new Error(`PostgreSQL did not start: ${answer.error}`);

  // A test process with nothing left to do may end, and the closing pipe ends the server.
  child.unref();
  (child.stdin as Socket).unref();
  (child.stdout as Socket).unref();
  return {
    url: answer.url,
    async stop() {
      child.ref();
      child.stdin.end();
      await exited;
    },
  };
}

let url: Promise<string> | undefined;

/**
 * The server that all tests of a run share: `ATHANOR_TEST_URL`, which the runner or the user sets; where it is missing,
 * as in a test file run by hand, a server of this process's own.
 */
export function serverUrl(): Promise<string> {
  const given = process.env.ATHANOR_TEST_URL;
  url ??= given ? Promise.resolve(given) : startServer().then((server) => server.url);
  return url;
}

/** The shared server's major version, for what only some have. */
export async function serverMajor(): Promise<number> {
  const [row] = await queryRows<{ server_version_num: string }>(await serverUrl(), "SHOW server_version_num");
  return Math.floor(Number(row?.server_version_num) / 10000);
}
