/** Copies what an object of elsewhere says onto the session's own object for the same row. */

import { modelName } from "../model/definition.js";
import { isKindOf } from "../model/inheritance.js";
import { setRelated } from "../model/related.js";
import { type InstanceState, stateOf, unloaded } from "../model/state.js";
import { MappingError } from "./errors.js";
import { selectByKey } from "./get.js";
import { asList, membersOf } from "./history.js";
import { mapperOfState, requireState } from "./mapper.js";
import { type LoadContext, loadRelation } from "./query/load.js";
import { bare } from "./query/load-tree.js";
import type { UnitOfWork } from "./unit-of-work.js";
import { currentValue, identityKey, setValue } from "./values.js";

/** @returns the session's object: the one it has, the one of the row with that key, or a new one that is pending. */
export async function merge(
  context: LoadContext,
  given: InstanceState,
  done: Map<InstanceState, InstanceState> = new Map(),
): Promise<InstanceState> {
  const known = done.get(given);
  if (known !== undefined) return known;
  if (context.work.contains(given)) return given;
  const mapper = mapperOfState(given);
  const own = (await find(context, given)) ?? addNew(context.work, given);
  done.set(given, own);
  for (const column of mapper.columns) {
    if (column.computed || !Object.hasOwn(given.instance, column.property)) continue;
    const value = currentValue(given, column);
    if (value !== unloaded && !column.codec.equals(currentValue(own, column), value))
      setValue(own, column, column.codec.copy(value));
  }
  for (const relation of mapper.relations.values()) {
    const members = membersOf(given, relation.property);
    if (members === null || !relation.cascades("merge")) continue;
    const merged: object[] = [];
    for (const member of asList(members)) merged.push((await merge(context, requireState(member), done)).instance);
    // What leaves has to be known.
    if (own.hasRow) await loadRelation(context, [own], { relation, tree: bare, path: new Set() });
    setRelated(own, relation.property, relation.collection ? merged : (merged[0] ?? null));
  }
  return own;
}

async function find(context: LoadContext, given: InstanceState): Promise<InstanceState | null> {
  const mapper = mapperOfState(given);
  const values = mapper.key.map((column) => currentValue(given, column));
  const key = identityKey(mapper.key, values);
  if (key === null) return null;
  const held = context.work.identities.get(mapper.definition, key);
  if (held !== null && !isKindOf(held.definition, given.definition))
    throw new MappingError(
      "orm.identity_taken",
      `The row with the key ${key} is a ${modelName(held.definition)}, and what is merged is a ${mapper.label}. Delete the one before the other is added.`,
    );
  if (held !== null) return held;
  return stateOf(await selectByKey(context, mapper, values, bare));
}

function addNew(work: UnitOfWork, given: InstanceState): InstanceState {
  const model = given.definition.model ?? given.definition.parent;
  // Every model's constructor takes what it is to set, and may take nothing.
  const instance = Reflect.construct(model as unknown as new (init: object) => object, [{}]);
  work.add(instance);
  return requireState(instance);
}
