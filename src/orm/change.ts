/** UPDATE and DELETE of one row or of any number in one statement, each row with values of its own. */

import type { DataRow } from "../engine/data-row.js";
import { StaleDataError } from "./errors.js";
import type { Returned } from "./insert.js";
import type { MappedTable } from "./mapped-table.js";
import type { MappedColumn } from "./mapper.js";
import type { Shape } from "./shape.js";
import { type Executor, plannedRows, type RawRow, StatementWriter, writeList, writeRowList } from "./statement.js";
import { numberIn, plainNumber } from "./values.js";

/** By what rows are found. */
export interface RowIdentities {
  /** The values of each of `identityColumns`, in the order of the rows. */
  readonly identity: readonly (readonly unknown[])[];
  readonly count: number;
  /** A row's key, for messages. */
  readonly shownKey: (row: number) => string;
}

/** With the values of each column of the shape. */
export interface UpdatedRows extends RowIdentities {
  readonly values: readonly (readonly unknown[])[];
}

/**
 * `UPDATE "users" SET "name" = $1, "updated_at" = now() WHERE "id" = $2::integer RETURNING "updated_at"`; of several rows
 * `UPDATE "users" AS "target" SET "name" = "_input"."c1", "updated_at" = now() FROM unnest(…) WITH ORDINALITY AS "_input" (…)
 * WHERE "target"."id" = "_input"."c0" RETURNING "_input"."ordinal", "target"."updated_at"`; without RETURNING where PostgreSQL
 * makes no value and the count of rows says that all were found.
 *
 * @throws StaleDataError where a row isn't there, or has another version.
 */
export async function updateRows(
  executor: Executor,
  mapper: MappedTable,
  shape: Shape,
  rows: UpdatedRows,
): Promise<Returned> {
  const { identity, count, values } = rows;
  const columns = mapper.columns.filter((column) => column.spec.generated !== null || shape.expressions.has(column));
  if (count === 1) return updateOne(executor, mapper, shape, rows, columns);
  const writer = new StatementWriter();
  const known = identityColumns(mapper);
  const list = writeRowList(writer, [...known, ...shape.columns], {
    count,
    values: [...identity, ...values],
  });
  const assignments = assignmentsOf(writer, shape, list.values.slice(known.length));
  const text = `UPDATE ${mapper.table} AS "target" SET ${assignments} FROM ${list.from} WHERE ${matchRows(known, list.values)}`;
  const prepare = count <= plannedRows;
  if (columns.length === 0 && keepsIdentity(mapper, shape)) {
    const { rowCount } = await writer.run(executor, text, prepare);
    if (rowCount !== count) refuseStale("UPDATE", mapper, rows, await findRows(executor, mapper, rows));
    return { columns, rows: [] };
  }
  const returning = [list.ordinal, ...columns.map((column) => `"target".${column.sqlName}`)];
  const { rows: returned } = await writer.run(executor, `${text} RETURNING ${returning.join(", ")}`, prepare);
  const found = byOrdinal(returned);
  refuseStale("UPDATE", mapper, rows, found);
  return { columns, rows: found.map((row) => row!.slice(1)) };
}

async function updateOne(
  executor: Executor,
  mapper: MappedTable,
  shape: Shape,
  given: UpdatedRows,
  columns: readonly MappedColumn[],
): Promise<Returned> {
  const { identity, values } = given;
  const writer = new StatementWriter();
  const sent = shape.columns.map(({ codec }, i) => writer.parameter(codec.write(values[i]![0])));
  const assignments = assignmentsOf(writer, shape, sent);
  const where = matchOne(writer, identityColumns(mapper), identity);
  const returning = columns.length === 0 ? "" : ` RETURNING ${columns.map(({ sqlName }) => sqlName).join(", ")}`;
  const text = `UPDATE ${mapper.table} SET ${assignments} WHERE ${where}${returning}`;
  const { rows, rowCount } = await writer.run(executor, text, true);
  if (rowCount !== 1) refuseStale("UPDATE", mapper, given, []);
  return { columns, rows };
}

/** `"name" = $1, "logins" = logins + 1`. @param values of the shape's columns, as SQL. */
function assignmentsOf(writer: StatementWriter, { columns, expressions }: Shape, values: readonly string[]): string {
  return [
    ...columns.map((column, i) => `${column.sqlName} = ${values[i]}`),
    ...[...expressions].map(([column, sql]) => `${column.sqlName} = ${writer.fragment(sql)}`),
  ].join(", ");
}

/** Whether a row is found in the same way after the UPDATE, so that its count is all that has to come back. */
function keepsIdentity(mapper: MappedTable, { columns, expressions }: Shape): boolean {
  return identityColumns(mapper).every((column) => !columns.includes(column) && !expressions.has(column));
}

