/** Rows that are the same: the same objects, and values that are equal as a map's keys are. */

type Branch = Map<unknown, Branch>;

/**
 * Each row once, where it first stands.
 *
 * @param identify what of a row is compared.
 */
export function uniqueRows(
  rows: readonly unknown[][],
  identify: (row: unknown[]) => readonly unknown[] = (row) => row,
): unknown[][] {
  const root: Branch = new Map();
  return rows.filter((row) => {
    let branch = root;
    let fresh = false;
    for (const value of identify(row)) {
      let next = branch.get(value);
      if (next === undefined) {
        next = new Map();
        branch.set(value, next);
        fresh = true;
      }
      branch = next;
    }
    return fresh;
  });
}
