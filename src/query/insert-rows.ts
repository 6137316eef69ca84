/** The rows of an INSERT: which columns they have, and how many of them travel. */

import type { Entity } from "../model/entity.js";
import { arrayParameterType } from "../model/parameter-type.js";
import type { Column } from "../sql/column.js";
import { QueryError } from "../sql/errors.js";
import { isSqlFragment, type SqlWriter } from "../sql/fragment.js";
import { quoteIdentifier } from "../sql/identifier.js";
import { writeParts } from "../sql/operand.js";
import { columnOf, computed, specOf, storedColumns, type Values } from "./assign.js";

/** The database's own value. */
const byDefault: unique symbol = Symbol("DEFAULT");

/** Whose values identity columns take. */
export type Overriding = "system" | "user";

interface Cells {
  readonly columns: readonly Column<unknown>[];
  /** One row after the other; `byDefault` where PostgreSQL gives the value. */
  readonly rows: readonly (readonly unknown[])[];
}

/** PostgreSQL counts a statement's parameters in two bytes. */
const maxParameters = 65_535;

/**
 * ` ("title", "user_id") VALUES ($1, $2)`; several rows as one array for each column, so that any number of them is one
 * statement: ` ("title", "user_id") SELECT * FROM unnest($1::text[], $2::integer[])`. Where a row has SQL or leaves a
 * value to the database, VALUES again.
 *
 * @throws QueryError `query.unknown_property`, `query.too_many_parameters`
 */
export function writeRows(
  target: Entity,
  rows: readonly Values[],
  overriding: Overriding | null,
  writer: SqlWriter,
): void {
  const cells = readCells(target, rows);
  if (cells.columns.length === 0) {
    writer.text(" DEFAULT VALUES");
    return;
  }
  writeColumnList(cells.columns, overriding, writer);
  const plain = cells.rows.every((row) => row.every((value) => value !== byDefault && !isSqlFragment(value)));
  if (plain && rows.length > 1) writeUnnest(target, cells, writer);
  else writeValues(cells, writer);
}

/** ` ("title", "user_id") OVERRIDING SYSTEM VALUE`. */
export function writeColumnList(
  columns: readonly Column<unknown>[],
  overriding: Overriding | null,
  writer: SqlWriter,
): void {
  writer.text(` (${columns.map(({ name }) => quoteIdentifier(name)).join(", ")})`);
  if (overriding !== null) writer.text(` OVERRIDING ${overriding.toUpperCase()} VALUE`);
}

function readCells(target: Entity, rows: readonly Values[]): Cells {
  for (const row of rows) for (const property of Object.keys(row)) columnOf(target, property);
  const entries = storedColumns(target);
  const columns = entries.filter(([property]) => {
    if (specOf(target.definition, property).default !== null) return true;
    return rows.some((row) => row[property] !== undefined && cellOf(target, property, row[property]) !== byDefault);
  });
  // DEFAULT VALUES is one row: several of them need a column that takes its DEFAULT.
  const chosen = columns.length === 0 && rows.length > 1 ? entries.slice(0, 1) : columns;
  return {
    columns: chosen.map(([, column]) => column),
    rows: rows.map((row) => chosen.map(([property]) => cellOf(target, property, row[property]))),
  };
}

/** The value of a cell: a null where there is a default counts as not given. SQL's NULL is forced by sql`NULL`. */
function cellOf({ definition }: Entity, property: string, value: unknown): unknown {
  if (value !== undefined && value !== null) return value;
  const spec = specOf(definition, property);
  if (spec.default !== null) return computed(spec.default);
  const given = spec.serverDefault !== null || spec.identity !== null || spec.generated !== null || spec.type.serial;
  return given ? byDefault : null;
}

function writeValues({ columns, rows }: Cells, writer: SqlWriter): void {
  const parameters = rows.reduce((sum, row) => sum + row.filter((value) => value !== byDefault).length, 0);
  if (parameters > maxParameters)
    throw new QueryError(
      "query.too_many_parameters",
      `This INSERT has ${parameters} values, and PostgreSQL takes ${maxParameters} where rows have SQL or leave different columns to the database; insert fewer rows at once, or give all of them the same columns.`,
    );
  writer.text(" VALUES ");
  for (const [i, row] of rows.entries()) {
    writer.text(i === 0 ? "(" : ", (");
    for (const [j, value] of row.entries()) {
      if (j > 0) writer.text(", ");
      if (value === byDefault) writer.text("DEFAULT");
      else if (isSqlFragment(value)) value.writeSql(writer);
      else writer.value(value, columns[j]?.type ?? null);
    }
    writer.text(")");
  }
}

function writeUnnest({ definition }: Entity, { columns, rows }: Cells, writer: SqlWriter): void {
  const types = columns.map(({ origin }) => arrayParameterType(specOf(definition, origin.property).type));
  const names = columns.map(({ name }) => quoteIdentifier(name));
  const casts = types.some(({ cast }) => cast !== null);
  const taken = names.map((name, i) => (types[i]?.cast ? `${name}::${types[i].cast}` : name));
  writer.text(` SELECT ${casts ? taken.join(", ") : "*"} FROM unnest(`);
  for (const [i, column] of columns.entries()) {
    if (i > 0) writer.text(", ");
    writer.value(
      rows.map((row) => row[i]),
      column.type,
      true,
    );
    writer.text(`::${types[i]?.element ?? "text"}[]`);
  }
  writeParts([")", ...(casts ? [` AS "rows"(${names.join(", ")})`] : [])], writer);
}

/** The columns that a query does not give and the model has a default for, with the values of one call. */
export function defaultsBeside(
  target: Entity,
  given: readonly string[],
): readonly { column: Column<unknown>; value: unknown }[] {
  return storedColumns(target).flatMap(([property, column]) => {
    const own = specOf(target.definition, property).default;
    return own === null || given.includes(property) ? [] : [{ column, value: computed(own) }];
  });
}
