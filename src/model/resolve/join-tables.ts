/** The join tables of many-to-many relationships: found among the models, or made where `secondary` is only a name. */

import { declare } from "../brand.js";
import { ColumnDef, columnOf } from "../column.js";
import { columnExpressions, type ModelDefinition, modelDefinitionOf } from "../definition.js";
import { snakeCase } from "../naming.js";
import type { Problems } from "../problems.js";
import type { AnyModel, RelationSpec } from "../relations.js";
import type { Tables } from "./foreign-keys.js";
import { readModel, type TableMetadata, targetDefinition } from "./read.js";

/**
 * The join table of every relationship with `secondary`; those that no model declares are made and added to `tables`.
 *
 * A made table has, for each side, its primary key's columns as `user_id`: the class name in snake case, then the key's
 * column. Both together are its primary key, and each side is a foreign key with ON DELETE CASCADE. The side whose model
 * comes first in the alphabet comes first, so that the order of loading does not matter.
 */
export function findJoinTables(tables: Tables, problems: Problems): ReadonlyMap<RelationSpec, TableMetadata> {
  const found = new Map<RelationSpec, TableMetadata>();
  for (const table of tables.all) {
    for (const [property, spec] of table.relations) {
      const { secondary } = spec.options;
      if (secondary === undefined) continue;
      const origin = `${table.label}.${property}`;
      const join =
        typeof secondary === "string"
          ? (tables.named(secondary, table) ?? makeJoinTable(secondary, table, spec, origin, tables, problems))
          : lateJoinTable(secondary, origin, tables, problems);
      if (join !== null) found.set(spec, join);
    }
  }
  return found;
}

function lateJoinTable(
  secondary: () => unknown,
  origin: string,
  tables: Tables,
  problems: Problems,
): TableMetadata | null {
  const given = problems.attempt("model.relation_secondary", origin, () => ({ value: secondary() }));
  if (given === null) return null;
  const table = tables.of(targetDefinition(given.value));
  if (table === null)
    problems.add(
      "model.relation_secondary",
      `${origin} has a secondary that is no model; write secondary: () => JoinModel or the table's name.`,
    );
  return table;
}

function makeJoinTable(
  path: string,
  table: TableMetadata,
  spec: RelationSpec,
  origin: string,
  tables: Tables,
  problems: Problems,
): TableMetadata | null {
  const target = tables.of(modelDefinitionOf(spec.target));
  if (target === null) return null;
  if (target === table) {
    problems.add(
      "model.relation_secondary",
      `${origin} joins ${table.label} with itself through "${path}", which no model declares; declare a model for it, whose columns say which side is which.`,
    );
    return null;
  }
  const keyless = [table, target].find((side) => side.primaryKey.length === 0);
  if (keyless !== undefined) {
    problems.add(
      "model.relation_secondary",
      `${origin} needs a join table and ${keyless.label} has no primary key; give it one with .primaryKey().`,
    );
    return null;
  }
  const sides = [table, target].sort((a, b) => (a.label < b.label ? -1 : 1));
  const dot = path.indexOf(".");
  // As the model says it, so that queries name the schema of both or of neither.
  const schema = dot < 0 ? (table.definition.options.schema ?? null) : path.slice(0, dot);
  const parent: AnyModel = class {};
  const definition: ModelDefinition = {
    kind: "model",
    view: null,
    base: { ...table.definition.base, columns: {}, columnName: (property) => property },
    columns: Object.fromEntries(sides.flatMap(sideColumns)),
    relations: {},
    options: {
      tablename: dot < 0 ? path : path.slice(dot + 1),
      ...(schema === null ? {} : { schema }),
    },
    keyColumns: {},
    parent,
    inherits: null,
    heirs: [],
    model: null,
  };
  declare(parent, definition);
  const made = readModel(definition, tables.defaultSchema, problems);
  if (made !== null) tables.add(made, problems);
  return made;
}

function sideColumns(side: TableMetadata): [string, ColumnDef<unknown, boolean>][] {
  const targets = columnExpressions(side.definition, null);
  return side.primaryKey.map((key) => {
    const plain = columnOf({ ...key.spec.type, serial: false });
    const column = new ColumnDef<unknown>({ ...plain.spec, collation: key.spec.collation, primaryKey: true });
    const target = targets[key.property];
    return [`${snakeCase(side.label)}_${key.name}`, column.references(() => target, { onDelete: "cascade" })];
  });
}
