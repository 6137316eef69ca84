/** What a config file may say, and the sentence where it says something else. */

import type { Config } from "../config.js";
import { AthanorError } from "../errors.js";
import { likeliest } from "./likeliest.js";

interface Expectation {
  readonly words: string;
  readonly holds: (value: unknown) => boolean;
  /** The keys inside, where it is an object. */
  readonly inside?: Shape;
}

type Shape = Readonly<Record<string, Expectation>>;

const isText = (value: unknown): boolean => typeof value === "string" && value !== "";
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const text: Expectation = { words: "a string that is not empty", holds: isText };
const texts: Expectation = { words: "a list of strings", holds: isTexts };

const shape: Readonly<Record<keyof Config, Expectation>> = {
  url: text,
  models: { words: "a path, a glob, or a list of them", holds: (value) => isText(value) || isTexts(value) },
  migrations: text,
  schemas: { words: 'a list of names, or "*" for all', holds: (value) => value === "*" || isTexts(value) },
  defaultSchema: text,
  shadow: text,
  ignore: texts,
  privileges: { words: "true or false", holds: (value) => typeof value === "boolean" },
  history: {
    words: "an object such as { schema, table }",
    holds: isObject,
    inside: { schema: text, table: text },
  },
  cacheFolder: text,
};

/**
 * @param file the config file's name, for messages.
 * @throws AthanorError `config.invalid`, `config.unknown_key`
 */
export function checkConfig(value: unknown, file: string): asserts value is Config {
  if (!isObject(value))
    throw new AthanorError(
      "config.invalid",
      `${file} should give an object of settings, and gives ${nameOf(value)}; write export default defineConfig({ … }).`,
    );
  checkObject(value, shape, file, "");
}

function checkObject(object: object, shape: Shape, file: string, prefix: string): void {
  for (const [key, value] of Object.entries(object)) {
    const expectation = Object.hasOwn(shape, key) ? shape[key] : undefined;
    if (expectation === undefined) throw unknownKey(key, Object.keys(shape), file, prefix);
    if (value === undefined) continue;
    if (!expectation.holds(value))
      throw new AthanorError(
        "config.invalid",
        `${file}: ${prefix}${key} should be ${expectation.words}, and is ${nameOf(value)}.`,
      );
    if (expectation.inside) checkObject(value, expectation.inside, file, `${prefix}${key}.`);
  }
}

function unknownKey(key: string, keys: readonly string[], file: string, prefix: string): AthanorError {
  const likely = likeliest(key, keys);
  const hint = likely === undefined ? `It takes ${keys.join(", ")}.` : `Did you mean ${prefix}${likely}?`;
  return new AthanorError("config.unknown_key", `${file}: there is no setting ${prefix}${key}. ${hint}`);
}

/** The kind of a value, never the value: it may hold a password. */
function nameOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (value === "") return "an empty string";
  if (Array.isArray(value)) return isTexts(value) ? "a list" : "a list with something else in it";
  return /^[aeiou]/.test(typeof value) ? `an ${typeof value}` : `a ${typeof value}`;
}
