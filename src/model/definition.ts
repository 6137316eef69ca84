/** What a model or a Base says, as it was written; nothing is resolved here. */

import { Column } from "../sql/column.js";
import type { SqlFragment, ValueType } from "../sql/fragment.js";
import type { Selectable } from "../sql/selectable.js";
import { type Declares, declarationOf } from "./brand.js";
import type { ColumnDef, ColumnSpec, SiblingColumns } from "./column.js";
import { type ColumnProperties, propertyColumn, readOnce } from "./column-property.js";
import type { Constraint } from "./constraints.js";
import { homeOf, ownsTable } from "./inheritance.js";
import { keyName } from "./joined.js";
import type { InheritOptions, ModelOptions } from "./model-types.js";
import type { Naming } from "./naming.js";
import type { PartitionKey, PlainPartition } from "./partition.js";
import type { Policy } from "./policies.js";
import type { AnyModel, RelationSpec } from "./relations.js";
import type { Grant, RightsSpec } from "./rights.js";
import type { SqlType } from "./sql-type.js";
import type { Statistics } from "./statistics.js";
import type { Rule, Trigger } from "./triggers.js";

export type ColumnDefs = Readonly<Record<string, ColumnDef<unknown, boolean>>>;

export interface BaseDefinition {
  readonly kind: "base";
  readonly columns: ColumnDefs;
  readonly tablename: (className: string) => string;
  readonly columnName: (property: string) => string;
  readonly schema: string | null;
  readonly naming: Naming;
  /** Of models that say nothing of them. */
  readonly rights: Pick<RightsSpec, "owner" | "grants">;
  /** Every model made of this Base or of one that extends it, in the order they were made. */
  readonly models: ModelDefinition[];
}

/** A model's options without the types of its columns. */
export interface PlainModelOptions
  extends Omit<ModelOptions<unknown>, CallbackOption | "properties" | "partitions" | "grants">,
    Pick<InheritOptions<unknown, unknown>, "polymorphicLoad"> {
  readonly partitionBy?: (columns: PlainColumns) => PartitionKey | SqlFragment;
  readonly partitions?: readonly PlainPartition[] | "unmanaged";
  readonly properties?: ColumnProperties;
  readonly grants?: readonly Grant[];
  readonly constraints?: (columns: PlainColumns) => readonly Constraint[];
  readonly triggers?: (columns: PlainColumns, before: PlainColumns, after: PlainColumns) => readonly Trigger[];
  readonly rules?: (before: PlainColumns, after: PlainColumns) => readonly Rule[];
  readonly policies?: (columns: PlainColumns) => readonly Policy[];
  readonly statistics?: (columns: PlainColumns) => readonly Statistics[];
}

type CallbackOption = "constraints" | "triggers" | "rules" | "policies" | "statistics" | "partitionBy";

type PlainColumns = Readonly<Record<string, Column<unknown>>>;

/** What a view says that a table does not. */
export interface ViewSpec {
  readonly as: SqlFragment | (() => SqlFragment);
  readonly materialized: boolean;
  /** By PostgreSQL's names. */
  readonly options: Readonly<Record<string, string>>;
  readonly withData: boolean;
  /** Its options as they were written. */
  readonly said: object;
}

export interface ModelDefinition {
  readonly kind: "model";
  readonly base: BaseDefinition;
  /** In the order of the table: the model's own, then the Base's. Of a model that inherits, the other's before its own. */
  readonly columns: ColumnDefs;
  /** Of a model that inherits and has a table of its own: what it says of that table's key, by property. */
  readonly keyColumns: ColumnDefs;
  /** Getters, to be read late: the models they name may not be loaded yet. */
  readonly relations: object;
  readonly options: PlainModelOptions;
  /** What it is a view of; null: it is a table. */
  readonly view: ViewSpec | null;
  /** The model that it is a special case of, whose table it shares unless it names one of its own; null: none. */
  readonly inherits: ModelDefinition | null;
  /** Those that inherit from it, in the order they were made. */
  readonly heirs: ModelDefinition[];
  /** The class that `Base.model()` or `inherit()` made. */
  readonly parent: AnyModel;
  /** The class that the user made of it, once it was seen: a subclass can't be known before it is used. */
  model: AnyModel | null;
}

