/** Deletes and updates that have to go first: they free a unique value that another row takes in the same flush. */

import { rootOf } from "../model/inheritance.js";
import { type InstanceState, unloaded } from "../model/state.js";
import { type MappedColumn, mapperOfState } from "./mapper.js";
import { RowFinder } from "./order.js";
import { currentValue, keyText } from "./values.js";

/** A value as the database has it. */
export function storedValue(state: InstanceState, column: MappedColumn): unknown {
  return state.row?.[column.index] ?? unloaded;
}

/** Those of `deletes` whose unique values `taken` will have, and with them the deleted rows that refer to them. */
export function freeingDeletes(
  deletes: ReadonlySet<InstanceState>,
  taken: readonly InstanceState[],
): ReadonlySet<InstanceState> {
  if (taken.length === 0) return new Set();
  const held = new Map<string, InstanceState>();
  for (const state of deletes) for (const name of uniqueNames(state, storedValue)) held.set(name, state);
  const roots = new Set(taken.map((state) => rootOf(state.definition)));
  // What isn't loaded may be what is taken.
  const freeing = new Set([...deletes].filter((state) => roots.has(rootOf(state.definition)) && isUnclear(state)));
  if (held.size === 0 && freeing.size === 0) return freeing;
  for (const state of taken)
    for (const name of uniqueNames(state, currentValue)) {
      const holder = held.get(name);
      if (holder !== undefined) freeing.add(holder);
    }
  if (freeing.size === 0) return freeing;
  const finder = new RowFinder(deletes, storedValue);
  for (let size = -1; size !== freeing.size; ) {
    size = freeing.size;
    for (const state of deletes) if (finder.needsOf(state).some(({ row }) => freeing.has(row))) freeing.add(state);
  }
  return freeing;
}

/** Those of `updates` that give up a unique value which one of `inserts` takes. */
export function freeingUpdates(
  updates: readonly InstanceState[],
  inserts: readonly InstanceState[],
): readonly InstanceState[] {
  if (updates.length === 0) return [];
  const taken = new Set(inserts.flatMap((state) => uniqueNames(state, currentValue)));
  if (taken.size === 0) return [];
  return updates.filter((state) => {
    const kept = new Set(uniqueNames(state, currentValue));
    return uniqueNames(state, storedValue).some((name) => taken.has(name) && !kept.has(name));
  });
}

/** Whether a unique value of its row isn't known. */
function isUnclear(state: InstanceState): boolean {
  return mapperOfState(state).uniques.some(({ columns }) =>
    columns.some((column) => storedValue(state, column) === unloaded),
  );
}

/** The values of each unique constraint, with the table's name before them. */
function uniqueNames(
  state: InstanceState,
  values: (state: InstanceState, column: MappedColumn) => unknown,
): readonly string[] {
  return mapperOfState(state).uniques.flatMap(({ table, columns }) => {
    const text = keyText(
      columns,
      columns.map((column) => values(state, column)),
    );
    return text === null ? [] : [JSON.stringify([table, ...columns.map(({ name }) => name), text])];
  });
}
