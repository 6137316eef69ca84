/** What a flush has to do, found out before anything is written: foreign keys to set, links, and what is to be deleted. */

import type { InstanceState } from "../model/state.js";
import { stateOf } from "../model/state.js";
import { newList, remember } from "../remember.js";
import { MappingError } from "./errors.js";
import { asList, membersOf, needsBefore, relationChange } from "./history.js";
import { LinkBook } from "./links.js";
import { type MappedColumn, mapperOfState, requireState } from "./mapper.js";
import type { MappedRelation } from "./relation.js";
import type { UnitOfWork } from "./unit-of-work.js";
import { currentValue } from "./values.js";

/** Foreign key columns that take their values from another object, once it has them. */
export interface Assignment {
  readonly pairs: readonly { readonly child: MappedColumn; readonly parent: MappedColumn }[];
  /** null: the columns become NULL. */
  readonly parent: InstanceState | null;
  /** The relationship that says so, of either side. */
  readonly relation: MappedRelation;
}

/** Reads what relationships hold in the database, for several objects at once. */
export type MemberReader = (
  states: readonly InstanceState[],
  relation: MappedRelation,
) => Promise<ReadonlyMap<InstanceState, readonly object[]>>;

export class FlushPlan {
  /** By object, then by the names of the columns that are set. */
  readonly assignments = new Map<InstanceState, Map<string, Assignment>>();
  readonly links = new LinkBook();
  readonly deletes = new Set<InstanceState>();

  assign(child: InstanceState, relation: MappedRelation, parent: InstanceState | null): void {
    const pairs = relation.pairs.map(({ local, remote }) =>
      relation.direction === "many-to-one" ? { child: local, parent: remote } : { child: remote, parent: local },
    );
    const name = pairs.map((pair) => pair.child.name).join();
    const own = remember(this.assignments, child, () => new Map<string, Assignment>());
    // An owner that was found wins over none: a member that left one for another.
    if (parent !== null || !own.has(name)) own.set(name, { pairs, parent, relation });
  }

  assignmentsOf(state: InstanceState): Iterable<Assignment> {
    return this.assignments.get(state)?.values() ?? [];
  }
}

export async function planFlush(work: UnitOfWork, read: MemberReader): Promise<FlushPlan> {
  work.reconcile();
  if (work.orphans.size > 0) dropOrphans(work);
  const plan = new FlushPlan();
  const related = touched(work);
  if (related.length > 0) await readBefore(related, read);
  const deletes = related.length === 0 ? [...work.marked] : [...work.marked, ...orphansOf(work, related)];
  if (deletes.length > 0) await planDeletes(work, plan, deletes, read);
  // What is deleted with others may have left the session.
  for (const state of related) if (work.contains(state)) planRelations(work, plan, state);
  refuseBlanks(plan);
  return plan;
}

/** The objects whose relationships may have changed; of most, nobody has asked for any. */
function touched(work: UnitOfWork): readonly InstanceState[] {
  const found: InstanceState[] = [];
  for (const states of [work.pending, work.identities])
    for (const state of states) if (state.hasTouched) found.push(state);
  return found;
}

/** Pending members that left their parent are not inserted, unless another took them. */
function dropOrphans(work: UnitOfWork): void {
  for (const state of work.orphans) {
    const owned = [...mapperOfState(state).relations.values()].some(
      (relation) => relation.inverse?.cascades("delete-orphan") && state.related.get(relation.property),
    );
    if (!owned && work.pending.has(state)) work.detach(state);
  }
  work.orphans.clear();
}

/** What was replaced without having been loaded is read, to know what left. */
async function readBefore(states: readonly InstanceState[], read: MemberReader): Promise<void> {
  const wanted = new Map<MappedRelation, InstanceState[]>();
  for (const state of states)
    for (const relation of mapperOfState(state).relations.values())
      if (!relation.viewOnly && needsBefore(state, relation)) append(wanted, relation, state);
  for (const [relation, states] of wanted)
    for (const [state, members] of await read(states, relation))
      state.committed.set(relation.property, relation.collection ? members : (members[0] ?? null));
}

async function planDeletes(
  work: UnitOfWork,
  plan: FlushPlan,
  first: readonly InstanceState[],
  read: MemberReader,
): Promise<void> {
  let wave = first;
  while (wave.length > 0) {
    const byRelation = new Map<MappedRelation, InstanceState[]>();
    for (const state of wave) {
      if (plan.deletes.has(state)) continue;
      plan.deletes.add(state);
      for (const relation of mapperOfState(state).relations.values())
        if (!relation.viewOnly) append(byRelation, relation, state);
    }
    const next: (readonly InstanceState[])[] = [];
    for (const [relation, states] of byRelation) next.push(await planDeleted(work, plan, relation, states, read));
    wave = next.flat();
  }
}

/** What deleting `states` means for what they are related to. @returns what is deleted with them. */
async function planDeleted(
  work: UnitOfWork,
  plan: FlushPlan,
  relation: MappedRelation,
  states: readonly InstanceState[],
  read: MemberReader,
): Promise<readonly InstanceState[]> {
  const { direction, property, link } = relation;
  const cascade = relation.cascades("delete");
  if (direction === "many-to-one" && !cascade) return [];
  if (relation.passiveDeletes === "all" && !cascade) return [];
  const unread = states.filter((state) => !state.holds(property));
  const passive = relation.passiveDeletes || relation.lazy === "write-only";
  const found = passive || unread.length === 0 ? new Map() : await read(unread, relation);
  const deleted: InstanceState[] = [];
  for (const state of states) {
    const stored: readonly object[] = found.get(state) ?? asList(state.committed.get(property));
    if (link !== null) for (const member of stored) plan.links.remove(link, state, requireState(member));
    const members = membersOf(state, property) ?? [...stored, ...(state.queued.get(property)?.added ?? [])];
    for (const member of members) {
      const child = requireState(member);
      if (!work.contains(child) || movedAway(child, relation, state)) continue;
      if (cascade && child.lifecycle === "persistent") deleted.push(child);
      else if (cascade) work.detach(child);
      else if (direction === "one-to-many") plan.assign(child, relation, null);
    }
  }
  return deleted;
}

