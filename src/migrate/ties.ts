/** Ties that change, such as a partition's bound: cut on scratch databases, so that what remains can be planned. */

import type { Catalog, CatalogObject } from "../catalog/catalog.js";
import { compareCatalogs } from "../diff/compare.js";
import type { Step } from "../diff/plan.js";
import { describe, kindOf } from "../kinds/index.js";
import type { Statement } from "../kinds/kind.js";

/** What is cut before the plan and made after it, seen from one side. */
export interface TieSteps {
  readonly cut: readonly Step[];
  readonly make: readonly Step[];
  /** The objects whose ties these are. */
  readonly objects: readonly CatalogObject[];
}

/** The ties that one catalog has and the other has not, of objects that both have, and those that hold what changes. */
export function otherTies(from: Catalog, to: Catalog): { readonly from: TieSteps; readonly to: TieSteps } {
  const changed = new Set(compareCatalogs(from, to).flatMap((change) => (change.op === "alter" ? [change.to.id] : [])));
  const holds = (catalog: Catalog) => tieSteps(catalog, catalog === from ? to : from, changed);
  return { from: holds(from), to: holds(to) };
}

function tieSteps(catalog: Catalog, other: Catalog, changed: ReadonlySet<string>): TieSteps {
  const found = [...catalog.objects.values()].flatMap((object) => {
    const { ties } = kindOf(object.kind);
    const twin = other.objects.get(object.id);
    if (ties === undefined || twin === undefined) return [];
    const own = ties(object, catalog);
    if (own.length === 0) return [];
    const others = new Set(ties(twin, other).map(({ name }) => name));
    const differing = own.filter(({ name, holds }) => !others.has(name) || (holds !== undefined && changed.has(holds)));
    return differing.map((tie) => ({ object, tie }));
  });
  return {
    cut: found.map(({ object, tie }) => stepOf(tie.cut, object)),
    make: found.flatMap(({ object, tie }) =>
      [tie.make, ...(tie.again?.() ?? [])].map((statement) => stepOf(statement, object)),
    ),
    objects: [...new Set(found.map(({ object }) => object))],
  };
}

function stepOf({ sql, sentence, hazards = [], transactional = true }: Statement, object: CatalogObject): Step {
  return { sql, sentence: sentence ?? `alter ${describe(object)}`, hazards, transactional };
}
