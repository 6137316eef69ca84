/** How a JavaScript value becomes a parameter. The server knows the parameter's type; it gets the value's text. */

import { AthanorError } from "../../errors.js";
import { formatArray } from "./array.js";
import { formatBytea, viewAsBuffer } from "./bytes.js";
import { textProblem } from "./text.js";
import { formatTimestamp } from "./time.js";

/** What goes over the wire: text, bytes in binary form (bytea only), or NULL. */
export type WireValue = string | Buffer | null;

/**
 * bigint, number and boolean as text, Date as UTC, Uint8Array as bytea, an array as an array literal, any other object
 * as JSON.
 *
 * @param index counted from 0, for the message.
 * @throws AthanorError `parameter.invalid` for undefined, a function or a symbol, and for text that has a NUL character or
 * half of a surrogate pair.
 */
export function serializeParameter(value: unknown, index: number): WireValue {
  if (value === null) return null;
  if (value instanceof Uint8Array) return viewAsBuffer(value);
  return formatValue(value, index);
}

function formatValue(value: unknown, index: number): string {
  switch (typeof value) {
    case "string":
      return checkedText(value, index);
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "bigint":
    case "boolean":
      return String(value);
    case "object":
      if (value !== null) return formatObject(value, index);
  }
  throw new AthanorError(
    "parameter.invalid",
    `Parameter $${index + 1} is ${value === undefined ? "undefined; write null for NULL" : `a ${typeof value}, which PostgreSQL can't store`}.`,
  );
}

function checkedText(text: string, index: number): string {
  const problem = textProblem(text);
  if (problem !== undefined) throw new AthanorError("parameter.invalid", `Parameter $${index + 1} ${problem}.`);
  return text;
}

function formatObject(value: object, index: number): string {
  if (value instanceof Date) return formatTimestamp(value);
  if (value instanceof Uint8Array) return formatBytea(value);
  if (Array.isArray(value)) return formatArray(value, (element) => formatValue(element, index));
  return JSON.stringify(value);
}
