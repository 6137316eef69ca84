/** Objects become rows of INSERT and UPDATE, and what PostgreSQL gives back becomes theirs. */

import { type IdentityKey, type InstanceState, unloaded } from "../model/state.js";
import { UnloadedError } from "../model/unloaded.js";
import { isSqlFragment } from "../sql/fragment.js";
import { deleteRows, identityColumns, type RowIdentities, updateRows } from "./change.js";
import { MappingError } from "./errors.js";
import { insertRows, type Returned } from "./insert.js";
import type { MappedTable } from "./mapped-table.js";
import type { MappedColumn, Mapper } from "./mapper.js";
import type { Assignment } from "./plan.js";
import { groupByShape, Part, type PartOf } from "./shape.js";
import type { Executor } from "./statement.js";
import {
  currentValue,
  expireColumns,
  identityKeyOf,
  isChanged,
  isExpression,
  setValue,
  shownKey,
  storedIdentity,
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
  for (const column of mapper.defaulted) {
    if (currentValue(state, column) !== null) continue;
    const { default: given } = column.spec;
    if (column === mapper.version) setValue(state, column, column.spec.type.value === "bigint" ? 1n : 1);
    else if (given !== null) setValue(state, column, column.codec.copy(valueFrom(given.value)));
  }
}

function valueFrom(given: unknown): unknown {
  return typeof given === "function" ? (given() as unknown) : given;
}

/** Columns that must stay NULL until other rows are there. */
export type Postponed = ReadonlyMap<InstanceState, readonly MappedColumn[]>;

/** Whether a column must stay NULL: asked for each value of each row, and mostly there are none. */
function postponedIn(postponed: Postponed): (state: InstanceState, column: MappedColumn) => boolean {
  if (postponed.size === 0) return () => false;
  return (state, column) => postponed.get(state)?.includes(column) ?? false;
}

/** Inserts new objects of one model: into each of its tables, one statement for all that set the same columns. */
export async function insertObjects(
  executor: Executor,
  mapper: Mapper,
  states: readonly InstanceState[],
  postponed: Postponed,
): Promise<void> {
  for (const table of mapper.tables) await insertInto(executor, mapper, table, states, postponed);
  expireComputed(mapper, states);
}

async function insertInto(
  executor: Executor,
  mapper: Mapper,
  table: MappedTable,
  states: readonly InstanceState[],
  postponed: Postponed,
): Promise<void> {
  // What other tables have yet to be given is NULL.
  const blank = mapper.columns.map((): unknown => null);
  const isOpen = postponedIn(postponed);
  for (const { states: group, shape } of groupByShape(
    table,
    writtenColumns(table),
    states,
    insertPart(table, postponed),
  )) {
    // Copies: an attribute that is changed while the statement is under way is changed after it.
    const values = shape.columns.map((column) =>
      group.map((state) => (isOpen(state, column) ? null : column.codec.copy(givenValue(state, column)))),
    );
    const returned = await insertRows(executor, table, shape, { count: group.length, values });
    takeInserted(mapper, group, shape.columns, values, returned, table === mapper.tables[0] ? blank : null);
  }
}

/** A row that has another key now, with what it was before. */
export interface Rekeyed {
  readonly state: InstanceState;
  readonly key: IdentityKey;
  readonly row: readonly unknown[];
}

/** What is known of a flush when rows are updated. */
export interface UpdateContext {
  /** New objects that take the row of a deleted one. */
  readonly replaced: ReadonlySet<InstanceState>;
  readonly postponed: Postponed;
}

/** Updates the rows of what has changed; the rest costs nothing. @returns those that were written. */
export async function updateObjects(
  executor: Executor,
  mapper: Mapper,
  states: readonly InstanceState[],
  context: UpdateContext,
): Promise<{ readonly written: readonly InstanceState[]; readonly rekeyed: readonly Rekeyed[] }> {
  const written = changedIn(mapper, states);
  // By key, so that two sessions that write the same rows don't wait for each other in a circle.
  written.sort((a, b) => compareKeys(mapper, a, b));
  const rekeyed: (readonly Rekeyed[])[] = [];
  for (const table of mapper.tables) {
    // What counts changes, or notes when they were, does so for the whole object.
    const rows = mapper.tables.length === 1 || notesChanges(table) ? written : changedIn(table, written);
    rekeyed.push(await updateTable(executor, mapper, table, rows, context));
  }
  expireComputed(mapper, written);
  return { written, rekeyed: rekeyed.flat() };
}

