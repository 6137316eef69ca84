import type { ValueType } from "../sql/fragment.js";
import { quoteLiteral } from "../sql/identifier.js";
import { literal } from "../sql/literal.js";
import type { Sql } from "../sql/sql.js";
import { LiteralWriter, type Parameter } from "../sql/writer.js";
import { encode } from "./compile.js";
import type { Statement } from "./statement.js";
import { isColumnType } from "./values.js";

/**
 * A statement's SQL with its values in it, for people to read and to try in psql. What is executed has parameters.
 *
 * ```ts
 * showSql(select(User.id).where(User.username.eq("ada")))
 * // SELECT "users"."id" FROM "users" WHERE "users"."username" = 'ada'
 * ```
 */
export function showSql(statement: Statement<readonly unknown[]> | Sql): string {
  const writer = new LiteralWriter(show);
  if (statement.kind === "sql") statement.writeSql(writer);
  else statement.writeStatement(writer);
  return writer.finish();
}

function show(parameter: Parameter): string {
  const { value, type, list } = parameter;
  if (list || (Array.isArray(value) && type === null)) return listLiteral(value, type);
  if (type === null) return isObject(value) ? quoteLiteral(JSON.stringify(value)) : literal(value);
  // Numbers and booleans read better without quotes.
  return isColumnType(type) && bare.has(type.spec.type.value) ? literal(value) : literal(encode(parameter));
}

const bare: ReadonlySet<string> = new Set(["number", "bigint", "boolean"]);

/** What is stored as JSON, where nothing is known of its type. */
function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !(value instanceof Date) && !(value instanceof Uint8Array);
}

/** `'{}'` and not `ARRAY[]`, which would need a type. */
function listLiteral(value: unknown, type: ValueType | null): string {
  const elements = Array.isArray(value)
    ? value.map((element: unknown) => show({ value: element, type, list: false }))
    : [];
  return elements.length === 0 ? "'{}'" : `ARRAY[${elements.join(", ")}]`;
}
