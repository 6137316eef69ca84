/** Runs the same tests on a server and on the embedded database. */

import { after, before, describe } from "node:test";
import { createEngine, type Engine, type EngineOptions, type LogEvent } from "../../src/index.js";
import { startServer, type TestServer } from "./server-local.js";

export interface TestDatabase {
  readonly kind: "postgres" | "pglite";
  readonly engine: Engine;
  /** The statements sent since `sent.length = 0`. */
  readonly sent: string[];
  readonly events: LogEvent[];
}

/** `define` gets a function, as the engine is there only once the tests run. */
export function onBoth(
  port: number,
  define: (database: () => TestDatabase) => void,
  options: EngineOptions = {},
): void {
  describe("server", () => withServer(port, (server) => run("postgres", () => server().url(), define, options)));
  describe("embedded", () => run("pglite", () => "pglite:memory", define, options));
}

export function withServer(port: number, define: (server: () => TestServer) => void): void {
  let server: TestServer | undefined;
  before(async () => {
    server = await startServer(port);
  });
  after(() => server?.stop());
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
    database = { kind, engine: createEngine(url(), { ...options, log, extensions: ["citext"] }), sent, events };
  });
  after(() => database?.engine.dispose());
  define(() => database!);
}
