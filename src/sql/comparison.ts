import type { Condition, Operand, Operation, RowSource } from "./expression.js";
import { isSqlFragment, type SqlFragment, type SqlWriter, type ValueType } from "./fragment.js";
import { Bound, listed, operand, type Part } from "./operand.js";
import { asc, type Ordering } from "./ordering.js";

/** How expressions are compared. */
export abstract class Comparison<Value> implements SqlFragment {
  /** What is known of the type of its values; what it is compared with is written so. */
  abstract readonly type: ValueType | null;
  abstract writeSql(writer: SqlWriter): void;
  /** A condition made of it. */
  protected abstract condition(parts: readonly Part[]): Condition;
  /** A value made of it. */
  protected abstract operation<V>(parts: readonly Part[], type: ValueType | null): Operation<V>;

  /** `User.username.eq("x")` → `"users"."username" = $1`; `.eq(null)` → `IS NULL`. */
  eq(value: Operand<Value>): Condition {
    return value === null ? this.isNull() : this.compare("=", value);
  }

  /** `User.username.ne("x")` → `"users"."username" <> $1`; `.ne(null)` → `IS NOT NULL`. */
  ne(value: Operand<Value>): Condition {
    return value === null ? this.isNotNull() : this.compare("<>", value);
  }

  /** `User.id.lt(5)` → `"users"."id" < $1`. */
  lt(value: Operand<Value>): Condition {
    return this.compare("<", value);
  }

  /** `User.id.lte(5)` → `"users"."id" <= $1`. */
  lte(value: Operand<Value>): Condition {
    return this.compare("<=", value);
  }

  /** `User.id.gt(5)` → `"users"."id" > $1`. */
  gt(value: Operand<Value>): Condition {
    return this.compare(">", value);
  }

  /** `User.id.gte(5)` → `"users"."id" >= $1`. */
  gte(value: Operand<Value>): Condition {
    return this.compare(">=", value);
  }

  /** `User.id.between(1, 9)` → `"users"."id" BETWEEN $1 AND $2`: both ends belong to it. */
  between(low: Operand<Value>, high: Operand<Value>): Condition {
    return this.condition([operand(this, null), " BETWEEN ", this.side(low), " AND ", this.side(high)]);
  }

  /**
   * `User.id.in([1, 2])` → `"users"."id" = ANY ($1)`, the list as one array, so that lists of any length are one
   * statement. With SQL among the values `"users"."id" IN ($1, "posts"."id")`; `.in(select(Post.userId))` →
   * `"users"."id" IN (SELECT …)`.
   */
  in(values: readonly Operand<Value>[] | RowSource<readonly [Value | null]>): Condition {
    return this.among(values, "= ANY", "IN");
  }

  /** `User.id.notIn([1, 2])` → `"users"."id" <> ALL ($1)`; otherwise as `in`. */
  notIn(values: readonly Operand<Value>[] | RowSource<readonly [Value | null]>): Condition {
    return this.among(values, "<> ALL", "NOT IN");
  }

  /** `User.username.like("a%")` → `"users"."username" LIKE $1`. */
  like(pattern: string | SqlFragment): Condition {
    return this.pattern("LIKE", pattern);
  }

  /** `User.username.notLike("a%")` → `"users"."username" NOT LIKE $1`. */
  notLike(pattern: string | SqlFragment): Condition {
    return this.pattern("NOT LIKE", pattern);
  }

  /** `User.username.ilike("a%")` → `"users"."username" ILIKE $1`: whatever the case. */
  ilike(pattern: string | SqlFragment): Condition {
    return this.pattern("ILIKE", pattern);
  }

  /** `User.username.notIlike("a%")` → `"users"."username" NOT ILIKE $1`. */
  notIlike(pattern: string | SqlFragment): Condition {
    return this.pattern("NOT ILIKE", pattern);
  }

  /** `User.username.matches("^a+$")` → `"users"."username" ~ $1`, a regular expression of PostgreSQL's. */
  matches(pattern: string | SqlFragment): Condition {
    return this.pattern("~", pattern);
  }

  /** `User.managerId.isNull()` → `"users"."manager_id" IS NULL`. */
  isNull(): Condition {
    return this.condition([operand(this, null), " IS NULL"]);
  }

  /** `User.managerId.isNotNull()` → `"users"."manager_id" IS NOT NULL`. */
  isNotNull(): Condition {
    return this.condition([operand(this, null), " IS NOT NULL"]);
  }

  /** `User.managerId.isDistinctFrom(7)` → `"users"."manager_id" IS DISTINCT FROM $1`: NULL is a value like any other. */
  isDistinctFrom(value: Operand<Value | null>): Condition {
    return this.compare("IS DISTINCT FROM", value);
  }

  /** `User.managerId.isNotDistinctFrom(null)` → `"users"."manager_id" IS NOT DISTINCT FROM $1`. */
  isNotDistinctFrom(value: Operand<Value | null>): Condition {
    return this.compare("IS NOT DISTINCT FROM", value);
  }

  /** `User.id.asc()` → `"users"."id"`. */
  asc(): Ordering {
    return asc(this);
  }

  /** `User.id.desc()` → `"users"."id" DESC`. */
  desc(): Ordering {
    return asc(this).desc();
  }

  /** What an operator has on its other side, written by this one's type. */
  protected side(value: unknown): SqlFragment {
    return operand(value, this.type);
  }

  /** `this operator value`. */
  protected compare(operator: string, value: unknown): Condition {
    return this.condition([operand(this, null), ` ${operator} `, this.side(value)]);
  }

  private pattern(operator: string, pattern: string | SqlFragment): Condition {
    return this.condition([operand(this, null), ` ${operator} `, operand(pattern, null)]);
  }

  private among(
    values: readonly Operand<Value>[] | RowSource<readonly [Value | null]>,
    any: string,
    within: string,
  ): Condition {
    const left = operand(this, null);
    if (!isList(values)) return this.condition([left, ` ${within} `, values]);
    // An array of arrays would be one array of more dimensions.
    if (!values.some((value) => value === undefined || isSqlFragment(value) || Array.isArray(value)))
      return this.condition([left, ` ${any} (`, new Bound([...values], this.type, true), ")"]);
    const sides = values.map((value) => this.side(value));
    return this.condition([left, ` ${within} (`, ...listed(sides), ")"]);
  }
}

/** Array.isArray does not tell a readonly array from what is none. */
function isList<T>(values: readonly T[] | SqlFragment): values is readonly T[] {
  return Array.isArray(values);
}
