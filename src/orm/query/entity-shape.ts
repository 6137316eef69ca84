/** Rows become objects: one object for one row, and what is loaded already is not overwritten. */

import type { DataRow } from "../../engine/data-row.js";
import { discriminatorOf, kindsOf } from "../../model/inheritance.js";
import { setColumn, unloadColumn } from "../../model/instance.js";
import { type IdentityKey, type InstanceState, makeState, type RowParser, unloaded } from "../../model/state.js";
import { remember } from "../../remember.js";
import { MappingError } from "../errors.js";
import { type MappedColumn, type Mapper, mapperOf } from "../mapper.js";
import type { UnitOfWork } from "../unit-of-work.js";
import { currentValue, hasNumberKey, identityKey, numberIn, takeValue } from "../values.js";
import { type Hydrate, makeHydrator, type ReadColumn, readValue } from "./hydrator.js";

/** How a model's rows are read that come with certain columns. Made once for each model and list of columns. */
export class EntityShape implements RowParser {
  readonly complete: boolean;
  readonly #mapper: Mapper;
  readonly #read: readonly ReadColumn[];
  readonly #missing: readonly MappedColumn[];
  /** All columns, in the table's order: what is read is the row. */
  readonly #isWhole: boolean;
  readonly #readKey: (row: DataRow, offset: number) => IdentityKey | null;
  readonly #hydrate: Hydrate;

  /**
   * @param names of the columns in the order in which they are selected, those of the key among them; what the model
   * doesn't have is another's that inherits from the same.
   */
  constructor(mapper: Mapper, names: readonly string[]) {
    this.#mapper = mapper;
    this.#read = names.flatMap((name, at) => {
      const column = mapper.selected(name);
      return column === null ? [] : [{ column, at, mutable: isMutable(column) }];
    });
    this.#missing = mapper.columns.filter((column) => !this.#read.some((read) => read.column === column));
    this.complete = this.#missing.length === 0;
    this.#isWhole = this.complete && this.#read.every(({ column }, i) => column.index === i);
    this.#readKey = keyReader(mapper.key.flatMap((column) => this.#read.filter((read) => read.column === column)));
    this.#hydrate = makeHydrator(this.#read, mapper.prototype, (instance, read) => {
      const state = makeState(mapper.definition, instance);
      state.takeRow(read, this);
      return state;
    });
  }

  /**
   * The object of the row whose columns begin at `offset`; null where its key is NULL, as after an outer join.
   *
   * @param overwrite whether an object that is there already takes the row's values.
   */
  objectOf(work: UnitOfWork, row: DataRow, offset: number, overwrite: boolean): InstanceState | null {
    const key = this.#readKey(row, offset);
    if (key === null) return null;
    const known = work.identities.get(this.#mapper.definition, key);
    if (known === null) return this.#make(work, row, offset, key);
    if (overwrite) this.#overwrite(known, row, offset);
    else if (known.isPartial) this.#fill(known, row, offset);
    return known;
  }

  parse(read: unknown[]): unknown[] {
    const row = this.#isWhole ? read : new Array<unknown>(this.#mapper.columns.length).fill(unloaded);
    for (let i = 0; i < this.#read.length; i++) {
      const { column, mutable } = this.#read[i]!;
      const value = read[i];
      row[column.index] = mutable && typeof value === "string" ? column.codec.parse(value) : value;
    }
    return row;
  }

  #make(work: UnitOfWork, row: DataRow, offset: number, key: IdentityKey): InstanceState {
    const state = this.#hydrate(row, offset);
    for (const { property } of this.#missing) unloadColumn(state.instance, property);
    work.register(state, key);
    work.loaded?.(state.instance);
    return state;
  }

  #overwrite(state: InstanceState, row: DataRow, offset: number): void {
    for (const { column, at } of this.#read) takeValue(state, column, row.text(offset + at));
  }

  /** Takes what isn't loaded. What was assigned to it since stays, as a change. */
  #fill(state: InstanceState, row: DataRow, offset: number): void {
    const stored = state.row;
    if (stored === null) return;
    for (const { column, at } of this.#read) {
      if (stored[column.index] !== unloaded) continue;
      const value = readValue(column, row, offset + at);
      if (currentValue(state, column) === unloaded) setColumn(state.instance, column.property, value);
      stored[column.index] = column.codec.copy(value);
    }
  }
}

/** How rows are read that may be of several models: the discriminator says whose a row is. */
export class PolymorphicShape {
  readonly #mapper: Mapper;
  readonly #names: readonly string[];
  readonly #discriminator: Pick<ReadColumn, "column" | "at">;
  readonly #shapes = new Map<unknown, EntityShape>();

  constructor(mapper: Mapper, names: readonly string[], discriminator: string) {
    this.#mapper = mapper;
    this.#names = names;
    this.#discriminator = { column: mapper.column(discriminator), at: names.indexOf(discriminator) };
  }

  /** @throws MappingError `orm.identity_unknown` for a row of none of the models that are known. */
  objectOf(work: UnitOfWork, row: DataRow, offset: number, overwrite: boolean): InstanceState | null {
    const { column, at } = this.#discriminator;
    const identity = readValue(column, row, offset + at);
    const shape = remember(this.#shapes, identity, () => shapeOfOne(this.#mapperOf(identity), this.#names));
    return shape.objectOf(work, row, offset, overwrite);
  }

  #mapperOf(identity: unknown): Mapper {
    const { definition, label } = this.#mapper;
    // No row, as after an outer join.
    if (identity === null) return this.#mapper;
    const found = kindsOf(definition).find(({ options }) => options.identity === identity);
    if (found !== undefined) return mapperOf(found);
    throw new MappingError(
      "orm.identity_unknown",
      `A row of ${label} has ${JSON.stringify(identity)} as its ${this.#discriminator.column.property}, which is the identity of no model that is known; import the module of its model.`,
    );
  }
}

const shapes = new WeakMap<Mapper, Map<string, EntityShape>>();

/** How an entity's rows are read. @param names of its columns, those of the key among them, and the discriminator. */
export function shapeOf(mapper: Mapper, names: readonly string[]): Pick<EntityShape, "objectOf"> {
  const { definition } = mapper;
  const discriminator = definition.heirs.length === 0 ? null : discriminatorOf(definition);
  return discriminator === null ? shapeOfOne(mapper, names) : new PolymorphicShape(mapper, names, discriminator);
}

function shapeOfOne(mapper: Mapper, names: readonly string[]): EntityShape {
  const known = remember(shapes, mapper, () => new Map<string, EntityShape>());
  return remember(known, names.join(), () => new EntityShape(mapper, names));
}

/** Reads what a row is known by: what `identityKey` would make of its values, without them where that can be. */
function keyReader(key: readonly ReadColumn[]): (row: DataRow, offset: number) => IdentityKey | null {
  const columns = key.map(({ column }) => column);
  const first = key[0]?.at ?? 0;
  if (hasNumberKey(columns)) return (row, offset) => numberIn(row, offset + first);
  if (columns.length === 1 && isText(columns[0]!)) return (row, offset) => row.text(offset + first);
  return (row, offset) =>
    identityKey(
      columns,
      key.map(({ column, at }) => readValue(column, row, offset + at)),
    );
}

/** Whether PostgreSQL's text of a value is the value. */
function isText({ spec: { type } }: MappedColumn): boolean {
  return type.codec === null && type.transform === null && type.value === "string";
}

const immutable: ReadonlySet<string> = new Set(["string", "number", "bigint", "boolean"]);

function isMutable({ spec: { type } }: MappedColumn): boolean {
  return type.codec !== null || type.transform !== null || !immutable.has(type.value);
}
