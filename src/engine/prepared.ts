/** The prepared statements of one connection, by their text. */

import type { RowShape } from "./rows.js";

export interface Prepared {
  /** On the server. */
  readonly name: string;
  /** Unknown until it has run, and after its tables have changed under it: it has to be prepared (anew) then. */
  shape: RowShape | undefined;
}

/** Keeps so many; the one that was not used for longest makes way. */
export class PreparedStatements {
  readonly #limit: number;
  /** In the order of their last use. */
  readonly #byText = new Map<string, Prepared>();
  #count = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * @returns the statement of this text, and the names of those that have to be closed for it first: the one that makes
   * way, and its own where it may be there already (closing what isn't there is no error).
   */
  use(text: string): { readonly statement: Prepared; readonly close: readonly string[] } {
    const known = this.#byText.get(text);
    this.#byText.delete(text);
    const statement = known ?? { name: `athanor_${++this.#count}`, shape: undefined };
    const close = known !== undefined && known.shape === undefined ? [known.name] : [];
    const [oldest] = this.#byText;
    if (oldest !== undefined && this.#byText.size >= this.#limit) {
      this.#byText.delete(oldest[0]);
      close.push(oldest[1].name);
    }
    this.#byText.set(text, statement);
    return { statement, close };
  }

  /** All have to be prepared anew. */
  forget(): void {
    for (const statement of this.#byText.values()) statement.shape = undefined;
  }
}
