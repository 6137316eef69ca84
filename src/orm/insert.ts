/** INSERT of one row or of any number in one statement, whose results are matched to the objects that the rows came from. */

import { AthanorError } from "../errors.js";
import { remember } from "../remember.js";
import type { SqlFragment } from "../sql/fragment.js";
import type { MappedTable } from "./mapped-table.js";
import type { MappedColumn } from "./mapper.js";
import type { Shape } from "./shape.js";
import {
  type Executor,
  plannedRows,
  type RawRow,
  type RowValues,
  runRaw,
  StatementWriter,
  writeRowList,
} from "./statement.js";
import { numberKey } from "./values.js";

/** What came back for each row, in the order of the rows. */
export interface Returned {
  readonly columns: readonly MappedColumn[];
  readonly rows: readonly RawRow[];
}

/**
 * One row has one result. Several have to be matched to objects, and PostgreSQL promises no order of RETURNING. Two ways are sound:
 *
 * - The key comes from a sequence: the SELECT sorts the rows, and PostgreSQL draws from the sequence after sorting, row by
 *   row (the defaults of an INSERT … SELECT are computed above it, src/backend/optimizer/prep/preptlist.c; SQLAlchemy's
 *   insertmanyvalues rests on the same, lib/sqlalchemy/engine/default.py, and sorts what comes back by the key). So the
 *   n-th key belongs to the n-th row. As a check, what comes back has to rise or fall throughout; what a trigger numbers
 *   in its own way is refused rather than mixed up.
 * - Every other key is known before the row is inserted, if only to the statement itself, which computes a DEFAULT such as
 *   gen_random_uuid() in a CTE: what comes back is joined with what went in by the key.
 */
export async function insertRows(
  executor: Executor,
  mapper: MappedTable,
  shape: Shape,
  rows: RowValues,
): Promise<Returned> {
  if (rows.count === 1) return insertOne(executor, mapper, shape, rows);
  const given = new Set([...shape.columns, ...shape.expressions.keys()]);
  const drawn = mapper.key.find((column) => column.sequence && !given.has(column));
  return drawn === undefined
    ? insertWithKeys(executor, mapper, shape, rows)
    : insertInOrder(executor, mapper, shape, rows, drawn);
}

/** INSERT of one row, but for the values of the shape's columns. */
interface OneInsert {
  readonly text: string;
  /** Of what SQL has in it. */
  readonly parameters: readonly unknown[];
  readonly returned: readonly MappedColumn[];
}

const oneInserts = new WeakMap<Shape, OneInsert>();

/** As one would write it by hand, which PostgreSQL runs in half the time of what takes a list. */
async function insertOne(executor: Executor, mapper: MappedTable, shape: Shape, rows: RowValues): Promise<Returned> {
  const { text, parameters, returned: columns } = remember(oneInserts, shape, () => writeOne(mapper, shape));
  const given = shape.columns.map(({ codec }, i) => codec.write(rows.values[i]![0]));
  const { rows: returned } = await runRaw(executor, text, [...given, ...parameters], true);
  refuseMissing(mapper, 1, returned.length);
  return { columns, rows: returned };
}

function writeOne(mapper: MappedTable, shape: Shape): OneInsert {
  const writer = new StatementWriter();
  const given = shape.columns.map(() => writer.parameter(null));
  const { names, values } = insertList(writer, shape, given);
  const returned = returnedColumns(mapper, shape);
  const text = `INSERT INTO ${mapper.table}${names} ${values === "" ? "DEFAULT VALUES" : `VALUES (${values})`} RETURNING ${returned.map((column) => column.sqlName).join(", ")}`;
  return { text, parameters: writer.parameters.slice(given.length), returned };
}

async function insertInOrder(
  executor: Executor,
  mapper: MappedTable,
  shape: Shape,
  rows: RowValues,
  drawn: MappedColumn,
): Promise<Returned> {
  const writer = new StatementWriter();
  const list = writeRowList(writer, shape.columns, rows);
  const { names, values } = insertList(writer, shape, list.values);
  const columns = returnedColumns(mapper, shape);
  const { rows: returned } = await writer.run(
    executor,
    `INSERT INTO ${mapper.table}${names} SELECT ${values} FROM ${list.from} ORDER BY ${list.ordinal} RETURNING ${columns.map((column) => column.sqlName).join(", ")}`,
    true,
  );
  refuseMissing(mapper, rows.count, returned.length);
  const at = columns.indexOf(drawn);
  const keys = returned.map((row) => comparable(row[at] ?? "0"));
  const rises = keys.every((key, i) => i === 0 || key > keys[i - 1]!);
  const falls = keys.every((key, i) => i === 0 || key < keys[i - 1]!);
  if (!rises && !falls)
    throw new AthanorError(
      "flush.order",
      `The keys of new rows of ${mapper.label} came back in no order, so they can't be matched to their objects: a trigger sets ${drawn.origin}, or its sequence has begun again. Give the keys yourself, or flush one object at a time.`,
    );
  return { columns, rows: returned };
}

