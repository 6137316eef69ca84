/** What rows come from: tables, and in the rooms above aliases, subqueries and common table expressions. */

import type { SqlFragment, SqlWriter } from "./fragment.js";
import { quotePath } from "./identifier.js";

/** Something that can stand in FROM. Compared by identity: the same object is the same element of FROM. */
export interface Selectable {
  /** What stands before the names of its columns. */
  readonly qualifier: readonly string[];
  /** Writes it as an element of FROM: `"users"`, `"users" AS "manager"`, `(SELECT …) AS "recent"`. */
  writeFrom(writer: SqlWriter): void;
}

/** A table by its name: `"users"`, `"archive"."letter"`. */
export class Table implements Selectable {
  readonly kind = "table";

  constructor(
    readonly qualifier: readonly string[],
    /** Which of its rows are meant, where it is read from `from`: itself or an alias; null: all. */
    readonly restrict: ((from: Selectable) => SqlFragment) | null = null,
  ) {
    Object.freeze(this);
  }

  writeFrom(writer: SqlWriter): void {
    writer.text(quotePath(this.qualifier));
  }
}

/** A table under another name: `"users" AS "manager"`. */
export class TableAlias implements Selectable {
  readonly kind = "alias";
  readonly qualifier: readonly string[];

  constructor(
    readonly of: Table,
    readonly name: string,
  ) {
    this.qualifier = [name];
    Object.freeze(this);
  }

  writeFrom(writer: SqlWriter): void {
    this.of.writeFrom(writer);
    writer.text(` AS ${quotePath(this.qualifier)}`);
  }
}

/** The condition for the rows of it that are meant; none: all of them. */
export function restrictionOf(selectable: Selectable): readonly SqlFragment[] {
  const table = selectable instanceof TableAlias ? selectable.of : selectable;
  return table instanceof Table && table.restrict !== null ? [table.restrict(selectable)] : [];
}
