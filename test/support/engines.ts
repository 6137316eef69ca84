/** Runs the same tests on a server and on the embedded database. */

import { after, before, describe } from "node:test";
import { createEngine, type Engine, type EngineOptions, type LogEvent } from "../../src/index.js";
import { imageCache, onEmbedded } from "./embedded.js";
import { queryRows } from "./query.js";
import { serverMajor, startServer } from "./servers.js";

export interface TestDatabase {
  readonly kind: "postgres" | "pglite";
  readonly engine: Engine;
  /** The statements sent since `sent.length = 0`. */
  readonly sent: string[];
  readonly events: LogEvent[];
}

/** `define` gets a function, as the engine is there only once the tests run. */
export function onBoth(define: (database: () => TestDatabase) => void, options: EngineOptions = {}): void {
  describe("server", () => withServer((server) => run("postgres", () => server().url(), define, options)));
  describe("embedded", onEmbedded, () => run("pglite", () => "pglite:memory", define, options));
}

/** A server of a test file's own, which asks for a password and may be mistreated. */
export interface TestServer {
  readonly port: number;
  /** Where its unix socket is. */
  readonly folder: string;
  url(database?: string): string;
}

export function withServer(define: (server: () => TestServer) => void): void {
  let server: TestServer | undefined;
  let stop = async () => {};
  before(async () => {
    const started = await startServer({
      major: await serverMajor(),
      settings: { max_connections: 30 },
      password: "secret",
    });
    stop = started.stop;
    const [row] = await queryRows<{ unix_socket_directories: string }>(started.url, "SHOW unix_socket_directories");
    server = {
      port: Number(new URL(started.url).port),
      folder: row?.unix_socket_directories ?? "",
      url: (database = "postgres") => started.url.replace(/[^/]*$/, database),
    };
  });
  after(() => stop());
  define(() => server!);
}

function run(
  kind: TestDatabase["kind"],
  url: () => string,
  define: (database: () => TestDatabase) => void,
  options: EngineOptions,
): void {
  let database: TestDatabase | undefined;
  before(() => {
    const sent: string[] = [];
    const events: LogEvent[] = [];
    const log = (event: LogEvent) => {
      sent.push(event.sql);
      events.push(event);
    };
    database = {
      kind,
      engine: createEngine(url(), { ...options, log, imageCache, extensions: ["citext"] }),
      sent,
      events,
    };
  });
  after(() => database?.engine.dispose());
  define(() => database!);
}
