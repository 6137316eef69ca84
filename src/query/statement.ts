import type { SqlFragment, SqlWriter } from "../sql/fragment.js";
import type { ColumnPlan } from "./element.js";

/** A statement that can be compiled and executed. As part of another one it stands in parentheses. */
export interface Statement<Row extends readonly unknown[]> extends SqlFragment {
  readonly kind: "select" | "compound" | "insert" | "update" | "delete";
  /** The type of its rows, never present at run time. */
  readonly _rows: Row;
  /** Writes it without parentheses. */
  writeStatement(writer: SqlWriter): void;
  /** How its rows are read; nothing for a statement without RETURNING. */
  plan(): readonly ColumnPlan[];
}
