/** The objects of a session: which it has, which are new, which are to be deleted. What a flush makes of them: flush.ts. */

import { RelatedCollection } from "../model/collection.js";
import { modelName } from "../model/definition.js";
import { forgetRelated } from "../model/related.js";
import type { CascadeWord } from "../model/resolve/relations.js";
import type { IdentityKey, InstanceOwner, InstanceState } from "../model/state.js";
import { MappingError } from "./errors.js";
import { membersOf, needsBefore, relationChange } from "./history.js";
import { IdentityMap } from "./identity-map.js";
import { mapperOfState, requireState, requireWritable } from "./mapper.js";
import { TransactionLog } from "./transaction-log.js";
import { currentValue, expireColumns, hasChangedColumns, identityKey } from "./values.js";

/** Loads one attribute of one instance. */
export type AttributeLoader = (state: InstanceState, property: string) => Promise<void>;

export class UnitOfWork implements InstanceOwner {
  readonly identities = new IdentityMap();
  /** To be inserted, in the order in which they were added. */
  readonly pending = new Set<InstanceState>();
  /** To be deleted. */
  readonly marked = new Set<InstanceState>();
  /** Pending ones that left a parent whose orphans are deleted: not inserted, unless they found another. */
  readonly orphans = new Set<InstanceState>();
  /** Of the transaction, then of each savepoint in it. */
  #logs: TransactionLog[] = [new TransactionLog()];

  /** @param loaded called with each object that is made for a row. */
  constructor(
    readonly load: AttributeLoader,
    readonly loaded?: (instance: object) => void,
  ) {}

  /** Of the innermost savepoint. */
  get log(): TransactionLog {
    return this.#logs.at(-1)!;
  }

  contains(state: InstanceState): boolean {
    return state.owner === this && state.lifecycle !== "deleted";
  }

  /** @throws MappingError `orm.not_in_session` */
  requireOwn(state: InstanceState): void {
    if (state.owner === this) return;
    throw new MappingError(
      "orm.not_in_session",
      `This ${modelName(state.definition)} is ${state.lifecycle} and not in this session. Add it first: session.add(…), or merge() it.`,
    );
  }

  /** Whether a flush would have something to do. */
  hasChanges(): boolean {
    this.reconcile();
    if (this.pending.size + this.marked.size > 0) return true;
    for (const state of this.identities) if (this.isModified(state)) return true;
    return false;
  }

  /** Persistent ones that aren't marked for deletion. */
  *persistent(): Iterable<InstanceState> {
    for (const state of this.identities) if (!this.marked.has(state)) yield state;
  }

  isModified(state: InstanceState): boolean {
    const mapper = mapperOfState(state);
    if (hasChangedColumns(mapper, state)) return true;
    if (!state.hasTouched) return false;
    // Replaced without having been loaded: what left is known only once the flush has read it.
    for (const relation of mapper.relations.values())
      if (relationChange(state, relation.property) !== null || needsBefore(state, relation)) return true;
    return false;
  }

  /** `session.add`: this one, and what it leads to by the save-update cascade, up to what the session has already. */
  add(instance: object): void {
    const start = requireState(instance);
    // Most lead nowhere.
    if (!start.hasRelated) this.#attach(start);
    else for (const state of this.reach(start, "save-update", (each) => this.contains(each))) this.#attach(state);
  }

  /** `session.delete`: the next flush deletes the row. @throws MappingError `orm.not_persistent` */
  delete(instance: object): void {
    const state = requireState(instance);
    if (state.lifecycle === "detached") this.#attach(state);
    if (state.owner !== this || state.lifecycle !== "persistent")
      throw new MappingError(
        "orm.not_persistent",
        `This ${modelName(state.definition)} is ${state.lifecycle}${state.owner === null || state.owner === this ? "" : ", in another session"}, and only what this session has a row of can be deleted. Expunge it, or leave it.`,
      );
    requireWritable(state);
    this.marked.add(state);
  }

