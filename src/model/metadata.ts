/** What the ORM needs to know of a model: its columns, key and relationships, resolved. */

import { AthanorError } from "../errors.js";
import { type BaseDefinition, type ModelDefinition, modelDefinitionOf, tableName } from "./definition.js";
import { Problems } from "./problems.js";
import type { AnyModel } from "./relations.js";
import type { ForeignKeyMetadata } from "./resolve/foreign-keys.js";
import { isKeyReference } from "./resolve/key-reference.js";
import { type Linked, linkModels } from "./resolve/link.js";
import type { ColumnMetadata, TableMetadata } from "./resolve/read.js";
import type { RelationMetadata } from "./resolve/relations.js";

export interface ModelMetadata {
  readonly table: TableMetadata;
  readonly columns: readonly ColumnMetadata[];
  /** In the key's order; empty: the table has none, and the ORM can't keep instances of it. */
  readonly primaryKey: readonly ColumnMetadata[];
  readonly relations: ReadonlyMap<string, RelationMetadata>;
  /** Those of its rows, which point to other rows; what joins the tables of one object is not among them. */
  readonly foreignKeys: readonly ForeignKeyMetadata[];
  /** Of a model that inherits and has a table of its own: what joins it to the table above. */
  readonly keyReference: ForeignKeyMetadata | null;
}

interface Cached {
  readonly linked: Linked;
  /** How many models were known then: a new one may be what a name means. */
  readonly known: number;
}

const cache = new WeakMap<ModelDefinition, Cached>();

/**
 * The metadata of a model: `metadataOf(User).relations.get("posts")?.direction` → `"one-to-many"`.
 *
 * Names (`references("users.id")`) are looked up among the models of its Base that are known by then: those with a
 * tablename, and those used once. It is resolved once, and again where models have been added since.
 *
 * @throws AthanorError `model.unknown` for something that is no model; ModelError for models that contradict themselves.
 */
export function metadataOf(model: AnyModel): ModelMetadata {
  const definition = modelDefinitionOf(model);
  if (definition === null)
    throw new AthanorError(
      "model.unknown",
      `${model.name || "This class"} is no model; write class Name extends Base.model(…) {}.`,
    );
  const { tables, relations, foreignKeys } = link(definition);
  const table = tables.of(definition);
  if (table === null) throw new AthanorError("model.unknown", `${model.name} could not be resolved.`);
  const own = [...foreignKeys.values()].filter((key) => key.table === table);
  return {
    table,
    columns: table.columns,
    primaryKey: table.primaryKey,
    relations: relations.get(table) ?? new Map(),
    foreignKeys: own.filter((key) => !isKeyReference(key)),
    keyReference: own.find(isKeyReference) ?? null,
  };
}

function link(definition: ModelDefinition): Linked {
  const known = knownModels(definition.base);
  const cached = cache.get(definition);
  if (cached?.known === known.length) return cached.linked;
  const problems = new Problems();
  const linked = linkModels([definition, ...known], definition.base.schema ?? "public", problems);
  problems.throwIfAny();
  const now = knownModels(definition.base).length;
  for (const table of linked.tables.all) cache.set(table.definition, { linked, known: now });
  return linked;
}

function knownModels(base: BaseDefinition): readonly ModelDefinition[] {
  return base.models.filter((model) => tableName(model) !== null);
}
