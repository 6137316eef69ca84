import type { Entity } from "../model/entity.js";
import { QueryError } from "../sql/errors.js";
import { type Condition, conjuncts } from "../sql/expression.js";
import type { SqlFragment, SqlWriter } from "../sql/fragment.js";
import { quoteIdentifier } from "../sql/identifier.js";
import { element, listed, writeParts } from "../sql/operand.js";
import type { Selectable } from "../sql/selectable.js";
import { type Element, readElement, writeElements } from "./element.js";
import { type Join, readJoin, selectableOf, writeFrom } from "./from.js";
import type { Joinable, JoinConditions } from "./joinable.js";
import { type EntityOwners, type LoaderNode, type LoaderOption, loaderNodes } from "./loader.js";
import { type Lock, type LockOptions, type LockStrength, readLock, writeLock } from "./lock.js";
import { Query, type Slice, wholeResult, writeSlice } from "./query.js";
import type { MaybeAll, MaybeOthers, MaybeTarget, Row, Selected } from "./rows.js";
import { type WindowSpec, writeWindow } from "./window.js";

/** What a SELECT is made of. */
export interface SelectSpec extends Slice {
  readonly elements: readonly Element[];
  readonly distinct: boolean | readonly SqlFragment[];
  readonly from: readonly Selectable[];
  readonly joins: readonly Join[];
  readonly where: readonly SqlFragment[];
  readonly group: readonly SqlFragment[];
  readonly having: readonly SqlFragment[];
  readonly windows: readonly { readonly name: string; readonly spec: WindowSpec }[];
  readonly locks: readonly Lock[];
  readonly loaders: readonly LoaderNode[];
}

export const emptySelect: SelectSpec = {
  ...wholeResult,
  elements: [],
  distinct: false,
  from: [],
  joins: [],
  where: [],
  group: [],
  having: [],
  windows: [],
  locks: [],
  loaders: [],
};

/**
 * A SELECT. Immutable: each method gives a new one. `R` is its row, `E` the elements that it was made with.
 *
 * A method that takes several things and is called again adds to what is there: `.where(a).where(b)` → `WHERE a AND b`.
 */
export class Select<R extends readonly unknown[], E = unknown> extends Query<R, E> {
  readonly kind = "select";
  readonly #spec: SelectSpec;

  constructor(spec: SelectSpec) {
    super();
    this.#spec = spec;
    Object.freeze(this);
  }

