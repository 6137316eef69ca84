/** How many locks a plan holds at once: PostgreSQL keeps all of a transaction's, in a table of fixed size. */

import type { Catalog, CatalogObject } from "../catalog/catalog.js";
import { compareCatalogs } from "../diff/compare.js";
import { kindOf, parentId } from "../kinds/index.js";

/** A stock server's: max_locks_per_transaction (64) × (max_connections (100) + max_prepared_transactions (0)). */
const stockLocks = 6400;

/** About how many relations are locked where one catalog becomes the other in one transaction. */
export function relationsLocked(from: Catalog, to: Catalog): number {
  const relations = new Set<string>();
  for (const change of compareCatalogs(from, to)) {
    const catalog = change.op === "drop" ? from : to;
    const object = change.op === "drop" ? change.from : change.to;
    for (const slot of relationsOf(object)) relations.add(slot);
    // A new table has a TOAST table, and that an index.
    if (change.op !== "alter" && object.kind === "table")
      for (const part of ["toast", "toast index"]) relations.add(`${part} ${object.id}`);
    // What is changed of a table locks it.
    const holder = catalog.objects.get(parentId(object) ?? "");
    if (holder !== undefined) for (const slot of relationsOf(holder)) relations.add(slot);
  }
  return relations.size;
}

/** A sentence where they come near to what a stock server has room for, else null. */
export function lockTableNotice(from: Catalog, to: Catalog): string | null {
  const locks = relationsLocked(from, to);
  if (locks < stockLocks / 2) return null;
  return `This locks about ${locks} relations in one transaction, and a PostgreSQL with its stock settings has room for ${stockLocks} locks in all its sessions together. Raise max_locks_per_transaction on the server before it runs, or make the change in several migrations.`;
}

function relationsOf(object: CatalogObject): readonly string[] {
  return (kindOf(object.kind).slots?.(object) ?? []).filter((slot) => slot.startsWith("relation "));
}