  /** Removes it from the session, and what it leads to by the expunge cascade. */
  expunge(instance: object): void {
    const state = requireState(instance);
    this.requireOwn(state);
    for (const each of this.reach(state, "expunge")) if (each.owner === this) this.detach(each);
  }

  expungeAll(): void {
    for (const states of [this.identities, this.pending, ...this.#logs.map((log) => log.deleted)])
      for (const state of states) release(state);
    this.identities.clear();
    for (const states of [this.pending, this.marked, this.orphans]) states.clear();
  }

  /** Lets go of everything: nothing is undone in memory, as when the session is closed. */
  close(): void {
    this.expungeAll();
    this.#logs = [new TransactionLog()];
  }

  /** Its row was deleted in this transaction. */
  forgetDeleted(state: InstanceState): void {
    this.identities.remove(state);
    this.marked.delete(state);
    state.lifecycle = "deleted";
    this.log.deleted.push(state);
  }

  /** Out of the session: a row makes it detached, none transient. */
  detach(state: InstanceState): void {
    this.identities.remove(state);
    this.pending.delete(state);
    this.marked.delete(state);
    this.orphans.delete(state);
    release(state);
  }

  /** A row of the database is this object from now on. */
  register(state: InstanceState, key: IdentityKey): void {
    state.key = key;
    state.owner = this;
    state.lifecycle = "persistent";
    this.identities.add(state);
  }

  /**
   * The instances that one leads to by loaded relationships with a cascade, itself first.
   *
   * @param halt where not to go on.
   */
  *reach(
    start: InstanceState,
    word: CascadeWord,
    halt: (state: InstanceState) => boolean = () => false,
  ): Iterable<InstanceState> {
    const seen = new Set([start]);
    for (const state of seen) {
      yield state;
      for (const relation of mapperOfState(state).relations.values()) {
        if (!relation.cascades(word)) continue;
        const { property } = relation;
        const queued = state.queued.get(property)?.added ?? [];
        for (const item of [...(membersOf(state, property) ?? []), ...queued]) {
          const member = requireState(item);
          if (!halt(member)) seen.add(member);
        }
      }
    }
  }

  related(state: InstanceState, property: string, value: object): void {
    const member = requireState(value);
    this.orphans.delete(member);
    if (mapperOfState(state).relation(property)?.cascades("save-update") && !this.contains(member)) this.add(value);
  }

  unrelated(state: InstanceState, property: string, value: object): void {
    const member = requireState(value);
    if (!this.pending.has(member)) return;
    if (mapperOfState(state).relation(property)?.cascades("delete-orphan")) this.orphans.add(member);
  }

  /** A relationship to one, by its foreign key: null where that is NULL, the object where the session has it. */
  known(state: InstanceState, property: string): object | null | undefined {
    const relation = mapperOfState(state).relation(property);
    if (relation?.direction !== "many-to-one") return undefined;
    const { pairs, target } = relation;
    const values = pairs.map(({ local }) => currentValue(state, local));
    if (values.includes(null)) return null;
    const byKey = target.key.map((column) => values[pairs.findIndex(({ remote }) => remote === column)]);
    if (pairs.length !== target.key.length || byKey.includes(undefined)) return undefined;
    const key = identityKey(target.key, byKey);
    const found = key === null ? null : this.identities.get(target.definition, key);
    return found === null || this.marked.has(found) ? undefined : found.instance;
  }

  /** Finds what was assigned to collections by index or by length. New members may be added on the way. */
  reconcile(): void {
    for (const states of [this.identities, this.pending])
      for (const state of states)
        if (state.hasTouched)
          for (const held of state.related.values()) if (held instanceof RelatedCollection) held.reconcile();
  }

  /** Makes columns and relationships read as not loaded; all unless named. */
  expire(state: InstanceState, attributes?: readonly string[]): void {
    if (state.row === null) return;
    const mapper = mapperOfState(state);
    const named = (property: string) => attributes === undefined || attributes.includes(property);
    expireColumns(
      mapper,
      state,
      mapper.columns.filter(({ property }) => named(property)),
    );
    for (const property of mapper.relations.keys()) if (named(property)) forgetRelated(state, property);
  }

  expireAll(): void {
    for (const state of this.identities) this.expire(state);
  }

  /** @returns its number, for what ends it. */
  beginSavepoint(): number {
    return this.#logs.push(new TransactionLog()) - 1;
  }

  /** What was done in the savepoints from number `depth` on becomes the outer one's. */
  releaseSavepoint(depth: number): void {
    const released = this.#logs.splice(depth);
    for (const inner of released) this.log.absorb(inner);
  }

  /** Undoes in memory what was done in the savepoints from number `depth` on; what was written there expires. */
  rollbackSavepoint(depth: number): void {
    const undone = this.#logs.splice(depth);
    const touched = new Set(undone.flatMap((log) => log.touched));
    for (const log of undone.reverse()) this.#undo(log);
    for (const state of this.identities) if (touched.has(state) || this.isModified(state)) this.expire(state);
  }

  /** Undoes everything in memory: new ones are transient again, deleted ones persistent, and all of it expires. */
  rollback(): void {
    for (const log of this.#logs.reverse()) this.#undo(log);
    this.#logs = [new TransactionLog()];
    this.expireAll();
  }

  /** The deleted are detached; from now on nothing can be undone. */
  commit(): void {
    for (const log of this.#logs) for (const state of log.deleted) if (state.owner === this) release(state);
    this.#logs = [new TransactionLog()];
  }

  #undo(log: TransactionLog): void {
    // A flush that failed may have inserted some of the pending ones.
    for (const state of [...this.pending, ...log.inserted]) {
      this.identities.remove(state);
      forgetRow(state);
      this.detach(state);
    }
    for (const { state, key } of log.rekeyed) {
      this.identities.remove(state);
      state.key = key;
    }
    for (const state of [...log.rekeyed.map((each) => each.state), ...log.deleted])
      if (state.hasRow && state.key !== null) this.register(state, state.key);
    this.marked.clear();
  }

  #attach(state: InstanceState): void {
    const { owner, lifecycle } = state;
    if (owner !== null && owner !== this)
      throw new MappingError(
        "orm.other_session",
        `This ${modelName(state.definition)} is in another session already. Expunge it there first, or merge() it here.`,
      );
    if (lifecycle === "deleted")
      throw new MappingError(
        "orm.deleted",
        `The row of this ${modelName(state.definition)} was deleted in this transaction. Roll back, or make a new one.`,
      );
    if (lifecycle === "transient") this.#attachNew(state);
    else if (lifecycle === "detached") this.#attachDetached(state);
    else this.marked.delete(state);
  }

  #attachNew(state: InstanceState): void {
    // Refuses a model without a key here, and not in the middle of a flush.
    mapperOfState(state);
    requireWritable(state);
    state.owner = this;
    state.lifecycle = "pending";
    this.pending.add(state);
  }

  #attachDetached(state: InstanceState): void {
    const { key } = state;
    if (key === null) throw new RangeError(`A detached ${modelName(state.definition)} has no key.`);
    const other = this.identities.get(state.definition, key);
    if (other !== null && other !== state)
      throw new MappingError(
        "orm.identity_taken",
        `This session has another object for ${modelName(state.definition)} ${key} already. Use that one, or merge() this one into it.`,
      );
    this.register(state, key);
  }
}

/** The row was never there. A key that only PostgreSQL may give goes with it, or it could not be inserted again. */
function forgetRow(state: InstanceState): void {
  state.row = null;
  state.key = null;
  state.committed.clear();
  for (const { spec, property } of mapperOfState(state).columns)
    if (spec.identity?.always) Reflect.deleteProperty(state.instance, property);
}

/** No session has it any more. */
function release(state: InstanceState): void {
  state.owner = null;
  state.lifecycle = state.hasRow ? "detached" : "transient";
}
