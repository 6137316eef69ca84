/** What is not managed and stands in the way of a plan, in sentences. */

import type { Catalog, CatalogObject } from "../catalog/catalog.js";
import { describe, kindOf } from "../kinds/index.js";
import type { State } from "./states.js";

/** An object that is not managed and that a change would break. */
export interface Obstacle {
  readonly object: CatalogObject;
  /** The object whose change would break it. */
  readonly because: CatalogObject;
}

/** All that stands in the way; none where the plan can be made. */
export function obstacleSentences(
  from: Catalog,
  to: Catalog,
  states: ReadonlyMap<string, State>,
  broken: readonly Obstacle[],
): readonly string[] {
  const sentences: string[] = [];
  if (broken.length > 0)
    sentences.push(
      `The change would break what Athanor does not manage: ${broken.map(brokenSentence).join("; ")}. Drop it in a migration of its own first, and create it again after.`,
    );
  const made = [...states.values()].filter((state) => state.op !== "drop");
  return [...sentences, ...takenNames(from, made), ...missingNeeds(from, to, made)];
}

function brokenSentence({ object, because }: Obstacle): string {
  return `${describe(object)} depends on ${describe(because)}`;
}

type Made = Exclude<State, { op: "drop" }>;

/** A name that an unmanaged object has can't be given to another. */
function takenNames(from: Catalog, made: readonly Made[]): string[] {
  const holders = new Map<string, CatalogObject>();
  for (const object of from.objects.values()) {
    const kind = kindOf(object.kind);
    if (kind.managed === false) for (const slot of kind.slots?.(object) ?? []) holders.set(slot, object);
  }
  return made
    .filter(({ op }) => op === "create")
    .flatMap(({ to }) => {
      const slots = kindOf(to.kind).slots?.(to) ?? [];
      const holder = slots.map((slot) => holders.get(slot)).find((found) => found !== undefined);
      if (holder === undefined) return [];
      return `There can be no ${describe(to)} as long as there is ${describe(holder)}, which Athanor does not manage. Drop or rename that in a migration of its own first.`;
    });
}

/** What is needed and not managed has to be there already. */
function missingNeeds(from: Catalog, to: Catalog, made: readonly Made[]): string[] {
  return made.flatMap((state) => {
    const missing = [...(to.dependencies.get(state.to.id) ?? [])]
      .filter((id) => !from.objects.has(id))
      .flatMap((id) => to.objects.get(id) ?? [])
      .filter(({ kind }) => kindOf(kind).managed === false);
    return missing.map(
      (need) =>
        `${describe(state.to)} needs ${describe(need)}, which is not there and which Athanor does not manage. Create it in a migration of its own first.`,
    );
  });
}
