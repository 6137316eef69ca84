/** Columns that most tables have alike, for a Base to give. */

import type { TableSource } from "./model-file.js";
import type { Table } from "./schema.js";

export interface SharedColumns {
  /** Their properties. */
  readonly columns: ReadonlySet<string>;
  /** The tables that have all of them. */
  readonly tables: ReadonlySet<Table>;
}

/** Fewer tables than these are no pattern. */
const fewest = 3;

/**
 * The columns whose move to a Base saves the most lines: each written alike, word for word, in all of the tables that
 * then take them from there; null where those would be less than half of all tables.
 */
export function findSharedColumns(sources: ReadonlyMap<Table, TableSource>): SharedColumns | null {
  const holders = new Map<string, Set<Table>>();
  for (const [table, { columns, bound }] of sources)
    for (const [property, { code }] of columns)
      if (!bound.has(property)) {
        const key = sharedKey(property, code);
        const having = holders.get(key);
        if (having === undefined) holders.set(key, new Set([table]));
        else having.add(table);
      }
  const threshold = Math.max(fewest, sources.size / 2);
  const common = [...holders].filter(([, tables]) => tables.size >= threshold);
  common.sort(([a, left], [b, right]) => right.size - left.size || (a < b ? -1 : 1));

  const chosen: string[] = [];
  let tables: readonly Table[] = [...sources.keys()];
  for (const [key, having] of common) {
    const rest = tables.filter((table) => having.has(table));
    if (rest.length < threshold || rest.length * (chosen.length + 1) <= tables.length * chosen.length) continue;
    chosen.push(key);
    tables = rest;
  }
  if (chosen.length === 0) return null;
  const columns = [...(sources.get(tables[0]!)?.columns ?? [])].flatMap(([property, { code }]) =>
    chosen.includes(sharedKey(property, code)) ? [property] : [],
  );
  return { columns: new Set(columns), tables: new Set(tables) };
}

/** No property has a line break in it. */
function sharedKey(property: string, code: string): string {
  return `${property}\n${code}`;
}
