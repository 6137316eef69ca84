/** What bodies of functions name, which `pg_depend` does not tell of: guesses at an order. */

import type { Catalog, CatalogObject } from "../catalog/catalog.js";
import { kindOf } from "../kinds/index.js";

/** `finish`: what of an alteration waits for the object's parts. */
export type Role = "away" | "drop" | "create" | "alter" | "finish";

/** The vertices of one object. */
export type OwnKeys = Readonly<Partial<Record<Role, string>>>;

/** Pairs of vertices: what a text mentions by all of its names is made or changed before the text is checked. */
export function guessedOrder(to: Catalog, keys: ReadonlyMap<string, OwnKeys>): (readonly [string, string])[] {
  const texts = [...keys].flatMap(([id, own]) => {
    const object = to.objects.get(id);
    const text = object === undefined ? null : (kindOf(object.kind).mentions?.(object) ?? null);
    const then = own.create ?? own.alter;
    return text === null || then === undefined ? [] : [{ id, text, then }];
  });
  if (texts.length === 0) return [];
  const named = new Map<string, { id: string; names: readonly string[]; first: string }[]>();
  for (const [id, own] of keys) {
    const object = to.objects.get(id);
    const first = own.create ?? own.alter;
    const names = object === undefined ? [] : namesOf(object);
    const last = names.at(-1);
    if (last === undefined || first === undefined) continue;
    named.set(last, [...(named.get(last) ?? []), { id, names, first }]);
  }
  return texts.flatMap(({ id, text, then }) => {
    const words = new Set(text.match(/[\p{L}_][\p{L}\p{N}_$]*/gu));
    const mentioned = [...words].flatMap((word) => named.get(word) ?? []);
    return mentioned
      .filter((other) => other.id !== id && other.names.every((name) => words.has(name)))
      .map(({ first }) => [first, then] as const);
  });
}

/** The names by which a text would speak of it; a schema may go without saying. */
function namesOf({ kind, path }: CatalogObject): readonly string[] {
  const { plainName } = kindOf(kind);
  return path.length < 2 ? [] : plainName === undefined ? path.slice(1) : [plainName(path)];
}

/** For bodies that need each other. */
export const uncheckedBodies = {
  sql: "SET LOCAL check_function_bodies = off",
  sentence: "create functions that name each other without checking their bodies",
  hazards: [],
  transactional: true,
} as const;
