/** What random schemas are made with: numbers in a row, and names. */

export type Move = readonly number[];

/** Names that have broken tools. */
export const names = [
  ..."users orders a b c id status Order select user_id name".split(" "),
  ...['"; drop table x; --', "🐘 emoji", "x".repeat(63), "it's", "back\\slash", "a.b", "$1", "a b", "null", " "],
  ...[
    "status_going_away",
    "a_going_away",
    "users_going_away",
    "é".repeat(31),
    'q"uote',
    "{x}",
    "users_id_seq",
    "a_range",
  ],
];
/** The number that follows in a move. */
export class Picks {
  #at = 0;
  constructor(readonly numbers: Move) {}
  next(): number {
    return this.numbers[this.#at++ % this.numbers.length] ?? 0;
  }
  below(limit: number): number {
    return limit === 0 ? 0 : this.next() % limit;
  }
  of<T>(list: readonly T[]): T | undefined {
    return list[this.below(list.length)];
  }
  oneIn(n: number): boolean {
    return this.below(n) === 0;
  }
  rest(): number[] {
    return [...this.numbers.slice(this.#at % this.numbers.length), ...this.numbers];
  }
}

/** A name, most often one that nothing beside it has. */
export function name(picks: Picks, beside: readonly { readonly name: string }[] = []): string {
  const free = names.filter((each) => beside.every((other) => other.name !== each));
  return picks.of(picks.oneIn(12) || free.length === 0 ? names : free) ?? "x";
}
