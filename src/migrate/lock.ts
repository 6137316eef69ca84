/** One runner at a time: a session-level advisory lock, which the server takes back when its holder dies. */

import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { AthanorError } from "../errors.js";
import type { SqlSession } from "../session/sql-session.js";
import { sql } from "../sql/sql.js";
import type { HistoryTable } from "./history.js";

export interface LockOptions {
  /** Milliseconds to wait for another runner. Default 10,000; 0: don't wait. */
  readonly lockTimeout?: number;
  readonly signal?: AbortSignal;
  /** Called once, when it has to wait, with who holds the lock. */
  readonly onWaiting?: (holder: string) => void;
}

const firstPauseMs = 50;
const longestPauseMs = 1_000;

/**
 * Runs `work` while it holds the lock of one history table: `SELECT pg_try_advisory_lock($1)`, asked again after a pause
 * while another holds it. Between two questions nothing is open on the server: a waiting `pg_advisory_lock` would hold a
 * snapshot, for which the other one's CREATE INDEX CONCURRENTLY waits in turn.
 *
 * @param session of a connection that is held; outside a transaction.
 * @throws AthanorError `lock.held` naming who holds it, once `lockTimeout` has passed; `migration.interrupted`.
 */
export async function withLock<T>(
  session: SqlSession,
  history: HistoryTable,
  options: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  const key = lockKey(history);
  await acquire(session, key, options);
  try {
    return await work();
  } finally {
    await release(session, key);
  }
}

/** Advisory locks are a database's own, so the table alone makes the key. */
export function lockKey({ schema, table }: HistoryTable): bigint {
  return createHash("sha256")
    .update(JSON.stringify(["athanor", schema, table]))
    .digest()
    .readBigInt64BE();
}

async function acquire(session: SqlSession, key: bigint, options: LockOptions): Promise<void> {
  const { lockTimeout = 10_000, signal, onWaiting } = options;
  const deadline = performance.now() + lockTimeout;
  let pause = firstPauseMs;
  for (let waited = false; !(await tryLock(session, key)); waited = true) {
    const left = deadline - performance.now();
    if (left <= 0) throw held(await holderOf(session, key), lockTimeout);
    if (!waited) onWaiting?.(await holderOf(session, key));
    // A random part keeps those who wait together from asking together.
    await pauseFor(Math.min(left, pause * (0.5 + Math.random())), signal);
    pause = Math.min(pause * 2, longestPauseMs);
  }
}

async function pauseFor(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch (cause) {
    const message = "Interrupted while another migration was running; nothing was run.";
    throw new AthanorError("migration.interrupted", message, { cause });
  }
}

async function tryLock(session: SqlSession, key: bigint): Promise<boolean> {
  return (await session.executeAutocommit(sql<[boolean]>`SELECT pg_try_advisory_lock(${key})`)).scalarOne();
}

/** On a connection that was lost there is nothing to give back: the server did, and the error is on its way. */
async function release(session: SqlSession, key: bigint): Promise<void> {
  await session.executeAutocommit(sql`SELECT pg_advisory_unlock(${key})`).catch(() => {});
}

type Holder = [
  pid: number,
  user: string | null,
  application: string | null,
  address: string | null,
  since: string | null,
];

/** `process 4711, "orm", user ada, from 10.0.0.7, connected since 2026-11-22 10:15:00 UTC` */
async function holderOf(session: SqlSession, key: bigint): Promise<string> {
  const [high, low] = [BigInt.asUintN(32, key >> 32n), BigInt.asUintN(32, key)];
  const found = await session.executeAutocommit(sql<Holder>`
    SELECT l.pid, a.usename::text, nullif(a.application_name, ''), host(a.client_addr),
      to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"')
    FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
      AND l.classid = ${high}::text::oid AND l.objid = ${low}::text::oid
      AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())`);
  const holder = found.first();
  return holder ? describeHolder(holder) : "a process that has just let go of it";
}

function describeHolder([pid, user, application, address, since]: Holder): string {
  const parts = [
    `process ${pid}`,
    application && JSON.stringify(application),
    user && `user ${user}`,
    address ? `from ${address}` : "from the server's own machine",
    since && `connected since ${since}`,
  ];
  return parts.filter(Boolean).join(", ");
}

function held(holder: string, lockTimeout: number): AthanorError {
  return new AthanorError(
    "lock.held",
    `Another migration is running: the lock was still held after ${lockTimeout} ms, by ${holder}. Wait for it to end, or wait longer with a higher lock timeout.`,
  );
}