function changedIn(table: MappedTable, states: readonly InstanceState[]): InstanceState[] {
  const own = writtenColumns(table);
  return states.filter((state) => own.some((column) => isChanged(state, column)));
}

function notesChanges({ version, columns }: MappedTable): boolean {
  return version !== null || columns.some(({ spec }) => spec.onUpdate !== null);
}

async function updateTable(
  executor: Executor,
  mapper: Mapper,
  table: MappedTable,
  states: readonly InstanceState[],
  { replaced, postponed }: UpdateContext,
): Promise<readonly Rekeyed[]> {
  const rekeyed: (readonly Rekeyed[])[] = [];
  const isOpen = postponedIn(postponed);
  for (const { states: group, shape } of groupByShape(
    table,
    writtenColumns(table),
    states,
    updatePart(table, replaced),
  )) {
    const values = shape.columns.map((column) =>
      group.map((state) => (isOpen(state, column) ? null : column.codec.copy(newValue(table, state, column)))),
    );
    const returned = await updateRows(executor, table, shape, { ...storedIdentities(table, group), values });
    rekeyed.push(takeUpdated(mapper, group, shape.columns, values, returned));
  }
  return rekeyed.flat();
}

/** Deletes the rows of objects of one model, in one statement for each of its tables. */
export async function deleteObjects(
  executor: Executor,
  mapper: Mapper,
  states: readonly InstanceState[],
): Promise<void> {
  if (states.length === 0) return;
  const sorted = [...states].sort((a, b) => compareKeys(mapper, a, b));
  for (const table of [...mapper.tables].reverse()) await deleteRows(executor, table, storedIdentities(table, sorted));
}

function insertPart(mapper: MappedTable, postponed: Postponed): PartOf {
  return (state, column) => {
    const value = givenValue(state, column);
    if (value !== null) return isExpression(value) ? Part.ownSql : Part.value;
    if (!column.serverDefault && mapper.key.includes(column)) refuseWithoutKey(mapper, column);
    // What is unset otherwise is NULL, so that rows go together.
    return column.serverDefault && !postponed.get(state)?.includes(column) ? Part.leftOut : Part.value;
  };
}

/** As `currentValue`, of a new object: there is no row of which something may not be loaded. */
function givenValue({ instance }: InstanceState, { property }: MappedColumn): unknown {
  return instance[property] ?? null;
}

function refuseWithoutKey(mapper: MappedTable, column: MappedColumn): never {
  throw new MappingError(
    "flush.no_key",
    `A new ${mapper.label} has no value for ${column.origin}, which is in its primary key and has no default. Set it, or relate the object to one that gives it.`,
  );
}

/** What has changed, and with it what every UPDATE sets: `onUpdate` and the version. */
function updatePart(mapper: MappedTable, replaced: ReadonlySet<InstanceState>): PartOf {
  return (state, column) => {
    if (column === mapper.version) return Part.value;
    const { onUpdate } = column.spec;
    if (!isChanged(state, column)) {
      if (onUpdate === null) return Part.leftOut;
      return isSqlFragment(onUpdate.value) ? Part.onUpdateSql : Part.value;
    }
    const value = currentValue(state, column);
    if (isExpression(value)) return Part.ownSql;
    return value === null && column.serverDefault && replaced.has(state) ? Part.default : Part.value;
  };
}

function writtenColumns({ columns }: MappedTable): readonly MappedColumn[] {
  return columns.filter(({ spec, computed }) => spec.generated === null && !computed);
}

