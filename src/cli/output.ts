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

  /** A line of the result that can be shown before the rest; in JSON it is part of the document. */
  line(text: string): void {
    if (!this.json) process.stdout.write(`${text}\n`);
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

/** More of a statement is not shown: the catalog's queries are as long as a page. */
const longestStatement = 20;

const logStatement: Log = ({ sql, milliseconds, rowCount, error }) => {
  const lines = sql.trim().split("\n");
  const more = lines.length > longestStatement ? [`-- … ${lines.length - longestStatement} more lines`] : [];
  const outcome = error === undefined ? `${rowCount} ${rowCount === 1 ? "row" : "rows"}` : "failed";
  writeError(
    `${[...lines.slice(0, longestStatement), ...more].join("\n")}\n-- ${milliseconds.toFixed(1)} ms, ${outcome}`,
  );
};

/** `***` for passwords in URLs, connection strings and statements, wherever the text comes from. */
export function hidePasswords(text: string): string {
  return text
    .replace(/(\w+:\/\/[^\s:@/]*):[^\s@]*@/g, "$1:***@")
    .replace(/(\bpassword=)[^\s&'"]+/gi, "$1***")
    .replace(/(\bpassword\s+)'(?:[^']|'')*'/gi, "$1'***'");
}