/** The definition of a model class, which is then known for it; null for anything else. */
export function modelDefinitionOf(value: unknown): ModelDefinition | null {
  const definition = declarationOf(value);
  if (definition?.kind !== "model") return null;
  // Only classes carry a definition of this kind.
  if (value !== definition.parent) definition.model ??= value as AnyModel & Declares<ModelDefinition>;
  return definition;
}

/** `User`, or where no class is known the table's name. */
export function modelName(definition: ModelDefinition): string {
  return definition.model?.name ?? definition.options.tablename ?? "a model without a class of its own";
}

/** The table's name, or null where neither an option nor a class says it. */
export function tableName(definition: ModelDefinition): string | null {
  const { options, model, base, inherits } = definition;
  if (inherits !== null && !ownsTable(definition)) return tableName(inherits);
  return options.tablename ?? (model === null || model.name === "" ? null : base.tablename(model.name));
}

/** The column's name in the database. */
export function columnName(definition: ModelDefinition, property: string): string {
  return definition.columns[property]?.spec.name ?? definition.base.columnName(property);
}

/** The names of the column properties. */
export function propertyNames({ options }: ModelDefinition): readonly string[] {
  return Object.keys(options.properties ?? {});
}

/** What is known of a column's type: what its codec is made from. */
export interface ColumnType extends ValueType {
  readonly spec: ColumnSpec;
}

/** The type of a column, and of what is in it: an array's elements, JSON without the column's own transform. */
export function columnType(spec: ColumnSpec, origin: string): ColumnType {
  const member = memberOf(spec.type);
  return member === null ? { spec, origin } : { spec, origin, member: columnType({ ...spec, type: member }, origin) };
}

function memberOf(type: SqlType): SqlType | null {
  if (type.transform === null) return type.value === "array" ? type.of : null;
  return type.value === "json" ? { ...type, transform: null } : null;
}

/**
 * The model's columns as expressions, read from `from`, and its column properties; null: bare, as in its table's own
 * definition, where there are columns only.
 */
export function columnExpressions(
  definition: ModelDefinition,
  from: Selectable | null,
): Readonly<Record<string, Column<unknown>>> {
  const columns = Object.fromEntries(
    Object.entries(definition.columns).map(([property, { spec }]) => {
      const type = columnType(spec, `${modelName(definition)}.${property}`);
      const origin = { definition, property };
      const part = homeOf(definition, property);
      const name = from === null ? keyName(definition, property) : columnName(definition, property);
      return [property, new Column(name, { origin, type, from, part })];
    }),
  );
  if (from === null) return Object.freeze(columns);
  const properties = Object.entries(definition.options.properties ?? {}).map(([property, make]) => {
    const label = `${modelName(definition)}.${property}`;
    const read = readOnce(label, () => make(columns));
    const origin = { definition, property };
    return [property, propertyColumn(columnName(definition, property), { origin, from, label, read })] as const;
  });
  return Object.freeze({ ...columns, ...Object.fromEntries(properties) });
}

/** Siblings for a callback: a property that is no column throws instead of becoming NULL in the SQL. */
export function siblings(columns: Readonly<Record<string, Column<unknown>>>, owner: string): SiblingColumns {
  return new Proxy(columns, {
    get(target, property) {
      const column = typeof property === "string" ? target[property] : undefined;
      if (column === undefined) throw new RangeError(`${owner} has no column ${String(property)}.`);
      return column;
    },
  });
}

/** The names of the relationships, without reading them. */
export function relationNames(definition: ModelDefinition): readonly string[] {
  return Object.keys(definition.relations);
}

/** Reads one relationship: by now the models it names are there. Throws what its getter throws. */
export function relationSpec(definition: ModelDefinition, property: string): RelationSpec {
  // What the relations object holds was made by one(), maybeOne() or many(), as its type demands.
  return Reflect.get(definition.relations, property) as RelationSpec;
}