/** Which of the rows are there; the first value is the place of each. */
async function findRows(
  executor: Executor,
  mapper: MappedTable,
  { identity, count }: RowIdentities,
): Promise<readonly (RawRow | undefined)[]> {
  const writer = new StatementWriter();
  const known = identityColumns(mapper);
  const list = writeRowList(writer, known, { count, values: identity });
  const { rows } = await writer.run(
    executor,
    `SELECT ${list.ordinal} FROM ${list.from} JOIN ${mapper.table} AS "target" ON ${matchRows(known, list.values)}`,
  );
  return byOrdinal(rows);
}

/**
 * `DELETE FROM "users" WHERE "id" = $1::integer`; of several rows `DELETE FROM "users" AS "target" USING unnest(…) … WHERE
 * "target"."id" = "_input"."c0"`, or by the key alone, where that is a whole number: `… WHERE "id" = ANY ($1::integer[])`.
 * What comes back says which rows were not there; of many whole numbers only the count does, in half the time.
 *
 * @throws StaleDataError where a row isn't there, or has another version.
 */
export async function deleteRows(executor: Executor, mapper: MappedTable, rows: RowIdentities): Promise<void> {
  const { identity, count } = rows;
  const writer = new StatementWriter();
  const known = identityColumns(mapper);
  if (count === 1) {
    const text = `DELETE FROM ${mapper.table} WHERE ${matchOne(writer, known, identity)}`;
    const { rowCount } = await writer.run(executor, text, true);
    return refuseStale("DELETE", mapper, rows, rowCount === 1 ? [[]] : []);
  }
  const [key] = known;
  if (key !== undefined && known.length === 1 && key.wholeNumber) {
    const list = writeList(writer, key, identity[0]!);
    const text = `DELETE FROM ${mapper.table} WHERE ${key.sqlName} = ANY (${list})`;
    if (count > plannedRows) {
      // By the key's index, whose plan is the same for any number of them.
      const { rowCount } = await writer.run(executor, text, true);
      if (rowCount !== count)
        throw new StaleDataError(
          "DELETE",
          mapper.label,
          { missing: count - rowCount, expected: count, keys: [] },
          false,
        );
      return;
    }
    const options = { readRow: (row: DataRow) => numberIn(row, 0), prepare: true };
    const returning = `${text} RETURNING ${key.sqlName}`;
    const { rows: returned } = await executor.run(returning, writer.parameters, options);
    if (returned.length === count) return;
    const gone = new Set(returned);
    const found = identity[0]!.map((value) => (gone.has(plainNumber(value)) ? [] : undefined));
    return refuseStale("DELETE", mapper, rows, found);
  }
  const list = writeRowList(writer, known, { count, values: identity });
  const { rows: returned } = await writer.run(
    executor,
    `DELETE FROM ${mapper.table} AS "target" USING ${list.from} WHERE ${matchRows(known, list.values)} RETURNING ${list.ordinal}`,
    count <= plannedRows,
  );
  refuseStale("DELETE", mapper, rows, byOrdinal(returned));
}

/** What came back, each in the place of the row that was sent; its first value is that place, from 1. */
function byOrdinal(returned: readonly RawRow[]): readonly (RawRow | undefined)[] {
  const found: RawRow[] = [];
  for (const row of returned) found[Number(row[0]) - 1] = row;
  return found;
}

/** The columns by which a row is found. */
export function identityColumns({ key, version }: MappedTable): readonly MappedColumn[] {
  return version === null || key.includes(version) ? key : [...key, version];
}

function matchOne(
  writer: StatementWriter,
  columns: readonly MappedColumn[],
  identity: RowIdentities["identity"],
): string {
  const conditions = columns.map(({ codec, parameter: { element, cast }, sqlName }, i) => {
    const value = `${writer.parameter(codec.write(identity[i]![0]))}::${element}`;
    return `${sqlName} = ${value}${cast === null ? "" : `::${cast}`}`;
  });
  return conditions.join(" AND ");
}

function matchRows(columns: readonly MappedColumn[], values: readonly string[]): string {
  return columns.map((column, i) => `"target".${column.sqlName} = ${values[i]}`).join(" AND ");
}

function refuseStale(
  command: "UPDATE" | "DELETE",
  { label, version }: MappedTable,
  { count, shownKey }: RowIdentities,
  found: readonly (RawRow | undefined)[],
): void {
  const keys: string[] = [];
  for (let i = 0; i < count; i++) if (found[i] === undefined) keys.push(shownKey(i));
  const missing = keys.length;
  if (missing > 0) throw new StaleDataError(command, label, { missing, expected: count, keys }, version !== null);
}