/** Whether a member, as the database has it, belongs to another by now. */
function movedAway(child: InstanceState, relation: MappedRelation, parent: InstanceState): boolean {
  if (relation.direction !== "one-to-many") return false;
  const { inverse } = relation;
  const held = inverse === null ? undefined : child.related.get(inverse.property);
  if (held !== undefined) return held !== parent.instance;
  return relation.pairs.some(
    ({ remote }) => child.row !== null && !remote.codec.equals(child.row[remote.index], currentValue(child, remote)),
  );
}

/** Persistent members that left a parent whose orphans are deleted, and found no other. */
function orphansOf(work: UnitOfWork, states: readonly InstanceState[]): readonly InstanceState[] {
  const left = new Map<InstanceState, { relation: MappedRelation; parent: InstanceState }>();
  const adopted = new Set<object>();
  for (const parent of states)
    for (const relation of mapperOfState(parent).relations.values()) {
      if (!relation.cascades("delete-orphan")) continue;
      const change = relationChange(parent, relation.property);
      for (const member of change?.added ?? []) adopted.add(member);
      for (const member of change?.removed ?? []) left.set(requireState(member), { relation, parent });
    }
  return [...left]
    .filter(([child, { relation, parent }]) => {
      if (!work.contains(child) || child.lifecycle !== "persistent" || adopted.has(child.instance)) return false;
      const held = relation.inverse === null ? undefined : child.related.get(relation.inverse.property);
      return held === undefined || held === null || held === parent.instance;
    })
    .map(([child]) => child);
}

function planRelations(work: UnitOfWork, plan: FlushPlan, state: InstanceState): void {
  for (const relation of mapperOfState(state).relations.values()) {
    if (relation.viewOnly) continue;
    const change = relationChange(state, relation.property);
    if (change === null) continue;
    const added = plan.deletes.has(state) ? [] : change.added.flatMap((item) => ownOrWarn(work, relation, item));
    const removed = change.removed.map(requireState).filter((item) => work.contains(item));
    if (relation.link !== null) {
      for (const member of added) if (!plan.deletes.has(member)) plan.links.add(relation.link, state, member);
      if (!plan.deletes.has(state)) for (const member of removed) plan.links.remove(relation.link, state, member);
    } else if (relation.direction === "one-to-many") {
      for (const member of added) plan.assign(member, relation, state);
      for (const member of removed) if (!belongsElsewhere(relation, state, member)) plan.assign(member, relation, null);
    } else if (!plan.deletes.has(state)) {
      // What a deleted owner's members become is said by the other side.
      if (added[0] !== undefined && plan.deletes.has(added[0]) && relation.inverse !== null) continue;
      if (added[0] !== undefined) plan.assign(state, relation, added[0]);
      else if (state.hasRow && change.added.length === 0) plan.assign(state, relation, null);
    }
  }
}

/** Whether a member that left has another owner by now. */
function belongsElsewhere({ inverse }: MappedRelation, parent: InstanceState, member: InstanceState): boolean {
  const held = inverse === null ? undefined : member.related.get(inverse.property);
  return held !== undefined && held !== null && held !== parent.instance;
}

/** @throws MappingError `flush.key_blanked` where a foreign key would become NULL and must not. */
function refuseBlanks({ assignments, deletes }: FlushPlan): void {
  for (const [state, own] of assignments) {
    if (deletes.has(state)) continue;
    for (const { pairs, parent, relation } of own.values()) {
      const blanked = parent === null ? pairs.find(({ child }) => !child.spec.nullable) : undefined;
      if (blanked !== undefined)
        throw new MappingError("flush.key_blanked", blankedText(relation, blanked.child.origin));
    }
  }
}

function blankedText({ direction, origin, owner, target }: MappedRelation, column: string): string {
  if (direction === "many-to-one")
    return `${origin} is null, and with it ${column} would become NULL, which is not nullable. Set another ${target.label}, or delete the ${owner.label}.`;
  return `${column} would become NULL, and it is not nullable: the ${target.label} left ${origin}, or the ${owner.label} is deleted. Delete the ${target.label} too, by session.delete() or with the cascade "all, delete-orphan" on ${origin}; give it to another ${owner.label}; or leave it to ON DELETE with passiveDeletes: "all".`;
}

/** The member's state, or nothing with a warning: nobody has added it to the session. */
function ownOrWarn(work: UnitOfWork, relation: MappedRelation, item: object): readonly InstanceState[] {
  const state = stateOf(item);
  if (state !== null && work.contains(state)) return [state];
  process.emitWarning(
    `${relation.origin} holds a ${relation.target.label} that is not in the session; the flush leaves it out. Add it: session.add(…).`,
    { type: "AthanorWarning", code: "flush.not_in_session" },
  );
  return [];
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  remember(lists, key, newList<V>).push(value);
}
