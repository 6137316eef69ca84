/** Rows become objects: one object for one row, and what is loaded already is not overwritten. */

import type { DataRow } from "../../engine/data-row.js";
import { discriminatorOf, kindsOf } from "../../model/inheritance.js";
import { setColumn, unloadColumn } from "../../model/instance.js";
import { type InstanceState, makeState, type RowParser, unloaded } from "../../model/state.js";
import { remember } from "../../remember.js";
import { MappingError } from "../errors.js";
import { type MappedColumn, type Mapper, mapperOf } from "../mapper.js";
import type { UnitOfWork } from "../unit-of-work.js";
import { currentValue, keyText, takeValue } from "../values.js";

/** A column that is selected, and its place among those of its entity. */
interface ReadColumn {
  readonly column: MappedColumn;
  readonly at: number;
  /** Whether a value can be changed in place, so that the row needs one of its own. */
  readonly mutable: boolean;
}

/** How a model's rows are read that come with certain columns. Made once for each model and list of columns. */
export class EntityShape implements RowParser {
  readonly complete: boolean;
  readonly #mapper: Mapper;
  readonly #read: readonly ReadColumn[];
  readonly #missing: readonly MappedColumn[];
  readonly #key: readonly ReadColumn[];
  /** The place of a key whose text needs no reading; -1: it takes more than that. */
  readonly #plainKey: number;

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
    this.#key = mapper.key.flatMap((column) => this.#read.filter((read) => read.column === column));
    const [first, ...more] = this.#key;
    this.#plainKey = first !== undefined && more.length === 0 && isPlain(first.column) ? first.at : -1;
  }

  /**
   * The object of the row whose columns begin at `offset`; null where its key is NULL, as after an outer join.
   *
   * @param overwrite whether an object that is there already takes the row's values.
   */
  objectOf(work: UnitOfWork, row: DataRow, offset: number, overwrite: boolean): InstanceState | null {
    const key = this.#plainKey < 0 ? this.#readKey(row, offset) : row.text(offset + this.#plainKey);
    if (key === null) return null;
    const known = work.identities.get(this.#mapper.definition, key);
    if (known === null) return this.#make(work, row, offset, key);
    if (overwrite) this.#overwrite(known, row, offset);
    else if (known.isPartial) this.#fill(known, row, offset);
    return known;
  }

  parse(read: readonly unknown[]): unknown[] {
    const row = new Array<unknown>(this.#mapper.columns.length).fill(unloaded);
    for (const [i, { column, mutable }] of this.#read.entries()) {
      const value = read[i];
      row[column.index] = mutable && typeof value === "string" ? column.codec.parse(value) : value;
    }
    return row;
  }

  #make(work: UnitOfWork, row: DataRow, offset: number, key: string): InstanceState {
    const instance = this.#mapper.makeShell();
    // In one order for all, so that they share a hidden class.
    const values = instance as Record<string, unknown>;
    const columns = this.#read;
    const read = new Array<unknown>(columns.length);
    for (let i = 0; i < columns.length; i++) {
      const { column, at, mutable } = columns[i]!;
      if (mutable) {
        const text = row.text(offset + at);
        values[column.property] = text === null ? null : column.codec.parse(text);
        read[i] = text;
      } else {
        const value = readValue(column, row, offset + at);
        values[column.property] = value;
        read[i] = value;
      }
    }
    for (const { property } of this.#missing) unloadColumn(instance, property);
    const state = makeState(this.#mapper.definition, instance);
    state.takeRow(read, this);
    work.register(state, key);
    work.loaded?.(instance);
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

  #readKey(row: DataRow, offset: number): string | null {
    return keyText(
      this.#mapper.key,
      this.#key.map(({ column, at }) => readValue(column, row, offset + at)),
    );
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

function readValue({ codec }: MappedColumn, row: DataRow, at: number): unknown {
  if (row.isNull(at)) return null;
  if (codec.parseBytes !== null) return codec.parseBytes(row.bytes, row.start(at), row.end(at));
  return codec.parse(row.text(at)!);
}

const immutable: ReadonlySet<string> = new Set(["string", "number", "bigint", "boolean"]);

function isMutable({ spec: { type } }: MappedColumn): boolean {
  return type.codec !== null || type.transform !== null || !immutable.has(type.value);
}

const wholeNumbers: ReadonlySet<string> = new Set(["smallint", "integer", "bigint"]);

/** Whether PostgreSQL's text of a value is the one that `keyText` makes of it. */
function isPlain({ spec: { type }, sqlType }: MappedColumn): boolean {
  if (type.codec !== null || type.transform !== null) return false;
  return type.value === "string" || wholeNumbers.has(sqlType);
}
