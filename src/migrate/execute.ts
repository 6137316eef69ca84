/** Runs the steps of one migration, in one direction, and records them. */

import { createHash } from "node:crypto";
import type { HeldConnection } from "../engine/connection.js";
import { DatabaseError } from "../engine/errors.js";
import { AthanorError } from "../errors.js";
import type { SqlSession } from "../session/sql-session.js";
import { type Sql, sql } from "../sql/sql.js";
import { failureOf } from "./failure.js";
import type { HistoryEntry, Journal, NewEntry } from "./history.js";
import { MigrationIntegrityError } from "./integrity.js";
import type { MigrationSession } from "./interrupt.js";
import type { LoadedMigration } from "./load.js";
import { dropInvalidIndex, verdictOn } from "./resume.js";
import type { Direction, Step } from "./step.js";

/** What a run tells while it goes on. */
export type Progress =
  /** Another runner holds the lock. */
  | { readonly kind: "waiting"; readonly holder: string }
  | { readonly kind: "begin"; readonly id: string; readonly direction: Direction; readonly steps: number }
  /** `step` is counted from 1. */
  | {
      readonly kind: "step";
      readonly id: string;
      readonly step: number;
      readonly steps: number;
      readonly sentence: string;
    }
  | { readonly kind: "end"; readonly id: string; readonly direction: Direction; readonly milliseconds: number }
  /** Something that was found or done on the way, in a sentence. */
  | { readonly kind: "note"; readonly id: string; readonly message: string };

/** What all migrations of one run share. */
export interface RunContext {
  readonly connection: HeldConnection;
  /** For the record: not interrupted. */
  readonly control: SqlSession;
  /** For the steps. */
  readonly session: MigrationSession;
  readonly journal: Journal;
  readonly signal: AbortSignal | undefined;
  /** Those that were done in this run. */
  readonly before: string[];
  report(progress: Progress): void;
}

/** A checksum of steps that are done, so that an edit of what is left is no edit of what was run. */
export function stepsChecksum(steps: readonly Step[], count: number): string {
  const done = steps.slice(0, count).map(({ sql, code }) => sql ?? String(code));
  return createHash("sha256").update(JSON.stringify(done)).digest("hex");
}

export class MigrationRun {
  readonly #context: RunContext;
  readonly #migration: LoadedMigration;
  readonly #direction: Direction;
  readonly #steps: readonly Step[];
  /** Where an earlier run was cut short. */
  readonly #cut: HistoryEntry | null;
  readonly #started = performance.now();

  constructor(
    context: RunContext,
    migration: LoadedMigration,
    direction: Direction,
    steps: readonly Step[],
    cut: HistoryEntry | null,
  ) {
    this.#context = context;
    this.#migration = migration;
    this.#direction = direction;
    this.#steps = steps;
    this.#cut = cut;
  }

