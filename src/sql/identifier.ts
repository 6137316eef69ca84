/**
 * The one place where a name becomes SQL.
 *
 * PostgreSQL keeps the first 63 bytes of a name (NAMEDATALEN - 1) and drops the rest with a notice only, so a longer
 * name would silently become another one: it is refused here.
 */

import { AthanorError } from "../errors.js";

export const maxIdentifierBytes = 63;

/**
 * `users` → `"users"`, `a"b` → `"a""b"`.
 *
 * @throws AthanorError `identifier.invalid` for an empty name, one with a NUL character, or one over 63 bytes of UTF-8.
 */
export function quoteIdentifier(name: string): string {
  if (name === "") throw new AthanorError("identifier.invalid", "A name may not be empty.");
  if (name.includes("\0"))
    throw new AthanorError("identifier.invalid", `The name ${JSON.stringify(name)} has a NUL character.`);
  if (Buffer.byteLength(name) > maxIdentifierBytes)
    throw new AthanorError(
      "identifier.invalid",
      `The name ${JSON.stringify(name)} has ${Buffer.byteLength(name)} bytes; PostgreSQL keeps ${maxIdentifierBytes}. Choose a shorter one.`,
    );
  return `"${name.replaceAll('"', '""')}"`;
}

/** `["public", "users"]` → `"public"."users"`. */
export function quotePath(path: readonly string[]): string {
  return path.map(quoteIdentifier).join(".");
}

/**
 * A string as an SQL literal, safe whatever `standard_conforming_strings` is: `it's` → `'it''s'`, `a\b` → ` E'a\\b'`.
 *
 * The blank before `E` keeps it from joining a word before it, as in PostgreSQL's own `quote_literal`.
 */
export function quoteLiteral(value: string): string {
  if (value.includes("\0"))
    throw new AthanorError("literal.invalid", "PostgreSQL's text can't hold a NUL character; remove it.");
  const quoted = `'${value.replaceAll("'", "''")}'`;
  return value.includes("\\") ? ` E${quoted.replaceAll("\\", "\\\\")}` : quoted;
}

/** A text of several lines as an SQL literal that is read as it stands: `$function$…$function$`. */
export function dollarQuote(text: string, word = "function"): string {
  if (text.includes("\0")) return quoteLiteral(text);
  for (let i = 1; ; i++) {
    const mark = `$${word}${i === 1 ? "" : i}$`;
    if (!text.includes(mark)) return `${mark}${text}${mark}`;
  }
}

/** A name as people read it: bare where PostgreSQL would not need quotes, quoted otherwise. For messages only, never for SQL. */
export function displayName(path: readonly string[]): string {
  return path.map((part) => (/^[a-z_][a-z0-9_$]*$/.test(part) ? part : `"${part.replaceAll('"', '""')}"`)).join(".");
}

/** The longest prefix of `text` with at most `bytes` bytes of UTF-8 that does not cut a character in two. */
export function clipBytes(text: string, bytes: number): string {
  let used = 0;
  let out = "";
  for (const character of text) {
    used += Buffer.byteLength(character);
    if (used > bytes) break;
    out += character;
  }
  return out;
}

/**
 * The name that PostgreSQL itself would give: `users`, `email`, `key` → `users_email_key`, cut to 63 bytes by shortening
 * the longer of the first two (`makeObjectName` in src/backend/commands/indexcmds.c).
 */
export function derivedName(first: string, second: string | null, label: string): string {
  const overhead = (second === null ? 0 : 1) + 1 + Buffer.byteLength(label);
  const available = maxIdentifierBytes - overhead;
  let firstBytes = Buffer.byteLength(first);
  let secondBytes = second === null ? 0 : Buffer.byteLength(second);
  while (firstBytes + secondBytes > available) {
    if (firstBytes > secondBytes) firstBytes--;
    else secondBytes--;
  }
  const parts = [clipBytes(first, firstBytes)];
  if (second !== null) parts.push(clipBytes(second, secondBytes));
  return [...parts, label].join("_");
}
