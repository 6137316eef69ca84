/** Differences as people read them: a unified diff of what would create each object. */

import { structuredPatch } from "diff";
import { type Catalog, type CatalogObject, catalogOf } from "../catalog/catalog.js";
import { describe, kindOf, parentId } from "../kinds/index.js";
import { compareCatalogs } from "./compare.js";
import { planCreation } from "./plan.js";

/**
 * A unified diff, one section for each object that stands alone (a table with its columns, constraints and indexes).
 *
 * @returns an empty string where nothing differs.
 */
export function renderDifferences(from: Catalog, to: Catalog, labels: { from: string; to: string }): string {
  const roots = new Map<string, CatalogObject>();
  for (const change of compareCatalogs(from, to)) {
    const object = change.op === "drop" ? change.from : change.to;
    const root = rootOf(object, change.op === "drop" ? from : to);
    roots.set(root.id, root);
  }
  if (roots.size === 0) return "";
  const [before, after] = [families(from), families(to)];
  const sections = [...roots.values()].map((root) => section(root, before(root.id), after(root.id)));
  return [`--- ${labels.from}`, `+++ ${labels.to}`, ...sections].join("\n");
}

function section(root: CatalogObject, before: readonly CatalogObject[], after: readonly CatalogObject[]): string {
  const patch = structuredPatch("", "", definitionText(before), definitionText(after), "", "", { context: 2 });
  const hunks = patch.hunks.flatMap(({ lines }, i) => [...(i === 0 ? [] : ["  …"]), ...lines]);
  const lines = hunks.filter((line) => !line.startsWith("\\"));
  return [`@@ ${describe(root)} @@`, ...lines].join("\n");
}

/** The statements that would create the objects, one below the other. */
function definitionText(objects: readonly CatalogObject[]): string {
  if (objects.length === 0) return "";
  const statements = planCreation(catalogOf(0, objects)).map(({ sql }) => `${sql};\n`);
  return statements.join("");
}

/** The object that stands alone and holds this one, directly or through others. */
function rootOf(object: CatalogObject, catalog: Catalog): CatalogObject {
  const parent = parentId(object);
  const holder = parent === null ? undefined : catalog.objects.get(parent);
  return holder === undefined ? object : rootOf(holder, catalog);
}

/** All objects by the root that holds them. */
function families(catalog: Catalog): (root: string) => readonly CatalogObject[] {
  const members = new Map<string, CatalogObject[]>();
  for (const object of catalog.objects.values()) {
    if (kindOf(object.kind).managed === false) continue;
    const { id } = rootOf(object, catalog);
    const list = members.get(id);
    if (list) list.push(object);
    else members.set(id, [object]);
  }
  return (root) => members.get(root) ?? [];
}
