/** PostgreSQL's array text: `{1,NULL,"a b"}`, nested, with or without bounds in front (`[0:1]={1,2}`). */

import { AthanorError } from "../../errors.js";

/**
 * @param parse one element's text to its value.
 * @param delimiter `,` for every built-in type but `box`, which has `;`.
 * @throws AthanorError `value.invalid` for a text that isn't an array.
 */
export function parseArray(text: string, parse: (element: string) => unknown, delimiter = ","): unknown[] {
  let at = text.startsWith("[") ? text.indexOf("=") + 1 : 0;

  function level(): unknown[] {
    const out: unknown[] = [];
    at++; // the opening brace
    while (at < text.length) {
      const character = text[at];
      if (character === "}") {
        at++;
        return out;
      }
      if (character === delimiter) at++;
      else if (character === "{") out.push(level());
      else out.push(character === '"' ? parse(quoted()) : bare());
    }
    throw invalid(text);
  }

  function quoted(): string {
    let out = "";
    at++;
    while (at < text.length && text[at] !== '"') {
      if (text[at] === "\\") at++;
      out += text[at++];
    }
    at++;
    return out;
  }

  function bare(): unknown {
    const start = at;
    while (at < text.length && text[at] !== delimiter && text[at] !== "}") at++;
    const element = text.slice(start, at);
    return element === "NULL" ? null : parse(element);
  }

  if (text[at] !== "{") throw invalid(text);
  return level();
}

function invalid(text: string): AthanorError {
  return new AthanorError(
    "value.invalid",
    `PostgreSQL sent ${JSON.stringify(text.slice(0, 80))} where an array belongs.`,
  );
}

/**
 * `[1, null, 2]` with each element's text → `{1,NULL,2}`, `[null, ["a b"]]` → `{NULL,{"a b"}}`.
 *
 * @param format null: NULL.
 * @param depth how many dimensions there may be: an array below them is an element, as of a `jsonb[]`.
 */
export function formatArray(
  values: readonly unknown[],
  format: (element: unknown) => string | null,
  delimiter = ",",
  depth = Number.POSITIVE_INFINITY,
): string {
  const parts = new Array<string>(values.length);
  // By place: what walks through an array may skip its holes.
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (depth > 1 && Array.isArray(value)) parts[i] = formatArray(value, format, delimiter, depth - 1);
    else {
      const text = value === null ? null : format(value);
      parts[i] = text === null ? "NULL" : quoted(text);
    }
  }
  return `{${parts.join(delimiter)}}`;
}

/** Arrays carry whole tables of new rows: to quote a long text takes less time than to find out whether it has to be. */
function quoted(text: string): string {
  if (text.length < 8 && isBare(text)) return text;
  return text.includes('"') || text.includes("\\") ? `"${text.replace(/["\\]/g, "\\$&")}"` : `"${text}"`;
}

/** What may have to stand in quotes, by character code. */
const special: Uint8Array = new Uint8Array(128);
for (const character of '{},; \t\n\v\f\r"\\') special[character.charCodeAt(0)] = 1;

function isBare(text: string): boolean {
  let found = text === "" || (text.length === 4 && text.toUpperCase() === "NULL") ? 1 : 0;
  for (let i = 0; i < text.length; i++) found |= special[text.charCodeAt(i)] ?? 0;
  return found === 0;
}
