/** Values that are given for a model's columns, by property. */

import type { ColumnDef, ColumnSpec } from "../model/column.js";
import { type ModelDefinition, modelName } from "../model/definition.js";
import type { Entity } from "../model/entity.js";
import type { RequiredColumns } from "../model/model-types.js";
import type { Column } from "../sql/column.js";
import { QueryError } from "../sql/errors.js";
import type { Operand } from "../sql/expression.js";
import { isSqlFragment, type SqlFragment, type SqlWriter } from "../sql/fragment.js";
import { quoteIdentifier } from "../sql/identifier.js";
import { element, writeParts } from "../sql/operand.js";

/** What a column holds. */
export type ColumnValue<D> = D extends ColumnDef<infer V, boolean> ? V : never;
type Given<D> = Operand<ColumnValue<D>>;

/** A row for INSERT: required columns, and optional ones. */
export type InsertRow<C> = { readonly [K in RequiredColumns<C> & keyof C]: Given<C[K]> } & {
  readonly [K in keyof C]?: Given<C[K]>;
};

/** What UPDATE sets. */
export type Assignments<C> = { readonly [K in keyof C]?: Given<C[K]> };

/** Values by property, once their types were seen to. */
export type Values = Readonly<Record<string, unknown>>;

/** A column with what it is set to. */
export interface Assignment {
  readonly column: Column<unknown>;
  readonly value: SqlFragment;
}

/**
 * What is set, in the order given; `undefined` is as if it were not there.
 *
 * @throws QueryError `query.unknown_property`
 */
export function readAssignments(target: Entity, values: Values): readonly Assignment[] {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([property, value]) => assignment(target, property, value));
}

export function assignment(target: Entity, property: string, value: unknown): Assignment {
  const column = columnOf(target, property);
  return { column, value: element(value, column.type) };
}

/** @throws QueryError `query.unknown_property` */
export function columnOf({ definition, columns }: Entity, property: string): Column<unknown> {
  const column = Object.hasOwn(columns, property) ? columns[property] : undefined;
  if (column !== undefined && column.expression === null) return column;
  const known = storedColumns({ columns }).map(([name]) => name);
  throw new QueryError(
    "query.unknown_property",
    `${modelName(definition)} has no column ${JSON.stringify(property)}; it has ${known.join(", ")}.`,
  );
}

/** What can be written: the columns of the table, by property. */
export function storedColumns({ columns }: Pick<Entity, "columns">): readonly [string, Column<unknown>][] {
  return Object.entries(columns).filter(([, { expression }]) => expression === null);
}

/** `"title" = $1, "published" = $2`. */
export function writeAssignments(assignments: readonly Assignment[], writer: SqlWriter): void {
  for (const [i, { column, value }] of assignments.entries())
    writeParts([i === 0 ? "" : ", ", quoteIdentifier(column.name), " = ", value], writer);
}

/** A value that a model gives by itself: as it is, or called for each row. */
export function computed(given: { readonly value: unknown }): unknown {
  const { value } = given;
  return typeof value === "function" && !isSqlFragment(value) ? value() : value;
}

export function specOf(definition: ModelDefinition, property: string): ColumnSpec {
  const column = definition.columns[property];
  if (column === undefined) throw new RangeError(`${modelName(definition)} has no column ${property}.`);
  return column.spec;
}
