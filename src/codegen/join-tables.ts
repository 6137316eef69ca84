/** Tables that only join two others. */

import { type CatalogObject, sameData } from "../catalog/catalog.js";
import type { ColumnDefinition } from "../kinds/column.js";
import { snakeCase } from "../model/naming.js";
import { derivedName } from "../sql/identifier.js";
import type { ForeignKey, Schema, Table } from "./schema.js";

export interface JoinTable {
  readonly table: Table;
  readonly sides: readonly [ForeignKey, ForeignKey];
  /** Whether `secondary` alone makes this very table, so that it needs no model. */
  readonly implied: boolean;
}

/**
 * The tables whose primary key is two foreign keys, and whose other columns (if any) fill themselves: rows can be written
 * by adding to a relationship.
 */
export function findJoinTables(schema: Schema, className: (table: Table) => string): readonly JoinTable[] {
  const referenced = new Set(schema.foreignKeys.map(({ to }) => to));
  return schema.tables.flatMap((table) => {
    const own = schema.foreignKeysOf(table);
    const [first, second] = own;
    if (first === undefined || second === undefined || own.length > 2 || referenced.has(table)) return [];
    const sides = [first, second] as const;
    const key = table.primaryKey?.definition.columns ?? [];
    const joining = [...first.columns, ...second.columns];
    if (!sameData([...key].sort(), [...joining].sort()) || !sides.every(pointsToPrimaryKey)) return [];
    const others = table.columns.filter(({ path }) => !joining.includes(path[2] ?? ""));
    if (!others.every((column) => fillsItself(column, schema))) return [];
    return [{ table, sides, implied: isImplied(schema, table, sides, className) }];
  });
}

function pointsToPrimaryKey({ to, object }: ForeignKey): boolean {
  return sameData(to.primaryKey?.definition.columns, object.definition.references);
}

function fillsItself(column: CatalogObject<ColumnDefinition>, schema: Schema): boolean {
  const { notNull, generated, identity } = column.definition;
  return !notNull || generated !== undefined || identity !== undefined || schema.children(column).length > 0;
}

/** Whether the table is what `secondary: "name"` makes: see the model's join tables. */
function isImplied(
  schema: Schema,
  table: Table,
  sides: readonly [ForeignKey, ForeignKey],
  className: (table: Table) => string,
): boolean {
  const { object, primaryKey } = table;
  const [, name = ""] = table.path;
  if (sides[0].to === sides[1].to || sides.some(({ to }) => to.path[0] !== table.path[0])) return false;
  const ordered = [...sides].sort((a, b) => (className(a.to) < className(b.to) ? -1 : 1));
  const expected = ordered.map((side) =>
    side.object.definition.references.map((column) => `${snakeCase(className(side.to))}_${column}`),
  );
  const columns = expected.flat();
  const constraints = [
    primaryKey !== null && plainName(primaryKey.path, derivedName(name, null, "pkey"), schema),
    ...ordered.map((side, i) =>
      plainName(side.object.path, derivedName(name, (expected[i] ?? []).join("_"), "fkey"), schema),
    ),
    ...ordered.map((side, i) => {
      const { table: target, references } = side.object.definition;
      return sameData(side.object.definition, { columns: expected[i], table: target, references, onDelete: "cascade" });
    }),
  ];
  const children = schema.children(object);
  return (
    object.comment === null &&
    children.every(({ comment }) => comment === null) &&
    // The columns, the key and two foreign keys, and nothing else.
    children.length === columns.length + 3 &&
    Object.keys(object.definition as object).length === 0 &&
    sameData(primaryKey?.definition, { type: "primary key", columns }) &&
    constraints.every(Boolean) &&
    ordered.every((side, i) =>
      (expected[i] ?? []).every((column, j) => copiesKeyColumn(side, column, j, table, schema)),
    )
  );
}

function plainName(path: readonly string[], usual: string, schema: Schema): boolean {
  return path[2] === usual && !schema.sharesName(path);
}

/** Whether a join column has the type and collation of the key column that it refers to, and nothing else. */
function copiesKeyColumn(side: ForeignKey, name: string, i: number, table: Table, schema: Schema): boolean {
  const column = table.columns.find(({ path }) => path[2] === name);
  const key = side.to.columns.find(({ path }) => path[2] === side.object.definition.references[i]);
  if (column === undefined || key === undefined || schema.children(column).length > 0) return false;
  const { type, collation } = key.definition;
  return sameData(column.definition, { type, notNull: true, collation });
}
