import type { SqlFragment } from "../sql/fragment.js";
import { IndexedBuilder, type IndexedSpec, type IndexPart, plainIndex } from "./constraints.js";

export interface IndexSpec extends IndexedSpec {
  readonly kind: "index";
  readonly parts: readonly IndexPart[];
  readonly unique: boolean;
  readonly nullsNotDistinct: boolean;
  readonly method: string;
  readonly where: SqlFragment | null;
  readonly statistics: Readonly<Record<string, number>>;
}

/** An index; immutable: each method gives a new one. */
export class Index extends IndexedBuilder<IndexSpec> {
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
    ...plainIndex,
    kind: "index",
    parts,
    unique: false,
    nullsNotDistinct: false,
    method: "btree",
    where: null,
    statistics: {},
  });
}
