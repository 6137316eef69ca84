/**
 * The record of what was applied: a journal in the database. Entries are only ever added; where a migration stands is
 * what its last entry says. An entry is written in the transaction of the steps that it tells of.
 *
 * Entries are numbered one after the other by the runner. Where a lock did not hold, as behind a pooler that hands each
 * transaction to another connection, two runners take the same number, and the second one's transaction fails whole.
 */

import { hostname, userInfo } from "node:os";
import { DatabaseError } from "../engine/errors.js";
import { AthanorError } from "../errors.js";
import type { SqlSession } from "../session/sql-session.js";
import { displayName, quotePath } from "../sql/identifier.js";
import { type Sql, sql } from "../sql/sql.js";
import { toolVersion } from "../version.js";

/** Where the journal is. Default: `orm_migrations` in `public`. */
export interface HistoryTable {
  readonly schema: string;
  readonly table: string;
}

export const defaultHistoryTable: HistoryTable = { schema: "public", table: "orm_migrations" };

/** The names, in the history table's schema, of what is ours there: no business of a comparison of schemas. */
export function historyTableNames({ table }: HistoryTable = defaultHistoryTable): readonly string[] {
  return [table];
}

/** `applying` and `reverting`: some of its steps are done, outside a transaction, and others are not. */
export type HistoryEvent = "applied" | "reverted" | "applying" | "reverting";

/** What a runner says of a migration. */
export interface NewEntry {
  readonly id: string;
  readonly event: HistoryEvent;
  readonly parent: string | null;
  /** Of the file; while applying or reverting, of the steps that are done. */
  readonly checksum: string;
  readonly stepsDone: number;
  /** The step, from 1, that has begun outside a transaction and whose end is not known yet. */
  readonly stepRunning: number | null;
  /** Recorded by `mark`: nothing was run. */
  readonly marked: boolean;
  /** How long its steps took; null for what was marked. */
  readonly milliseconds: number | null;
}

export interface HistoryEntry extends NewEntry {
  readonly number: number;
  readonly at: Date;
  /** The role that was connected. */
  readonly role: string;
  /** Who ran it, on which machine: `ada@laptop`. */
  readonly client: string;
  readonly toolVersion: string;
}

/** The journal as it was read, and the way to add to it. */
export class Journal {
  readonly #place: HistoryTable;
  readonly entries: readonly HistoryEntry[];
  #exists: boolean;
  #number: number;

  private constructor(place: HistoryTable, exists: boolean, entries: readonly HistoryEntry[]) {
    this.#place = place;
    this.#exists = exists;
    this.entries = entries;
    this.#number = entries.at(-1)?.number ?? 0;
  }

  /** Two queries; one where there is no table yet. Nothing is written. */
  static async read(session: SqlSession, place: HistoryTable = defaultHistoryTable): Promise<Journal> {
    const path = [place.schema, place.table];
    const found = await session.executeAutocommit(sql<[boolean]>`SELECT to_regclass(${quotePath(path)}) IS NOT NULL`);
    if (!found.scalarOne()) return new Journal(place, false, []);
    try {
      const rows = await session.executeAutocommit(selectEntries(place));
      return new Journal(place, true, rows.all().map(entryOf));
    } catch (error) {
      throw error instanceof DatabaseError && error.sqlstate === "42703" ? foreignTable(place, error) : error;
    }
  }

  /** The last entry of each migration that is there, be it in part: in the order in which they came. */
  recorded(): ReadonlyMap<string, HistoryEntry> {
    const last = new Map<string, HistoryEntry>();
    for (const entry of this.entries) {
      last.delete(entry.id);
      if (entry.event !== "reverted") last.set(entry.id, entry);
    }
    return last;
  }

  /**
   * `CREATE TABLE "public"."orm_migrations" (…)`, and its schema, where they are not there yet.
   *
   * @throws AthanorError `history.create_failed`
   */
  async ensure(session: SqlSession): Promise<void> {
    if (this.#exists) return;
    const { schema, table } = this.#place;
    try {
      const known = await session.execute(sql<[boolean]>`SELECT to_regnamespace(${quotePath([schema])}) IS NOT NULL`);
      if (!known.scalarOne()) await session.execute(sql`CREATE SCHEMA ${sql.identifier(schema)}`);
      await session.execute(createTable(this.#place));
      await session.commit();
    } catch (cause) {
      await session.rollback();
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new AthanorError(
        "history.create_failed",
        `The table of applied migrations, ${displayName([schema, table])}, can't be created. ${why}\nNothing was applied. Give the role the right to create it, or put it into another schema by the configuration.`,
        { cause },
      );
    }
    this.#exists = true;
  }

  /** The statement that adds an entry; it counts, so it has to be run. */
  add(entry: NewEntry): Sql {
    this.#number++;
    const { id, event, parent, checksum, stepsDone, stepRunning, marked, milliseconds } = entry;
    const values = [this.#number, id, event, parent, checksum, stepsDone, stepRunning, marked];
    const rest = [milliseconds === null ? null : Math.round(milliseconds), clientName(), toolVersion()];
    return sql`INSERT INTO ${sql.identifier(this.#place.schema, this.#place.table)} (number, id, event, parent, checksum, steps_done, step_running, marked, milliseconds, client, tool_version) VALUES (${sql.join([...values, ...rest])})`;
  }
}

function createTable({ schema, table }: HistoryTable): Sql {
  return sql`CREATE TABLE ${sql.identifier(schema, table)} (
  number integer PRIMARY KEY,
  id text NOT NULL,
  event text NOT NULL CHECK (event IN ('applied', 'reverted', 'applying', 'reverting')),
  parent text,
  checksum text NOT NULL,
  steps_done integer NOT NULL,
  step_running integer,
  marked boolean NOT NULL,
  at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  milliseconds integer,
  role text NOT NULL DEFAULT session_user,
  client text NOT NULL,
  tool_version text NOT NULL
)`;
}

type Row = [number, string, HistoryEvent, string | null, string, number, number | null, boolean, ...Rest];
type Rest = [number, number | null, string, string, string];

function selectEntries({ schema, table }: HistoryTable): Sql<Row> {
  return sql<Row>`SELECT number, id, event, parent, checksum, steps_done, step_running, marked, (extract(epoch FROM at) * 1000)::float8, milliseconds, role, client, tool_version FROM ${sql.identifier(schema, table)} ORDER BY number`;
}

function entryOf(row: Row): HistoryEntry {
  const [number, id, event, parent, checksum, stepsDone, stepRunning, marked, at, milliseconds, role, client, version] =
    row;
  return {
    ...{ number, id, event, parent, checksum, stepsDone, stepRunning, marked, milliseconds, role, client },
    at: new Date(at),
    toolVersion: version,
  };
}

function foreignTable({ schema, table }: HistoryTable, cause: DatabaseError): AthanorError {
  return new AthanorError(
    "history.foreign",
    `The table ${displayName([schema, table])} has not the columns of Athanor's history: it seems to be another tool's. Name another table in the configuration.`,
    { cause },
  );
}

function clientName(): string {
  return `${userName()}@${hostname()}`;
}

/** Where the system has no entry for the user, as in some containers, asking for it fails. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "unknown");
  }
}
