import { type Entity, modelEntity } from "../model/entity.js";
import type { SqlFragment, SqlWriter } from "../sql/fragment.js";
import type { Selectable } from "../sql/selectable.js";
import { Change, type Target } from "./change.js";
import { type Element, readElement } from "./element.js";
import { selectableOf } from "./from.js";
import type { Joinable } from "./joinable.js";
import type { Row, Selected } from "./rows.js";
import { changedTable, refuseDelete, writeOthers, writeWhere } from "./several-tables.js";

/** What it is made of. */
export interface DeleteSpec {
  readonly target: Entity;
  readonly using: readonly Selectable[];
  readonly where: readonly SqlFragment[];
  readonly returned: readonly Element[];
}

/** A DELETE. Immutable: each method gives a new one. */
export class Delete<R extends readonly unknown[] = [], E = unknown> extends Change<R, E> {
  readonly kind = "delete";
  readonly #spec: DeleteSpec;

  constructor(spec: DeleteSpec) {
    super();
    this.#spec = spec;
    Object.freeze(this);
  }

  /** `.where(User.id.eq(1))` → `WHERE "users"."id" = $1`. Without it, every row is deleted. */
  where(...conditions: readonly SqlFragment[]): Delete<R, E> {
    return this.with({ where: [...this.#spec.where, ...conditions] });
  }

  /** What else is read: `remove(Post).using(User).where(Post.userId.eq(User.id))` → `USING "users"`. */
  using(...targets: readonly Joinable[]): Delete<R, E> {
    return this.with({ using: [...this.#spec.using, ...targets.map(selectableOf)] });
  }

  /** `.returning(User)` or `.returning(User.id)` → `RETURNING "users"."id"`: the rows as they were. */
  returning<const Elements extends readonly Selected[]>(...elements: Elements): Delete<Row<Elements>, Elements> {
    return new Delete({ ...this.#spec, returned: elements.map(readElement) });
  }

  /** What it is made of: for what makes another one of it. */
  get spec(): DeleteSpec {
    return this.#spec;
  }

  get returned(): readonly Element[] {
    return this.#spec.returned;
  }

  withReturned(returned: readonly Element[]): Delete<readonly unknown[]> {
    return new Delete({ ...this.#spec, returned });
  }

  protected writeChange(writer: SqlWriter): void {
    const { target, using, where } = this.#spec;
    refuseDelete(target);
    const { table, others, conditions } = changedTable(target, null, using, writer);
    writer.text("DELETE FROM ");
    table.writeFrom(writer);
    writeOthers("USING", others, writer);
    writeWhere([...where, ...conditions], writer);
  }

  private with(change: Partial<DeleteSpec>): Delete<R, E> {
    return new Delete({ ...this.#spec, ...change });
  }
}

/** `remove(User).where(User.id.eq(1))` → `DELETE FROM "users" WHERE "users"."id" = $1`. */
export function remove(model: Target<unknown>): Delete {
  return new Delete({ target: modelEntity(model), using: [], where: [], returned: [] });
}
