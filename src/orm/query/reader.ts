/** Reads rows: their entities into the identity map, with what comes along in the same row, and their values. */

import type { Parsers } from "../../engine/connection.js";
import type { DataRow } from "../../engine/data-row.js";
import { isKindOf } from "../../model/inheritance.js";
import { forgetRelated, holdLoaded } from "../../model/related.js";
import type { InstanceState } from "../../model/state.js";
import type { ValuePlan } from "../../query/element.js";
import { parserOf } from "../../query/read.js";
import { remember } from "../../remember.js";
import { type Mapper, mapperOfState } from "../mapper.js";
import type { MappedRelation } from "../relation.js";
import type { UnitOfWork } from "../unit-of-work.js";
import { type EntityShape, shapeOf } from "./entity-shape.js";
import type { KindLoad } from "./kinds.js";
import type { AfterLoad, AlongLoad, LoadPlan } from "./load-plan.js";
import type { PreparedQuery } from "./prepare.js";
import { Distinct } from "./unique.js";

export interface ReadOptions {
  readonly work: UnitOfWork;
  /** Overwrites what is loaded already, changes that were not flushed included. */
  readonly populateExisting: boolean;
}

/** A relationship that is to be loaded, or columns of a model that inherits, and of whom. */
export interface PendingLoad {
  readonly load: AfterLoad | KindLoad;
  readonly states: readonly InstanceState[];
}

/** Each load with those whom it concerns: what a model has that inherits from the others', its own objects. */
export function* pendingLoads(
  mapper: Mapper,
  loads: readonly PendingLoad["load"][],
  states: readonly InstanceState[],
): Iterable<PendingLoad> {
  for (const load of loads) {
    const owner = "relation" in load ? load.relation.owner : load.mapper;
    yield owner === mapper
      ? { load, states }
      : { load, states: states.filter(({ definition }) => isKindOf(definition, owner.definition)) };
  }
}

/** Hands out the places of columns in a row, one after the other. */
class Places {
  #next = 0;

  take(count: number): number {
    const place = this.#next;
    this.#next += count;
    return place;
  }
}

/** Reads an entity, and remembers whom it met where something is to be loaded afterwards. */
class EntityReader {
  readonly #plan: LoadPlan;
  readonly #options: ReadOptions;
  readonly #shape: Pick<EntityShape, "objectOf">;
  readonly #offset: number;
  readonly #along: readonly AlongReader[];
  readonly #met: Set<InstanceState> | null;

  /** Its columns come first; what is read along is given its place by `readAlong`, after those of all elements. */
  constructor(plan: LoadPlan, places: Places, options: ReadOptions) {
    const properties = Object.keys(plan.entity.columns);
    this.#plan = plan;
    this.#options = options;
    this.#shape = shapeOf(plan.mapper, properties);
    this.#offset = places.take(properties.length);
    this.#along = plan.along.map((load) => new AlongReader(load, options));
    this.#met = options.populateExisting || plan.after.length + plan.kinds.length > 0 ? new Set() : null;
  }

