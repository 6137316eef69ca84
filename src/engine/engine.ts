/** `createEngine`: a database's address, its pool, and the ways to a connection. */

import { AthanorError } from "../errors.js";
import type { HeldConnection, Log } from "./connection.js";
import type { DriverConnection } from "./driver.js";
import { PooledConnection } from "./held.js";
import { Pool } from "./pool.js";
import type { PoolOptions } from "./pool-options.js";
import { maskUrl, type PostgresTarget, parseUrl, type Target } from "./url.js";

/** Every time is in milliseconds. */
export interface EngineOptions {
  readonly pool?: PoolOptions;
  /** Default 10,000. */
  readonly connectTimeout?: number;
  /** PostgreSQL's `statement_timeout`. The embedded database doesn't keep it: it can't be interrupted. */
  readonly statementTimeout?: number;
  /** PostgreSQL's `lock_timeout`. */
  readonly lockTimeout?: number;
  readonly applicationName?: string;
  /**
   * Whether statements are kept prepared. Default true. False for a proxy that gives each transaction another server
   * connection and doesn't follow prepared statements (PgBouncer before 1.21 in transaction mode).
   */
  readonly prepare?: boolean;
  /** The isolation level of every transaction that doesn't say its own. */
  readonly isolationLevel?: IsolationLevel;
  /** Called after each statement. */
  readonly log?: Log;
  /** Shows the log the parameters too. They are data, and may be secret. */
  readonly logParameters?: boolean;
  /** Embedded only: the contrib extensions to offer, by name. All unless said, which costs 0.3 s at start. */
  readonly extensions?: readonly string[];
  /** Embedded and in memory only: a folder to keep the image of a fresh database in, which makes the next start fast. */
  readonly imageCache?: string;
}

export type IsolationLevel = "read uncommitted" | "read committed" | "repeatable read" | "serializable";

export interface Engine extends AsyncDisposable {
  readonly dialect: "postgresql";
  /** A server, or PGlite in this process. */
  readonly kind: "postgres" | "pglite";
  /** The URL with `***` in the password's place. */
  readonly url: string;
  readonly isolationLevel: IsolationLevel | undefined;
  /**
   * A connection out of the pool, for those who need one for longer than a transaction: advisory locks, `CREATE INDEX
   * CONCURRENTLY`, temporary tables. A session may be bound to it: `new Session(connection)`.
   *
   * @throws PoolTimeoutError, OperationalError
   */
  connect(): Promise<HeldConnection>;
  /**
   * Closes every connection; those in use when they are given back. An embedded database that isn't disposed of keeps the
   * process for up to ten seconds, by a timer of PostgreSQL's own.
   */
  dispose(): Promise<void>;
}

/**
 * Nothing is opened until the first statement.
 *
 * ```ts
 * const engine = createEngine("postgres://ada:secret@localhost/app", { pool: { size: 5 } });
 * const embedded = createEngine("pglite:./.orm/data");
 * ```
 *
 * @param url `postgres://…`, `postgresql://…` or `pglite:…`; `DATABASE_URL` where it is left out.
 * @throws AthanorError `url.missing`, `url.invalid`
 */
export function createEngine(url: string | undefined = process.env.DATABASE_URL, options: EngineOptions = {}): Engine {
  if (url === undefined || url === "")
    throw new AthanorError(
      "url.missing",
      "There is no database URL. Give one to createEngine, or set DATABASE_URL, such as postgres://user@localhost/app or pglite:./data.",
    );
  return new PooledEngine(maskUrl(url), parseUrl(url), options);
}

class PooledEngine implements Engine {
  readonly dialect = "postgresql";
  readonly kind: Engine["kind"];
  readonly isolationLevel: IsolationLevel | undefined;
  readonly #pool: Pool;

  constructor(
    readonly url: string,
    target: Target,
    options: EngineOptions,
  ) {
    this.kind = target.kind;
    this.isolationLevel = options.isolationLevel;
    this.#pool = target.kind === "postgres" ? serverPool(target, options) : embeddedPool(target.folder, options);
  }

  async connect(): Promise<HeldConnection> {
    return new PooledConnection(await this.#pool.acquire(), this.#pool);
  }

  dispose(): Promise<void> {
    return this.#pool.dispose();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  toString(): string {
    return `Engine(${this.url})`;
  }
}

function serverPool(target: PostgresTarget, options: EngineOptions): Pool {
  let opener: Promise<() => Promise<DriverConnection>> | undefined;
  const open = async () => {
    opener ??= serverOpener(target, options);
    return (await opener)();
  };
  return new Pool(open, options.pool ?? {}, target.place);
}

/** PGlite has one connection, which lives as long as the engine: a second user waits for the first. */
function embeddedPool(folder: string | null, options: EngineOptions): Pool {
  const { acquireTimeout } = options.pool ?? {};
  const wait = acquireTimeout === undefined ? {} : { acquireTimeout };
  const once = { size: 1, idleTimeout: Number.POSITIVE_INFINITY, ...wait };
  return new Pool(() => openEmbedded(folder, options), once, "the embedded database");
}

/** Loaded with the first connection, not with the library. */
async function serverOpener(target: PostgresTarget, options: EngineOptions) {
  const { postgresOpener } = await import("./postgres.js");
  return postgresOpener(target, {
    connectTimeoutMs: options.connectTimeout ?? target.connectTimeoutMs ?? 10_000,
    statementTimeoutMs: options.statementTimeout ?? target.statementTimeoutMs,
    lockTimeoutMs: options.lockTimeout ?? target.lockTimeoutMs,
    applicationName: options.applicationName,
    prepare: options.prepare,
    log: options.log,
    logParameters: options.logParameters,
  });
}

async function openEmbedded(folder: string | null, options: EngineOptions): Promise<DriverConnection> {
  const { connectPglite, startPglite } = await import("./pglite.js");
  const { imageCache, extensions } = options;
  if (folder !== null || imageCache === undefined)
    return connectPglite(await startPglite({ folder, extensions }), options);
  const { freshPglite } = await import("./pglite-image.js");
  return connectPglite(await freshPglite(imageCache, extensions), options);
}

/** Runs `work` on a connection out of the pool, and gives it back whatever happens. */
export async function withConnection<T>(engine: Engine, work: (connection: HeldConnection) => Promise<T>): Promise<T> {
  const connection = await engine.connect();
  try {
    return await work(connection);
  } finally {
    await connection.release();
  }
}
