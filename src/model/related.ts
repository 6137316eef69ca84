/** Keeps both sides of a relationship in step, in memory and at once. No SQL is sent here. */

import { remember } from "../remember.js";
import { type CollectionEvents, RelatedCollection } from "./collection.js";
import { type ModelDefinition, modelDefinitionOf, modelName, relationSpec } from "./definition.js";
import { isKindOf } from "./inheritance.js";
import { type InstanceState, type LoadedRelated, type QueuedChanges, stateOf } from "./state.js";
import { UnloadedError } from "./unloaded.js";

/** What the in-memory side of a relationship has to know. */
interface Side {
  readonly property: string;
  readonly collection: boolean;
  readonly target: ModelDefinition | null;
  /** The relationship that is kept in step with it, on the target. */
  readonly inverse: string | null;
  readonly writeOnly: boolean;
}

const sides = new WeakMap<ModelDefinition, Map<string, Side>>();

function sideOf(definition: ModelDefinition, property: string): Side {
  const known = remember(sides, definition, () => new Map<string, Side>());
  return remember(known, property, () => {
    const { collection, target, options } = relationSpec(definition, property);
    return {
      property,
      collection,
      target: modelDefinitionOf(target),
      inverse: options.backPopulates ?? null,
      writeOnly: options.lazy === "write-only",
    };
  });
}

/** What `user.posts` reads as. @throws UnloadedError */
export function getRelated(state: InstanceState, property: string): object | null {
  const held = state.related.get(property);
  if (held !== undefined) return held instanceof RelatedCollection ? held.array : held;
  const side = sideOf(state.definition, property);
  if (!state.hasRow && state.lifecycle !== "deleted")
    return side.collection ? holdCollection(state, property, []).array : null;
  if (side.writeOnly) return writeOnlyCollection(state, side);
  const known = state.owner?.known(state, property);
  if (known === undefined) throw new UnloadedError(state, property);
  holdLoaded(state, property, known);
  return known;
}

/** `post.user = user`, `user.posts = [post]`: the other sides follow. @throws TypeError for what is no such instance. */
export function setRelated(state: InstanceState, property: string, value: unknown): void {
  const side = sideOf(state.definition, property);
  // To replace what is never loaded is to read it.
  if (side.writeOnly && state.row !== null) throw new UnloadedError(state, property);
  if (side.collection) setCollection(state, side, value);
  else setScalar(state, side, value);
}

/** Takes what was loaded: it is also what the next flush compares with. */
export function holdLoaded(state: InstanceState, property: string, value: LoadedRelated): void {
  state.takeLoaded(property, value, hold);
}

function hold(state: InstanceState, property: string, value: LoadedRelated): void {
  state.committed.set(property, value);
  if (!Array.isArray(value)) {
    // Array.isArray doesn't tell a readonly array from an object.
    state.related.set(property, value as object | null);
    return;
  }
  const queued = state.takeQueued(property);
  const collection = holdCollection(state, property, value);
  for (const item of queued?.removed ?? []) collection.exclude(item);
  for (const item of queued?.added ?? []) collection.include(item);
}

/** Forgets what a relationship holds, so that it reads as not loaded. */
export function forgetRelated(state: InstanceState, property: string): void {
  if (!state.hasRelated) return;
  state.related.delete(property);
  state.committed.delete(property);
  state.queued.delete(property);
}

/** Changes of a collection that isn't loaded. */
export function queuedChanges(state: InstanceState, property: string): QueuedChanges {
  return remember(state.queued, property, () => ({ added: new Set(), removed: new Set() }));
}

/** Hears of the members of one object's collection. */
class Membership implements CollectionEvents {
  readonly #state: InstanceState;
  readonly #side: Side;

  constructor(state: InstanceState, side: Side) {
    this.#state = state;
    this.#side = side;
  }

