/** Extended statistics of a table or a materialized view, as a model's options say them. */

import type { Column } from "../sql/column.js";
import type { SqlFragment } from "../sql/fragment.js";
import type { StatisticsKind } from "./declarations.js";

export interface StatisticsOptions {
  /** Columns, and expressions as SQL. */
  readonly on: readonly (Column<unknown> | SqlFragment)[];
  /** Left out: all. */
  readonly kinds?: readonly StatisticsKind[];
  /** From 0 to 10000; left out: that of the columns. */
  readonly target?: number;
  /** Left out: the table's. */
  readonly schema?: string;
  readonly comment?: string;
  /** The name that it had before: `ALTER STATISTICS … RENAME TO`, and no question asked. */
  readonly renamedFrom?: string;
}

export interface Statistics {
  readonly kind: "statistics";
  readonly name: string;
  readonly options: StatisticsOptions;
}

/**
 * ``statistics: (c) => [statistics("places", { on: [c.city, c.zip], kinds: ["dependencies"] })]`` →
 * `CREATE STATISTICS "places" (dependencies) ON "city", "zip" FROM "addresses"`.
 */
export function statistics(name: string, options: StatisticsOptions): Statistics {
  return Object.freeze({ kind: "statistics", name, options } as const);
}
