/**
 * The `sql` tag: SQL text with holes. A hole takes a value (bound as a parameter), another piece of SQL, or anything that
 * knows how to write itself, such as a column.
 */

import { AthanorError } from "../errors.js";
import { quoteLiteral, quotePath } from "./identifier.js";

/** Where a statement is being written: collects text and parameters. */
export interface SqlWriter {
  text(text: string): void;
  value(value: unknown): void;
}

/** Anything that can stand in a hole of the `sql` tag and write itself: columns, conditions, other SQL. */
export interface SqlFragment {
  writeSql(writer: SqlWriter): void;
}

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

/** Whether it is SQL that writes itself, and no value. */
export function isSqlFragment(value: unknown): value is SqlFragment {
  return (
    (typeof value === "object" || typeof value === "function") &&
    value !== null &&
    "writeSql" in value &&
    typeof value.writeSql === "function"
  );
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

/** SQL with its parameters beside it, ready for a driver. */
export interface CompiledSql {
  readonly text: string;
  readonly parameters: readonly unknown[];
}

/** Values become `$1`, `$2`, … */
export function compileSql(fragment: SqlFragment): CompiledSql {
  const parameters: unknown[] = [];
  let text = "";
  fragment.writeSql({
    text(piece) {
      text += piece;
    },
    value(value) {
      parameters.push(value);
      text += `$${parameters.length}`;
    },
  });
  return { text, parameters };
}

/**
 * Values become literals, for DDL, where PostgreSQL takes no parameters: sql`length(x) > ${0}` → `length(x) > 0`.
 *
 * @throws AthanorError `literal.invalid` for a value that has no literal of its own, such as an object: write it as SQL.
 */
export function inlineSql(fragment: SqlFragment): string {
  let text = "";
  fragment.writeSql({
    text(piece) {
      text += piece;
    },
    value(value) {
      text += literal(value);
    },
  });
  return text;
}

/** A JavaScript value as an SQL literal. */
export function literal(value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  switch (typeof value) {
    case "string":
      return quoteLiteral(value);
    case "boolean":
      return value ? "true" : "false";
    case "bigint":
      return String(value);
    case "number":
      return Number.isFinite(value) ? String(value) : `'${value}'::double precision`;
  }
  if (value instanceof Date) return quoteLiteral(value.toISOString());
  if (value instanceof Uint8Array) return `'\\x${Buffer.from(value).toString("hex")}'::bytea`;
  throw new AthanorError(
    "literal.invalid",
    `A value of type ${Array.isArray(value) ? "array" : typeof value} can't be written as a literal; write it in SQL.`,
  );
}
