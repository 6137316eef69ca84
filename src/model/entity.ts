/** Models and their aliases where a query reads rows of them. */

import { remember } from "../remember.js";
import type { Column } from "../sql/column.js";
import { QueryError } from "../sql/errors.js";
import type { Selectable } from "../sql/selectable.js";
import { type ModelDefinition, modelDefinitionOf } from "./definition.js";
import { modelColumns, modelSource } from "./source.js";

/** A model as an element of FROM, and where its columns are read. */
export interface Entity {
  readonly definition: ModelDefinition;
  readonly from: Selectable;
  /** By property. */
  readonly columns: Readonly<Record<string, Column<unknown>>>;
}

export const entityKey: unique symbol = Symbol("athanor.entity");

/** What an alias of a model carries. */
export interface CarriesEntity {
  readonly [entityKey]: Entity;
}

const entities = new WeakMap<ModelDefinition, Entity>();

/** The entity of a model class or of an alias; null for anything else. */
export function entityOf(value: unknown): Entity | null {
  // The key is ours alone: what stands under it is an entity.
  if (typeof value === "object" && value !== null && entityKey in value) return (value as CarriesEntity)[entityKey];
  const definition = modelDefinitionOf(value);
  if (definition === null) return null;
  return sourceEntity(definition);
}

/** A model as it is read under its own name; the same object each time. */
export function sourceEntity(definition: ModelDefinition): Entity {
  return remember(entities, definition, () => ({
    definition,
    from: modelSource(definition),
    columns: modelColumns(definition),
  }));
}

/** The entity of what has to be a model or an alias. @throws QueryError `query.not_a_model` */
export function modelEntity(model: unknown): Entity {
  const entity = entityOf(model);
  if (entity !== null) return entity;
  const shown = typeof model === "function" && model.name !== "" ? model.name : typeof model;
  throw new QueryError(
    "query.not_a_model",
    `${shown} is no model and no alias of one; give a class that extends Base.model(…).`,
  );
}

/** Makes a static that speaks of one entity, such as a hybrid, speak of another. */
export const rebind: unique symbol = Symbol("athanor.rebind");

/** A static that an alias or a model that inherits has as well, for its own columns. */
export interface Rebindable {
  [rebind](entity: () => Entity): unknown;
}

/** The statics of a model's class, those that it inherits included, that speak of its columns; by name. */
export function rebindablesOf(model: object | null): readonly (readonly [string, Rebindable])[] {
  const found = new Map<string, Rebindable>();
  for (let each = model; each !== null && each !== Function.prototype; each = Object.getPrototypeOf(each) as object)
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(each)))
      if (!found.has(name) && isRebindable(value)) found.set(name, value);
  return [...found];
}

function isRebindable(value: unknown): value is Rebindable {
  return typeof value === "object" && value !== null && rebind in value;
}
