/** History run from nothing on a scratch database. */

import type { Connection } from "../engine/connection.js";
import { DatabaseError } from "../engine/errors.js";
import { AthanorError } from "../errors.js";
import { type Loadable, loadStatements } from "../scratch/load.js";
import { preparedWithRoles } from "../scratch/roles.js";
import type { Scratch } from "../scratch/scratch.js";
import { onScratch } from "../scratch/security-label.js";
import { sql } from "../sql/sql.js";
import type { MigrationFile } from "./files.js";
import { MigrationSession } from "./interrupt.js";
import { type LoadedMigration, loadMigrations } from "./load.js";
import { ofDatabase, type Step } from "./step.js";
import type { Workspace } from "./workspace.js";

/**
 * A scratch database on which the migrations have run; the caller disposes of it. What they need of schemas that are not
 * managed is taken from the project's database where they fail without it. Their steps on the server are left out.
 *
 * @throws AthanorError `replay.failed` naming the migration and the step.
 */
export async function replay(workspace: Workspace, files: readonly MigrationFile[]): Promise<Scratch> {
  const migrations = await loadMigrations(files);
  try {
    return await replayWith(workspace, migrations, []);
  } catch (error) {
    if (!(error instanceof AthanorError) || error.code !== "replay.failed") throw error;
    const outside = await workspace.outside();
    const ground = outside.length === 0 ? null : await replayWith(workspace, migrations, outside).catch(() => null);
    if (ground === null) throw error;
    return ground;
  }
}

async function replayWith(
  workspace: Workspace,
  migrations: readonly LoadedMigration[],
  prelude: readonly Loadable[],
): Promise<Scratch> {
  return preparedWithRoles(
    (roles) => workspace.provingGround(roles),
    async ({ connection }) => {
      await loadPrelude(connection, prelude);
      const session = new MigrationSession(connection);
      for (const { file, up } of migrations) await runAll(session, ofDatabase(up), file.id);
    },
    { areMade: migrations.some(({ up }) => up.some(({ ofServer }) => ofServer)) },
  );
}

async function loadPrelude(connection: Connection, prelude: readonly Loadable[]): Promise<void> {
  if (prelude.length === 0) return;
  await connection.script("BEGIN; SET LOCAL check_function_bodies = off");
  await loadStatements(connection, prelude);
  await connection.script("COMMIT");
}

/** @throws AthanorError `replay.failed` */
export async function runAll(session: MigrationSession, steps: readonly Step[], id: string): Promise<void> {
  try {
    await rehearse(session, steps);
  } catch (error) {
    const { step, cause } = error instanceof StepError ? error : { step: null, cause: error };
    throw new AthanorError(
      "replay.failed",
      `The migration ${id} fails when history is replayed from nothing${step === null ? "" : `, at "${step.sentence}"`}: ${cause instanceof Error ? cause.message : cause} Correct it, so that a new database can be built.`,
      { cause },
    );
  }
}

/** A step that failed; its transaction was rolled back. */
export class StepError extends Error {
  constructor(
    readonly step: Step,
    override readonly cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }

  /** PostgreSQL's code, null where something else failed. */
  get sqlstate(): string | null {
    return this.cause instanceof DatabaseError ? (this.cause.sqlstate ?? null) : null;
  }
}

/**
 * Runs steps on a scratch database.
 *
 * @throws StepError
 */
export function rehearse(session: MigrationSession, steps: readonly Step[]): Promise<void> {
  return runSteps(session, steps, onScratch);
}

/**
 * Runs steps as the runner would, without a journal: those between two that stand outside are one transaction.
 *
 * @param statementOf what is run in place of a statement.
 * @throws StepError
 */
export async function runSteps(
  session: MigrationSession,
  steps: readonly Step[],
  statementOf: (sql: string) => string = (text) => text,
): Promise<void> {
  for (const step of steps) {
    try {
      if (step.outside) await session.commit();
      // Code that stands outside may commit by itself; else the transaction is not its own.
      if (step.code !== null) await (step.outside ? session.handOver(step.code) : session.lend(step.code));
      else if (step.outside) await session.executeAutocommit(sql.raw(statementOf(step.sql ?? "")));
      else await session.execute(sql.raw(statementOf(step.sql ?? "")));
    } catch (error) {
      // Code may have left a call behind that is still running; close waits for it and rolls back.
      await session.close();
      throw new StepError(step, error);
    }
  }
  await session.commit();
}
