/** What kinds may ask while they write statements, and the catalogs as the planner sees them. */

import { type Catalog, type CatalogObject, objectId } from "../catalog/catalog.js";
import { kindOf, kinds } from "../kinds/index.js";
import type { PlanContext, TypeSwap } from "../kinds/kind.js";
import { heldByOthers, slotHolders } from "./slots.js";
import type { State } from "./states.js";

export interface PlanOptions {
  /** What becomes of rows that hold a label that is gone, by the enum's id. */
  readonly labelReplacements?: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** The models' word on how a column's values become its new type, by the column's id. */
  readonly using?: ReadonlyMap<string, string>;
  /** Give rows a neutral value where theirs was lost, and leave what others may use by now. Default: false. */
  readonly isWayBack?: boolean;
}

/** The catalog with the dependencies that each object has by itself, and not by one of its parts. */
export function withOwnNeeds(catalog: Catalog): Catalog {
  const dependencies = new Map(catalog.dependencies);
  for (const [id, needs] of catalog.dependencies) {
    const object = catalog.objects.get(id);
    const standsWithout = object && kindOf(object.kind).standsWithout;
    if (standsWithout === undefined) continue;
    const own = [...needs].filter((need) => {
      const needed = catalog.objects.get(need);
      return needed === undefined || !standsWithout(needed);
    });
    dependencies.set(id, new Set(own));
  }
  return { ...catalog, dependencies };
}

/** Both catalogs with what stands on either side for parts that change hands. */
export function withHandedOver(from: Catalog, to: Catalog): readonly [Catalog, Catalog] {
  const handed = kinds.flatMap((kind) => kind.handedOver?.(from, to) ?? []);
  const withObjects = (catalog: Catalog, objects: readonly CatalogObject[]): Catalog =>
    objects.length === 0
      ? catalog
      : {
          ...catalog,
          objects: new Map([...catalog.objects, ...objects.map((object) => [object.id, object] as const)]),
        };
  return [
    withObjects(
      from,
      handed.flatMap((each) => each.from),
    ),
    withObjects(
      to,
      handed.flatMap((each) => each.to),
    ),
  ];
}

/** @param states what is decided so far; it may still grow */
export function planContext(
  from: Catalog,
  to: Catalog,
  states: ReadonlyMap<string, State>,
  options: PlanOptions,
): PlanContext {
  const swapsUnder = (id: string): TypeSwap[] => {
    const swaps: TypeSwap[] = [];
    for (const need of from.dependencies.get(id) ?? []) {
      const state = states.get(need);
      if (state?.op !== "swap") continue;
      const { swap } = kindOf(state.from.kind);
      if (swap === undefined) continue;
      const { from: old, to: successor } = state;
      const changesValues = swap.changesValues?.(old, successor, context) ?? false;
      const losesValues = swap.losesValues?.(old, successor, context) ?? false;
      swaps.push({ from: old, to: successor, changesValues, losesValues, carry: swap.carry(old, successor, context) });
    }
    return swaps;
  };
  let holders: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  const context: PlanContext = {
    from,
    to,
    sharesSlot(id, slot) {
      holders ??= slotHolders(to);
      return heldByOthers(holders, slot, id);
    },
    survives(kind, path) {
      const id = objectId(kind, path);
      return from.objects.has(id) && to.objects.has(id) && states.get(id)?.op !== "replace";
    },
    swapsUnder,
    labelReplacements: (id) => options.labelReplacements?.get(id) ?? {},
    usingFor: (id) => options.using?.get(id) ?? null,
    isWayBack: options.isWayBack ?? false,
  };
  return context;
}
