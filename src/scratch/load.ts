/** Loads statements whose order is not wholly known: what fails for want of another is tried again after it. */

import type { Connection } from "../engine/connection.js";
import { DatabaseError } from "../engine/errors.js";
import { onScratch } from "./security-label.js";

/** A statement and where it comes from, for the message if PostgreSQL refuses it. */
export interface Loadable {
  readonly sql: string;
  readonly origin: string;
}

/** A statement that PostgreSQL refuses, whatever is loaded before it. */
export interface Refusal {
  readonly statement: Loadable;
  readonly error: DatabaseError;
}

/**
 * Runs the statements on a scratch database, inside the open transaction: all in one message, or, where that fails, one by one, those that fail
 * again after the others, until no more of them succeed.
 *
 * @returns what was refused in the end; those statements have left nothing behind.
 */
export async function loadStatements(connection: Connection, statements: readonly Loadable[]): Promise<Refusal[]> {
  if (statements.length === 0) return [];
  await connection.script("SAVEPOINT load");
  try {
    await connection.script(statements.map(({ sql }) => onScratch(sql)).join(";\n"));
    return [];
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    await connection.script("ROLLBACK TO SAVEPOINT load");
  }
  let waiting = statements;
  for (;;) {
    const refusals = await tryEach(connection, waiting);
    if (refusals.length === 0 || refusals.length === waiting.length) return refusals;
    waiting = refusals.map(({ statement }) => statement);
  }
}

async function tryEach(connection: Connection, statements: readonly Loadable[]): Promise<Refusal[]> {
  const refusals: Refusal[] = [];
  for (const statement of statements) {
    await connection.script("SAVEPOINT load");
    try {
      await connection.script(onScratch(statement.sql));
      await connection.script("RELEASE SAVEPOINT load");
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      await connection.script("ROLLBACK TO SAVEPOINT load; RELEASE SAVEPOINT load");
      refusals.push({ statement, error });
    }
  }
  return refusals;
}
