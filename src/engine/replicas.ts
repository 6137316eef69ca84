/** Servers that follow the primary and only read, taken in turn. */

import type { DriverConnection } from "./driver.js";
import { OperationalError, PoolTimeoutError } from "./errors.js";
import type { Pool } from "./pool.js";

/** Milliseconds for which one that could not be reached is passed over, so that not every user waits for it anew. */
const restMs = 10_000;

interface Replica {
  readonly pool: Pool;
  /** On the clock of `performance.now()`. */
  restsUntil: number;
}

export class Replicas {
  readonly #replicas: readonly Replica[];
  #turn = 0;

  constructor(pools: readonly Pool[]) {
    this.#replicas = pools.map((pool) => ({ pool, restsUntil: 0 }));
  }

  /**
   * @returns undefined where there is none, or none can be reached.
   * @throws PoolTimeoutError `pool.timeout`: it is busy, which the primary would be soon.
   */
  async acquire(
    signal?: AbortSignal,
  ): Promise<{ readonly pool: Pool; readonly connection: DriverConnection } | undefined> {
    const first = this.#turn++;
    for (let i = 0; i < this.#replicas.length; i++) {
      const replica = this.#replicas[(first + i) % this.#replicas.length]!;
      if (performance.now() < replica.restsUntil) continue;
      try {
        return { pool: replica.pool, connection: await replica.pool.acquire(signal) };
      } catch (error) {
        if (!(error instanceof OperationalError) || error instanceof PoolTimeoutError) throw error;
        replica.restsUntil = performance.now() + restMs;
      }
    }
    return undefined;
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#replicas.map(({ pool }) => pool.dispose()));
  }
}
