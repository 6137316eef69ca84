/** Texts that are too long for a model's source, each in a file of its own beside it. */

import { wordsOf } from "../kinds/source-names.js";

/** As many lines are read in one look. */
const mostLines = 40;

export class TextFiles {
  /** Name → text. */
  readonly files = new Map<string, string>();
  readonly #names = new Map<string, string>();

  /** The file that holds the text, or null where it is short enough. Asked twice, it gives the same. */
  fileOf(path: readonly string[], text: string): string | null {
    if (text.split("\n").length <= mostLines) return null;
    const key = JSON.stringify([path, text]);
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const stem =
      wordsOf(path.at(-1) ?? "")
        .join("-")
        .toLowerCase() || "text";
    let name = `${stem}.sql`;
    for (let i = 2; this.files.has(name); i++) name = `${stem}-${i}.sql`;
    this.#names.set(key, name);
    this.files.set(name, text);
    return name;
  }
}
