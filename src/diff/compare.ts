/** What separates two catalogs, object by object. Knows no kind by name. */

import { type Catalog, type CatalogObject, PrintedObject, sameData } from "../catalog/catalog.js";
import { kindOf } from "../kinds/index.js";

/** One difference. `alter`: same name, other definition or comment. */
export type Change =
  | { readonly op: "create"; readonly to: CatalogObject }
  | { readonly op: "drop"; readonly from: CatalogObject }
  | { readonly op: "alter"; readonly from: CatalogObject; readonly to: CatalogObject };

/** All differences in managed objects, in the order of the catalogs. Both must have been printed by one major version. */
export function compareCatalogs(from: Catalog, to: Catalog): readonly Change[] {
  const changes: Change[] = [];
  for (const object of to.objects.values()) {
    if (kindOf(object.kind).managed === false) continue;
    const before = from.objects.get(object.id);
    if (before === undefined) changes.push({ op: "create", to: object });
    else if (!sameDefinition(before, object) || before.comment !== object.comment)
      changes.push({ op: "alter", from: before, to: object });
  }
  for (const object of from.objects.values())
    if (!to.objects.has(object.id) && mayDrop(object)) changes.push({ op: "drop", from: object });
  return changes;
}

/** Whether two objects of one id are defined alike, their comments aside. */
export function sameDefinition(from: CatalogObject, to: CatalogObject): boolean {
  // Two readings by one PostgreSQL print equal definitions as equal text; that spares parsing nearly all of them.
  if (from instanceof PrintedObject && to instanceof PrintedObject && from.text === to.text) return true;
  const same = kindOf(from.kind).same ?? sameData;
  return same(from.definition, to.definition);
}

function mayDrop(object: CatalogObject): boolean {
  const kind = kindOf(object.kind);
  return kind.managed !== false && !(kind.isOutside?.(object) ?? false);
}
