/** Hybrid attributes: what an instance computes with a getter, and queries in SQL. */

import { type Entity, modelEntity, type Rebindable, rebind, rebindablesOf } from "../model/entity.js";
import { Expression, Operation } from "../sql/expression.js";
import type { SqlWriter, ValueType } from "../sql/fragment.js";
import type { Sql } from "../sql/sql.js";

type Make<Columns, Value> = (columns: Columns) => Expression<Value> | Sql<Value>;

/** The SQL twin of a getter. As an expression it is what its function makes of the model's columns. */
export class Hybrid<Value> extends Expression<Value> implements Rebindable {
  readonly kind = "hybrid";
  readonly #entity: () => Entity;
  readonly #make: Make<never, Value>;
  #made: Expression<Value> | null = null;

  constructor(entity: () => Entity, make: Make<never, Value>) {
    super();
    this.#entity = entity;
    this.#make = make;
    Object.freeze(this);
  }

  get type(): ValueType | null {
    return this.#expression.type;
  }

  get atomic(): boolean {
    return this.#expression.atomic;
  }

  /** The static that it is, by which it goes where it is selected. */
  get name(): string | null {
    const statics = rebindablesOf(this.#entity().definition.model);
    return statics.find(([, value]) => value instanceof Hybrid && value.#make === this.#make)?.[0] ?? null;
  }

  /** The same of an alias, or of a model that inherits. */
  [rebind](entity: () => Entity): Hybrid<Value> {
    return new Hybrid(entity, this.#make);
  }

  writeSql(writer: SqlWriter): void {
    this.#expression.writeSql(writer);
  }

  get #expression(): Expression<Value> {
    if (this.#made === null) {
      // The columns are those of the model, by which hybrid() has typed `make`.
      const made = this.#make(this.#entity().columns as never);
      this.#made = made instanceof Expression ? made : new Operation([made]);
    }
    return this.#made;
  }
}

/**
 * The SQL of a getter, as a static of the same name:
 *
 * ```ts
 * class User extends Base.model({ first: text(), last: text() }) {
 *   get fullName() { return `${this.first} ${this.last}`; }
 *   static fullName = hybrid(User, (c) => sql<string>`${c.first} || ' ' || ${c.last}`);
 * }
 * select(User).where(User.fullName.eq("Ada Lovelace"));
 * // … WHERE ("users"."first" || ' ' || "users"."last") = $1
 * ```
 * @param make called once, when the expression is first used: it may speak of models that are yet to be loaded.
 */
export function hybrid<Columns extends object, Value>(
  model: { readonly c: Columns },
  make: Make<Columns, Value>,
): Hybrid<Value> {
  return new Hybrid(() => modelEntity(model), make);
}
