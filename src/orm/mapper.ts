/** What the ORM knows of a model, made once: columns with their codecs, the key, relationships with what they join. */

import { type ColumnCodec, codecOf } from "../model/codec.js";
import {
  type ColumnType,
  type ModelDefinition,
  modelDefinitionOf,
  modelName,
  propertyNames,
} from "../model/definition.js";
import { tableOwnersOf } from "../model/inheritance.js";
import { type ModelMetadata, metadataOf } from "../model/metadata.js";
import { arrayParameterType, type ParameterType } from "../model/parameter-type.js";
import type { AnyModel } from "../model/relations.js";
import type { ForeignKeyMetadata } from "../model/resolve/foreign-keys.js";
import { type ColumnMetadata, type TableMetadata, targetColumns } from "../model/resolve/read.js";
import { modelColumns, modelTable } from "../model/source.js";
import type { SqlType } from "../model/sql-type.js";
import { type InstanceState, stateOf } from "../model/state.js";
import { remember } from "../remember.js";
import { quoteIdentifier, quotePath } from "../sql/identifier.js";
import { MappingError } from "./errors.js";
import { kindName, type MappedTable, mapTables, tableWith } from "./mapped-table.js";
import { MappedRelation } from "./relation.js";

export interface MappedColumn extends ColumnMetadata {
  /** Its place among the table's columns, and in `InstanceState.row`. */
  readonly index: number;
  /** Quoted. */
  readonly sqlName: string;
  /** As SQL, with length and precision. */
  readonly sqlType: string;
  /** How a list of its values travels as one parameter. */
  readonly parameter: ParameterType;
  readonly codec: ColumnCodec;
  /** Of a type whose values are whole numbers to PostgreSQL and to the model. */
  readonly wholeNumber: boolean;
  /** PostgreSQL gives a value where the INSERT gives none: an identity, a serial, a DEFAULT. */
  readonly serverDefault: boolean;
  /** The values of its sequence rise in the order in which rows are inserted. */
  readonly sequence: boolean;
  /** Not in the table: a column property, which is read and never written. */
  readonly computed: boolean;
}

/** Columns whose values, together, no two rows share. */
export interface Unique {
  /** Their table, quoted. */
  readonly table: string;
  readonly columns: readonly MappedColumn[];
  /** Not even in the middle of a statement. Not known of an index with a condition, which is taken to be another. */
  readonly immediate: boolean;
}

/** @throws MappingError `orm.view` for an instance of a view, whose row is nobody's to write. */
export function requireWritable({ definition }: Pick<InstanceState, "definition">): void {
  if (definition.view === null) return;
  throw new MappingError(
    "orm.view",
    `${modelName(definition)} is a view, and a session only reads its rows. Change the objects of the tables that it reads; a row of a view that takes it can be changed with insert(), update() and remove().`,
  );
}

export class Mapper implements MappedTable {
  readonly definition: ModelDefinition;
  readonly metadata: ModelMetadata;
  readonly label: string;
  readonly table: string;
  readonly columns: readonly MappedColumn[];
  readonly key: readonly MappedColumn[];
  readonly version: MappedColumn | null;
  /** What the application gives a value where a new object has none: defaults, and the first version. */
  readonly defaulted: readonly MappedColumn[];
  /** The tables that a row is in, in the order in which they are filled: its own, and before it those of what it inherits from. */
  readonly tables: readonly MappedTable[];
  readonly uniques: readonly Unique[];
  /**
   * Whether a row, once PostgreSQL has written it, is as good as done: it is in one table, no trigger or rule of the model's
   * makes something else of it, and no code of the application's reads what comes back.
   */
  readonly isPlain: boolean;
  readonly #byProperty: ReadonlyMap<string, MappedColumn>;
  readonly #byKindName: ReadonlyMap<string, MappedColumn>;
  /** The model's, which its instances share. */
  readonly prototype: object;
  #relations: ReadonlyMap<string, MappedRelation> | null = null;

  /** @throws MappingError `orm.no_key` for a table without a primary key, whose rows can't be told apart. */
  constructor(definition: ModelDefinition) {
    const model = definition.model ?? definition.parent;
    this.definition = definition;
    this.metadata = metadataOf(model);
    const { table, primaryKey } = this.metadata;
    this.label = table.label;
    this.table = quotePath(modelTable(definition).qualifier);
    this.columns = [...mapColumns(table), ...mapProperties(definition, table.columns.length)];
    this.#byProperty = new Map(this.columns.map((column) => [column.property, column]));
    this.#byKindName = new Map(this.columns.map((column) => [kindName(definition, column.property), column]));
    this.key = primaryKey.map(({ property }) => this.column(property));
    if (this.key.length === 0)
      throw new MappingError(
        "orm.no_key",
        `${this.label} has no primary key, and without one its rows can't be told apart: a session can't keep its instances. Give it one with .primaryKey(), or use insert(), update() and sql.`,
      );
    this.version = this.#readVersion();
    this.defaulted = this.columns.filter(
      (column) => column.spec.generated === null && (column === this.version || column.spec.default !== null),
    );
    this.tables = mapTables(this, definition);
    this.uniques = uniquesOf(table).map(({ properties, immediate }) => {
      const columns = properties.map((property) => this.column(property));
      return { table: tableWith(columns, this.tables), columns, immediate };
    });
    this.isPlain =
      this.tables.length === 1 &&
      tableOwnersOf(definition).every(({ options }) => options.triggers === undefined && options.rules === undefined) &&
      !this.columns.some(({ spec }) => hasOwnCode(spec.type));
    this.prototype = model.prototype;
  }

