/** A pool of connections: at most `size` at a time, the rest wait their turn. */

import { AthanorError } from "../errors.js";
import type { ReleaseOptions } from "./connection.js";
import type { DriverConnection } from "./driver.js";
import { PoolTimeoutError, QueryCanceledError } from "./errors.js";
import type { PoolOptions } from "./pool-options.js";

interface Idle {
  readonly connection: DriverConnection;
  readonly timer: NodeJS.Timeout | undefined;
}

interface Waiter {
  take(): void;
  fail(error: unknown): void;
}

export class Pool {
  readonly #open: () => Promise<DriverConnection>;
  readonly #options: Required<PoolOptions>;
  readonly #place: string;
  /** The one used last is taken first, so that those not needed age out. */
  readonly #idle: Idle[] = [];
  readonly #waiters: Waiter[] = [];
  #inUse = 0;
  #disposed = false;

  constructor(open: () => Promise<DriverConnection>, options: PoolOptions, place: string) {
    this.#open = open;
    this.#place = place;
    this.#options = {
      size: options.size ?? 10,
      idleTimeout: options.idleTimeout ?? 30_000,
      acquireTimeout: options.acquireTimeout ?? 30_000,
      recycle: options.recycle ?? Number.POSITIVE_INFINITY,
      prePing: options.prePing ?? false,
    };
  }

  /**
   * @param signal ends the wait for one to come free.
   * @throws PoolTimeoutError `pool.timeout` when none came free within `acquireTimeout`.
   * @throws QueryCanceledError `db.query_canceled` when the signal ended the wait.
   * @throws OperationalError when a new one can't be made.
   */
  async acquire(signal?: AbortSignal): Promise<DriverConnection> {
    await this.#turn(signal);
    try {
      const connection = (await this.#reuse()) ?? (await this.#open());
      connection.inUse();
      return connection;
    } catch (error) {
      this.#next();
      throw error;
    }
  }

  /** Takes a connection back, rid of what was left open; a broken one is closed instead. */
  async release(connection: DriverConnection, options?: ReleaseOptions): Promise<void> {
    try {
      await connection.reset(options);
    } catch {
      // It can't be trusted then.
      await closeQuietly(connection);
    }
    if (connection.broken || this.#disposed) await closeQuietly(connection);
    else this.#keep(connection);
    this.#next();
  }

  /** Closes what is idle now, and what is in use as it is given back. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    for (const waiter of this.#waiters.splice(0)) waiter.fail(this.#gone());
    await Promise.all(this.#idle.splice(0).map((idle) => this.#close(idle)));
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    if (this.#disposed) throw this.#gone();
    if (this.#inUse < this.#options.size) {
      this.#inUse++;
      return Promise.resolve();
    }
    if (signal?.aborted) throw canceled(signal);
    return new Promise((resolve, reject) => {
      const leave = (error: unknown) => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        waiter.fail(error);
      };
      const timer = setTimeout(() => leave(this.#timeout()), this.#options.acquireTimeout);
      const abort = () => leave(canceled(signal));
      signal?.addEventListener("abort", abort, { once: true });
      const settle = (end: () => void) => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
        end();
      };
      const waiter: Waiter = { take: () => settle(resolve), fail: (error) => settle(() => reject(error)) };
      this.#waiters.push(waiter);
    });
  }

  /** One user less, or the next in line in its place. */
  #next(): void {
    const waiter = this.#waiters.shift();
    if (waiter === undefined) this.#inUse--;
    else waiter.take();
  }

  async #reuse(): Promise<DriverConnection | undefined> {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      clearTimeout(idle.timer);
      // From here somebody waits for its answers, which an idle one would not keep the process up for.
      idle.connection.inUse();
      if (await this.#usable(idle.connection)) return idle.connection;
      await this.#close(idle);
    }
    return undefined;
  }

  async #usable(connection: DriverConnection): Promise<boolean> {
    const { recycle, prePing } = this.#options;
    if (connection.broken || performance.now() - connection.openedAt > recycle) return false;
    if (!prePing) return true;
    try {
      await connection.query("SELECT 1");
      return true;
    } catch {
      return false;
    }
  }

  #keep(connection: DriverConnection): void {
    connection.idle();
    const { idleTimeout } = this.#options;
    const timer = Number.isFinite(idleTimeout) ? setTimeout(() => this.#expire(idle), idleTimeout).unref() : undefined;
    const idle: Idle = { connection, timer };
    this.#idle.push(idle);
  }

  #expire(idle: Idle): void {
    this.#idle.splice(this.#idle.indexOf(idle), 1);
    void this.#close(idle);
  }

  async #close({ connection, timer }: Idle): Promise<void> {
    clearTimeout(timer);
    await closeQuietly(connection);
  }

  #timeout(): PoolTimeoutError {
    const { size, acquireTimeout } = this.#options;
    const used = size === 1 ? "its only one is" : `all ${size} are`;
    const advice = size === 1 ? "" : ", or make the pool larger";
    const message = `No connection to ${this.#place} came free within ${acquireTimeout} ms: ${used} in use. A session gives its own back with commit(), rollback() or close(): end it before${advice}.`;
    return new PoolTimeoutError("pool.timeout", message);
  }

  #gone(): AthanorError {
    return new AthanorError("engine.disposed", "The engine was disposed of. Create a new one to connect again.");
  }
}

function canceled(signal: AbortSignal | undefined): QueryCanceledError {
  const message = "The wait for a connection was cancelled; nothing was sent.";
  return new QueryCanceledError("db.query_canceled", message, {}, signal?.reason);
}

async function closeQuietly(connection: DriverConnection): Promise<void> {
  // It is being thrown away: that it can't even be closed changes nothing for anybody.
  await connection.close().catch(() => {});
}
