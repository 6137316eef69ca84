import { codecOf } from "../model/codec.js";
import type { Sql } from "../sql/sql.js";
import { type CriteriaOf, type Parameter, ParameterWriter } from "../sql/writer.js";
import type { ColumnPlan } from "./element.js";
import type { Statement } from "./statement.js";
import { isColumnType } from "./values.js";

/** A statement ready to be sent. */
export interface CompiledStatement {
  readonly text: string;
  /** As the driver takes them. */
  readonly parameters: readonly unknown[];
  /** The same for statements that differ in values only. */
  readonly key: string;
  /** How the rows are read. Empty: as the driver gives them. */
  readonly columns: readonly ColumnPlan[];
}

/**
 * A statement as text and parameters, with the plan of its rows.
 *
 * @param criteriaOf conditions that hold wherever it reads rows, beside its own.
 */
export function compile(
  statement: Statement<readonly unknown[]> | Sql,
  criteriaOf: CriteriaOf | null = null,
): CompiledStatement {
  const writer = new ParameterWriter(criteriaOf);
  if (statement.kind === "sql") statement.writeSql(writer);
  else statement.writeStatement(writer);
  const text = writer.finish();
  const parameters = writer.parameters.map(encode);
  return { text, parameters, key: text, columns: statement.kind === "sql" ? [] : statement.plan() };
}

/** A parameter as the driver takes it: by the codec of its column, or as it is where nothing is known of its type. */
export function encode({ value, type, list }: Parameter): unknown {
  if (type === null || !isColumnType(type)) return value;
  const { write } = codecOf(type);
  // A list is made of `readonly Value[]`: see Comparison.in.
  return list ? (value as readonly unknown[]).map(write) : write(value);
}