  check(item: unknown): void {
    requireMember(this.#state, this.#side, item);
  }

  added(item: object): void {
    enter(this.#state, this.#side, item);
  }

  removed(item: object): void {
    leave(this.#state, this.#side, item);
  }
}

function holdCollection(state: InstanceState, property: string, items: readonly object[]): RelatedCollection {
  const collection = new RelatedCollection(items, new Membership(state, sideOf(state.definition, property)));
  state.related.set(property, collection);
  return collection;
}

/** Stands for a collection that is never loaded: `push` adds a member, anything else throws UnloadedError. */
function writeOnlyCollection(state: InstanceState, side: Side): object {
  const push = (...items: object[]) => {
    for (const item of items) requireMember(state, side, item);
    for (const item of items) {
      queuedChanges(state, side.property).added.add(item);
      enter(state, side, item);
    }
  };
  return new Proxy([], {
    get(_, property) {
      if (property === "push") return push;
      throw new UnloadedError(state, side.property);
    },
  });
}

function setCollection(state: InstanceState, side: Side, value: unknown): void {
  if (!Array.isArray(value))
    throw new TypeError(`${modelName(state.definition)}.${side.property} holds many; assign an array.`);
  const items: readonly unknown[] = [...value];
  for (const item of items) requireMember(state, side, item);
  const held = state.related.get(side.property);
  const before = held instanceof RelatedCollection ? [...held.members] : [];
  const queued = state.queued.get(side.property);
  state.queued.delete(side.property);
  const collection = holdCollection(state, side.property, before);
  collection.splice(0, before.length, ...items.map((item) => requireMember(state, side, item)));
  // Those that the other side brought in before are replaced as well.
  for (const item of queued?.added ?? []) if (!collection.members.includes(item)) leave(state, side, item);
}

function setScalar(state: InstanceState, side: Side, value: unknown): void {
  const next = value === null || value === undefined ? null : requireMember(state, side, value);
  const before = heldOrKnown(state, side.property);
  if (before === next && state.related.has(side.property)) return;
  state.related.set(side.property, next);
  if (before !== null && before !== undefined && before !== next) leave(state, side, before);
  if (next !== null) enter(state, side, next);
}

function heldOrKnown(state: InstanceState, property: string): object | null | undefined {
  const held = state.related.get(property);
  return held !== undefined || !state.hasRow ? held : state.owner?.known(state, property);
}

/** `item` came in by way of this side: the other side follows, and the session hears of it. */
function enter(state: InstanceState, side: Side, item: object): void {
  const itemState = requireState(item);
  if (side.inverse !== null) link(itemState, sideOf(itemState.definition, side.inverse), state.instance);
  state.owner?.related(state, side.property, item);
}

function leave(state: InstanceState, side: Side, item: object): void {
  const itemState = requireState(item);
  if (side.inverse !== null) unlink(itemState, sideOf(itemState.definition, side.inverse), state.instance);
  state.owner?.unrelated(state, side.property, item);
}

/** Makes `side` of `state` hold `item`, because the other side does. */
function link(state: InstanceState, side: Side, item: object): void {
  if (side.collection) {
    const collection = collectionIn(state, side);
    if (collection !== null) collection.include(item);
    else {
      const { added, removed } = queuedChanges(state, side.property);
      if (!removed.delete(item)) added.add(item);
    }
    return;
  }
  const before = heldOrKnown(state, side.property);
  state.related.set(side.property, item);
  if (before === null || before === undefined || before === item || side.inverse === null) return;
  const beforeState = requireState(before);
  unlink(beforeState, sideOf(beforeState.definition, side.inverse), state.instance);
  beforeState.owner?.unrelated(beforeState, side.inverse, state.instance);
}

/** Makes `side` of `state` no longer hold `item`, because the other side doesn't. */
function unlink(state: InstanceState, side: Side, item: object): void {
  if (side.collection) {
    const collection = collectionIn(state, side);
    if (collection !== null) collection.exclude(item);
    else {
      const { added, removed } = queuedChanges(state, side.property);
      if (!added.delete(item)) removed.add(item);
    }
  } else {
    const held = state.related.get(side.property);
    if (held === undefined || held === item) state.related.set(side.property, null);
    else return;
  }
  state.owner?.unrelated(state, side.property, item);
}

/** The collection, made where it is only unset; null where it is not loaded. */
function collectionIn(state: InstanceState, side: Side): RelatedCollection | null {
  const held = state.related.get(side.property);
  if (held instanceof RelatedCollection) return held;
  return !state.hasRow ? holdCollection(state, side.property, []) : null;
}

function requireMember(state: InstanceState, side: Side, value: unknown): object {
  const member = stateOf(value);
  if (member !== null && isKindOf(member.definition, side.target)) return member.instance;
  const wanted = side.target === null ? "an instance of a model" : `an instance of ${modelName(side.target)}`;
  throw new TypeError(`${modelName(state.definition)}.${side.property} takes ${wanted}.`);
}

function requireState(instance: object): InstanceState {
  const state = stateOf(instance);
  if (state === null) throw new TypeError("A relationship holds an object that is no instance of a model.");
  return state;
}
