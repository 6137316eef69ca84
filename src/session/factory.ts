/** Where sessions come from. */

import type { Engine } from "../engine/engine.js";
import { SerializationError } from "../engine/errors.js";
import { Session, type SessionOptions } from "./session.js";
import type { TransactionOptions } from "./transaction.js";

export interface WorkOptions extends TransactionOptions {
  /** How often to begin again after a serialization failure or a deadlock. Default 0. `work` runs anew each time. */
  readonly retries?: number;
}

export interface SessionFactory {
  /** A new session; options given here win over the factory's. */
  (options?: SessionOptions): Session;
  /** Runs `work` in a session of its own: committed when it is done, rolled back when it throws, always closed. */
  begin<T>(work: (session: Session) => Promise<T>, options?: WorkOptions): Promise<T>;
}

/**
 * ```ts
 * const Sessions = sessionmaker(engine, { isolationLevel: "repeatable read" });
 * await using session = Sessions();
 * const id = await Sessions.begin(async (session) => …, { retries: 3 });
 * ```
 */
export function sessionmaker(engine: Engine, options: SessionOptions = {}): SessionFactory {
  const create = (own: SessionOptions = {}) => new Session(engine, { ...options, ...own });
  const begin = async <T>(work: (session: Session) => Promise<T>, { retries = 0, ...mode }: WorkOptions = {}) => {
    for (let attempt = 0; ; attempt++) {
      try {
        return await commitAround(create(mode), work);
      } catch (error) {
        if (!(error instanceof SerializationError) || attempt >= retries) throw error;
        await pause(attempt);
      }
    }
  };
  return Object.assign(create, { begin });
}

async function commitAround<T>(session: Session, work: (session: Session) => Promise<T>): Promise<T> {
  try {
    const result = await work(session);
    await session.commit();
    return result;
  } finally {
    await session.close();
  }
}

/** Some 10, 20, 40 … milliseconds, at random, so that those who met once don't meet again. */
function pause(attempt: number): Promise<void> {
  const milliseconds = Math.random() * 20 * 2 ** Math.min(attempt, 6);
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Wraps functions so that each call has a session of its own, rolled back unless it commits, and always closed.
 *
 * ```ts
 * const withSession = connection(Sessions);
 * export const rename = withSession(async (session, id: number, name: string) => {
 *   await session.execute(sql`UPDATE users SET name = ${name} WHERE id = ${id}`);
 *   await session.commit();
 * });
 * await rename(7, "Ada");
 * ```
 */
export function connection(
  factory: SessionFactory,
): <A extends unknown[], T>(method: (session: Session, ...args: A) => Promise<T>) => (...args: A) => Promise<T> {
  return (method) =>
    async (...args) => {
      const session = factory();
      try {
        return await method(session, ...args);
      } finally {
        await session.close();
      }
    };
}
