/** What INSERT, UPDATE and DELETE have in common: a table, RETURNING, and being a part of other statements. */

import { columnExpressions } from "../model/definition.js";
import { modelEntity } from "../model/entity.js";
import type { ColumnExpressions, OfColumns } from "../model/model-types.js";
import type { AnyModel } from "../model/relations.js";
import type { Expression } from "../sql/expression.js";
import type { SqlFragment, SqlWriter } from "../sql/fragment.js";
import { quoteIdentifier } from "../sql/identifier.js";
import type { Selectable } from "../sql/selectable.js";
import { compileSql } from "../sql/writer.js";
import type { AliasOf } from "./alias.js";
import type { ColumnValue } from "./assign.js";
import { type ColumnPlan, type Element, planColumns, writeElements } from "./element.js";
import type { Statement } from "./statement.js";
import { type CteOptions, makeCte, type Subquery } from "./subquery.js";

/** A model or an alias of one whose columns are `C`. */
export type Target<C> = (AnyModel | AliasOf<unknown>) & OfColumns<C>;

/** The columns of a row that goes by a name of PostgreSQL's own: `"excluded"."mood"`. */
export function columnsOfRow<C>(model: Target<C>, name: "excluded" | "old" | "new"): ColumnExpressions<C> {
  const { definition } = modelEntity(model);
  const from: Selectable = { qualifier: [name], writeFrom: (writer) => writer.text(quoteIdentifier(name)) };
  // The model's columns by property, as ColumnExpressions has them.
  return columnExpressions(definition, from) as ColumnExpressions<C>;
}

/** Columns that may all be null, as there may be no such row. */
export type RowColumns<C> = { readonly [K in keyof C]: Expression<ColumnValue<C[K]> | null> };

/**
 * In RETURNING, the row as it was, from PostgreSQL 18 on: `update(User).set({ mood: "glad" }).returning(oldRow(User).mood)` →
 * `RETURNING "old"."mood"`. All null for a row that an INSERT made.
 */
export function oldRow<C>(model: Target<C>): RowColumns<C> {
  return columnsOfRow(model, "old") as RowColumns<C>; // by the same properties
}

/** In RETURNING, the row as it is now, from PostgreSQL 18 on: all null for one that a DELETE took. */
export function newRow<C>(model: Target<C>): RowColumns<C> {
  return columnsOfRow(model, "new") as RowColumns<C>; // by the same properties
}

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
