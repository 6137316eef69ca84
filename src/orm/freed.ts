/** Deletes and updates that have to go first: they free a unique value that another row takes in the same flush. */

import { rootOf } from "../model/inheritance.js";
import { type InstanceState, unloaded } from "../model/state.js";
import { remember } from "../remember.js";
import { MappingError } from "./errors.js";
import { type MappedColumn, type Mapper, mapperOfState, type Unique } from "./mapper.js";
import { type Need, orderRows, type Round, RowFinder } from "./order.js";
import { currentValue, isChanged, keyText } from "./values.js";

/** A value as the database has it. */
export function storedValue(state: InstanceState, column: MappedColumn): unknown {
  return state.row?.[column.index] ?? unloaded;
}

/** Those of `deletes` whose unique values `taken` will have, and with them the deleted rows that refer to them. */
export function freeingDeletes(
  deletes: ReadonlySet<InstanceState>,
  taken: readonly InstanceState[],
): ReadonlySet<InstanceState> {
  if (deletes.size === 0 || taken.length === 0) return new Set();
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

/** Those of `updates` that give up a unique value which one of `inserts` takes, and those that they wait for in turn. */
export function freeingUpdates(
  updates: readonly InstanceState[],
  inserts: readonly InstanceState[],
): ReadonlySet<InstanceState> {
  const freeing = new Set<InstanceState>();
  if (updates.length === 0 || inserts.length === 0) return freeing;
  const taken = new Set(inserts.flatMap((state) => uniqueNames(state, currentValue)));
  for (let size = -1; size !== taken.size; ) {
    size = taken.size;
    for (const state of updates) {
      if (freeing.has(state)) continue;
      const next = uniqueNames(state, currentValue);
      if (!uniqueNames(state, storedValue).some((name) => taken.has(name) && !next.includes(name))) continue;
      freeing.add(state);
      for (const name of next) taken.add(name);
    }
  }
  return freeing;
}

/**
 * Rounds of updates: PostgreSQL checks unique values row by row, so that those go first which give up one that another
 * takes. Where rows exchange theirs, a nullable column is left NULL until the others have theirs.
 *
 * @throws MappingError `flush.unique_cycle` where none is nullable.
 */
export function orderUpdates(mapper: Mapper, states: readonly InstanceState[]): readonly Round[] {
  const together = [{ rows: states, postponed: new Map() }];
  const needs = new Map<InstanceState, Need[]>();
  for (const unique of mapper.uniques) {
    const { columns, immediate } = unique;
    const changed = immediate ? states.filter((state) => columns.some((column) => isChanged(state, column))) : [];
    if (changed.length < 2) continue;
    const held = new Map(changed.map((state) => [uniqueName(unique, state, storedValue), state]));
    for (const state of changed) {
      const name = uniqueName(unique, state, currentValue);
      const holder = name === null ? undefined : held.get(name);
      if (holder !== undefined && holder !== state)
        remember(needs, state, (): Need[] => []).push({ row: holder, columns: blankable(columns) });
    }
  }
  return needs.size === 0 ? together : orderRows(states, (state) => needs.get(state) ?? [], refuseExchange);
}

/** The columns to leave NULL so that a unique value is nobody's: those that may be, or all, which then may not. */
function blankable(columns: readonly MappedColumn[]): readonly MappedColumn[] {
  const nullable = columns.filter((column) => column.spec.nullable);
  return nullable.length > 0 ? nullable : columns;
}

function refuseExchange(rows: readonly InstanceState[], columns: readonly MappedColumn[]): MappingError {
  return new MappingError(
    "flush.unique_cycle",
    `${rows.length} objects exchange the values of ${columns.map(({ origin }) => origin).join(", ")}, which are unique in the middle of a statement too. Make the constraint deferrable, or flush() in steps, with another value in between.`,
  );
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
  return mapperOfState(state).uniques.flatMap((unique) => uniqueName(unique, state, values) ?? []);
}

function uniqueName(
  { table, columns }: Unique,
  state: InstanceState,
  values: (state: InstanceState, column: MappedColumn) => unknown,
): string | null {
  const text = keyText(
    columns,
    columns.map((column) => values(state, column)),
  );
  return text === null ? null : JSON.stringify([table, ...columns.map(({ name }) => name), text]);
}
