/** What queries read a model from: its table, or of one that inherits and has a table of its own, several. */

import { AthanorError } from "../errors.js";
import { remember } from "../remember.js";
import type { Column } from "../sql/column.js";
import { JoinedTables, originalOf, type Selectable, Table } from "../sql/selectable.js";
import { columnExpressions, type ModelDefinition, tableName } from "./definition.js";
import { ownsTable, rowsOf, tableOwnersOf } from "./inheritance.js";
import { keyName, keyProperties } from "./joined.js";

/** A model's rows as queries read them. */
export type Source = Table | JoinedTables;

const tables = new WeakMap<ModelDefinition, Table>();
const sources = new WeakMap<ModelDefinition, Source>();
const definitions = new WeakMap<Selectable, ModelDefinition>();

/**
 * The model's table by its name: `"archive"."letter"`; the same object each time.
 *
 * @throws AthanorError `model.name_missing`
 */
export function modelTable(definition: ModelDefinition): Table {
  return remember(tables, definition, () => makeTable(definition));
}

function makeTable(definition: ModelDefinition): Table {
  const name = tableName(definition);
  if (name === null)
    throw new AthanorError(
      "model.name_missing",
      `A model with the columns ${Object.keys(definition.columns).join(", ")} has no class of its own and no tablename; write class Name extends Base.model(…) {}, or give it a tablename.`,
    );
  const schema = definition.options.schema ?? definition.base.schema;
  return new Table(schema === null ? [name] : [schema, name], restrictOf(definition));
}

/** What the model is read from; the same object each time. @throws AthanorError `model.name_missing` */
export function modelSource(definition: ModelDefinition): Source {
  return remember(sources, definition, () => {
    const owners = tableOwnersOf(definition);
    const source = owners.length === 1 ? modelTable(definition) : joinTables(definition, owners);
    definitions.set(source, definition);
    return source;
  });
}

function joinTables(definition: ModelDefinition, owners: readonly ModelDefinition[]): JoinedTables {
  const key = keyProperties(definition);
  const [first, ...others] = owners.map((owner) => ({
    owner,
    table: modelTable(owner),
    key: key.map((property) => keyName(owner, property)),
  }));
  // The first one is always there.
  return new JoinedTables([first!, ...others], restrictOf(definition));
}

/** Rows of a table that several models share are told by the discriminator. */
function restrictOf(definition: ModelDefinition): Table["restrict"] {
  return ownsTable(definition) ? null : (from) => rowsOf(definition, from);
}

/** The model that is read from a source or an alias of one; null for a subquery. */
export function definitionIn(selectable: Selectable): ModelDefinition | null {
  return definitions.get(originalOf(selectable)) ?? null;
}

const columns = new WeakMap<ModelDefinition, Readonly<Record<string, Column<unknown>>>>();

/** The model's columns as queries have them; the same objects each time. @throws AthanorError `model.name_missing` */
export function modelColumns(definition: ModelDefinition): Readonly<Record<string, Column<unknown>>> {
  return remember(columns, definition, () => columnExpressions(definition, modelSource(definition)));
}
