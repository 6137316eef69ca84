/** A list of rows that a statement is given: `unnest($1::integer[]) WITH ORDINALITY AS "_input" ("c0", "ordinal")`. */

import { Column } from "../../sql/column.js";
import { Condition } from "../../sql/expression.js";
import type { SqlFragment, SqlWriter } from "../../sql/fragment.js";
import type { Selectable } from "../../sql/selectable.js";
import type { MappedColumn } from "../mapper.js";

/**
 * PostgreSQL says which of its rows belongs to which of these, by their number: it alone knows what is equal under a
 * column's type and collation. A join is also planned well for a list of any length, where `= ANY ($1)` in a prepared
 * statement is a search through the list for each row.
 */
export class InputRows implements Selectable {
  readonly qualifier = ["_input"];
  /** The row's number, from 1. */
  readonly ordinal: SqlFragment;
  readonly #columns: readonly MappedColumn[];
  readonly #lists: readonly (readonly unknown[])[];

  /** @throws DataError `value.unstorable` for what a column can't hold. */
  constructor(columns: readonly MappedColumn[], rows: readonly (readonly unknown[])[]) {
    this.#columns = columns;
    this.#lists = columns.map(({ codec }, i) => rows.map((row) => codec.write(row[i])));
    this.ordinal = this.#column("ordinal");
  }

  /** `"posts"."user_id" = "_input"."c0"`, for each of them. */
  equal(columns: readonly SqlFragment[]): readonly Condition[] {
    return columns.map((column, i) => {
      const cast = this.#columns[i]?.parameter.cast ?? null;
      return new Condition([column, " = ", this.#column(`c${i}`), cast === null ? "" : `::${cast}`]);
    });
  }

  writeFrom(writer: SqlWriter): void {
    writer.text("unnest(");
    for (const [i, { parameter }] of this.#columns.entries()) {
      if (i > 0) writer.text(", ");
      writer.value(this.#lists[i]);
      writer.text(`::${parameter.element}[]`);
    }
    const names = this.#columns.map((_, i) => `"c${i}", `);
    writer.text(`) WITH ORDINALITY AS "_input" (${names.join("")}"ordinal")`);
  }

  #column(name: string): Column<unknown> {
    return new Column(name, { origin: { definition: this, property: name }, type: null, from: this });
  }
}
