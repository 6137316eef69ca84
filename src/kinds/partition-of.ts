/** Apart from the kinds, for verbs that don't wait for them to load. */

import { type CatalogObject, objectId } from "../catalog/catalog.js";
import type { TableTree } from "./table-tree.js";

/** Whether it is a partition of one of these tables, given by their ids, or of a partition of them. */
export function isPartitionOf(
  { kind, definition }: Pick<CatalogObject, "kind" | "definition">,
  tables: ReadonlySet<string>,
): boolean {
  if (kind !== "table") return false;
  // Objects of this kind have this definition.
  const { partitionOf } = definition as TableTree;
  return (
    partitionOf !== undefined &&
    [partitionOf.table, partitionOf.root].some((path) => path !== undefined && tables.has(objectId("table", path)))
  );
}
