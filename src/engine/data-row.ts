/** Rows as they come over the wire: https://www.postgresql.org/docs/current/protocol-message-formats.html, DataRow. */

/** A row's values, each PostgreSQL's text of it as bytes. Only good until its reader returns: the next row takes its place. */
export class DataRow {
  bytes: Buffer = Buffer.alloc(0);
  #count = 0;
  readonly #starts: number[] = [];
  /** -1: the value is NULL. */
  readonly #ends: number[] = [];

  /** Finds the values in a message whose body begins at `offset`. */
  locate(bytes: Buffer, offset: number): void {
    this.bytes = bytes;
    this.#count = (bytes[offset]! << 8) | bytes[offset + 1]!;
    let at = offset + 2;
    for (let i = 0; i < this.#count; i++) {
      const length = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
      at += 4;
      this.#starts[i] = at;
      if (length >= 0) at += length;
      this.#ends[i] = length < 0 ? -1 : at;
    }
  }

  isNull(i: number): boolean {
    return this.#ends[i] === -1;
  }

  /** Where a value that is not NULL begins in `bytes`. */
  start(i: number): number {
    return this.#starts[i]!;
  }

  end(i: number): number {
    return this.#ends[i]!;
  }

  text(i: number): string | null {
    const end = this.#ends[i]!;
    return end === -1 ? null : this.bytes.toString("utf8", this.#starts[i], end);
  }

  texts(): (string | null)[] {
    const texts = new Array<string | null>(this.#count);
    for (let i = 0; i < this.#count; i++) texts[i] = this.text(i);
    return texts;
  }
}

/** `-42` → -42, for texts of at most 15 bytes: no string is made of them. */
export function wholeNumber(bytes: Uint8Array, start: number, end: number): number {
  const negative = bytes[start] === 45;
  let number = 0;
  for (let i = negative ? start + 1 : start; i < end; i++) number = number * 10 + bytes[i]! - 48;
  return negative ? -number : number;
}