  get foreignKeys(): readonly ForeignKeyMetadata[] {
    return this.metadata.foreignKeys;
  }

  /** Resolved late: the other models' mappers lead back to this one. */
  get relations(): ReadonlyMap<string, MappedRelation> {
    this.#relations ??= new Map(
      [...this.metadata.relations].map(([property, relation]) => [property, new MappedRelation(this, relation)]),
    );
    return this.#relations;
  }

  has(property: string): boolean {
    return this.#byProperty.has(property);
  }

  column(property: string): MappedColumn {
    const column = this.#byProperty.get(property);
    if (column === undefined) throw new RangeError(`${this.label} has no column ${property}.`);
    return column;
  }

  /** A column by the name under which it is selected: its property, or that with the model which adds it. */
  selected(name: string): MappedColumn | null {
    return this.#byProperty.get(name) ?? this.#byKindName.get(name) ?? null;
  }

  relation(property: string): MappedRelation | null {
    return this.relations.get(property) ?? null;
  }

  #readVersion(): MappedColumn | null {
    const { version } = this.definition.options;
    if (version === undefined) return null;
    const column = this.#byProperty.get(version);
    if (column?.codec !== undefined && ["number", "bigint"].includes(column.spec.type.value)) return column;
    throw new MappingError(
      "orm.version",
      `${this.label} has the version ${JSON.stringify(version)}, which is no column with numbers; name an integer() or bigint() column by its property.`,
    );
  }
}

const mappers = new WeakMap<ModelDefinition, Mapper>();
/** The one that was asked for last: objects of one model come one after the other. */
let last: Mapper | null = null;

/** @throws AthanorError `model.*` for models that contradict themselves; MappingError `orm.no_key`. */
export function mapperOf(definition: ModelDefinition): Mapper {
  if (last?.definition !== definition) last = remember(mappers, definition, () => new Mapper(definition));
  return last;
}

/** @throws AthanorError `model.unknown` for what is no model. */
export function mapperOfModel(model: AnyModel): Mapper {
  const definition = modelDefinitionOf(model);
  // metadataOf says what is wrong with it.
  return mapperOf(definition ?? metadataOf(model).table.definition);
}

export function mapperOfState(state: InstanceState): Mapper {
  return mapperOf(state.definition);
}

/** The columns of any table, a join table included. */
export function mapColumns(table: TableMetadata): readonly MappedColumn[] {
  return table.columns.map((column, index) => mapColumn(column, index, false));
}

/** The column properties, after the columns. */
function mapProperties(definition: ModelDefinition, first: number): readonly MappedColumn[] {
  const columns = modelColumns(definition);
  return propertyNames(definition).map((property, i) => {
    const { name, type } = columns[property]!;
    // modelColumns() gives each a type with its spec.
    const { spec } = type as ColumnType;
    const origin = `${modelName(definition)}.${property}`;
    return mapColumn({ property, name, spec, origin }, first + i, true);
  });
}

const wholeNumbers: ReadonlySet<string> = new Set(["smallint", "integer", "bigint"]);

function isWholeNumber(type: SqlType): boolean {
  return wholeNumbers.has(type.sql(null)) && type.codec === null && type.transform === null;
}

export function mapColumn(column: ColumnMetadata, index: number, computed: boolean): MappedColumn {
  const { spec } = column;
  const sequence = spec.identity !== null || spec.type.serial;
  return Object.freeze({
    ...column,
    index,
    sqlName: quoteIdentifier(column.name),
    sqlType: spec.type.sql(null),
    parameter: arrayParameterType(spec.type),
    codec: codecOf(column),
    wholeNumber: isWholeNumber(spec.type),
    serverDefault: sequence || spec.serverDefault !== null,
    sequence,
    computed,
  });
}

/** Whether the application's code turns its values into PostgreSQL's and back. */
function hasOwnCode({ codec, transform, of, attributes }: SqlType): boolean {
  if (codec !== null || transform !== null) return true;
  return (of !== null && hasOwnCode(of)) || Object.values(attributes ?? {}).some(hasOwnCode);
}

function uniquesOf(table: TableMetadata): readonly { properties: readonly string[]; immediate: boolean }[] {
  return table.constraints.flatMap(({ spec }) => {
    if (spec.kind === "primary key" || spec.kind === "unique")
      return { properties: spec.columns.map((c) => c.origin.property), immediate: spec.deferrable === "no" };
    if (spec.kind !== "index" || !spec.unique) return [];
    // An index with a condition is taken as if it had none: then a delete goes first that needn't.
    const columns = spec.parts.flatMap((part) => targetColumns(part));
    if (columns.length < spec.parts.length) return [];
    return { properties: columns.map((column) => column.origin.property), immediate: spec.where === null };
  });
}

/** @throws MappingError `orm.not_an_instance` */
export function requireState(instance: object): InstanceState {
  const state = stateOf(instance);
  if (state === null)
    throw new MappingError(
      "orm.not_an_instance",
      "A session takes instances of models only: make one with new Model({ … }), or read one from the database.",
    );
  return state;
}
