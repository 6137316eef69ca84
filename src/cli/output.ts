/** What a verb says: its result on stdout, everything else on stderr. */

import type { Log } from "../engine/connection.js";
import type { Colours } from "./colours.js";

export interface OutputOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly colours: Colours;
}

export class Output {
  readonly colours: Colours;
  readonly json: boolean;
  /** Shows statements and their timings; only with `--verbose`. */
  readonly log: Log | undefined;
  readonly #quiet: boolean;

  constructor({ json, quiet, verbose, colours }: OutputOptions) {
    this.json = json;
    this.colours = colours;
    this.#quiet = quiet;
    this.log = verbose ? logStatement : undefined;
  }

  /** The result: text for people, or one JSON document. No text at all: nothing is printed. */
  result(text: string, json: unknown): void {
    if (this.json) process.stdout.write(`${JSON.stringify(json, null, 2)}\n`);
    else if (text !== "") process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
  }

  /** What is worth knowing beside the result. */
  note(sentence: string): void {
    if (!this.#quiet) writeError(sentence);
  }
}

/** A line on stderr, without passwords. */
export function writeError(text: string): void {
  process.stderr.write(`${hidePasswords(text)}\n`);
}

const logStatement: Log = ({ sql, milliseconds, rowCount, error }) => {
  const outcome = error === undefined ? `${rowCount} ${rowCount === 1 ? "row" : "rows"}` : "failed";
  writeError(`${sql.trim()}\n-- ${milliseconds.toFixed(1)} ms, ${outcome}`);
};

/** `***` for passwords in URLs, connection strings and statements, wherever the text comes from. */
export function hidePasswords(text: string): string {
  return text
    .replace(/(\w+:\/\/[^\s:@/]*):[^\s@]*@/g, "$1:***@")
    .replace(/(\bpassword=)[^\s&'"]+/gi, "$1***")
    .replace(/(\bpassword\s+)'(?:[^']|'')*'/gi, "$1'***'");
}
