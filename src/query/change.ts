/** What INSERT, UPDATE and DELETE have in common: a table, RETURNING, and being a part of other statements. */

import type { OfColumns } from "../model/model-types.js";
import type { AnyModel } from "../model/relations.js";
import type { SqlFragment, SqlWriter } from "../sql/fragment.js";
import { compileSql } from "../sql/writer.js";
import type { AliasOf } from "./alias.js";
import { type ColumnPlan, type Element, planColumns, writeElements } from "./element.js";
import type { Statement } from "./statement.js";
import { type CteOptions, makeCte, type Subquery } from "./subquery.js";

/** A model or an alias of one whose columns are `C`. */
export type Target<C> = (AnyModel | AliasOf<unknown>) & OfColumns<C>;

/** A statement that changes rows. As a CTE, other statements read what it returns. */
export abstract class Change<R extends readonly unknown[], E> implements Statement<R> {
  abstract readonly kind: "insert" | "update" | "delete";
  /** Types only, never present at run time. */
  declare readonly _rows: R;
  declare readonly _elements: E;
  /** What RETURNING has; empty: nothing is returned. */
  abstract readonly returned: readonly Element[];

  /** The same with another RETURNING: for what makes another one of it. */
  abstract withReturned(returned: readonly Element[]): Change<readonly unknown[], unknown>;

  /** Writes all but RETURNING. */
  protected abstract writeChange(writer: SqlWriter): void;

  plan(): readonly ColumnPlan[] {
    return planColumns(this.returned);
  }

  writeSql(writer: SqlWriter): void {
    writer.text("(");
    this.writeStatement(writer);
    writer.text(")");
  }

  writeStatement(writer: SqlWriter): void {
    writer.scope(() => {
      this.writeChange(writer);
      if (this.returned.length === 0) return;
      writer.text(" RETURNING ");
      writeElements(this.returned, writer);
    });
  }

  /** Its SQL, with `$1` for values. */
  toString(): string {
    const statement: SqlFragment = { writeSql: (writer) => this.writeStatement(writer) };
    return compileSql(statement).text;
  }

  /**
   * What it returns, for another statement to read: `remove(Post).returning(Post).cte("gone")` →
   * `WITH "gone" AS (DELETE FROM "posts" RETURNING …)`.
   */
  cte<const Name extends string>(name: Name, options: CteOptions = {}): Subquery<R, E, Name> {
    return makeCte({ elements: this.returned, statement: this }, name, options);
  }
}
