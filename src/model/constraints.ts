/** Constraints of a table, as a model's `constraints` callback gives them. All immutable: each method gives a new one. */

import type { Column } from "../sql/column.js";
import type { SqlFragment } from "../sql/fragment.js";
import type { Ordering } from "../sql/ordering.js";
import type { Deferrable, ReferenceOptions } from "./column.js";
import type { IndexSpec } from "./index-builder.js";

/** What every constraint and index can have. */
export interface BuilderSpec {
  /** null: by the Base's naming, PostgreSQL's own by default. */
  readonly name: string | null;
  readonly comment: string | null;
  readonly renamedFrom: string | null;
}

/** What indexes have, on their own and under a constraint. */
export interface IndexedSpec extends BuilderSpec {
  readonly include: readonly Column<unknown>[];
  readonly storageParameters: StorageParameters;
  readonly tablespace: string | null;
  readonly clustered: boolean;
}

/** A constraint that PostgreSQL holds by an index. */
export interface IndexedConstraintSpec extends IndexedSpec {
  readonly deferrable: Deferrable;
}

export interface KeySpec extends IndexedConstraintSpec {
  readonly kind: "unique" | "primary key";
  readonly columns: readonly Column<unknown>[];
  readonly nullsNotDistinct: boolean;
  readonly withoutOverlaps: boolean;
}

export interface CheckSpec extends BuilderSpec {
  readonly kind: "check";
  readonly name: string;
  readonly condition: SqlFragment;
  readonly notValid: boolean;
  readonly noInherit: boolean;
  readonly notEnforced: boolean;
}

export interface ForeignKeySpec extends BuilderSpec {
  readonly kind: "foreign key";
  readonly columns: readonly Column<unknown>[];
  readonly target: string | (() => unknown) | null;
  /** Database names; null: those the target function gives, or the target's primary key. */
  readonly targetColumns: readonly string[] | null;
  readonly period: boolean;
  readonly options: ReferenceOptions;
}

export interface ExclusionSpec extends IndexedConstraintSpec {
  readonly kind: "exclusion";
  readonly elements: readonly (readonly [element: IndexPart, operator: string])[];
  readonly method: string;
  readonly where: SqlFragment | null;
}

export type ConstraintSpec = KeySpec | CheckSpec | ForeignKeySpec | ExclusionSpec | IndexSpec;

/** A column, a column or expression with an order, or SQL. */
export type IndexPart = Column<unknown> | Ordering | SqlFragment;

export type StorageParameters = Readonly<Record<string, string | number | boolean>>;

/** What a model's `constraints` callback gives: constraints and indexes. */
export interface Constraint {
  readonly kind: "constraint";
  readonly spec: ConstraintSpec;
}

/** The names that every constraint and index can carry. */
export abstract class Builder<Spec extends BuilderSpec> {
  readonly kind = "constraint";

  constructor(readonly spec: Spec) {
    Object.freeze(this);
  }

  /** A name of its own, where the Base's naming does not fit. */
  named(name: string): this {
    // A name only, for any Spec: TypeScript can't see that for a type parameter.
    return this.change({ name } as Partial<Spec>);
  }

  /** `COMMENT ON CONSTRAINT …` or `COMMENT ON INDEX …`. */
  comment(comment: string): this {
    return this.change({ comment } as Partial<Spec>);
  }

  /** The name it had before: `RENAME CONSTRAINT` or `ALTER INDEX … RENAME`, and no question asked. */
  renamedFrom(renamedFrom: string): this {
    return this.change({ renamedFrom } as Partial<Spec>);
  }

  protected change(change: Partial<Spec>): this {
    // Every subclass has this constructor: none declares one.
    const Self = this.constructor as new (spec: Spec) => this;
    return new Self(Object.freeze({ ...this.spec, ...change }));
  }
}

/** What indexes can have, on their own and under a constraint. */
export abstract class IndexedBuilder<Spec extends IndexedSpec> extends Builder<Spec> {
  /** Columns that the index carries along: `UNIQUE (a) INCLUDE (b)`. */
  include(...include: readonly Column<unknown>[]): this {
    return this.change({ include } as Partial<Spec>);
  }

  /** Storage parameters of the index: `.with({ fillfactor: 70 })` → `WITH (fillfactor = 70)`. */
  with(storageParameters: StorageParameters): this {
    return this.change({ storageParameters } as Partial<Spec>);
  }

  /** Where the index lies: `TABLESPACE "fast"`, of a constraint `USING INDEX TABLESPACE "fast"`. */
  tablespace(tablespace: string): this {
    return this.change({ tablespace } as Partial<Spec>);
  }

  /** The index is the one that CLUSTER orders the table by: `ALTER TABLE … CLUSTER ON`. */
  clustered(): this {
    return this.change({ clustered: true } as Partial<Spec>);
  }
}

abstract class IndexedConstraint<Spec extends IndexedConstraintSpec> extends IndexedBuilder<Spec> {
  /** `DEFERRABLE INITIALLY DEFERRED`, or with "immediate" `DEFERRABLE INITIALLY IMMEDIATE`. */
  deferrable(deferrable: "immediate" | "deferred" = "deferred"): this {
    return this.change({ deferrable } as Partial<Spec>);
  }
}

/** A primary key or a unique constraint. */
export class Key extends IndexedConstraint<KeySpec> {
  /** NULLs are equal: `UNIQUE NULLS NOT DISTINCT`. PostgreSQL 15. */
  nullsNotDistinct(): this {
    return this.change({ nullsNotDistinct: true });
  }

