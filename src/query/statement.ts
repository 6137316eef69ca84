import { QueryError } from "../sql/errors.js";
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

/** For callers that no compiler checks. @throws QueryError `query.not_a_statement` */
export function requireStatement(value: unknown): void {
  if (typeof value === "object" && value !== null) {
    if ("writeStatement" in value || ("kind" in value && value.kind === "sql")) return;
  }
  throw new QueryError(
    "query.not_a_statement",
    `Executed is a statement: sql\`SELECT …\`, or one such as select(User). This is ${value === null ? "null" : `of type ${typeof value}`}; SQL in a string goes through sql.raw(…).`,
  );
}