  /** `.where(User.id.gt(5), User.username.like("a%"))` → `WHERE "users"."id" > $1 AND "users"."username" LIKE $2`. */
  where(...conditions: readonly SqlFragment[]): Select<R, E> {
    return this.with({ where: [...this.#spec.where, ...conditions] });
  }

  /**
   * Over a relationship, or to a model, alias, subquery or CTE on a condition:
   *
   * ```ts
   * select(User).join(User.posts)                             // JOIN "posts" ON "posts"."user_id" = "users"."id"
   * select(User).join(Post, Post.userId.eq(User.id))          // the same
   * select(User).join(User.posts, Post.published.eq(true))    // JOIN "posts" ON … AND "posts"."published" = $1
   * select(Post).join(Post.tags)                              // JOIN ("post_tags" JOIN "tags" ON …) ON …
   * ```
   * @throws QueryError `query.alias_needed` for something that stands in FROM already; `query.not_selectable`.
   */
  join<T extends Joinable>(target: T, ...conditions: JoinConditions<T>): Select<R, E> {
    return this.joined(readJoin("JOIN", target, conditions));
  }

  /** As `join`, and rows without a match stay: what is read from the target may be null. `LEFT JOIN`. */
  leftJoin<T extends Joinable>(target: T, ...conditions: JoinConditions<T>): Select<MaybeTarget<R, E, T>, E> {
    return this.joined(readJoin("LEFT JOIN", target, conditions));
  }

  /** As `join`, and the target's rows without a match stay: what else is read may be null. `RIGHT JOIN`. */
  rightJoin<T extends Joinable>(target: T, ...conditions: JoinConditions<T>): Select<MaybeOthers<R, E, T>, E> {
    return this.joined(readJoin("RIGHT JOIN", target, conditions));
  }

  /** As `join`, and rows of both sides without a match stay: all that is read may be null. `FULL JOIN`. */
  fullJoin<T extends Joinable>(target: T, ...conditions: JoinConditions<T>): Select<MaybeAll<R, E>, E> {
    return this.joined(readJoin("FULL JOIN", target, conditions));
  }

  /** `.crossJoin(Tag)` → `CROSS JOIN "tags"`. */
  crossJoin(target: Joinable): Select<R, E> {
    return this.joined(readJoin("CROSS JOIN", target, []));
  }

  /** `.joinLateral(latest)` → `JOIN LATERAL (SELECT …) AS "latest" ON true`: it may refer to what stands before it. */
  joinLateral(target: Joinable, ...conditions: readonly SqlFragment[]): Select<R, E> {
    return this.joined(readJoin("JOIN", target, conditions, true));
  }

  /** As `joinLateral`, and rows without a match stay: `LEFT JOIN LATERAL (SELECT …) AS "latest" ON true`. */
  leftJoinLateral<T extends Joinable>(
    target: T,
    ...conditions: readonly SqlFragment[]
  ): Select<MaybeTarget<R, E, T>, E> {
    return this.joined(readJoin("LEFT JOIN", target, conditions, true));
  }

  /** FROM just these, and what is joined to them: `select(func.count()).selectFrom(User)` → `… FROM "users"`. */
  selectFrom(...targets: readonly Joinable[]): Select<R, E> {
    return this.with({ from: [...this.#spec.from, ...targets.map(selectableOf)] });
  }

  /** `.groupBy(User.id)` → `GROUP BY "users"."id"`. */
  groupBy(...by: readonly SqlFragment[]): Select<R, E> {
    return this.with({ group: [...this.#spec.group, ...by] });
  }

  /** `.having(func.count().gt(1))` → `HAVING count(*) > $1`. */
  having(...conditions: readonly SqlFragment[]): Select<R, E> {
    return this.with({ having: [...this.#spec.having, ...conditions] });
  }

  /** `.orderBy(User.username, User.id.desc())` → `ORDER BY "users"."username", "users"."id" DESC`. */
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

  /** `SELECT DISTINCT`. */
  distinct(): Select<R, E> {
    return this.with({ distinct: true });
  }

  /** `.distinctOn(Post.userId)` → `SELECT DISTINCT ON ("posts"."user_id")`: the first row of each, in the order given. */
  distinctOn(...by: readonly SqlFragment[]): Select<R, E> {
    return this.with({ distinct: by });
  }

  /** A window by name, for `.over("w")`: `.window("w", { orderBy: [User.id] })` → `WINDOW "w" AS (ORDER BY "users"."id")`. */
  window(name: string, spec: WindowSpec): Select<R, E> {
    return this.with({ windows: [...this.#spec.windows, { name, spec }] });
  }

  /** `.forUpdate({ of: [User], skipLocked: true })` → `FOR UPDATE OF "users" SKIP LOCKED`. */
  forUpdate(options: LockOptions = {}): Select<R, E> {
    return this.lock("FOR UPDATE", options);
  }

  /** `FOR NO KEY UPDATE`: others may still refer to the rows. */
  forNoKeyUpdate(options: LockOptions = {}): Select<R, E> {
    return this.lock("FOR NO KEY UPDATE", options);
  }

  /** `FOR SHARE`: others may read and share the rows, and not change them. */
  forShare(options: LockOptions = {}): Select<R, E> {
    return this.lock("FOR SHARE", options);
  }

  /** `FOR KEY SHARE`: others may not change the rows' keys. */
  forKeyShare(options: LockOptions = {}): Select<R, E> {
    return this.lock("FOR KEY SHARE", options);
  }

  /** What it is made of: for what makes another one of it. */
  get spec(): SelectSpec {
    return this.#spec;
  }

  /**
   * How what the entities lead to is loaded: `select(User).options(selectinload(User.posts).joinedload(Post.tags))`. It
   * changes what the session loads, not what `String(query)` shows.
   */
  options(...options: readonly LoaderOption<EntityOwners<E>>[]): Select<R, E> {
    return this.with({ loaders: [...this.#spec.loaders, ...loaderNodes(options)] });
  }

  /** The models and aliases that it selects. */
  get entities(): readonly Entity[] {
    return this.#spec.elements.flatMap((element) => (element.kind === "entity" ? [element.entity] : []));
  }

  /** What `options` said. */
  get loaders(): readonly LoaderNode[] {
    return this.#spec.loaders;
  }

  writeStatement(writer: SqlWriter): void {
    const spec = this.#spec;
    writer.scope((references) => {
      writeDistinct(spec.distinct, writer);
      writeElements(spec.elements, writer);
      const where = [...spec.where, ...writeFrom(references, spec.from, spec.joins, writer)];
      if (where.length > 0) writeParts([" WHERE ", ...conjuncts(where)], writer);
      if (spec.group.length > 0) writeParts([" GROUP BY ", ...listed(spec.group)], writer);
      if (spec.having.length > 0) writeParts([" HAVING ", ...conjuncts(spec.having)], writer);
      for (const [i, { name, spec: window }] of spec.windows.entries()) {
        writer.text(`${i === 0 ? " WINDOW " : ", "}${quoteIdentifier(name)} AS `);
        writeWindow(window, writer);
      }
      writeSlice(spec, writer);
      for (const lock of spec.locks) writeLock(lock, writer);
    });
  }

  protected get elements(): readonly Element[] {
    return this.#spec.elements;
  }

  private lock(strength: LockStrength, options: LockOptions): Select<R, E> {
    return this.with({ locks: [...this.#spec.locks, readLock(strength, options)] });
  }

  /** With another row, where the join makes some of it nullable: a matter of types only. */
  private joined<Joined extends readonly unknown[]>(join: Join): Select<Joined, E> {
    return new Select({ ...this.#spec, joins: [...this.#spec.joins, join] });
  }

  private with(change: Partial<SelectSpec>): Select<R, E> {
    return new Select({ ...this.#spec, ...change });
  }
}

function writeDistinct(distinct: SelectSpec["distinct"], writer: SqlWriter): void {
  if (distinct === false) writer.text("SELECT ");
  else if (distinct === true) writer.text("SELECT DISTINCT ");
  // What it is distinct on does not say what is read from.
  else writer.scope(() => writeParts(["SELECT DISTINCT ON (", ...listed(distinct), ") "], writer));
}

/**
 * ```ts
 * select(User)                     // SELECT "users"."username", "users"."email", … FROM "users"
 * select(User.id, Post.title)      // SELECT "users"."id", "posts"."title" FROM "users", "posts"
 * ```
 * FROM has what the elements are read from, in their order, less what is joined; WHERE adds nothing to it, so that a
 * subquery may speak of the query around it. `selectFrom` says it otherwise.
 *
 * @throws QueryError `query.element` for nothing, and for what can't be selected.
 */
export function select<const E extends readonly Selected[]>(
  ...elements: E extends readonly [] ? readonly [Selected] : E
): Select<Row<E>, E> {
  if (elements.length === 0)
    throw new QueryError(
      "query.element",
      "select() needs something to select: a model, a column or an expression. To count rows, select(func.count()).selectFrom(Model).",
    );
  return new Select({ ...emptySelect, elements: elements.map(readElement) });
}

/** `exists(query)` → `EXISTS (SELECT …)`. */
export function exists(query: Query<readonly unknown[], unknown>): Condition {
  return query.exists();
}
