/** From what was sent to the events of the log. */

import type { Log } from "./connection.js";
import type { Settled, StatementOptions } from "./statement.js";

/** A statement that was answered, with those that travelled with it. */
export interface Sent extends Pick<StatementOptions, "before" | "after"> {
  readonly text: string;
  readonly parameters: readonly unknown[];
  /** On the clock of `performance.now()`. */
  readonly start: number;
  readonly settled: Settled;
  /** What its caller gets to see. */
  readonly error: unknown;
}

/** Calls the log once for each statement that ran; those behind one that failed did not. */
export function reporter(options: {
  readonly log?: Log | undefined;
  readonly logParameters?: boolean | undefined;
}): (sent: Sent) => void {
  const { log, logParameters } = options;
  if (log === undefined) return () => {};
  return ({ before, text, after, parameters, start, settled, error }) => {
    const milliseconds = performance.now() - start;
    for (const sql of [before, text, after]) {
      if (sql === undefined) continue;
      const own = sql === text;
      const failed = error !== undefined && sql === settled.text;
      log({
        sql,
        milliseconds: own ? milliseconds : 0,
        ...(logParameters ? { parameters: own ? parameters : [] } : {}),
        rowCount: own ? settled.result.rowCount : 0,
        ...(failed ? { error } : {}),
      });
      // A row that can't be read stops nothing on the server.
      if (failed && settled.error !== undefined) return;
    }
  };
}
