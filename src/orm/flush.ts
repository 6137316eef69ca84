/**
 * The flush: what was planned, in an order that the foreign keys allow.
 *
 * Links that go; updates and deletes that free a unique value for another row; then, table by table, those that others refer to first,
 * INSERT and UPDATE; links that come; then the other deletes, those that refer to others first. Each of these is one
 * statement for any number of rows, unless rows of one table set different columns or refer to each other.
 */

import { rootOf } from "../model/inheritance.js";
import { forgetRelated } from "../model/related.js";
import { type IdentityKey, type InstanceState, unloaded } from "../model/state.js";
import { newList, remember } from "../remember.js";
import { MappingError } from "./errors.js";
import { freeingDeletes, freeingUpdates, orderUpdates, storedValue } from "./freed.js";
import { commitRelations, relationChange } from "./history.js";
import { type Mapper, mapperOfState, requireWritable } from "./mapper.js";
import { type Need, orderRows, orderTables, type Round, RowFinder, type TableGroup } from "./order.js";
import { type FlushPlan, type MemberReader, planFlush } from "./plan.js";
import { applyAssignments, applyDefaults, deleteObjects, insertObjects, type Rekeyed, updateObjects } from "./save.js";
import type { Executor } from "./statement.js";
import type { UnitOfWork } from "./unit-of-work.js";
import { currentKey, currentValue, hasChangedColumns, keyText } from "./values.js";

/** The database's side of a flush. */
export interface FlushDatabase extends Executor {
  readonly readMembers: MemberReader;
  /** As `run`, of a statement that nothing comes after but COMMIT. Where the flush is not followed by one, absent. */
  readonly runLast?: Executor["run"];
}

/** What a flush will write; null: nothing has changed. Nothing is written yet. */
export async function prepareFlush(work: UnitOfWork, database: FlushDatabase): Promise<Flush | null> {
  if (!work.hasChanges()) return null;
  return new Flush(work, database, await planFlush(work, database.readMembers));
}

export class Flush {
  readonly #inserts: readonly InstanceState[];
  readonly #updates: InstanceState[];
  /** New objects that take the row of a deleted one with the same key. */
  readonly #replaced = new Map<InstanceState, InstanceState>();
  /** Rows that get another key, with their row as it was. */
  readonly #rekeyed: Rekeyed[] = [];
  /** Rows that were written, of objects whose relationships may not be what their foreign keys say by now. */
  readonly #written = new Set<InstanceState>();
  readonly #deletes: ReadonlySet<InstanceState>;
  readonly #executor: Executor;

