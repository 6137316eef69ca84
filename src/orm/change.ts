/** UPDATE and DELETE of any number of rows in one statement, each row with values of its own. */

import type { SqlFragment } from "../sql/fragment.js";
import { StaleDataError } from "./errors.js";
import type { Returned } from "./insert.js";
import type { MappedColumn, Mapper } from "./mapper.js";
import { type Executor, StatementWriter, writeRowList } from "./statement.js";

/** What the rows of one UPDATE have in common. */
export interface UpdateShape {
  /** The columns that each row gives a value for. */
  readonly columns: readonly MappedColumn[];
  /** Columns whose new value is SQL; null: `DEFAULT`. */
  readonly expressions: ReadonlyMap<MappedColumn, SqlFragment | null>;
}

export interface UpdatedRow {
  /** The key that the row has now, and its version where the model has one. */
  readonly identity: readonly unknown[];
  readonly values: readonly unknown[];
  /** For messages. */
  readonly key: string;
}

/**
 * `UPDATE "users" AS "target" SET "name" = "_input"."c1", "updated_at" = now() FROM unnest(…) WITH ORDINALITY AS "_input" (…)
 * WHERE "target"."id" = "_input"."c0" RETURNING "_input"."ordinal", "target"."updated_at"`
 *
 * @throws StaleDataError where a row isn't there, or has another version.
 */
export async function updateRows(
  executor: Executor,
  mapper: Mapper,
  shape: UpdateShape,
  rows: readonly UpdatedRow[],
): Promise<Returned> {
  const writer = new StatementWriter();
  const identity = identityColumns(mapper);
  const list = writeRowList(
    writer,
    [...identity, ...shape.columns],
    rows.map((row) => [...row.identity, ...row.values]),
  );
  const assignments = [
    ...shape.columns.map((column, i) => `${column.sqlName} = ${list.values[identity.length + i]}`),
    ...[...shape.expressions].map(
      ([column, sql]) => `${column.sqlName} = ${sql === null ? "DEFAULT" : writer.fragment(sql)}`,
    ),
  ];
  const columns = mapper.columns.filter((column) => column.spec.generated !== null || shape.expressions.has(column));
  const returning = [list.ordinal, ...columns.map((column) => `"target".${column.sqlName}`)];
  const { rows: returned } = await writer.run(
    executor,
    `UPDATE ${mapper.table} AS "target" SET ${assignments.join(", ")} FROM ${list.from} WHERE ${matchRows(identity, list.values)} RETURNING ${returning.join(", ")}`,
  );
  const found = new Map(returned.map(([ordinal, ...values]) => [Number(ordinal), values]));
  refuseStale("UPDATE", mapper, rows, new Set(found.keys()));
  return { columns, rows: rows.map((_, i) => found.get(i + 1)!) };
}

/** `DELETE FROM "users" AS "target" USING unnest(…) … WHERE "target"."id" = "_input"."c0"`. @throws StaleDataError */
export async function deleteRows(
  executor: Executor,
  mapper: Mapper,
  rows: readonly Pick<UpdatedRow, "identity" | "key">[],
): Promise<void> {
  const writer = new StatementWriter();
  const identity = identityColumns(mapper);
  const list = writeRowList(
    writer,
    identity,
    rows.map((row) => row.identity),
  );
  const { rows: returned } = await writer.run(
    executor,
    `DELETE FROM ${mapper.table} AS "target" USING ${list.from} WHERE ${matchRows(identity, list.values)} RETURNING ${list.ordinal}`,
  );
  refuseStale("DELETE", mapper, rows, new Set(returned.map(([ordinal]) => Number(ordinal))));
}

/** The columns by which a row is found. */
export function identityColumns({ key, version }: Mapper): readonly MappedColumn[] {
  return version === null || key.includes(version) ? key : [...key, version];
}

function matchRows(columns: readonly MappedColumn[], values: readonly string[]): string {
  return columns.map((column, i) => `"target".${column.sqlName} = ${values[i]}`).join(" AND ");
}

function refuseStale(
  command: "UPDATE" | "DELETE",
  { label, version }: Mapper,
  rows: readonly { readonly key: string }[],
  found: ReadonlySet<number>,
): void {
  const missing = rows.filter((_, i) => !found.has(i + 1)).map(({ key }) => key);
  if (missing.length > 0) throw new StaleDataError(command, label, missing, rows.length, version !== null);
}
