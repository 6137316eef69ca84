/** `createEngine`: a database's address, its pool, and the ways to a connection. */

import { AthanorError } from "../errors.js";
import type { Connection, EngineEvents, HeldConnection, Log } from "./connection.js";
import type { DriverConnection } from "./driver.js";
import { PooledConnection } from "./held.js";
import { Pool } from "./pool.js";
import type { PoolOptions } from "./pool-options.js";
import { Replicas } from "./replicas.js";
import { maskUrl, type PostgresTarget, parseUrl, type Target } from "./url.js";

export interface ConnectOptions {
  /** For reading only: a replica's connection, where the engine has replicas. PostgreSQL isn't told. */
  readonly readOnly?: boolean;
  /** Ends the wait for a connection to come free. */
  readonly signal?: AbortSignal | undefined;
}

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
  /**
   * URLs of servers that follow this one. What is opened read-only goes to them in turn, everything else here; so does
   * reading, while none of them can be reached. They may be behind: what was just committed may not be there yet.
   */
  readonly replicas?: readonly string[];
  /** Runs on each new connection before anybody gets it: `(connection) => connection.script("SET search_path = app")`. */
  readonly onConnect?: (connection: Connection) => Promise<void>;
  /** The isolation level of every transaction that doesn't say its own. */
  readonly isolationLevel?: IsolationLevel;
  /** Called after each statement. */
  readonly log?: Log;
  /** What is called before and after each statement. */
  readonly events?: EngineEvents;
  /** Shows the log and the events the parameters too. They are data, and may be secret. */
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
  connect(options?: ConnectOptions): Promise<HeldConnection>;
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
 * @throws AthanorError `url.missing`, `url.invalid`, the latter also for a replica that is no server
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
  readonly #replicas: Replicas;

  constructor(
    readonly url: string,
    target: Target,
    options: EngineOptions,
  ) {
    this.kind = target.kind;
    this.isolationLevel = options.isolationLevel;
    this.#pool = target.kind === "postgres" ? serverPool(target, options) : embeddedPool(target.folder, options);
    this.#replicas = new Replicas(
      (options.replicas ?? []).map((replica) => serverPool(serverTarget(replica), options)),
    );
  }

  async connect({ readOnly = false, signal }: ConnectOptions = {}): Promise<HeldConnection> {
    const replica = readOnly ? await this.#replicas.acquire(signal) : undefined;
    if (replica !== undefined) return new PooledConnection(replica.connection, replica.pool);
    return new PooledConnection(await this.#pool.acquire(signal), this.#pool);
  }

  async dispose(): Promise<void> {
    await Promise.all([this.#pool.dispose(), this.#replicas.dispose()]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  toString(): string {
    return `Engine(${this.url})`;
  }
}

/** @throws AthanorError `url.invalid` */
function serverTarget(url: string): PostgresTarget {
  const target = parseUrl(url);
  if (target.kind === "postgres") return target;
  throw new AthanorError("url.invalid", `The replica ${maskUrl(url)} is no server; write postgres://….`);
}

/** Opens connections, and has each of them set up before anybody gets it. */
function settingUp(
  open: () => Promise<DriverConnection>,
  { onConnect }: EngineOptions,
): () => Promise<DriverConnection> {
  if (onConnect === undefined) return open;
  return async () => {
    const connection = await open();
    try {
      await onConnect(connection);
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  };
}

function serverPool(target: PostgresTarget, options: EngineOptions): Pool {
  let opener: Promise<() => Promise<DriverConnection>> | undefined;
  const open = async () => {
    opener ??= serverOpener(target, options);
    return (await opener)();
  };
  return new Pool(settingUp(open, options), options.pool ?? {}, target.place);
}

/** PGlite has one connection, which lives as long as the engine: a second user waits for the first. */
function embeddedPool(folder: string | null, options: EngineOptions): Pool {
  const { acquireTimeout } = options.pool ?? {};
  const wait = acquireTimeout === undefined ? {} : { acquireTimeout };
  const once = { size: 1, idleTimeout: Number.POSITIVE_INFINITY, ...wait };
  return new Pool(
    settingUp(() => openEmbedded(folder, options), options),
    once,
    "the embedded database",
  );
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
    events: options.events,
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
