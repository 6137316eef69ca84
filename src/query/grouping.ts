/** What GROUP BY can take besides expressions. */

import type { SqlFragment } from "../sql/fragment.js";
import { sql } from "../sql/sql.js";

/** `.groupBy(rollup(a, b))` → `GROUP BY ROLLUP (a, b)`: also by a alone, and of all. */
export function rollup(...by: readonly SqlFragment[]): SqlFragment {
  return sql`ROLLUP (${sql.join(by)})`;
}

/** `.groupBy(cube(a, b))` → `GROUP BY CUBE (a, b)`: by every choice of them. */
export function cube(...by: readonly SqlFragment[]): SqlFragment {
  return sql`CUBE (${sql.join(by)})`;
}

/** `.groupBy(groupingSets([a], [b], []))` → `GROUP BY GROUPING SETS ((a), (b), ())`. */
export function groupingSets(...sets: readonly (readonly SqlFragment[])[]): SqlFragment {
  return sql`GROUPING SETS (${sql.join(sets.map((set) => sql`(${sql.join(set)})`))})`;
}