  /** @throws MigrationError `migration.failed`, `migration.interrupted`; AthanorError `migration.partial` */
  async run(): Promise<void> {
    const { report } = this.#context;
    const { id } = this.#migration.file;
    const direction = this.#direction;
    report({ kind: "begin", id, direction, steps: this.#steps.length });
    try {
      await this.#runParts(await this.#resume());
    } finally {
      await this.#restoreSettings();
    }
    report({ kind: "end", id, direction, milliseconds: performance.now() - this.#started });
  }

  async #runParts(start: number): Promise<void> {
    let done = start;
    // Where nothing is left to do, there is still an entry to make.
    do {
      const end = this.#endOfPart(done);
      if (this.#steps[done]?.outside) await this.#outside(done);
      else await this.#together(done, end);
      done = end;
    } while (done < this.#steps.length);
  }

  /** A step outside a transaction is a part of its own; those between two of them are one transaction. */
  #endOfPart(start: number): number {
    if (this.#steps[start]?.outside) return start + 1;
    const end = this.#steps.findIndex((step, i) => i > start && step.outside);
    return end === -1 ? this.#steps.length : end;
  }

  async #together(start: number, end: number): Promise<void> {
    const { session } = this.#context;
    let at: number | null = null;
    try {
      for (const i of range(start, end)) {
        at = i;
        await this.#step(i);
      }
      at = null;
      if (this.#steps.slice(start, end).some(changesRole)) await session.execute(sql`RESET SESSION AUTHORIZATION`);
      await session.execute(this.#entry(end, null));
      await session.commit();
    } catch (error) {
      // Code may have left a call behind that is still running; close waits for it and rolls back.
      await session.close();
      throw this.#failure(error, at, start);
    }
  }

  async #outside(at: number): Promise<void> {
    const { session, connection, signal } = this.#context;
    if (signal?.aborted) throw this.#failure(interruption(), at, at);
    const { code } = this.#steps[at]!;
    await this.#record(at, at + 1);
    try {
      await this.#step(at);
      // What code did and has not committed yet is one with the entry.
      if (code) await session.execute(this.#entry(at + 1, null));
      await session.commit();
    } catch (error) {
      await session.close();
      // Rolled back, or refused by the server: the step is not in doubt.
      if (!connection.broken && (code || error instanceof DatabaseError)) await this.#record(at, null);
      throw this.#failure(error, at, at);
    }
    if (!code) await this.#record(at + 1, null);
  }

  async #step(at: number): Promise<void> {
    const { session, signal, report } = this.#context;
    const { sql: text, code, sentence, outside } = this.#steps[at]!;
    if (signal?.aborted) throw interruption();
    report({ kind: "step", id: this.#migration.file.id, step: at + 1, steps: this.#steps.length, sentence });
    if (code) await (this.#migration.transaction ? session.lend(code) : session.handOver(code));
    else if (outside) await session.executeAutocommit(sql.raw(text ?? ""));
    else await session.execute(sql.raw(text ?? ""));
  }

  /** The index of the step to go on with, once it is clear what became of the one that was cut short. */
  async #resume(): Promise<number> {
    const cut = this.#cut;
    if (cut === null) return 0;
    const { control } = this.#context;
    if (stepsChecksum(this.#steps, cut.stepRunning ?? cut.stepsDone) !== cut.checksum) throw this.#editedSteps(cut);
    const statement = this.#steps[cut.stepsDone]?.sql ?? null;
    const verdict =
      cut.stepRunning === null ? "again" : statement === null ? "unknown" : await verdictOn(control, statement);
    if (verdict === "unknown") throw this.#inDoubt(cut);
    if (verdict === "done") this.#note(`Step ${cut.stepsDone + 1} was cut short in the record only: it is done.`);
    else if (statement !== null) await this.#clearAway(statement);
    return verdict === "done" ? cut.stepsDone + 1 : cut.stepsDone;
  }

  async #clearAway(statement: string): Promise<void> {
    const index = await dropInvalidIndex(this.#context.control, statement);
    if (index !== null) this.#note(`Dropped ${index}, the invalid index that an attempt before had left.`);
  }

  #note(message: string): void {
    this.#context.report({ kind: "note", id: this.#migration.file.id, message });
  }

  async #record(stepsDone: number, stepRunning: number | null): Promise<void> {
    await this.#context.control.executeAutocommit(this.#entry(stepsDone, stepRunning));
  }

  #entry(stepsDone: number, stepRunning: number | null): Sql {
    const { id, parent, checksum } = this.#migration.file;
    const whole = stepsDone === this.#steps.length && stepRunning === null;
    const up = this.#direction === "up";
    const entry: NewEntry = {
      id,
      parent,
      event: whole ? (up ? "applied" : "reverted") : up ? "applying" : "reverting",
      checksum: whole ? checksum : stepsChecksum(this.#steps, stepRunning ?? stepsDone),
      stepsDone,
      stepRunning,
      marked: false,
      milliseconds: performance.now() - this.#started,
    };
    return this.#context.journal.add(entry);
  }

  /** What a migration SET for the session must not reach the next one, nor whoever has the connection after. */
  async #restoreSettings(): Promise<void> {
    const { connection } = this.#context;
    if (connection.broken || !this.#steps.some(mayChangeSettings)) return;
    // DateStyle is what values are read by; the engine sets it when it connects.
    await connection.script("RESET SESSION AUTHORIZATION; RESET ALL; SET datestyle = ISO");
  }

  #failure(cause: unknown, at: number | null, stepsDone: number): AthanorError {
    const { signal, before } = this.#context;
    const { id, source } = this.#migration.file;
    const interrupted = signal?.aborted ?? false;
    const place = { id, path: source.path, direction: this.#direction, steps: this.#steps };
    return failureOf(cause, { ...place, at, stepsDone, before: [...before], interrupted });
  }

  #editedSteps({ id, stepRunning, stepsDone }: HistoryEntry): MigrationIntegrityError {
    const { path } = this.#migration.file.source;
    const message = `${path} was edited in steps that were run already (up to step ${stepRunning ?? stepsDone}). Undo that edit, or say with orm migrate mark ${id} what is done.`;
    return new MigrationIntegrityError([{ kind: "edited", id, message }]);
  }

  #inDoubt({ id, stepsDone }: HistoryEntry): AthanorError {
    const at = stepsDone + 1;
    return new AthanorError(
      "migration.partial",
      `${id} was cut short in step ${at} (${this.#steps[stepsDone]?.sentence}), outside a transaction, and whether that step was done can't be seen. Look at the database; then run orm migrate mark ${id} --steps ${at} if it was done, or --steps ${stepsDone} if not, and orm migrate ${this.#direction} again.`,
    );
  }
}

function interruption(): AthanorError {
  return new AthanorError("migration.interrupted", "The run was interrupted.");
}

function* range(start: number, end: number): Iterable<number> {
  for (let i = start; i < end; i++) yield i;
}

function mayChangeSettings({ sql: text }: Step): boolean {
  return text === null || /\b(?:set|set_config|do|call)\b/i.test(text);
}

function changesRole({ sql: text }: Step): boolean {
  return text === null || /\b(?:role|authorization)\b/i.test(text);
}
