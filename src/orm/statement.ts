/** Building blocks of the statements that write many rows at once: lists of values as array parameters of unnest(). */

import type { QueryOptions, QueryResult } from "../engine/connection.js";
import { formatArray } from "../engine/types/array.js";
import { formatBytea } from "../engine/types/bytes.js";
import { encode } from "../query/compile.js";
import type { ValueType } from "../sql/fragment.js";
import { quoteIdentifier } from "../sql/identifier.js";
import { TextWriter } from "../sql/writer.js";
import type { MappedColumn } from "./mapper.js";

/** Where statements go: the session's transaction. */
export interface Executor {
  run<Row = unknown[]>(
    text: string,
    parameters?: readonly unknown[],
    options?: QueryOptions<Row>,
  ): Promise<QueryResult<Row>>;
}

/** Rows as PostgreSQL's text. */
export type RawRow = readonly (string | null)[];

export interface RawResult {
  readonly rows: readonly RawRow[];
  readonly rowCount: number;
}

/** A statement that is being written. */
export class StatementWriter extends TextWriter {
  readonly parameters: unknown[] = [];

  value(value: unknown, type: ValueType | null = null, list = false): void {
    this.text(this.parameter(encode({ value, type, list })));
  }

  /** Its place holder, to be written wherever. */
  parameter(value: unknown): string {
    this.parameters.push(value);
    return `$${this.parameters.length}`;
  }

  run(executor: Executor, text: string, prepare = false): Promise<RawResult> {
    return runRaw(executor, text, this.parameters, prepare);
  }
}

/** @param prepare keeps it prepared. Not where tables are joined with many rows: a plan that is kept expects few. */
export async function runRaw(
  executor: Executor,
  text: string,
  parameters: readonly unknown[],
  prepare: boolean,
): Promise<RawResult> {
  const { rows, rowCount } = await executor.run(text, parameters, { raw: true, prepare });
  // `raw` gives every value as text.
  return { rows: rows as RawRow[], rowCount };
}

/** A list of rows inside a statement: `unnest($1::integer[], $2::text[]) WITH ORDINALITY AS "_input" ("c0", "c1", "ordinal")`. */
export interface RowList {
  /** For FROM. */
  readonly from: string;
  /** Each column's value, as SQL: `"_input"."c0"`. */
  readonly values: readonly string[];
  /** The row's number, from 1. */
  readonly ordinal: string;
}

/** PostgreSQL plans a statement that is kept prepared as if unnest() gave 10 rows; many may need another join. */
export const plannedRows = 10;

/** Rows to be written: how many, and for each column its values, in the order of the rows. */
export interface RowValues {
  readonly count: number;
  readonly values: readonly (readonly unknown[])[];
}

/** What a codec writes, as an element of an array. */
function elementWriter({ write }: MappedColumn["codec"]): (value: unknown) => string | null {
  return (value) => {
    const written = write(value);
    return written === null || typeof written === "string" ? written : formatBytea(written);
  };
}

/** Writes values of a column as one parameter: `$1::integer[]`. @throws DataError `value.unstorable` for what it can't hold. */
export function writeList(
  writer: StatementWriter,
  { codec, parameter }: MappedColumn,
  values: readonly unknown[],
): string {
  return `${writer.parameter(formatArray(values, elementWriter(codec), ",", 1))}::${parameter.element}[]`;
}

/** Writes rows of values for `columns` as parameters. @throws DataError `value.unstorable` for what a column can't hold. */
export function writeRowList(
  writer: StatementWriter,
  columns: readonly MappedColumn[],
  { count, values }: RowValues,
): RowList {
  const ordinal = `"_input"."ordinal"`;
  if (columns.length === 0)
    return {
      from: `generate_series(1, ${writer.parameter(count)}::bigint) AS "_input" ("ordinal")`,
      values: [],
      ordinal,
    };
  const lists = columns.map((column, i) => writeList(writer, column, values[i]!));
  const names = columns.map((_, i) => quoteIdentifier(`c${i}`));
  return {
    from: `unnest(${lists.join(", ")}) WITH ORDINALITY AS "_input" (${names.join(", ")}, "ordinal")`,
    values: columns.map(({ parameter: { cast } }, i) => `"_input".${names[i]}${cast === null ? "" : `::${cast}`}`),
    ordinal,
  };
}
