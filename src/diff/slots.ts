/** Slots: names and places that no two objects may have at once, as the kinds spell them. */

import type { Catalog, CatalogObject } from "../catalog/catalog.js";
import { kindOf } from "../kinds/index.js";
import type { State } from "./states.js";

/** Of an object in a plan: by which part of its change a slot is given up or taken. */
interface SlotChange {
  readonly id: string;
  readonly role: "away" | "drop" | "create" | "alter";
}

/** What has to give up a slot before what takes it: pairs of the two. */
export function slotOrder(states: ReadonlyMap<string, State>): (readonly [SlotChange, SlotChange])[] {
  const freed = new Map<string, SlotChange>();
  for (const [id, state] of states) {
    if (state.op === "create") continue;
    const role = state.op === "swap" ? "away" : state.op === "alter" ? "alter" : "drop";
    const kept = state.op === "alter" ? slotsOf(state.to) : [];
    for (const slot of slotsOf(state.from)) if (!kept.includes(slot)) freed.set(slot, { id, role });
  }
  const order: (readonly [SlotChange, SlotChange])[] = [];
  for (const [id, state] of states) {
    if (state.op === "drop") continue;
    const held = state.op === "alter" ? slotsOf(state.from) : [];
    for (const slot of slotsOf(state.to)) {
      const holder = freed.get(slot);
      if (held.includes(slot) || holder === undefined || holder.id === id) continue;
      order.push([holder, { id, role: state.op === "alter" ? "alter" : "create" }]);
    }
  }
  return order;
}

/** Who has each slot. */
export function slotHolders({ objects }: Catalog): ReadonlyMap<string, ReadonlySet<string>> {
  const holders = new Map<string, Set<string>>();
  for (const object of objects.values())
    for (const slot of slotsOf(object)) {
      const found = holders.get(slot);
      if (found) found.add(object.id);
      else holders.set(slot, new Set([object.id]));
    }
  return holders;
}

/** Whether anything but that object has the slot. */
export function heldByOthers(holders: ReadonlyMap<string, ReadonlySet<string>>, slot: string, id: string): boolean {
  return [...(holders.get(slot) ?? [])].some((holder) => holder !== id);
}

function slotsOf(object: CatalogObject): readonly string[] {
  return kindOf(object.kind).slots?.(object) ?? [];
}
