import { AthanorError } from "../errors.js";
import { Condition } from "./condition.js";
import { displayName, quotePath } from "./identifier.js";
import { asc, type Ordering, type QualifiedName } from "./ordering.js";
import { type Sql, type SqlFragment, type SqlWriter, sql } from "./sql.js";

/** Which column of which model a `Column` is. */
export interface ColumnOrigin {
  /** The model's definition; compared by identity. */
  readonly definition: object;
  readonly property: string;
}

/** What a column of type `Value` is compared with. */
export type Operand<Value> = Value | Column<Value> | Sql;

/**
 * A column where SQL is written: `User.username` → `"users"."username"`. Immutable.
 *
 * In a table's own definition (`constraints`, `generated`) it has no table before it: `"username"`.
 */
export class Column<Value> implements SqlFragment {
  readonly kind = "column-expression";
  /** The type of its values, never present at run time. */
  declare readonly _value: Value;

  constructor(
    /** What stands before its name: schema and table, table, or nothing. */
    readonly qualifier: readonly string[],
    /** Its name in the database. */
    readonly name: string,
    readonly origin: ColumnOrigin,
  ) {
    Object.freeze(this);
  }

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

  /** `User.id.in([1, 2])` → `"users"."id" IN ($1, $2)`; `.in([])` → `false`. */
  in(values: readonly Value[]): Condition {
    return new Condition(values.length === 0 ? sql`false` : sql`${this} IN (${sql.join(values)})`);
  }

  /** `User.username.like("a%")` → `"users"."username" LIKE $1`. */
  like(pattern: string): Condition {
    return this.compare("LIKE", pattern);
  }

  /** `User.username.ilike("a%")` → `"users"."username" ILIKE $1`. */
  ilike(pattern: string): Condition {
    return this.compare("ILIKE", pattern);
  }

  /** `User.managerId.isNull()` → `"users"."manager_id" IS NULL`. */
  isNull(): Condition {
    return new Condition(sql`${this} IS NULL`);
  }

  /** `User.managerId.isNotNull()` → `"users"."manager_id" IS NOT NULL`. */
  isNotNull(): Condition {
    return new Condition(sql`${this} IS NOT NULL`);
  }

  /** `User.id.asc()` → `"users"."id"`. */
  asc(): Ordering {
    return asc(this);
  }

  /** `User.id.desc()` → `"users"."id" DESC`. */
  desc(): Ordering {
    return asc(this).desc();
  }

  /** `User.username.collate("C")` → `"users"."username" COLLATE "C"`, for an order or an index. */
  collate(collation: QualifiedName): Ordering {
    return asc(this).collate(collation);
  }

  /** An index element with its operator class: see `Ordering.opclass`. */
  opclass(name: QualifiedName, parameters?: Readonly<Record<string, string | number | boolean>>): Ordering {
    return asc(this).opclass(name, parameters);
  }

  writeSql(writer: SqlWriter): void {
    writer.text(quotePath([...this.qualifier, this.name]));
  }

  private compare(operator: string, value: unknown): Condition {
    if (value === undefined)
      throw new AthanorError(
        "sql.undefined",
        `${displayName([...this.qualifier, this.name])} is compared with undefined; leave the condition out, or pass null for IS NULL.`,
      );
    return new Condition(sql`${this} ${sql.raw(operator)} ${value}`);
  }
}
