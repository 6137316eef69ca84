/** Models that inherit and have a table of their own: its key is the one of the table above, to which it is a foreign key. */

import { type ColumnDef, columnOf } from "./column.js";
import { type ForeignKey, foreignKey } from "./constraints.js";
import { columnExpressions, columnName, type ModelDefinition } from "./definition.js";
import { rootOf, tableOwnerOf } from "./inheritance.js";

/** The properties of the key, in its order. */
export function keyProperties(definition: ModelDefinition): readonly string[] {
  const root = rootOf(definition);
  const said = Object.keys(root.columns).filter((property) => root.columns[property]?.spec.primaryKey);
  if (said.length > 0) return said;
  const constraints = root.options.constraints?.(columnExpressions(root, null)) ?? [];
  return constraints.flatMap(({ spec }) =>
    spec.kind === "primary key" ? spec.columns.map((column) => column.origin.property) : [],
  );
}

/** The name of a column in the model's own table, where a key may be named otherwise than in the first one. */
export function keyName(definition: ModelDefinition, property: string): string {
  const owner = tableOwnerOf(definition);
  const own = ownKeyColumn(owner, property);
  return own === null ? columnName(definition, property) : (own.spec.name ?? owner.base.columnName(property));
}

/** What a model says of its own table's key. A property may have the name of one that every object has. */
function ownKeyColumn({ keyColumns }: ModelDefinition, property: string): ColumnDef<unknown, boolean> | null {
  return Object.hasOwn(keyColumns, property) ? (keyColumns[property] ?? null) : null;
}

/** A column of its own table's key: as the model says, or of the type and name that it has in the table above. */
export function keyColumn(definition: ModelDefinition, property: string): ColumnDef<unknown, boolean> {
  const own = ownKeyColumn(definition, property);
  if (own !== null) return own;
  const above = rootOf(definition).columns[property];
  if (above === undefined) throw new RangeError(`There is no column ${property} in the key.`);
  const { type, collation } = above.spec;
  const column = columnOf({ ...type, serial: false })
    .named(columnName(rootOf(definition), property))
    .primaryKey();
  return collation === null ? column : column.collate(collation);
}

/**
 * The foreign key of its own table to the one above. The rows of both are one object: where the one above goes or changes
 * its key, by whatever statement, so does this one.
 */
export function keyReference(definition: ModelDefinition, above: ModelDefinition): ForeignKey {
  const [here, there] = [columnExpressions(definition, null), columnExpressions(tableOwnerOf(above), null)];
  const key = keyProperties(definition);
  return foreignKey(...key.flatMap((property) => here[property] ?? []))
    .references(() => key.flatMap((property) => there[property] ?? []))
    .onDelete("cascade")
    .onUpdate("cascade");
}
