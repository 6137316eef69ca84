/** Objects become rows of INSERT and UPDATE, and what PostgreSQL gives back becomes theirs. */

import { type InstanceState, unloaded } from "../model/state.js";
import { UnloadedError } from "../model/unloaded.js";
import { remember } from "../remember.js";
import { isSqlFragment, type SqlFragment } from "../sql/fragment.js";
import { deleteRows, identityColumns, type UpdatedRow, updateRows } from "./change.js";
import { MappingError } from "./errors.js";
import { insertRows, type Returned } from "./insert.js";
import type { MappedColumn, Mapper } from "./mapper.js";
import type { Assignment } from "./plan.js";
import type { Executor } from "./statement.js";
import {
  changedColumns,
  currentValue,
  expireColumns,
  isExpression,
  keyText,
  setValue,
  shownKey,
  takeValue,
} from "./values.js";

/** Gives foreign keys the values of what they point to, as far as those are known. */
export function applyAssignments(state: InstanceState, assignments: Iterable<Assignment>): void {
  for (const { pairs, parent } of assignments)
    for (const pair of pairs) {
      const value = parent === null ? null : currentValue(parent, pair.parent);
      if (parent !== null && value === unloaded) throw new UnloadedError(parent, pair.parent.property);
      // Not known before the parent is inserted.
      if (parent !== null && (value === null || isExpression(value))) continue;
      if (!pair.child.codec.equals(currentValue(state, pair.child), value)) setValue(state, pair.child, value);
    }
}

/** What the application gives where a new object says nothing: defaults, and the first version. */
export function applyDefaults(mapper: Mapper, state: InstanceState): void {
  for (const column of mapper.columns) {
    const { default: given, generated } = column.spec;
    if (generated !== null || currentValue(state, column) !== null) continue;
    if (column === mapper.version) setValue(state, column, column.spec.type.value === "bigint" ? 1n : 1);
    else if (given !== null) setValue(state, column, column.codec.copy(valueFrom(given.value)));
  }
}

function valueFrom(given: unknown): unknown {
  return typeof given === "function" ? (given() as unknown) : given;
}

/** Columns that must stay NULL until other rows are there. */
export type Postponed = ReadonlyMap<InstanceState, readonly MappedColumn[]>;

/** Inserts new objects of one model: one statement for all that set the same columns. */
export async function insertObjects(
  executor: Executor,
  mapper: Mapper,
  states: readonly InstanceState[],
  postponed: Postponed,
): Promise<void> {
  for (const group of groupByShape(states, (state) => insertShape(mapper, state, postponed.get(state) ?? []))) {
    // Copies: an attribute that is changed while the statement is under way is changed after it.
    const rows = group.states.map((state) => {
      const empty = postponed.get(state) ?? [];
      return group.shape.columns.map((column) =>
        empty.includes(column) ? null : column.codec.copy(currentValue(state, column)),
      );
    });
    const returned = await insertRows(executor, mapper, group.shape, rows);
    for (const [i, state] of group.states.entries())
      takeInserted(mapper, state, group.shape.columns, rows[i] ?? [], returned, i);
  }
}

/** Updates the rows of what has changed; the rest costs nothing. @returns those that were written. */
export async function updateObjects(
  executor: Executor,
  mapper: Mapper,
  states: readonly InstanceState[],
  replaced: ReadonlySet<InstanceState>,
): Promise<readonly InstanceState[]> {
  const changed = states.filter((state) => changedColumns(mapper, state).some(isWritten));
  // By key, so that two sessions that write the same rows don't wait for each other in a circle.
  const sorted = [...changed].sort((a, b) => compareKeys(mapper, a, b));
  for (const group of groupByShape(sorted, (state) => updateShape(mapper, state, replaced.has(state)))) {
    const rows = group.states.map((state) => ({
      ...storedIdentity(mapper, state),
      values: group.shape.columns.map((column) => column.codec.copy(newValue(mapper, state, column))),
    }));
    const returned = await updateRows(executor, mapper, group.shape, rows);
    for (const [i, state] of group.states.entries()) takeUpdated(mapper, state, group.shape, rows[i]!, returned, i);
  }
  return changed;
}

/** Deletes the rows of objects of one model, in one statement. */
export async function deleteObjects(
  executor: Executor,
  mapper: Mapper,
  states: readonly InstanceState[],
): Promise<void> {
  if (states.length === 0) return;
  const sorted = [...states].sort((a, b) => compareKeys(mapper, a, b));
  await deleteRows(
    executor,
    mapper,
    sorted.map((state) => storedIdentity(mapper, state)),
  );
}

/** What the objects of one statement have in common; null in `expressions`: `DEFAULT`. */
interface Shape<Expression> {
  readonly columns: readonly MappedColumn[];
  readonly expressions: ReadonlyMap<MappedColumn, Expression>;
}

function groupByShape<S extends Shape<SqlFragment | null>>(
  states: readonly InstanceState[],
  shapeOf: (state: InstanceState) => S,
): readonly { readonly shape: S; readonly states: InstanceState[] }[] {
  const groups = new Map<unknown, { shape: S; states: InstanceState[] }>();
  for (const state of states) {
    const shape = shapeOf(state);
    // SQL that an attribute holds is that object's own, which then has a statement of its own.
    const alone = [...shape.expressions.keys()].some((column) => isExpression(currentValue(state, column)));
    const indexes = (columns: Iterable<MappedColumn>) => [...columns].map(({ index }) => index).join();
    const name = alone ? state : `${indexes(shape.columns)};${indexes(shape.expressions.keys())}`;
    remember(groups, name, (): { shape: S; states: InstanceState[] } => ({ shape, states: [] })).states.push(state);
  }
  return [...groups.values()];
}

