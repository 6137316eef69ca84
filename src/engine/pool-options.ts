/** Apart from the pool, so that users' declarations don't lead to the driver's, which they may not have. */
export interface PoolOptions {
  /** Connections at most. Default 10. */
  readonly size?: number;
  /** Milliseconds after which an unused connection is closed. Default 30,000. */
  readonly idleTimeout?: number;
  /** Milliseconds to wait for a connection to come free. Default 30,000. */
  readonly acquireTimeout?: number;
  /** Milliseconds of life after which a connection is replaced when it is next asked for. Default: never. */
  readonly recycle?: number;
  /** Asks an idle connection `SELECT 1` before it is used, so that one that died silently is replaced. Default false. */
  readonly prePing?: boolean;
}
