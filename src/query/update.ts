import { modelName } from "../model/definition.js";
import { type Entity, modelEntity } from "../model/entity.js";
import { QueryError } from "../sql/errors.js";
import type { SqlFragment, SqlWriter } from "../sql/fragment.js";
import type { Selectable } from "../sql/selectable.js";
import { sql } from "../sql/sql.js";
import {
  type Assignment,
  type Assignments,
  assignment,
  computed,
  readAssignments,
  specOf,
  storedColumns,
  writeAssignments,
} from "./assign.js";
import { Change, type Target } from "./change.js";
import { type Element, readElement } from "./element.js";
import { selectableOf } from "./from.js";
import type { Joinable } from "./joinable.js";
import type { Row, Selected } from "./rows.js";
import { changedTable, partOf, writeOthers, writeWhere } from "./several-tables.js";

/** What it is made of. */
export interface UpdateSpec {
  readonly target: Entity;
  readonly set: readonly Assignment[];
  readonly from: readonly Selectable[];
  readonly where: readonly SqlFragment[];
  readonly returned: readonly Element[];
}

/** An UPDATE. Immutable: each method gives a new one. */
export class Update<C, R extends readonly unknown[] = [], E = unknown> extends Change<R, E> {
  readonly kind = "update";
  readonly #spec: UpdateSpec;

  constructor(spec: UpdateSpec) {
    super();
    this.#spec = spec;
    Object.freeze(this);
  }

  /**
   * `.set({ mood: "glad", id: User.id.plus(1) })` → `SET "mood" = $1, "id" = "users"."id" + $2`. Columns with `onUpdate` are
   * set too, and the version counts up (`"revision" = "users"."revision" + 1`), unless they are given.
   *
   * @throws QueryError `query.unknown_property`; when it is written, `query.several_tables` for columns that are in two.
   */
  set(values: Assignments<C>): Update<C, R, E> {
    return this.with({ set: [...this.#spec.set, ...readAssignments(this.#spec.target, values)] });
  }

  /** `.where(User.id.eq(1))` → `WHERE "users"."id" = $1`. Without it, every row is changed. */
  where(...conditions: readonly SqlFragment[]): Update<C, R, E> {
    return this.with({ where: [...this.#spec.where, ...conditions] });
  }

  /** What else is read: `update(Post).set({ title: User.username }).from(User).where(Post.userId.eq(User.id))` → `FROM "users"`. */
  from(...targets: readonly Joinable[]): Update<C, R, E> {
    return this.with({ from: [...this.#spec.from, ...targets.map(selectableOf)] });
  }

  /** `.returning(User)` or `.returning(User.id)` → `RETURNING "users"."id"`: the rows as they are now. */
  returning<const Elements extends readonly Selected[]>(...elements: Elements): Update<C, Row<Elements>, Elements> {
    return new Update({ ...this.#spec, returned: elements.map(readElement) });
  }

  /** What it is made of: for what makes another one of it. */
  get spec(): UpdateSpec {
    return this.#spec;
  }

  get returned(): readonly Element[] {
    return this.#spec.returned;
  }

  withReturned(returned: readonly Element[]): Update<C, readonly unknown[]> {
    return new Update({ ...this.#spec, returned });
  }

  protected writeChange(writer: SqlWriter): void {
    const { target, set, from, where } = this.#spec;
    if (set.length === 0)
      throw new QueryError(
        "query.nothing_set",
        `An UPDATE of ${modelName(target.definition)} sets nothing; call set().`,
      );
    const assignments = [...set, ...touched(target, set)];
    const part = partOf(
      target,
      assignments.map(({ column }) => column),
    );
    const { table, others, conditions } = changedTable(target, part, from, writer);
    writer.text("UPDATE ");
    table.writeFrom(writer);
    writer.text(" SET ");
    writeAssignments(assignments, writer);
    writeOthers("FROM", others, writer);
    writeWhere([...where, ...conditions], writer);
  }

  private with(change: Partial<UpdateSpec>): Update<C, R, E> {
    return new Update({ ...this.#spec, ...change });
  }
}

/** `update(User).set({ mood: "glad" }).where(User.id.eq(1))` → `UPDATE "users" SET "mood" = $1 WHERE "users"."id" = $2`. */
export function update<C>(model: Target<C>): Update<C> {
  return new Update({ target: modelEntity(model), set: [], from: [], where: [], returned: [] });
}

/** What every UPDATE sets, unless it is given: columns with `onUpdate`, and the version, which counts up. */
function touched(target: Entity, set: readonly Assignment[]): readonly Assignment[] {
  const given = new Set(set.map(({ column }) => column.origin.property));
  return storedColumns(target).flatMap(([property, column]) => {
    if (given.has(property)) return [];
    if (property === target.definition.options.version) return [assignment(target, property, sql`${column} + 1`)];
    const { onUpdate } = specOf(target.definition, property);
    return onUpdate === null ? [] : [assignment(target, property, computed(onUpdate))];
  });
}
