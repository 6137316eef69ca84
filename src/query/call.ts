/** Calls of functions: aggregates and windows included. */

import { conjuncts, Expression } from "../sql/expression.js";
import type { SqlFragment, SqlWriter, ValueType } from "../sql/fragment.js";
import { quoteIdentifier } from "../sql/identifier.js";
import { element, listed, writeParts } from "../sql/operand.js";
import { type QualifiedName, quoteQualified } from "../sql/ordering.js";
import { type WindowSpec, writeWindow } from "./window.js";

interface CallSpec {
  /** As SQL. */
  readonly name: string;
  readonly args: readonly SqlFragment[];
  readonly distinct: boolean;
  readonly order: readonly SqlFragment[];
  readonly within: readonly SqlFragment[];
  readonly filter: readonly SqlFragment[];
  /** A window, or the name of one. */
  readonly over: WindowSpec | string | null;
}

/** `count(DISTINCT "users"."id") FILTER (WHERE …) OVER (…)`. Immutable: each method gives a new one. */
export class Call<Value> extends Expression<Value> {
  readonly kind = "call";
  readonly atomic = true;

  constructor(
    readonly spec: CallSpec,
    readonly type: ValueType | null,
    /** The column's name where it is selected. */
    readonly name: string,
  ) {
    super();
    Object.freeze(this);
  }

  /** `func.count(Post.userId).distinct()` → `count(DISTINCT "posts"."user_id")`. */
  distinct(): Call<Value> {
    return this.with({ distinct: true });
  }

  /** The order within an aggregate: `func.array_agg(Post.title).orderBy(Post.id)` → `array_agg("posts"."title" ORDER BY "posts"."id")`. */
  orderBy(...by: readonly SqlFragment[]): Call<Value> {
    return this.with({ order: [...this.spec.order, ...by] });
  }

  /** `func.percentile_cont(0.5).withinGroup(Post.id)` → `percentile_cont($1) WITHIN GROUP (ORDER BY "posts"."id")`. */
  withinGroup(...by: readonly SqlFragment[]): Call<Value> {
    return this.with({ within: [...this.spec.within, ...by] });
  }

  /** Only these rows: `func.count().filter(Post.published.eq(true))` → `count(*) FILTER (WHERE "posts"."published" = $1)`. */
  filter(...conditions: readonly SqlFragment[]): Call<Value> {
    return this.with({ filter: [...this.spec.filter, ...conditions] });
  }

  /**
   * `func.rank().over({ partitionBy: [Post.userId], orderBy: [Post.id] })` →
   * `rank() OVER (PARTITION BY "posts"."user_id" ORDER BY "posts"."id")`; `.over("w")` → `OVER "w"`, see `Select.window`.
   */
  over(window: WindowSpec | string = {}): Call<Value> {
    return this.with({ over: window });
  }

  writeSql(writer: SqlWriter): void {
    const { name, args, distinct, order, within, filter, over } = this.spec;
    writeParts([`${name}(${distinct ? "DISTINCT " : ""}`, ...listed(args)], writer);
    if (order.length > 0) writeParts([" ORDER BY ", ...listed(order)], writer);
    writer.text(")");
    if (within.length > 0) writeParts([" WITHIN GROUP (ORDER BY ", ...listed(within), ")"], writer);
    if (filter.length > 0) writeParts([" FILTER (WHERE ", ...conjuncts(filter), ")"], writer);
    if (over === null) return;
    writer.text(" OVER ");
    if (typeof over === "string") writer.text(quoteIdentifier(over));
    else writeWindow(over, writer);
  }

  private with(change: Partial<CallSpec>): Call<Value> {
    return new Call({ ...this.spec, ...change }, this.type, this.name);
  }
}

/** What PostgreSQL's own functions are called by: their names need no quotes. */
export function builtinCall<Value>(name: string, args: readonly unknown[], type: ValueType | null = null): Call<Value> {
  return makeCall(name, name, args, type);
}

/** A function of any name, quoted. */
export function namedCall<Value>(name: QualifiedName, args: readonly unknown[]): Call<Value> {
  return makeCall(quoteQualified(name), typeof name === "string" ? name : name[1], args, null);
}

function makeCall<Value>(sql: string, name: string, args: readonly unknown[], type: ValueType | null): Call<Value> {
  const fragments = args.map((arg) => element(arg, null));
  const spec = { name: sql, args: fragments, distinct: false, order: [], within: [], filter: [], over: null };
  return new Call(spec, type, name);
}
