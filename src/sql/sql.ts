/**
 * The `sql` tag: SQL text with holes. A hole takes a value (bound as a parameter), another piece of SQL, or anything that
 * knows how to write itself, such as a column.
 */

import { isSqlFragment, type SqlFragment, type SqlWriter } from "./fragment.js";
import { quotePath } from "./identifier.js";
import { compileSql } from "./writer.js";

/** A piece of SQL: frozen text and holes. `Row` is what `session.execute` gives for it, a matter of types only. */
export interface Sql<Row = unknown> extends SqlFragment {
  readonly kind: "sql";
  readonly strings: readonly string[];
  readonly values: readonly unknown[];
  /** The row's type, never present at run time. */
  readonly _row?: Row;
}

class SqlNode<Row> implements Sql<Row> {
  readonly kind = "sql";
  declare readonly _row?: Row;

  constructor(
    readonly strings: readonly string[],
    readonly values: readonly unknown[],
  ) {
    Object.freeze(this);
  }

  writeSql(writer: SqlWriter): void {
    for (const [i, string] of this.strings.entries()) {
      writer.text(string);
      if (i >= this.values.length) continue;
      const value = this.values[i];
      if (isSqlFragment(value)) value.writeSql(writer);
      else writer.value(value);
    }
  }

  toString(): string {
    return compileSql(this).text;
  }
}

/**
 * ```ts
 * sql`SELECT * FROM users WHERE id = ${7}`   // SELECT * FROM users WHERE id = $1   [7]
 * ```
 * Text is taken as written (`String.raw` is not needed: `\n` in the tag is a line break, as in any template).
 */
export function sql<Row = unknown>(strings: TemplateStringsArray, ...values: readonly unknown[]): Sql<Row> {
  return new SqlNode<Row>([...strings], values);
}

/** SQL from a string that is SQL already: never from a user's input. */
sql.raw = function raw<Row = unknown>(text: string): Sql<Row> {
  return new SqlNode<Row>([text], []);
};

/** A quoted name: sql.identifier("public", "users") → "public"."users". */
sql.identifier = function identifier(...path: readonly string[]): Sql {
  return new SqlNode([quotePath(path)], []);
};

/** Pieces with a separator between them: sql.join([sql`a`, 1], sql`, `) → a, $1. */
sql.join = function join(pieces: readonly unknown[], separator: Sql = new SqlNode([", "], [])): Sql {
  if (pieces.length === 0) return new SqlNode([""], []);
  const values = pieces.flatMap((piece, i) => (i === 0 ? [piece] : [separator, piece]));
  return new SqlNode(Array<string>(values.length + 1).fill(""), values);
};
