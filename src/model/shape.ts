/**
 * What values have to look like that no compiler has seen: models are written in JavaScript too. A shape gives a sentence for
 * whatever is otherwise.
 */

import { isSqlFragment } from "../sql/fragment.js";

/** @param path of the value, as a person would write it: `grants[0].to`. */
export type Shape = (value: unknown, path: string) => readonly string[];

const wrong = (path: string, says: string, value: unknown) =>
  `\`${path}\` takes ${says}, and was given ${shown(value)}`;

function plainly(says: string, is: (value: unknown) => boolean): Shape {
  return (value, path) => (is(value) ? [] : [wrong(path, says, value)]);
}

export const text = plainly("a text", (value) => typeof value === "string");
export const flag = plainly("true or false", (value) => typeof value === "boolean");
export const number = plainly("a number", (value) => typeof value === "number" || typeof value === "bigint");
export const callback = plainly("a function", (value) => typeof value === "function");
export const sqlText = plainly("sql`…`", isSqlFragment);
export const anything: Shape = () => [];

/** One of a few texts. */
export const oneOf = (...words: readonly string[]): Shape =>
  plainly(listed(words.map((word) => JSON.stringify(word))), (value) => words.some((word) => word === value));

/** What has this `kind`, made by a function of ours. */
export const ofKind = (kind: string, says: string): Shape =>
  plainly(says, (value) => isObject(value) && value.kind === kind);

/** Whatever fits the shape, or nothing at all. */
export const optional =
  (shape: Shape): Shape =>
  (value, path) =>
    value === undefined ? [] : shape(value, path);

/** @param elements what the list is of: `texts`. */
export const listOf =
  (elements: string, element: Shape): Shape =>
  (value, path) =>
    Array.isArray(value)
      ? value.flatMap((each, i) => element(each, `${path}[${i}]`))
      : [wrong(path, `a list of ${elements}`, value)];

export const recordOf =
  (member: Shape): Shape =>
  (value, path) =>
    isObject(value) && !Array.isArray(value)
      ? Object.entries(value).flatMap(([key, each]) => member(each, `${path}.${key}`))
      : [wrong(path, "an object", value)];

/** The first that fits; else what the first says. */
export const either =
  (first: Shape, ...others: readonly Shape[]): Shape =>
  (value, path) =>
    others.some((other) => other(value, path).length === 0) ? [] : first(value, path);

export const orNull = (shape: Shape): Shape => either(shape, (value) => (value === null ? [] : [""]));

/** Both: what made it, and what is in it. */
export const both =
  (outer: Shape, inner: Shape): Shape =>
  (value, path) => {
    const found = outer(value, path);
    return found.length > 0 ? found : inner(value, path);
  };

type Fields = Readonly<Record<string, Shape>>;

/** Members of an object that are looked at; the others may be anything. */
export const withFields =
  (fields: Fields): Shape =>
  (value, path) =>
    isObject(value)
      ? Object.entries(fields).flatMap(([key, shape]) => shape(value[key], path === "" ? key : `${path}.${key}`))
      : [wrong(path, "an object", value)];

/** An object of options: each may be left out, and there are no others. */
export const options =
  (fields: Fields): Shape =>
  (value, path) => {
    if (!isObject(value) || Array.isArray(value)) return [wrong(path || "options", "an object", value)];
    return Object.entries(value).flatMap(([key, member]) => {
      const own = path === "" ? key : `${path}.${key}`;
      const shape = Object.hasOwn(fields, key) ? fields[key] : undefined;
      if (shape === undefined) return [`there is no option \`${own}\``];
      return member === undefined ? [] : shape(member, own);
    });
  };

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null || typeof value === "boolean" || typeof value === "number") return String(value);
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 39)}…` : value);
  if (Array.isArray(value)) return "a list";
  if (typeof value === "function") return value.name === "" ? "a function" : `the function or class ${value.name}`;
  return isObject(value) && typeof value.kind === "string" ? `a ${value.kind}` : "an object";
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
