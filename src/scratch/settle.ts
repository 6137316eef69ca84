/**
 * A reprint is not always a fixed point: what PostgreSQL prints can print differently once it is parsed again, with the
 * same meaning. So where texts differ, the other side's text is loaded too, and what is printed then is compared.
 */

import type { Catalog, CatalogObject } from "../catalog/catalog.js";
import { compareCatalogs, sameDefinition } from "../diff/compare.js";

/**
 * `from` with the definitions of `to` wherever the two are the same once both have been printed twice.
 *
 * @param again prints a catalog's text once more; called only where something differs.
 */
export async function settle(
  from: Catalog,
  to: Catalog,
  again: (catalog: Catalog) => Promise<Catalog>,
): Promise<Catalog> {
  const differing = compareCatalogs(from, to).filter((change) => change.op === "alter");
  if (differing.length === 0) return from;
  const [fromAgain, toAgain] = [await again(from), await again(to)];
  const settled = new Map<string, CatalogObject>();
  for (const { from: before, to: after } of differing) {
    const [secondBefore, secondAfter] = [fromAgain.objects.get(before.id), toAgain.objects.get(after.id)];
    const alike = [secondBefore, before].some(
      (x) => x !== undefined && [secondAfter, after].some((y) => y !== undefined && sameDefinition(x, y)),
    );
    if (alike)
      settled.set(before.id, {
        ...after,
        kind: after.kind,
        path: after.path,
        id: after.id,
        definition: after.definition,
        comment: before.comment,
      });
  }
  if (settled.size === 0) return from;
  return { ...from, objects: new Map([...from.objects].map(([id, object]) => [id, settled.get(id) ?? object])) };
}
