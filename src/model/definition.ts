/** What a model or a Base says, as it was written; nothing is resolved here. */

import { Column } from "../sql/column.js";
import { type Declares, declarationOf } from "./brand.js";
import type { ColumnDef, SiblingColumns } from "./column.js";
import type { Constraint } from "./constraints.js";
import type { ModelOptions } from "./model-types.js";
import type { Naming } from "./naming.js";
import type { AnyModel, RelationSpec } from "./relations.js";

export type ColumnDefs = Readonly<Record<string, ColumnDef<unknown, boolean>>>;

export interface BaseDefinition {
  readonly kind: "base";
  readonly columns: ColumnDefs;
  readonly tablename: (className: string) => string;
  readonly columnName: (property: string) => string;
  readonly schema: string | null;
  readonly naming: Naming;
  /** Every model made of this Base or of one that extends it, in the order they were made. */
  readonly models: ModelDefinition[];
}

/** A model's options without the types of its columns. */
export interface PlainModelOptions extends Omit<ModelOptions<unknown>, "constraints"> {
  readonly constraints?: (columns: Readonly<Record<string, Column<unknown>>>) => readonly Constraint[];
}

export interface ModelDefinition {
  readonly kind: "model";
  readonly base: BaseDefinition;
  /** In the order of the table: the model's own, then the Base's. */
  readonly columns: ColumnDefs;
  /** Getters, to be read late: the models they name may not be loaded yet. */
  readonly relations: object;
  readonly options: PlainModelOptions;
  /** The class that `Base.model()` made. */
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
  const { options, model, base } = definition;
  return options.tablename ?? (model === null || model.name === "" ? null : base.tablename(model.name));
}

/** The column's name in the database. */
export function columnName(definition: ModelDefinition, property: string): string {
  return definition.columns[property]?.spec.name ?? definition.base.columnName(property);
}

/** The model's columns as expressions with `qualifier` before them. */
export function columnExpressions(
  definition: ModelDefinition,
  qualifier: readonly string[],
): Readonly<Record<string, Column<unknown>>> {
  return Object.freeze(
    Object.fromEntries(
      Object.keys(definition.columns).map((property) => [
        property,
        new Column(qualifier, columnName(definition, property), { definition, property }),
      ]),
    ),
  );
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
