/** What SELECT and the set operations have in common, and the set operations. */

import { Column } from "../sql/column.js";
import { Condition, Expression, Operation, type RowSource } from "../sql/expression.js";
import type { SqlFragment, SqlWriter, ValueType } from "../sql/fragment.js";
import { element, listed, writeParts } from "../sql/operand.js";
import { Ordering } from "../sql/ordering.js";
import { compileSql } from "../sql/writer.js";
import { type ColumnPlan, type Element, planColumns } from "./element.js";
import type { Statement } from "./statement.js";
import { type CteOptions, makeCte, makeRecursiveCte, makeSubquery, type Subquery } from "./subquery.js";

/** What comes last in a query: ORDER BY, LIMIT, OFFSET. */
export interface Slice {
  readonly order: readonly SqlFragment[];
  readonly limit: SqlFragment | null;
  readonly offset: SqlFragment | null;
}

export const wholeResult: Slice = { order: [], limit: null, offset: null };

export function writeSlice({ order, limit, offset }: Slice, writer: SqlWriter): void {
  if (order.length > 0) writeParts([" ORDER BY ", ...listed(order)], writer);
  if (limit !== null) writeParts([" LIMIT ", limit], writer);
  if (offset !== null) writeParts([" OFFSET ", offset], writer);
}

/** A query that gives rows. As part of another statement it stands in parentheses. */
export abstract class Query<R extends readonly unknown[], E> implements Statement<R>, RowSource<R> {
  abstract readonly kind: "select" | "compound";
  readonly atomic = true;
  /** Types only, never present at run time. */
  declare readonly _rows: R;
  declare readonly _elements: E;
  /** What its rows are made of. */
  protected abstract readonly elements: readonly Element[];

  abstract writeStatement(writer: SqlWriter): void;

  plan(): readonly ColumnPlan[] {
    return planColumns(this.elements);
  }

  writeSql(writer: SqlWriter): void {
    writer.text("(");
    this.writeStatement(writer);
    writer.text(")");
  }

  /** Its SQL, with `$1` for values. */
  toString(): string {
    return compileSql({ writeSql: (writer) => this.writeStatement(writer) }).text;
  }

  /**
   * To be read from: `const recent = select(Post.userId).subquery("recent")` → `(SELECT …) AS "recent"`; its columns are
   * `recent.c.userId`. An expression needs `.as("name")` to be one of them.
   *
   * @throws QueryError `query.ambiguous_column` when two columns have one name.
   */
  subquery<const Name extends string>(name: Name): Subquery<R, E, Name> {
    return makeSubquery({ elements: this.elements, statement: this }, name);
  }

  /**
   * A common table expression: `select(Post.userId).cte("recent")` → `WITH "recent" AS (SELECT …)` at the head of the
   * statement that reads from it.
   *
   * @throws QueryError `query.ambiguous_column` when two columns have one name.
   */
  cte<const Name extends string>(name: Name, options: CteOptions = {}): Subquery<R, E, Name> {
    return makeCte({ elements: this.elements, statement: this }, name, options);
  }

  /**
   * A common table expression that goes on from its own rows:
   *
   * ```ts
   * const tree = select(User.id, User.managerId).where(User.id.eq(1))
   *   .recursiveCte("tree", (tree) => select(User.id, User.managerId).join(tree, User.managerId.eq(tree.c.id)));
   * // WITH RECURSIVE "tree" AS ((SELECT …) UNION ALL (SELECT … JOIN "tree" ON …))
   * ```
   * @param options `distinct`: UNION, which drops rows it has had, so that circles end.
   */
  recursiveCte<const Name extends string>(
    name: Name,
    step: (self: Subquery<R, E, Name>) => Query<R, unknown>,
    options: CteOptions & { readonly distinct?: boolean } = {},
  ): Subquery<R, E, Name> {
    const { distinct = false, ...rest } = options;
    const whole = (self: Subquery<R, E, Name>) => this.combine(distinct ? "UNION" : "UNION ALL", step(self));
    return makeRecursiveCte(this.elements, name, whole, rest);
  }

