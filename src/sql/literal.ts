import { AthanorError } from "../errors.js";
import { quoteLiteral } from "./identifier.js";

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
