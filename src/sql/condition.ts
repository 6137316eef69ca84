import { type SqlFragment, type SqlWriter, sql } from "./sql.js";

/** Something that is true, false or unknown: `User.username.eq("x")`. Immutable. */
export class Condition implements SqlFragment {
  readonly kind = "condition";

  constructor(readonly expression: SqlFragment) {
    Object.freeze(this);
  }

  /** `a.and(b)` → `(a AND b)`. */
  and(other: Condition): Condition {
    return new Condition(sql`(${this} AND ${other})`);
  }

  /** `a.or(b)` → `(a OR b)`. */
  or(other: Condition): Condition {
    return new Condition(sql`(${this} OR ${other})`);
  }

  /** `a.not()` → `NOT (a)`. */
  not(): Condition {
    return new Condition(sql`NOT (${this})`);
  }

  writeSql(writer: SqlWriter): void {
    this.expression.writeSql(writer);
  }
}
