/** Values where SQL does not say their type by itself: literals, casts, CASE; and lists to compare with. */

import { type ColumnDef, columnOf } from "../model/column.js";
import { type ColumnType, columnType } from "../model/definition.js";
import { array } from "../model/types/array.js";
import { timestamptz } from "../model/types/datetime.js";
import { bigint, doublePrecision, integer } from "../model/types/numeric.js";
import { boolean, bytea, jsonb, text } from "../model/types/text.js";
import { Condition, Expression, type Operand, Operation, type RowSource } from "../sql/expression.js";
import { isSqlFragment, type SqlFragment, type ValueType } from "../sql/fragment.js";
import { element, listed, operand, type Part } from "../sql/operand.js";
import { type QualifiedName, quoteQualified } from "../sql/ordering.js";
import type { Sql } from "../sql/sql.js";

/** The type of a column's definition, for values that are none of a column. */
export function typeOf(definition: ColumnDef<unknown, boolean>, origin: string): ColumnType {
  return columnType(definition.spec, origin);
}

export function isColumnType(type: ValueType): type is ColumnType {
  return "spec" in type;
}

const arrays = new WeakMap<object, ColumnType>();

/** The type of a list of such values, as array_agg gives it. */
export function arrayTypeOf(type: ValueType | null): ColumnType | null {
  if (type === null || !isColumnType(type)) return null;
  const known = arrays.get(type.spec.type);
  if (known !== undefined) return known;
  const made = typeOf(array(columnOf(type.spec.type)), type.origin);
  arrays.set(type.spec.type, made);
  return made;
}

/**
 * A value where PostgreSQL can't tell its type from what stands beside it: `literal("x")` → `$1::text`, `literal(7)` →
 * `$1::integer`, `literal([1, 2], jsonb())` → `$1::jsonb`. Without a type: text, boolean, integer, bigint, double
 * precision, timestamptz, bytea or jsonb, as the value is.
 */
export function literal<Value>(value: Value, type?: ColumnDef<Value, boolean>): Operation<Value> {
  const definition = type ?? guessType(value);
  return typedValue(definition, element(value, typeOf(definition, "a literal")), "a literal");
}

function guessType(value: unknown): ColumnDef<unknown, boolean> {
  switch (typeof value) {
    case "boolean":
      return boolean();
    case "bigint":
      return bigint();
    case "number":
      return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? integer() : doublePrecision();
    case "object":
      if (value instanceof Date) return timestamptz();
      if (value instanceof Uint8Array) return bytea();
      return value === null ? text() : jsonb();
    default:
      return text();
  }
}

/** `cast(User.id, text())` → `"users"."id"::text`. */
export function cast<Value>(value: SqlFragment, type: ColumnDef<Value, boolean>): Operation<Value> {
  return typedValue(type, operand(value, null), "a cast");
}

function typedValue<Value>(type: ColumnDef<unknown, boolean>, value: SqlFragment, origin: string): Operation<Value> {
  const sql = type.spec.type.sql(null);
  return new Operation([value, `::${sql}`], { type: typeOf(type, origin), atomic: true });
}

/** SQL as an expression, with all that one can do: ``expression(sql<number>`length(title)`).gt(3)`` → `(length(title)) > $1`. */
export function expression<Value>(fragment: Sql<Value>): Operation<Value> {
  return new Operation([fragment]);
}

/** `collate(User.username, "C")` → `"users"."username" COLLATE "C"`, to compare by. */
export function collate<Value>(value: Expression<Value>, collation: QualifiedName): Operation<Value> {
  return new Operation([operand(value, null), ` COLLATE ${quoteQualified(collation)}`], { type: value.type });
}

type Outcome<T> = T extends { readonly _value: infer V } ? V : T extends Sql<infer V> ? V : T;

/**
 * ```ts
 * case_([[User.id.eq(1), "first"], [User.id.lt(9), "early"]], "late")
 * // CASE WHEN "users"."id" = $1 THEN $2 WHEN "users"."id" < $3 THEN $4 ELSE $5 END
 * ```
 * Without the second argument, NULL where no condition holds.
 */
