/** What managed objects need and the tool does not manage, such as a base type. */

import type { Catalog, CatalogObject } from "../catalog/catalog.js";
import { kindOf } from "../kinds/index.js";
import { byPath } from "./naming.js";

export interface NeededExternal {
  readonly object: CatalogObject;
  readonly neededBy: CatalogObject;
}

/** The unmanaged objects that managed ones need, directly or through others of them; what is needed comes first. */
export function neededExternals(catalog: Catalog): readonly NeededExternal[] {
  const unmanaged = new Map<string, CatalogObject>();
  for (const [id, object] of catalog.objects) if (kindOf(object.kind).managed === false) unmanaged.set(id, object);
  if (unmanaged.size === 0) return [];
  const needsOf = ({ id }: CatalogObject): readonly CatalogObject[] =>
    [...(catalog.dependencies.get(id) ?? [])].flatMap((need) => unmanaged.get(need) ?? []).sort(byPath);
  const found = new Map<string, NeededExternal>();
  const visit = (object: CatalogObject, neededBy: CatalogObject, seen: ReadonlySet<string>): void => {
    if (found.has(object.id) || seen.has(object.id)) return;
    for (const need of needsOf(object)) visit(need, object, new Set([...seen, object.id]));
    found.set(object.id, { object, neededBy });
  };
  const needy = [...catalog.objects.values()].filter(
    ({ id }) => !unmanaged.has(id) && [...(catalog.dependencies.get(id) ?? [])].some((need) => unmanaged.has(need)),
  );
  for (const object of needy.sort(byPath)) for (const need of needsOf(object)) visit(need, object, new Set());
  return [...found.values()];
}
