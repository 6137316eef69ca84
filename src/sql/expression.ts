/** Values and conditions as nodes: what a query is written with. All are immutable. */

import type { SqlFragment, SqlWriter, ValueType } from "./fragment.js";
import { quoteIdentifier } from "./identifier.js";
import { listed, operand, type Part, writeParts } from "./operand.js";
import { Operators } from "./operators.js";
import type { Sql } from "./sql.js";

/** What an expression of type `Value` is put together with. */
export type Operand<Value> = Value | Expression<Value | null> | Sql;

/** A query whose rows are `Row`, where SQL takes one as a value: `IN (SELECT …)`. */
export interface RowSource<Row extends readonly unknown[]> extends SqlFragment {
  /** The type of its rows, never present at run time. */
  readonly _rows: Row;
}

/** Anything that has a value where SQL is written: a column, an operator's result, a function's. */
export abstract class Expression<Value> extends Operators<Value> {
  /** The type of its values, never present at run time. */
  declare readonly _value: Value;
  abstract readonly atomic: boolean;

  /** `User.id.as("author")` → `"users"."id" AS "author"` where it is selected, `"author"` in ORDER BY. */
  as<const Name extends string>(name: Name): Labeled<Value, Name> {
    return new Labeled(this, name);
  }

  protected condition(parts: readonly Part[]): Condition {
    return new Condition(parts);
  }

  protected operation<V>(parts: readonly Part[], type: ValueType | null): Operation<V> {
    return new Operation(parts, { type });
  }
}

export interface OperationOptions {
  readonly type?: ValueType | null;
  readonly atomic?: boolean;
  /** The column's name where it is selected. */
  readonly name?: string | null;
}

/** An expression that is made of others: `"users"."id" + $1`, `count(*)`. */
export class Operation<Value> extends Expression<Value> {
  readonly kind = "operation";
  readonly type: ValueType | null;
  readonly atomic: boolean;
  readonly name: string | null;

  constructor(
    readonly parts: readonly Part[],
    { type = null, atomic = false, name = null }: OperationOptions = {},
  ) {
    super();
    this.type = type;
    this.atomic = atomic;
    this.name = name;
    Object.freeze(this);
  }

  writeSql(writer: SqlWriter): void {
    writeParts(this.parts, writer);
  }
}

/** Something that is true, false or unknown: `User.username.eq("x")`. */
export class Condition extends Expression<boolean> {
  readonly kind = "condition";
  readonly type = null;

  constructor(
    readonly parts: readonly Part[],
    readonly atomic = false,
  ) {
    super();
    Object.freeze(this);
  }

  /** `a.and(b)` → `(a AND b)`. */
  and(other: SqlFragment): Condition {
    return and(this, other);
  }

  /** `a.or(b)` → `(a OR b)`. */
  or(other: SqlFragment): Condition {
    return or(this, other);
  }

  /** `a.not()` → `NOT (a)`. */
  not(): Condition {
    return new Condition(["NOT (", this, ")"]);
  }

  writeSql(writer: SqlWriter): void {
    writeParts(this.parts, writer);
  }
}

/** A selected expression with a name: `count(*) AS "posts"`. `Owner` is a column's: see `Column`. */
export class Labeled<Value, Name extends string = string, Owner = unknown> implements SqlFragment {
  readonly kind = "labeled";
  /** Types only, never present at run time. */
  declare readonly _value: Value;
  declare readonly _owner: Owner;

  constructor(
    readonly expression: Expression<Value>,
    readonly name: Name,
  ) {
    Object.freeze(this);
  }

  /** Its name, for ORDER BY and GROUP BY. */
  writeSql(writer: SqlWriter): void {
    writer.text(quoteIdentifier(this.name));
  }
}

/** `and(a, b, c)` → `(a AND b AND c)`; of nothing → `true`. */
export function and(...conditions: readonly SqlFragment[]): Condition {
  return joined(conditions, " AND ", "true");
}

/** `or(a, b, c)` → `(a OR b OR c)`; of nothing → `false`. */
export function or(...conditions: readonly SqlFragment[]): Condition {
  return joined(conditions, " OR ", "false");
}

/** `not(a)` → `NOT (a)`. */
export function not(condition: SqlFragment): Condition {
  return new Condition(["NOT (", condition, ")"]);
}

function joined(conditions: readonly SqlFragment[], separator: string, empty: string): Condition {
  const [first, ...rest] = conditions;
  if (first === undefined) return new Condition([empty], true);
  if (rest.length === 0 && first instanceof Condition) return first;
  return new Condition(["(", ...conjuncts(conditions, separator), ")"], true);
}

/** Conditions with a separator between them; SQL of the user's in parentheses. */
export function conjuncts(conditions: readonly SqlFragment[], separator = " AND "): readonly Part[] {
  // A condition without parentheses of its own is a comparison, which binds tighter than AND and OR.
  return listed(
    conditions.map((condition) => (condition instanceof Condition ? condition : operand(condition, null))),
    separator,
  );
}
