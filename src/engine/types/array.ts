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
 * `[1, null, ["a b"]]` with each element's text → `{1,NULL,{"a b"}}`.
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
    if (value === null) parts[i] = "NULL";
    else if (depth > 1 && Array.isArray(value)) parts[i] = formatArray(value, format, delimiter, depth - 1);
    else {
      const text = format(value);
      parts[i] = text === null ? "NULL" : quoteElement(text);
    }
  }
  return `{${parts.join(delimiter)}}`;
}

/** What has to stand in quotes, and of that what needs a backslash as well, by character code. */
const special: Uint8Array = new Uint8Array(128);
for (const character of "{},; \t\n\v\f\r") special[character.charCodeAt(0)] = 1;
for (const character of '"\\') special[character.charCodeAt(0)] = 2;

/** Character by character: arrays carry whole tables of new rows, and a regular expression costs three times as much. */
function quoteElement(text: string): string {
  let found = text === "" || (text.length === 4 && text.toUpperCase() === "NULL") ? 1 : 0;
  for (let i = 0; i < text.length; i++) found |= special[text.charCodeAt(i)] ?? 0;
  if (found === 0) return text;
  return found === 1 ? `"${text}"` : `"${text.replace(/["\\]/g, "\\$&")}"`;
}
