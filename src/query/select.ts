import { conjuncts } from "../sql/expression.js";
import type { SqlFragment, SqlWriter } from "../sql/fragment.js";
import { element, listed, writeParts } from "../sql/operand.js";
import type { Selectable } from "../sql/selectable.js";
import { compileSql } from "../sql/writer.js";
import { type ColumnPlan, type Element, planColumns, readElement, writeElements } from "./element.js";
import type { Row, Selected } from "./rows.js";
import type { Statement } from "./statement.js";

interface SelectSpec {
  readonly elements: readonly Element[];
  readonly where: readonly SqlFragment[];
  readonly order: readonly SqlFragment[];
  readonly limit: SqlFragment | null;
  readonly offset: SqlFragment | null;
}

/** A SELECT. Immutable: each method gives a new one. */
export class Select<R extends readonly unknown[], E extends readonly unknown[] = readonly unknown[]>
  implements Statement<R>
{
  readonly kind = "select";
  readonly atomic = true;
  /** Types only, never present at run time. */
  declare readonly _rows: R;
  declare readonly _elements: E;
  readonly #spec: SelectSpec;

  constructor(spec: SelectSpec) {
    this.#spec = spec;
    Object.freeze(this);
  }

  /** `.where(User.id.gt(5), User.username.like("a%"))` → `WHERE "users"."id" > $1 AND "users"."username" LIKE $2`. */
  where(...conditions: readonly SqlFragment[]): Select<R, E> {
    return this.with({ where: [...this.#spec.where, ...conditions] });
  }

  /** `.orderBy(User.username, User.id.desc())` → `ORDER BY "users"."username", "users"."id" DESC`. Called again, it adds. */
  orderBy(...by: readonly SqlFragment[]): Select<R, E> {
    return this.with({ order: [...this.#spec.order, ...by] });
  }

  /** `.limit(10)` → `LIMIT $1`. */
  limit(count: number | SqlFragment): Select<R, E> {
    return this.with({ limit: element(count, null) });
  }

  /** `.offset(20)` → `OFFSET $1`. */
  offset(count: number | SqlFragment): Select<R, E> {
    return this.with({ offset: element(count, null) });
  }

  plan(): readonly ColumnPlan[] {
    return planColumns(this.#spec.elements);
  }

  writeSql(writer: SqlWriter): void {
    writer.text("(");
    this.writeStatement(writer);
    writer.text(")");
  }

  writeStatement(writer: SqlWriter): void {
    const { elements, where, order, limit, offset } = this.#spec;
    writer.scope((references) => {
      writer.text("SELECT ");
      writeElements(elements, writer);
      writeFrom([...references], writer);
      if (where.length > 0) writeParts([" WHERE ", ...conjuncts(where)], writer);
      if (order.length > 0) writeParts([" ORDER BY ", ...listed(order)], writer);
      if (limit !== null) writeParts([" LIMIT ", limit], writer);
      if (offset !== null) writeParts([" OFFSET ", offset], writer);
    });
  }

  toString(): string {
    return compileSql({ writeSql: (writer) => this.writeStatement(writer) }).text;
  }

  private with(change: Partial<SelectSpec>): Select<R, E> {
    return new Select({ ...this.#spec, ...change });
  }
}

/**
 * ```ts
 * select(User)                     // SELECT "users"."username", "users"."email", … FROM "users"
 * select(User.id, Post.title)      // SELECT "users"."id", "posts"."title" FROM "users", "posts"
 * ```
 * FROM has what the elements are read from, in their order.
 *
 * @throws AthanorError `query.element` for what can't be selected.
 */
export function select<const E extends readonly Selected[]>(...elements: E): Select<Row<E>, E> {
  return new Select({ elements: elements.map(readElement), where: [], order: [], limit: null, offset: null });
}

function writeFrom(froms: readonly Selectable[], writer: SqlWriter): void {
  for (const [i, from] of froms.entries()) {
    writer.text(i === 0 ? " FROM " : ", ");
    from.writeFrom(writer);
  }
}
