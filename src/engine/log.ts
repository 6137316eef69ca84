/** From what is sent to the events of the engine and its log. */

import type { EngineEvents, Log, StatementEvent } from "./connection.js";
import type { Settled, StatementOptions } from "./statement.js";

/** A statement, with those that travel with it. */
export interface Sending extends Pick<StatementOptions, "before" | "after"> {
  readonly text: string;
  readonly parameters: readonly unknown[];
}

/** One that was answered. */
export interface Sent extends Sending {
  /** On the clock of `performance.now()`. */
  readonly start: number;
  readonly settled: Settled;
  /** What its caller gets to see. */
  readonly error: unknown;
}

export interface ReportOptions {
  readonly log?: Log | undefined;
  readonly logParameters?: boolean | undefined;
  readonly events?: EngineEvents | undefined;
}

export class Reporter {
  readonly #before: EngineEvents["beforeExecute"];
  readonly #after: readonly Log[];
  readonly #showParameters: boolean;

  constructor({ log, logParameters = false, events = {} }: ReportOptions) {
    this.#before = events.beforeExecute;
    this.#after = [log, events.afterExecute].filter((each) => each !== undefined);
    this.#showParameters = logParameters;
  }

  /** Tells of each statement that is going to be sent. */
  announce(sending: Sending): void {
    if (this.#before === undefined) return;
    for (const sql of textsOf(sending)) this.#before(this.#event(sql, sending));
  }

  /** Tells of each statement that ran; those behind one that failed did not. */
  report(sent: Sent): void {
    if (this.#after.length === 0) return;
    const { text, start, settled, error } = sent;
    const milliseconds = performance.now() - start;
    for (const sql of textsOf(sent)) {
      const own = sql === text;
      const failed = error !== undefined && sql === settled.text;
      const event = {
        ...this.#event(sql, sent),
        milliseconds: own ? milliseconds : 0,
        rowCount: own ? settled.result.rowCount : 0,
        ...(failed ? { error } : {}),
      };
      for (const log of this.#after) log(event);
      // A row that can't be read stops nothing on the server.
      if (failed && settled.error !== undefined) return;
    }
  }

  #event(sql: string, { text, parameters }: Sending): StatementEvent {
    const own = sql === text ? parameters : [];
    return { sql, parameterCount: own.length, ...(this.#showParameters ? { parameters: own } : {}) };
  }
}

function textsOf({ before, text, after }: Sending): readonly string[] {
  return [...(before ?? []), text, after].filter((sql) => sql !== undefined);
}