async function insertWithKeys(
  executor: Executor,
  mapper: MappedTable,
  shape: Shape,
  rows: RowValues,
): Promise<Returned> {
  const whole = { ...shape, expressions: new Map([...shape.expressions, ...keyDefaults(mapper, shape)]) };
  const writer = new StatementWriter();
  const list = writeRowList(writer, whole.columns, rows);
  const expressions = [...whole.expressions].map(([column, sql]) => ({ column, sql: writer.fragment(sql) }));
  const sources = [...whole.columns.map((column, i) => ({ column, sql: list.values[i]! })), ...expressions].map(
    (source, i) => ({ ...source, name: `"v${i}"` }),
  );
  const columns = returnedColumns(mapper, whole);
  const returning = columns.map((column, i) => `${column.sqlName} AS "r${i}"`).join(", ");
  const matches = mapper.key.map((column) => {
    const source = sources.find((each) => each.column === column)!;
    // With its length and precision, as the column has rounded it.
    return `"made"."r${columns.indexOf(column)}" = "given".${source.name}::${column.sqlType}`;
  });
  const { rows: returned } = await writer.run(
    executor,
    `WITH "given" AS MATERIALIZED (SELECT ${sources.map(({ sql, name }) => `${sql} AS ${name}, `).join("")}${list.ordinal} FROM ${list.from}), ` +
      `"made" AS (INSERT INTO ${mapper.table} (${sources.map(({ column }) => column.sqlName).join(", ")}) SELECT ${sources.map(({ name }) => name).join(", ")} FROM "given" ORDER BY "ordinal" RETURNING ${returning}) ` +
      `SELECT ${columns.map((_, i) => `"made"."r${i}"`).join(", ")} FROM "given" JOIN "made" ON ${matches.join(" AND ")} ORDER BY "given"."ordinal"`,
    rows.count <= plannedRows,
  );
  refuseMissing(mapper, rows.count, returned.length);
  return { columns, rows: returned };
}

/** To be compared: to make a bigint of each takes long. */
function comparable(text: string): number | bigint {
  const key = numberKey(text);
  return typeof key === "number" ? key : BigInt(key);
}

/** The defaults of key columns that the rows don't give: a new object without any was refused before. */
function keyDefaults(mapper: MappedTable, { columns, expressions }: Shape): readonly [MappedColumn, SqlFragment][] {
  return mapper.key.flatMap((column) => {
    const { serverDefault } = column.spec;
    const missing = !columns.includes(column) && !expressions.has(column);
    return missing && serverDefault !== null ? [[column, serverDefault] as [MappedColumn, SqlFragment]] : [];
  });
}

function insertList(
  writer: StatementWriter,
  { columns, expressions }: Shape,
  values: readonly string[],
): { readonly names: string; readonly values: string } {
  const names = [...columns, ...expressions.keys()].map((column) => column.sqlName);
  const sources = [...values, ...[...expressions.values()].map((sql) => writer.fragment(sql))];
  // No column at all is SELECT of nothing, for which there is no column list.
  return { names: names.length === 0 ? "" : ` (${names.join(", ")})`, values: sources.join(", ") };
}

/** The key, and whatever PostgreSQL makes. */
function returnedColumns(mapper: MappedTable, { columns, expressions }: Shape): readonly MappedColumn[] {
  const given = new Set(columns);
  return mapper.columns.filter((column) => {
    const made = column.serverDefault || column.spec.generated !== null || expressions.has(column);
    return mapper.key.includes(column) || (made && !given.has(column));
  });
}

function refuseMissing(mapper: MappedTable, expected: number, returned: number): void {
  if (expected === returned) return;
  throw new AthanorError(
    "flush.order",
    `INSERT of ${expected} ${mapper.label} gave ${returned} rows back: a trigger kept some from being inserted, or changed their keys. Objects and rows can't be matched; insert these with insert() or sql.`,
  );
}
