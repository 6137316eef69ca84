/** What came to a relationship and left it since it was loaded or last flushed. */

import { RelatedCollection } from "../model/collection.js";
import { forgetRelated } from "../model/related.js";
import type { InstanceState } from "../model/state.js";
import type { Mapper } from "./mapper.js";
import type { MappedRelation } from "./relation.js";

export interface RelationChange {
  readonly added: readonly object[];
  readonly removed: readonly object[];
}

/** null: nothing changed. */
export function relationChange(state: InstanceState, property: string): RelationChange | null {
  const held = state.related.get(property);
  if (held === undefined) {
    const queued = state.queued.get(property);
    return queued === undefined ? null : { added: [...queued.added], removed: [...queued.removed] };
  }
  const before = state.committed.get(property);
  return held instanceof RelatedCollection ? difference(asList(before), held.members) : scalarChange(before, held);
}

/** Whether what it held before has to be read from the database to know what left it. */
export function needsBefore(state: InstanceState, relation: MappedRelation): boolean {
  return (
    state.hasRow &&
    relation.direction !== "many-to-one" &&
    state.related.has(relation.property) &&
    !state.committed.has(relation.property)
  );
}

/** The members now, of a relationship to one as well; null: not loaded. */
export function membersOf(state: InstanceState, property: string): readonly object[] | null {
  const held = state.related.get(property);
  if (held === undefined) return null;
  return held instanceof RelatedCollection ? held.members : asList(held);
}

export function asList(held: object | null | readonly object[] | undefined): readonly object[] {
  if (held === null || held === undefined) return [];
  // Array.isArray doesn't tell a readonly array from an object.
  return Array.isArray(held) ? held : [held as object];
}

/** Takes what relationships hold as what the database has. */
export function commitRelations(mapper: Mapper, state: InstanceState): void {
  for (const [property, held] of state.related) {
    if (mapper.relation(property)?.lazy === "write-only") forgetRelated(state, property);
    else if (!(held instanceof RelatedCollection)) state.committed.set(property, held);
    else if (relationChange(state, property) !== null || !state.committed.has(property))
      state.committed.set(property, [...held.members]);
  }
  // Not loaded: what was queued is in the database by now.
  for (const property of mapper.relations.keys()) state.queued.delete(property);
}

function scalarChange(
  before: object | null | readonly object[] | undefined,
  held: object | null,
): RelationChange | null {
  if (before === held) return null;
  return { added: asList(held), removed: asList(before) };
}

function difference(before: readonly object[], now: readonly object[]): RelationChange | null {
  if (before.length === now.length && before.every((item, i) => item === now[i])) return null;
  const had = new Set(before);
  const has = new Set(now);
  const added = [...has].filter((item) => !had.has(item));
  const removed = before.filter((item) => !has.has(item));
  return added.length + removed.length === 0 ? null : { added, removed };
}
