/** Codec of json and jsonb. */

import { textProblem } from "../engine/types/text.js";
import { describe, unstorable, type ValueCodec } from "./codec-value.js";

/**
 * JSON's null, where null itself is SQL's NULL: `settings: jsonNull` stores `'null'`. It is read as null, as SQL's NULL is.
 * Its type fits every column's.
 */
export const jsonNull = Object.freeze({ toJSON: () => null }) as never; // stands for a value that no column's type has

/** @param binary jsonb, which knows no order of keys and no `\u0000`. json keeps its text as it was written. */
export function jsonCodec(binary: boolean, where: string): ValueCodec {
  const plain = (value: unknown) => plainJson(value, binary, where);
  return {
    parse: (text) => JSON.parse(text) as unknown,
    write: (value) => JSON.stringify(plain(value)),
    equals: (a, b) => sameJson(a, b, !binary),
    copy: (value) => (value === jsonNull ? value : copyJson(value)),
  };
}

/** What `JSON.stringify` would write of a value, or an error where it would write something else without a word. */
function plainJson(value: unknown, binary: boolean, where: string): unknown {
  const path = new Set<object>();

  function visit(given: unknown): unknown {
    const value = shown(given);
    if (typeof value === "string") return checked(value);
    if (value === null || typeof value === "boolean") return value;
    if (typeof value === "number") {
      if (Number.isFinite(value)) return value;
      throw unstorable(where, `has ${value} in it, and JSON has no such number`);
    }
    if (typeof value !== "object" || value instanceof Map || value instanceof Set || ArrayBuffer.isView(value))
      throw unstorable(where, `has ${describe(value)} in it, and JSON has none`);
    if (path.has(value)) throw unstorable(where, "contains itself");
    path.add(value);
    const copy = Array.isArray(value) ? Array.from(value, visit) : visitObject(value);
    path.delete(value);
    return copy;
  }

  function visitObject(value: object): object {
    // fromEntries, since assigning a key named __proto__ would set no key.
    return Object.fromEntries(members(value).map(([key, member]) => [checked(key), visit(member)]));
  }

  function checked(text: string): string {
    const problem = binary ? textProblem(text) : undefined;
    if (problem !== undefined) throw unstorable(where, problem);
    return text;
  }

  return visit(value);
}

/** A snapshot: of what has no JSON, the value itself, which `write` refuses. */
function copyJson(given: unknown): unknown {
  const value = shown(given);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copyJson);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, copyJson(member)]));
}

/**
 * Whether two values are one JSON document; a member that is undefined is not there.
 *
 * @param ordered whether the order of keys is part of it.
 */
function sameJson(left: unknown, right: unknown, ordered: boolean): boolean {
  const [a, b] = [shown(left), shown(right)];
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b))
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((value, i) => sameJson(value, b[i], ordered))
    );
  return sameMembers(members(a), members(b), ordered);
}

type Members = readonly (readonly [key: string, value: unknown])[];

function members(value: object): Members {
  return Object.entries(value).filter(([, member]) => member !== undefined);
}

function sameMembers(a: Members, b: Members, ordered: boolean): boolean {
  if (a.length !== b.length) return false;
  if (ordered) return a.every(([key, value], i) => key === b[i]![0] && sameJson(value, b[i]![1], ordered));
  const others = new Map(b);
  return a.every(([key, value]) => others.has(key) && sameJson(value, others.get(key), ordered));
}

/** What a value shows of itself to JSON: a Date its text. */
function shown(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const { toJSON } = value as { toJSON?: unknown }; // any object may have one
  return typeof toJSON === "function" ? (toJSON.call(value) as unknown) : value;
}