/** What a column is set to. What the application sets with every UPDATE becomes the attribute's value as well. */
function newValue(mapper: MappedTable, state: InstanceState, column: MappedColumn): unknown {
  const value = currentValue(state, column);
  const { onUpdate } = column.spec;
  if (column !== mapper.version && onUpdate === null) return value;
  const stored = state.row?.[column.index];
  const unchanged = value === unloaded || column.codec.equals(stored, value);
  if (column !== mapper.version && !unchanged) return value;
  const next = column === mapper.version ? nextVersion(stored) : valueFrom(onUpdate?.value);
  setValue(state, column, next);
  return next;
}

function nextVersion(stored: unknown): number | bigint {
  return typeof stored === "bigint" ? stored + 1n : Number(stored) + 1;
}

/** The keys and versions under which rows are in the database. @throws UnloadedError for a version that isn't known. */
function storedIdentities(mapper: MappedTable, states: readonly InstanceState[]): RowIdentities {
  const identity = identityColumns(mapper).map((column) =>
    states.map((state) => {
      const value = storedIdentity(state, mapper.key, column);
      if (value === unloaded) throw new UnloadedError(state, column.property);
      return value;
    }),
  );
  return { identity, count: states.length, shownKey: (row) => shownKey(states[row]!) };
}

function compareKeys(mapper: Mapper, a: InstanceState, b: InstanceState): number {
  for (const column of mapper.key) {
    // Any order does, as long as it is always the same; numbers and texts compare as they are.
    const left = storedIdentity(a, mapper.key, column) as number;
    const right = storedIdentity(b, mapper.key, column) as number;
    if (left < right) return -1;
    if (left > right) return 1;
  }
  return 0;
}

/** @param blank what their rows are before; null: another table has given them some already. */
function takeInserted(
  mapper: Mapper,
  states: readonly InstanceState[],
  sent: readonly MappedColumn[],
  values: readonly (readonly unknown[])[],
  { columns, rows }: Returned,
  blank: readonly unknown[] | null,
): void {
  // By place, here and below: an iterator makes an object for each step, of which there are a hundred thousand.
  for (let i = 0; i < states.length; i++) {
    const state = states[i]!;
    const row = blank?.slice() ?? state.row!;
    for (let at = 0; at < sent.length; at++) {
      const column = sent[at]!;
      const value = values[at]![i];
      row[column.index] = value;
      // What was unset is an attribute of its own from now on.
      if (value === null && currentValue(state, column) === null) setValue(state, column, null);
    }
    state.row = row;
    for (let at = 0; at < columns.length; at++) takeValue(state, columns[at]!, rows[i]![at]!);
    state.key = identityKeyOf(mapper.key, (column) => row[column.index]);
  }
}

/** @returns those that have another key now. */
function takeUpdated(
  mapper: Mapper,
  states: readonly InstanceState[],
  sent: readonly MappedColumn[],
  values: readonly (readonly unknown[])[],
  { columns, rows }: Returned,
): readonly Rekeyed[] {
  const mayRekey = mapper.key.some((column) => sent.includes(column) || columns.includes(column));
  const rekeyed: Rekeyed[] = [];
  for (let i = 0; i < states.length; i++) {
    const state = states[i]!;
    const { row, key } = state;
    if (row === null) continue;
    const before = mayRekey ? [...row] : row;
    for (let at = 0; at < sent.length; at++) row[sent[at]!.index] = values[at]![i];
    for (let at = 0; at < columns.length; at++) takeValue(state, columns[at]!, rows[i]![at]!);
    if (!mayRekey) continue;
    state.key = identityKeyOf(mapper.key, (column) => row[column.index]);
    if (key !== null && key !== state.key) rekeyed.push({ state, key, row: before });
  }
  return rekeyed;
}

/** What the row's column properties are now, only the database can tell. */
function expireComputed(mapper: Mapper, states: readonly InstanceState[]): void {
  const computed = mapper.columns.filter((column) => column.computed);
  if (computed.length > 0) for (const state of states) expireColumns(mapper, state, computed);
}
