/** What a migration file exports. */

import type { Session } from "../session/session.js";
import type { Sql } from "../sql/sql.js";

/** A statement that runs by itself, outside the migration's transaction. */
export interface OutsideStep {
  readonly kind: "outside";
  readonly statement: Sql;
}

/** A statement about what the server has and not the database, such as a role. */
export interface ServerStep {
  readonly kind: "server";
  readonly statement: Sql;
}

/** Data work in code, in the migration's transaction. */
export type DataStep = (session: Session) => Promise<void>;

export type MigrationStep = Sql | OutsideStep | ServerStep | DataStep;

/** A way back that does not exist, and why. */
export interface Irreversible {
  readonly kind: "irreversible";
  readonly reason: string;
}

export interface MigrationDefinition {
  /** The id of the migration before this one; null for the first. */
  readonly parent: string | null;
  readonly up: readonly MigrationStep[];
  readonly down: readonly MigrationStep[] | Irreversible;
  /** False: each step runs by itself, outside any transaction. Default true. */
  readonly transaction?: boolean;
}

/** The key is shared by every copy of this package: a project's and the command line's may be two. */
const migrationKey = Symbol.for("athanor.migration");

/** What `migration()` gives. */
export interface Migration extends MigrationDefinition {
  readonly [migrationKey]: true;
}

/**
 * A migration: the steps up and the steps down.
 *
 * ```ts
 * // users.nickname added
 * export default migration({
 *   parent: "20261122101500_create_users",
 *   up: [
 *     sql`ALTER TABLE "users" ADD COLUMN "nickname" text`,
 *     async (session) => { await session.execute(sql`UPDATE users SET nickname = name`); },
 *   ],
 *   down: [sql`ALTER TABLE "users" DROP COLUMN "nickname"`],
 * });
 * ```
 *
 * All steps of a direction and the entry in the history are one transaction: BEGIN, the steps, COMMIT. A statement that
 * PostgreSQL refuses in one is wrapped in `outsideTransaction`. Values in a statement's holes become literals, since
 * DDL takes no parameters.
 */
export function migration(definition: MigrationDefinition): Migration {
  return Object.freeze({ ...definition, [migrationKey]: true as const });
}

/** Whether a module's export was made by `migration()`. */
export function isMigration(value: unknown): value is Migration {
  return typeof value === "object" && value !== null && migrationKey in value;
}

/**
 * A statement for outside the transaction: what comes before it is committed first, and a run that is cut short goes on
 * behind the last step that was done.
 *
 * ```ts
 * up: [outsideTransaction(sql`CREATE INDEX CONCURRENTLY "users_email" ON "users" ("email")`)],
 * ```
 */
export function outsideTransaction(statement: Sql): OutsideStep {
  return Object.freeze({ kind: "outside", statement });
}

/**
 * A statement about what all databases of a server share, such as a role. It runs like any other; replays on scratch databases,
 * which may be on the very server that is in use, leave it out.
 *
 * ```ts
 * up: [onServer(sql`ALTER ROLE "reader" CONNECTION LIMIT 5`)],
 * ```
 */
export function onServer(statement: Sql): ServerStep {
  return Object.freeze({ kind: "server", statement });
}

/**
 * No way back, with the reason that `orm migrate down` gives.
 *
 * ```ts
 * down: irreversible("The old prices were dropped; restore them from a backup."),
 * ```
 */
export function irreversible(reason: string): Irreversible {
  return Object.freeze({ kind: "irreversible", reason });
}