/** What is unset and has a default of PostgreSQL's is left out; what is unset otherwise is NULL, so that rows go together. */
function insertShape(mapper: Mapper, state: InstanceState, postponed: readonly MappedColumn[]): Shape<SqlFragment> {
  const columns: MappedColumn[] = [];
  const expressions = new Map<MappedColumn, SqlFragment>();
  for (const column of mapper.columns) {
    if (!isWritten(column)) continue;
    const value = currentValue(state, column);
    if (isSqlFragment(value)) expressions.set(column, value);
    else if (value !== null || !column.serverDefault || postponed.includes(column)) columns.push(column);
    if (value === null && mapper.key.includes(column) && !column.serverDefault) refuseWithoutKey(mapper, column);
  }
  return { columns, expressions };
}

function refuseWithoutKey(mapper: Mapper, column: MappedColumn): never {
  throw new MappingError(
    "flush.no_key",
    `A new ${mapper.label} has no value for ${column.origin}, which is in its primary key and has no default. Set it, or relate the object to one that gives it.`,
  );
}

/** What has changed, and with it what every UPDATE sets: `onUpdate` and the version. */
function updateShape(mapper: Mapper, state: InstanceState, replaced: boolean): Shape<SqlFragment | null> {
  const columns: MappedColumn[] = [];
  const expressions = new Map<MappedColumn, SqlFragment | null>();
  const changed = new Set(changedColumns(mapper, state));
  for (const column of mapper.columns) {
    if (!isWritten(column)) continue;
    const value = currentValue(state, column);
    const { onUpdate } = column.spec;
    if (column === mapper.version) columns.push(column);
    else if (!changed.has(column)) {
      if (onUpdate === null) continue;
      if (isSqlFragment(onUpdate.value)) expressions.set(column, onUpdate.value);
      else columns.push(column);
    } else if (isSqlFragment(value)) expressions.set(column, value);
    else if (replaced && value === null && column.serverDefault) expressions.set(column, null);
    else columns.push(column);
  }
  return { columns, expressions };
}

function isWritten({ spec, computed }: MappedColumn): boolean {
  return spec.generated === null && !computed;
}

/** What a column is set to. What the application sets with every UPDATE becomes the attribute's value as well. */
function newValue(mapper: Mapper, state: InstanceState, column: MappedColumn): unknown {
  const stored = state.row?.[column.index];
  const value = currentValue(state, column);
  const { onUpdate } = column.spec;
  const unchanged = value === unloaded || column.codec.equals(stored, value);
  if (column !== mapper.version && !(unchanged && onUpdate !== null)) return value;
  const next = column === mapper.version ? nextVersion(stored) : valueFrom(onUpdate?.value);
  setValue(state, column, next);
  return next;
}

function nextVersion(stored: unknown): number | bigint {
  return typeof stored === "bigint" ? stored + 1n : Number(stored) + 1;
}

/** The key and version under which the row is in the database. @throws UnloadedError for a version that isn't known. */
function storedIdentity(mapper: Mapper, state: InstanceState): Pick<UpdatedRow, "identity" | "key"> {
  const identity = identityColumns(mapper).map((column) => {
    const value = state.row?.[column.index];
    if (value === unloaded) throw new UnloadedError(state, column.property);
    return value;
  });
  return { identity, key: shownKey(state) };
}

function compareKeys(mapper: Mapper, a: InstanceState, b: InstanceState): number {
  for (const { index } of mapper.key) {
    // Any order does, as long as it is always the same; numbers and texts compare as they are.
    const [left, right] = [a.row?.[index] as number, b.row?.[index] as number];
    if (left < right) return -1;
    if (left > right) return 1;
  }
  return 0;
}

function takeInserted(
  mapper: Mapper,
  state: InstanceState,
  sent: readonly MappedColumn[],
  values: readonly unknown[],
  { columns, rows }: Returned,
  i: number,
): void {
  const row = mapper.columns.map((): unknown => null);
  for (const [at, column] of sent.entries()) {
    row[column.index] = values[at];
    // What was unset is an attribute of its own from now on.
    if (currentValue(state, column) === null) setValue(state, column, null);
  }
  state.row = row;
  for (const [at, column] of columns.entries()) takeValue(state, column, rows[i]![at]!);
  state.key = storedKey(mapper, row);
  expireComputed(mapper, state);
}

function takeUpdated(
  mapper: Mapper,
  state: InstanceState,
  shape: Shape<SqlFragment | null>,
  updated: UpdatedRow,
  { columns, rows }: Returned,
  i: number,
): void {
  const { row } = state;
  if (row === null) return;
  for (const [at, column] of shape.columns.entries()) row[column.index] = updated.values[at];
  for (const [at, column] of columns.entries()) takeValue(state, column, rows[i]![at]!);
  state.key = storedKey(mapper, row);
  expireComputed(mapper, state);
}

/** What the row's column properties are now, only the database can tell. */
function expireComputed(mapper: Mapper, state: InstanceState): void {
  expireColumns(
    mapper,
    state,
    mapper.columns.filter(({ computed }) => computed),
  );
}

function storedKey({ key }: Mapper, row: readonly unknown[]): string | null {
  return keyText(
    key,
    key.map(({ index }) => row[index]),
  );
}
