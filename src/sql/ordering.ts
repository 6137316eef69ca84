/** How something is ordered: stands in `orderBy()` of a query and as an element of an index. */

import { QueryError } from "./errors.js";
import type { SqlFragment, SqlWriter } from "./fragment.js";
import { quotePath } from "./identifier.js";
import { literal } from "./literal.js";

/** A name, or a schema and a name. */
export type QualifiedName = string | readonly [schema: string, name: string];

/** `"C"` → `"C"`, `["pg_catalog", "C"]` → `"pg_catalog"."C"`. */
export function quoteQualified(name: QualifiedName): string {
  return quotePath(typeof name === "string" ? [name] : name);
}

export interface OrderingSpec {
  readonly target: SqlFragment;
  readonly order: "asc" | "desc";
  readonly nulls: "first" | "last" | null;
  readonly collation: QualifiedName | null;
  /** Of an index only. */
  readonly operatorClass: QualifiedName | null;
  readonly operatorClassParameters: Readonly<Record<string, string>>;
}

/** Immutable: each method gives a new one. Made by `column.asc()`, `column.desc()`, `asc(sql…)` and `desc(sql…)`. */
export class Ordering implements SqlFragment {
  readonly kind = "ordering";

  constructor(readonly spec: OrderingSpec) {
    Object.freeze(this);
  }

  /** The other way round: `c.x.collate("C").desc()` → `"x" COLLATE "C" DESC`. */
  desc(): Ordering {
    return new Ordering({ ...this.spec, order: "desc" });
  }

  /** `c.x.desc().nullsFirst()` → `"x" DESC NULLS FIRST`. */
  nullsFirst(): Ordering {
    return new Ordering({ ...this.spec, nulls: "first" });
  }

  /** `c.x.desc().nullsLast()` → `"x" DESC NULLS LAST`. */
  nullsLast(): Ordering {
    return new Ordering({ ...this.spec, nulls: "last" });
  }

  /** `c.x.asc().collate("C")` → `"x" COLLATE "C"`. */
  collate(collation: QualifiedName): Ordering {
    return new Ordering({ ...this.spec, collation });
  }

  /**
   * The operator class of an index element: `c.title.opclass("gin_trgm_ops")` → `"title" "gin_trgm_ops"`,
   * `.opclass("gist_trgm_ops", { siglen: 32 })` → `"title" "gist_trgm_ops" (siglen=32)`.
   */
  opclass(name: QualifiedName, parameters: Readonly<Record<string, string | number | boolean>> = {}): Ordering {
    const operatorClassParameters = Object.fromEntries(Object.entries(parameters).map(([k, v]) => [k, String(v)]));
    return new Ordering({ ...this.spec, operatorClass: name, operatorClassParameters });
  }

  /** @throws QueryError `sql.operator_class` where it has an operator class: that belongs to an index. */
  writeSql(writer: SqlWriter): void {
    const { target, order, nulls, collation, operatorClass } = this.spec;
    if (operatorClass !== null)
      throw new QueryError(
        "sql.operator_class",
        `The operator class ${literal(quoteQualified(operatorClass))} can stand in an index only; leave it out of the query.`,
      );
    target.writeSql(writer);
    if (collation !== null) writer.text(` COLLATE ${quoteQualified(collation)}`);
    if (order === "desc") writer.text(" DESC");
    if (nulls !== null) writer.text(nulls === "first" ? " NULLS FIRST" : " NULLS LAST");
  }
}

/** `asc(sql`lower(email)`)` → `lower(email)`: where an expression takes `.nullsFirst()`, `.collate()`, `.opclass()`. */
export function asc(target: SqlFragment): Ordering {
  return new Ordering({
    target,
    order: "asc",
    nulls: null,
    collation: null,
    operatorClass: null,
    operatorClassParameters: {},
  });
}

/** `desc(sql`lower(email)`)` → `lower(email) DESC`. */
export function desc(target: SqlFragment): Ordering {
  return asc(target).desc();
}
