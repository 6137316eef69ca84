/** Rows that are the same: the same objects, and values that are equal as a map's keys are. */

type Branch = Map<unknown, Branch>;

/** Tells rows that were there before from those that were not. */
export class Distinct {
  readonly #root: Branch = new Map();

  /** Whether no row with these values was there before; from now on one was. */
  isNew(values: readonly unknown[]): boolean {
    let branch = this.#root;
    let fresh = false;
    for (const value of values) {
      let next = branch.get(value);
      if (next === undefined) {
        next = new Map();
        branch.set(value, next);
        fresh = true;
      }
      branch = next;
    }
    return fresh;
  }
}

/**
 * Each row once, where it first stands.
 *
 * @param identify what of a row is compared.
 */
export function uniqueRows(
  rows: readonly unknown[][],
  identify: (row: unknown[]) => readonly unknown[] = (row) => row,
): unknown[][] {
  const distinct = new Distinct();
  return rows.filter((row) => distinct.isNew(identify(row)));
}
