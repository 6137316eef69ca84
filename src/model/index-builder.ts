import type { Column } from "../sql/column.js";
import type { SqlFragment } from "../sql/fragment.js";
import { Builder, type BuilderSpec, type IndexPart, type StorageParameters } from "./constraints.js";

export interface IndexSpec extends BuilderSpec {
  readonly kind: "index";
  readonly parts: readonly IndexPart[];
  readonly unique: boolean;
  readonly nullsNotDistinct: boolean;
  readonly method: string;
  readonly include: readonly Column<unknown>[];
  readonly where: SqlFragment | null;
  readonly storageParameters: StorageParameters;
  readonly tablespace: string | null;
  readonly clustered: boolean;
  readonly statistics: Readonly<Record<string, number>>;
}

/** An index; immutable: each method gives a new one. */
export class Index extends Builder<IndexSpec> {
  /** `CREATE UNIQUE INDEX`. */
  unique(): this {
    return this.change({ unique: true });
  }

  /** NULLs are equal: `NULLS NOT DISTINCT`, of a unique index. PostgreSQL 15. */
  nullsNotDistinct(): this {
    return this.change({ nullsNotDistinct: true });
  }

  /** Only rows for which it is true: ``.where(sql`${c.deletedAt} IS NULL`)`` → `WHERE "deleted_at" IS NULL`. */
  where(condition: SqlFragment): this {
    return this.change({ where: condition });
  }

  /** The method; default: btree. `.using("gin")` → `USING gin`. */
  using(method: string): this {
    return this.change({ method });
  }

  /** Columns that it carries along: `INCLUDE ("title")`. */
  include(...columns: readonly Column<unknown>[]): this {
    return this.change({ include: columns });
  }

  /** Storage parameters: `.with({ fillfactor: 70 })` → `WITH (fillfactor = 70)`. */
  with(parameters: StorageParameters): this {
    return this.change({ storageParameters: parameters });
  }

  /** `TABLESPACE "fast"`. */
  tablespace(name: string): this {
    return this.change({ tablespace: name });
  }

  /** The index that CLUSTER orders the table by: `ALTER TABLE … CLUSTER ON`. */
  clustered(): this {
    return this.change({ clustered: true });
  }

  /** Statistics targets of expressions, by position from 1: `ALTER INDEX … ALTER COLUMN 1 SET STATISTICS 500`. */
  statistics(targets: Readonly<Record<number, number>>): this {
    return this.change({ statistics: { ...targets } });
  }
}

/**
 * ``index(c.userId, c.createdAt.desc())`` → `CREATE INDEX ON … ("user_id", "created_at" DESC)`;
 * ``index(sql`lower(${c.email})`).unique()`` → `CREATE UNIQUE INDEX ON … (lower("email"))`.
 */
export function index(...parts: readonly IndexPart[]): Index {
  return new Index({
    kind: "index",
    name: null,
    comment: null,
    renamedFrom: null,
    parts,
    unique: false,
    nullsNotDistinct: false,
    method: "btree",
    include: [],
    where: null,
    storageParameters: {},
    tablespace: null,
    clustered: false,
    statistics: {},
  });
}
