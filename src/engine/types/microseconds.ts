/**
 * PostgreSQL's timestamps are finer than a `Date`. What a Date can't show of one that was read is kept with it, unseen, so
 * that it is written back as it was, and finds its row again: `WHERE created_at < $1` with a value that was read.
 */

/** Gives its argument as the new object: the private fields of a class that extends it are put on the argument itself. */
class Same {
  constructor(value: object) {
    // biome-ignore lint/correctness/noConstructorReturn: that is what it is for
    return value;
  }
}

/** A field that no one else sees; a WeakMap does the same at ten times the cost. */
class Finer extends Same {
  readonly #microseconds: number;
  /** The time that it belongs to: a Date may be set to another. */
  readonly #time: number;

  constructor(date: Date, microseconds: number) {
    super(date);
    this.#microseconds = microseconds;
    this.#time = date.getTime();
  }

  static of(date: Date): number {
    return #time in date && date.#time === date.getTime() ? date.#microseconds : 0;
  }
}

/** The same Date, with microseconds (0 to 999) beyond its milliseconds. One Date is given them once. */
export function withMicroseconds(date: Date, microseconds: number): Date {
  if (microseconds !== 0) new Finer(date, microseconds);
  return date;
}

/**
 * What a Date that was read from the database has beyond its milliseconds: 456 for `10:15:00.123456`. 0 for any other
 * Date, and after it was changed.
 */
export function microsecondsOf(date: Date): number {
  return Finer.of(date);
}
