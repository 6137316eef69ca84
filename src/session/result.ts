/**
 * What a statement gave: buffered rows, read once.
 *
 * | call | no row | one | many |
 * | --- | --- | --- | --- |
 * | `all()` | `[]` | list | list; a second call gives `[]` |
 * | `first()` | null | row | the first |
 * | `one()` | NoResultError | row | MultipleResultsError |
 * | `oneOrNone()` | null | row | MultipleResultsError |
 * | `scalar()` | null | value | the first row's |
 *
 * All but `all()` close the result: what comes after throws ResultClosedError.
 */

import { requireBatchSize } from "../engine/batch-size.js";
import { uniqueRows } from "../orm/query/unique.js";
import { MultipleResultsError, NoResultError, ResultClosedError } from "./errors.js";
import { nameRow, rowToObject } from "./row.js";

/** A row whose statement said nothing of its type. */
export type AnyRow = readonly unknown[] & { readonly [column: string]: unknown };
/** What `execute` gives for a statement's `Row`. */
export type RowOf<Row> = unknown extends Row ? AnyRow : Row;
/** The first column's type. For a row typed by names, any of them: the order of names is no part of a type. */
export type FirstOf<Row> = Row extends readonly [infer First, ...unknown[]]
  ? First
  : Row extends readonly (infer Element)[]
    ? Element
    : Row[keyof Row];

/** Rows that are yet to be read, shared by a result and the views of it. */
class Source {
  #rows: unknown[][] | null;

  constructor(rows: unknown[][]) {
    this.#rows = rows;
  }

  take(): unknown[][] {
    if (this.#rows === null) throw new ResultClosedError();
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  close(): unknown[][] {
    const rows = this.take();
    this.#rows = null;
    return rows;
  }
}

/** Reads rows as `T`: the row itself, its first value, or an object by names. */
export class ScalarResult<T> implements Iterable<T> {
  readonly #source: Source;
  readonly #read: (row: unknown[]) => T;
  /** What of a row is compared. */
  readonly #identify: (row: unknown[]) => unknown[];

  constructor(source: Source, read: (row: unknown[]) => T, identify: (row: unknown[]) => unknown[] = (row) => row) {
    this.#source = source;
    this.#read = read;
    this.#identify = identify;
  }

  /** Every row that is left. */
  all(): T[] {
    return this.#source.take().map((row) => this.#read(row));
  }

  /** The first row, or null. No LIMIT is added: say it in the statement. */
  first(): T | null {
    const [row] = this.#source.close();
    return row === undefined ? null : this.#read(row);
  }

  /** @throws NoResultError, MultipleResultsError */
  one(): T {
    const rows = this.#source.close();
    if (rows[0] === undefined) throw new NoResultError();
    if (rows.length > 1) throw new MultipleResultsError(rows.length);
    return this.#read(rows[0]);
  }

  /** @throws MultipleResultsError */
  oneOrNone(): T | null {
    const rows = this.#source.close();
    if (rows.length > 1) throw new MultipleResultsError(rows.length);
    return rows[0] === undefined ? null : this.#read(rows[0]);
  }

  /**
   * Each row once: those with the same objects and values. Values that are objects themselves, such as dates, are the same
   * only where they are one object. What was read by then doesn't count; `one()` counts what is left.
   */
  unique(): ScalarResult<T> {
    const source = new Source(uniqueRows(this.#source.take(), this.#identify));
    return new ScalarResult(source, this.#read, this.#identify);
  }

  /** The rows in lists of at most `size`. @throws AthanorError `stream.batch` */
  *partitions(size: number): Iterable<T[]> {
    requireBatchSize(size);
    const rows = this.all();
    for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size);
  }

  [Symbol.iterator](): Iterator<T> {
    return this.all()[Symbol.iterator]();
  }
}

export interface ResultData {
  readonly columns: readonly string[];
  readonly rows: unknown[][];
  readonly rowCount: number;
}

/**
 * The rows of `session.execute`. A row is an array, and carries its columns' names besides: `row[0]`, `row.id`. Plain
 * arrays, equal to a literal, come from `tuples()`; plain objects from `mappings()`.
 */
export class Result<Row> extends ScalarResult<Row> {
  readonly columns: readonly string[];
  /** Rows returned, or changed by the statement. */
  readonly rowCount: number;
  readonly #source: Source;

  constructor(data: ResultData) {
    const source = new Source(data.rows);
    // The statement's author said what its rows are; PostgreSQL's answer is taken at that word.
    super(source, (row) => nameRow(row, data.columns) as Row);
    this.#source = source;
    this.columns = data.columns;
    this.rowCount = data.rowCount;
  }

  override unique(): Result<Row> {
    return new Result({ columns: this.columns, rows: uniqueRows(this.#source.take()), rowCount: this.rowCount });
  }

  /** The first column of each row. */
  scalars(): ScalarResult<FirstOf<Row>> {
    // As in the constructor.
    return new ScalarResult(
      this.#source,
      (row) => row[0] as FirstOf<Row>,
      (row) => [row[0]],
    );
  }

  /** The first row's first value, or null where there is no row. More rows are no error. */
  scalar(): FirstOf<Row> | null {
    return this.scalars().first();
  }

  /** @throws NoResultError, MultipleResultsError */
  scalarOne(): FirstOf<Row> {
    return this.scalars().one();
  }

  /** @throws MultipleResultsError */
  scalarOneOrNone(): FirstOf<Row> | null {
    return this.scalars().oneOrNone();
  }

  /** Plain objects by column name. */
  mappings(): ScalarResult<Row extends readonly unknown[] ? Record<string, unknown> : Row> {
    type Mapping = Row extends readonly unknown[] ? Record<string, unknown> : Row;
    // As in the constructor.
    return new ScalarResult(this.#source, (row) => rowToObject(row, this.columns) as Mapping);
  }

  /** Plain arrays. */
  tuples(): ScalarResult<Row extends readonly unknown[] ? Row : unknown[]> {
    type Tuple = Row extends readonly unknown[] ? Row : unknown[];
    // As in the constructor.
    return new ScalarResult(this.#source, (row) => row as unknown as Tuple);
  }
}