  /** The last column is a range, and ranges of equal keys don't overlap: `UNIQUE (a, b WITHOUT OVERLAPS)`. PostgreSQL 18. */
  withoutOverlaps(): this {
    return this.change({ withoutOverlaps: true });
  }
}

const unnamed: BuilderSpec = { name: null, comment: null, renamedFrom: null };

/** An index as PostgreSQL makes it where nothing is said. */
export const plainIndex: IndexedSpec = {
  ...unnamed,
  include: [],
  storageParameters: {},
  tablespace: null,
  clustered: false,
};

function key(kind: KeySpec["kind"], columns: readonly Column<unknown>[]): Key {
  return new Key({
    ...plainIndex,
    kind,
    columns,
    nullsNotDistinct: false,
    withoutOverlaps: false,
    deferrable: "no",
  });
}

/** `unique(c.userId, c.title)` → `UNIQUE ("user_id", "title")`. */
export function unique(...columns: readonly Column<unknown>[]): Key {
  return key("unique", columns);
}

/** `primaryKey(c.orderId, c.line)` → `PRIMARY KEY ("order_id", "line")`; for one column, rather `.primaryKey()` on it. */
export function primaryKey(...columns: readonly Column<unknown>[]): Key {
  return key("primary key", columns);
}

export class Check extends Builder<CheckSpec> {
  /** Rows that exist already are not checked: `NOT VALID`. */
  notValid(): this {
    return this.change({ notValid: true });
  }

  /** Not handed down to child tables: `NO INHERIT`. */
  noInherit(): this {
    return this.change({ noInherit: true });
  }

  /** `NOT ENFORCED`, PostgreSQL 18. */
  notEnforced(): this {
    return this.change({ notEnforced: true });
  }
}

/** ``check("title_set", sql`length(${c.title}) > 0`)`` → `CONSTRAINT "title_set" CHECK (length("title") > 0)`. */
export function check(name: string, condition: SqlFragment): Check {
  return new Check({
    ...unnamed,
    kind: "check",
    name,
    condition,
    notValid: false,
    noInherit: false,
    notEnforced: false,
  });
}

export class ForeignKey extends Builder<ForeignKeySpec> {
  /**
   * What it points to: a table by name (`"orders"`, `"shop.orders"`) and the columns by their names in the database, or a
   * function that gives a model or columns of one: `references(() => [Order.tenantId, Order.id])`. Without columns, the
   * target's primary key.
   */
  references(target: string | (() => unknown), columns?: readonly string[]): this {
    return this.change({ target, targetColumns: columns ?? null });
  }

  /** The last column is a range that the target's ranges must cover: `FOREIGN KEY (a, PERIOD b)`. PostgreSQL 18. */
  period(): this {
    return this.change({ period: true });
  }

  /** `.onDelete("cascade")`; `.onDelete("set null", ["author_id"])` → `ON DELETE SET NULL ("author_id")`, PostgreSQL 15. */
  onDelete(action: NonNullable<ReferenceOptions["onDelete"]>, columns: readonly string[] = []): this {
    return this.option({ onDelete: action, onDeleteColumns: columns });
  }

  /** `.onUpdate("cascade")` → `ON UPDATE CASCADE`. */
  onUpdate(action: NonNullable<ReferenceOptions["onUpdate"]>): this {
    return this.option({ onUpdate: action });
  }

  /** All columns NULL or none: `MATCH FULL`. */
  matchFull(): this {
    return this.option({ match: "full" });
  }

  /** `DEFERRABLE INITIALLY DEFERRED`, or with "immediate" `DEFERRABLE INITIALLY IMMEDIATE`. */
  deferrable(when: "immediate" | "deferred" = "deferred"): this {
    return this.option({ deferrable: when });
  }

  /** Rows that exist already are not checked: `NOT VALID`. */
  notValid(): this {
    return this.option({ notValid: true });
  }

  /** `NOT ENFORCED`, PostgreSQL 18. */
  notEnforced(): this {
    return this.option({ notEnforced: true });
  }

  private option(change: ReferenceOptions): this {
    return this.change({ options: { ...this.spec.options, ...change } });
  }
}

/** `foreignKey(c.tenantId, c.orderId).references(() => Order)` → `FOREIGN KEY ("tenant_id", "order_id") REFERENCES …`. */
export function foreignKey(...columns: readonly Column<unknown>[]): ForeignKey {
  return new ForeignKey({
    ...unnamed,
    kind: "foreign key",
    columns,
    target: null,
    targetColumns: null,
    period: false,
    options: {},
  });
}

export class Exclusion extends IndexedConstraint<ExclusionSpec> {
  /** The index method; default: gist. */
  using(method: string): this {
    return this.change({ method });
  }

  /** Only rows for which it is true: `WHERE (…)`. */
  where(condition: SqlFragment): this {
    return this.change({ where: condition });
  }
}

/** `exclude([c.room, "="], [c.during, "&&"])` → `EXCLUDE USING gist ("room" WITH =, "during" WITH &&)`. */
export function exclude(...elements: readonly (readonly [element: IndexPart, operator: string])[]): Exclusion {
  return new Exclusion({
    ...plainIndex,
    kind: "exclusion",
    elements,
    method: "gist",
    where: null,
    deferrable: "no",
  });
}