export function case_<const Branches extends readonly (readonly [SqlFragment, unknown])[], const Else = null>(
  branches: Branches,
  otherwise?: Else,
): Operation<Outcome<Branches[number][1]> | Outcome<Else>> {
  const outcomes = [...branches.map(([, outcome]) => outcome), ...(otherwise === undefined ? [] : [otherwise])];
  const known = outcomes.find((outcome) => isSqlFragment(outcome));
  const type = outcomes.flatMap((outcome) => (outcome instanceof Expression ? (outcome.type ?? []) : []))[0] ?? null;
  // Beside a column or a function, PostgreSQL sees the type by itself.
  const write = (outcome: unknown): SqlFragment =>
    known !== undefined || isSqlFragment(outcome) || outcome === null ? element(outcome, type) : literal(outcome);
  const parts: Part[] = ["CASE"];
  for (const [condition, outcome] of branches) parts.push(" WHEN ", condition, " THEN ", write(outcome));
  if (otherwise !== undefined) parts.push(" ELSE ", write(otherwise));
  return new Operation([...parts, " END"], { type, atomic: true, name: "case" });
}

/** To compare with the elements of an array: `User.id.eq(any_(Post.readers))` → `"users"."id" = ANY ("posts"."readers")`. */
export function any_<Element>(array: Expression<readonly Element[] | null>): Operation<Element> {
  return new Operation(["ANY (", array, ")"], { atomic: true });
}

/** As `any_`, and it must hold for every element: `ALL (…)`. */
export function all_<Element>(array: Expression<readonly Element[] | null>): Operation<Element> {
  return new Operation(["ALL (", array, ")"], { atomic: true });
}

type Columns = readonly Expression<unknown>[];
type Values<C extends Columns> = { readonly [K in keyof C]: C[K] extends Expression<infer V> ? Operand<V> : never };
type Nullable<C extends Columns> = { readonly [K in keyof C]: C[K] extends Expression<infer V> ? V | null : never };

/** Several values compared as one, the first that differs decides: `tuple(Post.userId, Post.id).gt([7, 3])`. */
export class Tuple<C extends Columns> implements SqlFragment {
  readonly kind = "tuple";
  readonly atomic = true;

  constructor(private readonly columns: C) {
    Object.freeze(this);
  }

  /** `("a", "b") = ($1, $2)`. */
  eq(values: Values<C>): Condition {
    return this.compare("=", values);
  }

  /** `("a", "b") <> ($1, $2)`. */
  ne(values: Values<C>): Condition {
    return this.compare("<>", values);
  }

  /** `("a", "b") < ($1, $2)`. */
  lt(values: Values<C>): Condition {
    return this.compare("<", values);
  }

  /** `("a", "b") <= ($1, $2)`. */
  lte(values: Values<C>): Condition {
    return this.compare("<=", values);
  }

  /** `("a", "b") > ($1, $2)`: what comes after a row, page by page. */
  gt(values: Values<C>): Condition {
    return this.compare(">", values);
  }

  /** `("a", "b") >= ($1, $2)`. */
  gte(values: Values<C>): Condition {
    return this.compare(">=", values);
  }

  /** `("a", "b") IN (($1, $2), ($3, $4))`, or `IN (SELECT …)`; of an empty list `false`. */
  in(rows: readonly Values<C>[] | RowSource<Nullable<C>>): Condition {
    if (isSqlFragment(rows)) return new Condition([this, " IN ", rows]);
    if (rows.length === 0) return new Condition(["false"], true);
    return new Condition([this, " IN (", ...rows.flatMap((row, i) => [i === 0 ? "" : ", ", ...this.row(row)]), ")"]);
  }

  writeSql(writer: Parameters<SqlFragment["writeSql"]>[0]): void {
    writer.text("(");
    for (const part of listed(this.columns)) {
      if (typeof part === "string") writer.text(part);
      else part.writeSql(writer);
    }
    writer.text(")");
  }

  private compare(operator: string, values: Values<C>): Condition {
    return new Condition([this, ` ${operator} `, ...this.row(values)]);
  }

  private row(values: Values<C>): readonly Part[] {
    const given: readonly unknown[] = values;
    return ["(", ...listed(this.columns.map((column, i) => element(given[i], column.type))), ")"];
  }
}

/** `tuple(Post.userId, Post.id)` → `("posts"."user_id", "posts"."id")`. */
export function tuple<const C extends Columns>(...columns: C): Tuple<C> {
  return new Tuple(columns);
}
