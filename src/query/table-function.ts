import type { ColumnDef } from "../model/column.js";
import type { OfColumns } from "../model/model-types.js";
import { Column } from "../sql/column.js";
import type { SqlWriter } from "../sql/fragment.js";
import { quoteIdentifier } from "../sql/identifier.js";
import type { Selectable } from "../sql/selectable.js";
import type { Call } from "./call.js";
import { selectableKey } from "./subquery.js";
import { typeOf } from "./values.js";

type Definitions = Readonly<Record<string, ColumnDef<unknown, boolean>>>;

/** A function's rows under a name; its columns are in `c`. */
export interface TableFunction<C extends Definitions, Name> extends OfColumns<Name> {
  readonly [selectableKey]: Selectable;
  readonly c: {
    readonly [K in keyof C & string]: C[K] extends ColumnDef<infer V, boolean> ? Column<V, Name, K> : never;
  };
}

/** `generate_series(…) AS "days"("day")`. */
class FunctionTable implements Selectable {
  readonly qualifier: readonly string[];

  constructor(
    private readonly call: Call<unknown>,
    private readonly name: string,
    private readonly columns: readonly string[],
  ) {
    this.qualifier = [name];
    Object.freeze(this);
  }

  writeFrom(writer: SqlWriter): void {
    this.call.writeSql(writer);
    writer.text(` AS ${quoteIdentifier(this.name)}(${this.columns.map(quoteIdentifier).join(", ")})`);
  }
}

/**
 * A function's rows, to be read from and joined:
 *
 * ```ts
 * const numbers = rowsOf(func.call("generate_series", 1, 3), "numbers", { n: integer() });
 * select(numbers.c.n)   // SELECT "numbers"."n" FROM "generate_series"($1::integer, $2::integer) AS "numbers"("n")
 * ```
 * @param columns in the function's order, with the types that their values have.
 */
export function rowsOf<const Name extends string, C extends Definitions>(
  call: Call<unknown>,
  name: Name,
  columns: C,
): TableFunction<C, Name> {
  const from = new FunctionTable(call, name, Object.keys(columns));
  const expressions = Object.entries(columns).map(([property, definition]) => {
    const type = typeOf(definition, `${name}.${property}`);
    return [property, new Column(property, { origin: { definition: from, property }, type, from })];
  });
  // One column for each definition, under its property: what `c` says.
  const c = Object.fromEntries(expressions) as TableFunction<C, Name>["c"];
  return Object.freeze({ [selectableKey]: from, c });
}
