/** Names in the database → names in TypeScript. */

import { remembering } from "../model/naming.js";

/** `order_items` → `order`, `items`; `HTTPServer` → `http`, `server`. Whatever is neither letter nor digit separates. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, "$1 $2")
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, "$1 $2")
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter((word) => word !== "")
    .map((word) => word.toLowerCase());
}

/** `created_at` → `createdAt`; what can't start a name gets `prefix`: `2fa` → `column2fa`. */
export function camelCase(name: string, prefix: string): string {
  const [first = "", ...rest] = wordsOf(name);
  const joined = first + rest.map(capitalize).join("");
  return /^\p{ID_Start}/u.test(joined) ? joined : prefix + capitalize(joined);
}

/** `blog_post` → `BlogPost`; what can't start a name gets `prefix`. */
export function pascalCase(name: string, prefix: string): string {
  const joined = wordsOf(name).map(capitalize).join("");
  return /^\p{ID_Start}/u.test(joined) ? joined : prefix + joined;
}

/** `post` → `Post`. */
export function capitalize(word: string): string {
  const [first = "", ...rest] = word;
  return first.toUpperCase() + rest.join("");
}

/** Names that every object has: as a property, they would mean something else. */
const ofObjects: readonly string[] = ["constructor", "__proto__"];

/**
 * A property for each column of one table. `rule` is how a column's name is derived from its property: the property is one
 * that the rule maps back, where there is any.
 */
export function propertyNames(
  columns: readonly string[],
  rule: (property: string) => string,
): ReadonlyMap<string, string> {
  const taken = new Set<string>(ofObjects);
  const names = new Map<string, string>();
  // First those that the rule maps back: no other column may take their property.
  for (const column of columns) {
    const property = candidates(column).find((candidate) => rule(candidate) === column && !taken.has(candidate));
    if (property === undefined) continue;
    taken.add(property);
    names.set(column, property);
  }
  for (const column of columns) {
    if (names.has(column)) continue;
    names.set(column, freeName([camelCase(column, "column")], taken));
  }
  return names;
}

const candidates = remembering((column: string): readonly string[] => {
  const [first = "", ...rest] = column;
  const lowered = first.toLowerCase() + rest.join("");
  return [camelCase(column, "column"), ...(/^\p{ID_Start}[\p{L}\p{N}]*$/u.test(lowered) ? [lowered] : [])];
});

/** The first of the candidates that is free, else the last with a number; it is taken then. */
export function freeName(candidates: readonly string[], taken: Set<string>): string {
  const last = candidates.at(-1) ?? "";
  let name = candidates.find((candidate) => !taken.has(candidate));
  for (let i = 2; name === undefined; i++) if (!taken.has(`${last}${i}`)) name = `${last}${i}`;
  taken.add(name);
  return name;
}