  /** As a value, of one column and at most one row: `(SELECT count(*) FROM "posts" …)`. */
  scalarSubquery(): Operation<R[0] | null> {
    return new Operation([this], { type: firstType(this.elements), atomic: true });
  }

  /** `EXISTS (SELECT …)`: whether it has rows. */
  exists(): Condition {
    return new Condition(["EXISTS ", this], true);
  }

  /** `(SELECT …) UNION (SELECT …)`: the rows of both, each once. */
  union(other: Query<R, unknown>): Compound<R, E> {
    return this.combine("UNION", other);
  }

  /** `(SELECT …) UNION ALL (SELECT …)`: the rows of both. */
  unionAll(other: Query<R, unknown>): Compound<R, E> {
    return this.combine("UNION ALL", other);
  }

  /** `(SELECT …) INTERSECT (SELECT …)`: the rows that both have, each once. */
  intersect(other: Query<R, unknown>): Compound<R, E> {
    return this.combine("INTERSECT", other);
  }

  /** `(SELECT …) INTERSECT ALL (SELECT …)`: the rows that both have, as often as both have them. */
  intersectAll(other: Query<R, unknown>): Compound<R, E> {
    return this.combine("INTERSECT ALL", other);
  }

  /** `(SELECT …) EXCEPT (SELECT …)`: the rows that the other one has not, each once. */
  except(other: Query<R, unknown>): Compound<R, E> {
    return this.combine("EXCEPT", other);
  }

  /** `(SELECT …) EXCEPT ALL (SELECT …)`: each row as often as this one has it more than the other. */
  exceptAll(other: Query<R, unknown>): Compound<R, E> {
    return this.combine("EXCEPT ALL", other);
  }

  private combine(operator: SetOperator, other: Query<R, unknown>): Compound<R, E> {
    return new Compound(this.elements, [this, other], operator, wholeResult);
  }
}

type SetOperator = `${"UNION" | "INTERSECT" | "EXCEPT"}${"" | " ALL"}`;

/** Two queries as one: `(SELECT …) UNION (SELECT …)`. Immutable. */
export class Compound<R extends readonly unknown[], E> extends Query<R, E> {
  readonly kind = "compound";

  constructor(
    protected readonly elements: readonly Element[],
    private readonly queries: readonly [SqlFragment, SqlFragment],
    private readonly operator: SetOperator,
    private readonly slice: Slice,
  ) {
    super();
    Object.freeze(this);
  }

  /** `.orderBy(User.username.desc())` → `ORDER BY "username" DESC`: columns go by their names in the result. */
  orderBy(...by: readonly SqlFragment[]): Compound<R, E> {
    return this.with({ order: [...this.slice.order, ...by.map(byName)] });
  }

  /** `LIMIT $1`. */
  limit(count: number | SqlFragment): Compound<R, E> {
    return this.with({ limit: element(count, null) });
  }

  /** `OFFSET $1`. */
  offset(count: number | SqlFragment): Compound<R, E> {
    return this.with({ offset: element(count, null) });
  }

  writeStatement(writer: SqlWriter): void {
    writeParts([this.queries[0], ` ${this.operator} `, this.queries[1]], writer);
    writeSlice(this.slice, writer);
  }

  private with(change: Partial<Slice>): Compound<R, E> {
    return new Compound(this.elements, this.queries, this.operator, { ...this.slice, ...change });
  }
}

/** The result of a set operation is of no table. */
function byName(order: SqlFragment): SqlFragment {
  if (order instanceof Column) return order.bare();
  return order instanceof Ordering ? new Ordering({ ...order.spec, target: byName(order.spec.target) }) : order;
}

function firstType([first]: readonly Element[]): ValueType | null {
  if (first?.kind === "entity") return Object.values(first.entity.columns)[0]?.type ?? null;
  return first?.fragment instanceof Expression ? first.fragment.type : null;
}