  placeAlong(places: Places): void {
    for (const along of this.#along) along.place(places);
  }

  /** null: the row has none. */
  read(row: DataRow): InstanceState | null {
    const { work, populateExisting } = this.#options;
    const state = this.#shape.objectOf(work, row, this.#offset, populateExisting);
    if (state === null) return null;
    if (this.#met !== null && !this.#met.has(state)) this.#meet(this.#met, state);
    for (const along of this.#along) along.read(state, row);
    return state;
  }

  /** Once all rows are read: collections are whole. */
  finish(): void {
    for (const along of this.#along) along.finish();
  }

  /** What is still to be loaded, and of whom. */
  *pending(): Iterable<PendingLoad> {
    const { mapper, kinds, after } = this.#plan;
    yield* pendingLoads(mapper, [...kinds, ...after], [...(this.#met ?? [])]);
    for (const along of this.#along) yield* along.pending();
  }

  #meet(met: Set<InstanceState>, state: InstanceState): void {
    met.add(state);
    if (!this.#options.populateExisting) return;
    for (const { relation } of [...this.#plan.along, ...this.#plan.after])
      if (mapperOfState(state).relation(relation.property) !== null) forgetRelated(state, relation.property);
  }
}

/** Reads what a relationship leads to, of the owner that stands in the same row. */
class AlongReader {
  readonly #relation: MappedRelation;
  readonly #load: AlongLoad;
  readonly #options: ReadOptions;
  readonly #members = new Map<InstanceState, Set<InstanceState>>();
  #reader: EntityReader | null = null;

  constructor(load: AlongLoad, options: ReadOptions) {
    this.#load = load;
    this.#relation = load.relation;
    this.#options = options;
  }

  place(places: Places): void {
    this.#reader = new EntityReader(this.#load.plan, places, this.#options);
    this.#reader.placeAlong(places);
  }

  read(owner: InstanceState, row: DataRow): void {
    const member = this.#reader?.read(row) ?? null;
    if (!this.#relation.collection) {
      if (!owner.holds(this.#relation.property)) holdLoaded(owner, this.#relation.property, member?.instance ?? null);
      return;
    }
    const members = remember(this.#members, owner, () => new Set<InstanceState>());
    if (member !== null) members.add(member);
  }

  finish(): void {
    const { property } = this.#relation;
    for (const [owner, members] of this.#members)
      if (!owner.holds(property))
        holdLoaded(
          owner,
          property,
          [...members].map(({ instance }) => instance),
        );
    this.#reader?.finish();
  }

  *pending(): Iterable<PendingLoad> {
    if (this.#reader !== null) yield* this.#reader.pending();
  }
}

type ReadElement = (row: DataRow, parsers: Parsers) => unknown;

/** Reads the rows of one run of a query. */
export class RowReader {
  readonly #entities: readonly EntityReader[];
  readonly #elements: readonly ReadElement[];
  /** What of a row tells it from others: objects, and values by their text. */
  readonly #identity: readonly ReadElement[];
  /** null: every row is one of the query's. */
  readonly #distinct: Distinct | null;

  constructor(options: ReadOptions, { elements, repeats }: PreparedQuery) {
    const places = new Places();
    const entities: EntityReader[] = [];
    const identity: ReadElement[] = [];
    this.#elements = elements.map((element, i): ReadElement => {
      if (element.kind !== "entity") {
        const place = places.take(1);
        identity[i] = (row) => row.text(place);
        return element.kind === "value" ? valueReader(element.plan, place) : () => null;
      }
      const entity = new EntityReader(element.plan, places, options);
      entities.push(entity);
      return (row) => entity.read(row)?.instance ?? null;
    });
    for (const entity of entities) entity.placeAlong(places);
    this.#entities = entities;
    this.#identity = identity;
    this.#distinct = repeats ? new Distinct() : null;
  }

  /** null: the row was there before, and is there once more for what is read along. */
  read(row: DataRow, parsers: Parsers): unknown[] | null {
    const elements = this.#elements;
    const values = new Array<unknown>(elements.length);
    for (let i = 0; i < elements.length; i++) values[i] = elements[i]!(row, parsers);
    if (this.#distinct === null) return values;
    const identity = values.map((value, i) => this.#identity[i]?.(row, parsers) ?? value);
    return this.#distinct.isNew(identity) ? values : null;
  }

  /** Once all rows are read: collections are whole. @returns what is still to be loaded. */
  finish(): readonly PendingLoad[] {
    for (const entity of this.#entities) entity.finish();
    return this.#entities.flatMap((entity) => [...entity.pending()]);
  }
}

/** How a value is read: as its column's type says, or as the server's does. */
function valueReader({ type }: ValuePlan, place: number): (row: DataRow, parsers: Parsers) => unknown {
  const parse = parserOf(type);
  return (row, parsers) => {
    const text = row.text(place);
    if (text === null) return null;
    const read = parse ?? parsers[place];
    return read === undefined ? text : read(text);
  };
}
