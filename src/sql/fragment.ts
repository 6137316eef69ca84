/** What SQL is written from, and to. */

import type { Selectable } from "./selectable.js";

/** What is known of the type of values: a model column's or a cast's. Opaque here: the model room makes and reads it. */
export interface ValueType {
  /** Where it is said: `User.email`, for messages. */
  readonly origin: string;
  /** Of an array, its elements; of JSON, what is in it. Left out: not known, or the same. */
  readonly member?: ValueType;
}

/** A common table expression, as the statement's head has it: WITH its name and definition. */
export interface CommonTable {
  readonly name: string;
  /** What follows the name: ` AS (SELECT …)`. */
  writeDefinition(writer: SqlWriter): void;
}

/** Where a statement is being written: collects text, parameters and what is met on the way. */
export interface SqlWriter {
  text(text: string): void;
  /**
   * A parameter.
   *
   * @param type what the value is compared with or stored in.
   * @param list the value is a list of such values, sent as one array.
   */
  value(value: unknown, type?: ValueType | null, list?: boolean): void;
  /** Called for each column that is written, with what it is of. */
  reference(selectable: Selectable): void;
  /** Runs `work` with the references that it makes itself, which those around it do not see. */
  scope(work: (references: ReadonlySet<Selectable>) => void): void;
  /** What stands in a statement for a selectable: mostly itself. */
  standIn(selectable: Selectable): Selectable;
  /** Runs `work`, in which columns of `original` are written as those of `other`, such as an alias of the same table. */
  replacing(original: Selectable, other: Selectable, work: () => void): void;
  /** The conditions for the rows of a selectable that are meant, wherever it stands in FROM. */
  restrictions(selectable: Selectable): readonly SqlFragment[];
  /** Puts a common table expression into the statement's head, once. */
  commonTable(cte: CommonTable): void;
}

/** Anything that can stand in a hole of the `sql` tag and write itself: columns, conditions, statements, other SQL. */
export interface SqlFragment {
  /** Whether it needs no parentheses beside an operator. */
  readonly atomic?: boolean;
  writeSql(writer: SqlWriter): void;
}

export function isSqlFragment(value: unknown): value is SqlFragment {
  return (
    (typeof value === "object" || typeof value === "function") &&
    value !== null &&
    "writeSql" in value &&
    typeof value.writeSql === "function"
  );
}