  constructor(
    private readonly work: UnitOfWork,
    database: FlushDatabase,
    private readonly plan: FlushPlan,
  ) {
    for (const state of work.pending) {
      applyDefaults(mapperOfState(state), state);
      this.#assign(state);
    }
    this.#replaceRows();
    this.#deletes = this.#replaced.size === 0 ? plan.deletes : without(plan.deletes, this.#replaced.values());
    const inserts = [...work.pending];
    this.#inserts = this.#replaced.size === 0 ? inserts : inserts.filter((state) => !this.#replaced.has(state));
    this.#updates = [...this.#replaced.keys()];
    for (const state of work.identities)
      if (!plan.deletes.has(state) && this.#isChanged(state)) this.#updates.push(state);
    for (const state of this.#updates) requireWritable(state);
    const { runLast } = database;
    this.#executor = runLast !== undefined && this.#isOneRow() ? { run: runLast } : database;
  }

  /** Writes it all. */
  async run(): Promise<void> {
    await this.#write();
    this.#finish();
  }

  async #write(): Promise<void> {
    const { links } = this.plan;
    for (const state of this.#updates) this.#assign(state);
    const early = freeingDeletes(this.#deletes, [...this.#inserts, ...this.#updates]);
    if (!links.isEmpty) await links.deleteRemoved(this.#executor, this.#deletes);
    await this.#free(early);
    await this.#save();
    if (!links.isEmpty) await links.insertAdded(this.#executor);
    if (this.#deletes.size > early.size) await this.#delete([...this.#deletes].filter((state) => !early.has(state)));
  }

  /** Unique values become free: by updates, as far as they wait for nobody, and by deletes, after what lets go of these. */
  async #free(early: ReadonlySet<InstanceState>): Promise<void> {
    const freeing = freeingUpdates(this.#updates, this.#inserts);
    if (freeing.size + early.size === 0) return;
    const finder = new RowFinder(early, storedValue);
    const waiting = (state: InstanceState) =>
      [...this.plan.assignmentsOf(state)].some(({ parent }) => parent !== null && !parent.hasRow);
    const first = this.#updates.filter(
      (state) => !waiting(state) && (freeing.has(state) || finder.needsOf(state).length > 0),
    );
    for (const [mapper, states] of byMapper(first)) await this.#update(mapper, states);
    await this.#delete([...early]);
  }

  async #save(): Promise<void> {
    const inserts = byMapper(this.#inserts);
    const updates = byMapper(this.#updates);
    for (const group of orderTables(new Set([...inserts.keys(), ...updates.keys()]))) {
      const rows = group.mappers.flatMap((mapper) => inserts.get(mapper) ?? []);
      const again = rows.length === 0 ? [] : await this.#insert(group, rows);
      for (const mapper of group.mappers) {
        const own = again.filter((state) => mapperOfState(state) === mapper);
        const changed = [...own, ...(updates.get(mapper) ?? [])];
        if (changed.length > 0) await this.#update(mapper, changed);
      }
    }
  }

  /** @returns those that need an UPDATE, now that what they refer to is there. */
  async #insert(group: TableGroup, rows: readonly InstanceState[]): Promise<readonly InstanceState[]> {
    const rounds = group.cyclic ? this.#insertRounds(rows) : [{ rows, postponed: new Map() }];
    const again: InstanceState[] = [];
    for (const round of rounds) {
      for (const state of round.rows) this.#assign(state);
      for (const [mapper, states] of byMapper(round.rows))
        await insertObjects(this.#executor, mapper, states, round.postponed);
      for (const state of round.rows) if (state.hasRelated) this.#written.add(state);
      for (const state of round.postponed.keys()) again.push(state);
    }
    return again;
  }

  #insertRounds(rows: readonly InstanceState[]): readonly Round[] {
    const known = new RowFinder(rows, currentValue);
    return orderRows(rows, (row) => this.#insertNeeds(row, known));
  }

  #insertNeeds(row: InstanceState, known: RowFinder): readonly Need[] {
    const waiting = [...this.plan.assignmentsOf(row)].flatMap(({ pairs, parent }) => {
      const open = parent !== null && pairs.some((pair) => currentValue(parent, pair.parent) === null);
      return open && known.has(parent) ? [{ row: parent, columns: pairs.map((pair) => pair.child) }] : [];
    });
    return [...known.needsOf(row), ...waiting];
  }

  async #update(mapper: Mapper, states: readonly InstanceState[]): Promise<void> {
    for (const state of states) this.#assign(state);
    const replaced = new Set(this.#replaced.keys());
    const again: InstanceState[] = [];
    for (const { rows, postponed } of orderUpdates(mapper, states)) {
      const { written, rekeyed } = await updateObjects(this.#executor, mapper, rows, { replaced, postponed });
      for (const state of written) {
        this.work.log.touched.push(state);
        if (state.hasRelated) this.#written.add(state);
      }
      for (const each of rekeyed) this.#rekeyed.push(each);
      for (const state of postponed.keys()) again.push(state);
    }
    if (again.length > 0) await this.#update(mapper, again);
  }

  async #delete(states: readonly InstanceState[]): Promise<void> {
    const groups = byMapper(states);
    for (const { mappers, cyclic } of [...orderTables(new Set(groups.keys()))].reverse()) {
      const [mapper, another] = mappers;
      // Foreign keys are checked when a statement is done: rows of one table may refer to each other within it.
      if (mapper !== undefined && another === undefined && !(cyclic && mapper.tables.length > 1)) {
        await deleteObjects(this.#executor, mapper, groups.get(mapper) ?? []);
        continue;
      }
      const rounds = deleteRounds(mappers.flatMap((each) => groups.get(each) ?? []));
      for (const { postponed } of rounds)
        for (const [state, columns] of postponed) {
          for (const column of columns) state.instance[column.property] = null;
          await this.#update(mapperOfState(state), [state]);
        }
      for (const round of rounds)
        for (const [mapper, members] of byMapper(round.rows)) await deleteObjects(this.#executor, mapper, members);
    }
  }

  /**
   * Whether it is one statement for one row: it is written, or nothing is, so that COMMIT needn't wait until the answer was
   * looked at.
   */
  #isOneRow(): boolean {
    if (this.#inserts.length + this.#updates.length + this.#deletes.size !== 1 || !this.plan.links.isEmpty)
      return false;
    const [state] = [...this.#inserts, ...this.#updates, ...this.#deletes];
    if (state === undefined || !mapperOfState(state).isPlain) return false;
    // What takes its own key may take a second statement.
    return ![...this.plan.assignmentsOf(state)].some(({ parent }) => parent === state);
  }

  #assign(state: InstanceState): void {
    if (this.plan.assignments.size > 0) applyAssignments(state, this.plan.assignmentsOf(state));
  }

  #isChanged(state: InstanceState): boolean {
    return this.plan.assignments.has(state) || hasChangedColumns(mapperOfState(state), state);
  }

  /** A new object with the key of a deleted one takes over its row. */
  #replaceRows(): void {
    if (this.work.identities.isEmpty) return;
    for (const state of this.work.pending) {
      const mapper = mapperOfState(state);
      const key = currentKey(mapper, state);
      const other = key === null ? null : this.work.identities.get(state.definition, key);
      if (other === null) continue;
      // The row of another kind goes, and this one's comes.
      if (this.plan.deletes.has(other) && other.definition !== state.definition) continue;
      if (!this.plan.deletes.has(other))
        throw new MappingError(
          "flush.identity_taken",
          `A new ${mapper.label} has the key ${key}, and the session has another object with it. Change that one, or merge() the new one into it.`,
        );
      this.#replaced.set(state, other);
      // What it doesn't set becomes NULL or DEFAULT: nothing of the old row is left.
      state.row = mapper.columns.map((column) => other.row?.[column.index] ?? null);
      state.key = key;
    }
  }

  #finish(): void {
    const { work } = this;
    const { log } = work;
    for (const state of this.#deletes) work.forgetDeleted(state);
    for (const state of this.#replaced.values()) work.forgetDeleted(state);
    const written = this.#replaced.size === 0 ? this.#inserts : [...this.#inserts, ...this.#replaced.keys()];
    // Others may have been added meanwhile; to forget all at once takes a tenth of the time.
    if (work.pending.size === written.length) work.pending.clear();
    else for (const state of written) work.pending.delete(state);
    for (const state of written) {
      work.register(state, state.key ?? "");
      log.inserted.push(state);
    }
    for (const { state, key, row } of this.#rekeyed) this.#finishRekeyed(state, key, row);
    for (const state of work.identities) {
      if (state.hasRelated) this.#forgetStale(state);
      if (state.hasTouched) commitRelations(mapperOfState(state), state);
    }
  }

  /** Foreign keys in memory follow a key that ON UPDATE CASCADE has changed in the database. */
  #finishRekeyed(state: InstanceState, before: IdentityKey, row: readonly unknown[]): void {
    const { identities, log } = this.work;
    const key = state.key ?? before;
    state.key = before;
    identities.remove(state);
    this.work.register(state, key);
    if (!log.inserted.includes(state)) log.noteKey(state, before);
    for (const other of identities) followKey(mapperOfState(state), row, state, other);
  }

  /** A foreign key that was set by hand: the object that the relationship holds may be another's by now. */
  #forgetStale(state: InstanceState): void {
    if (!this.#written.has(state)) return;
    for (const relation of mapperOfState(state).relations.values()) {
      if (relation.direction !== "many-to-one" || relationChange(state, relation.property) !== null) continue;
      const held = this.work.known(state, relation.property);
      const now = state.related.get(relation.property);
      if (now !== undefined && now !== null && held !== now) forgetRelated(state, relation.property);
      if (now === null && held !== null) forgetRelated(state, relation.property);
    }
  }
}

function followKey(target: Mapper, before: readonly unknown[], state: InstanceState, other: InstanceState): void {
  const mapper = mapperOfState(other);
  for (const key of mapper.foreignKeys) {
    if (
      rootOf(key.target.definition) !== rootOf(target.definition) ||
      key.spec.options.onUpdate !== "cascade" ||
      other.row === null ||
      // Of another model in the same tables.
      !key.targetColumns.every(({ property }) => target.has(property))
    )
      continue;
    const columns = key.columns.map(({ property }) => mapper.column(property));
    const targets = key.targetColumns.map(({ property }) => target.column(property));
    const stored = columns.map((column) => storedValue(other, column));
    const old = targets.map((column) => before[column.index]);
    if (keyText(columns, stored) === null || keyText(columns, stored) !== keyText(targets, old)) continue;
    for (const [i, column] of columns.entries()) {
      const value = state.row?.[targets[i]!.index];
      if (value === unloaded) continue;
      other.instance[column.property] = value;
      other.row[column.index] = value;
    }
  }
}

function without(states: ReadonlySet<InstanceState>, left: Iterable<InstanceState>): ReadonlySet<InstanceState> {
  const rest = new Set(states);
  for (const state of left) rest.delete(state);
  return rest;
}

function deleteRounds(rows: readonly InstanceState[]): readonly Round[] {
  const finder = new RowFinder(rows, storedValue);
  return [...orderRows(rows, (row) => finder.needsOf(row))].reverse();
}

function byMapper(states: readonly InstanceState[]): ReadonlyMap<Mapper, InstanceState[]> {
  const groups = new Map<Mapper, InstanceState[]>();
  let last: Mapper | null = null;
  let group: InstanceState[] = [];
  for (const state of states) {
    const mapper = mapperOfState(state);
    // Those of one model come one after the other.
    if (mapper !== last) group = remember(groups, mapper, newList<InstanceState>);
    last = mapper;
    group.push(state);
  }
  return groups;
}
