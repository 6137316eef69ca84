/** Full text search: how a text is taken apart, and what becomes of its words. */

import type { Declares } from "../brand.js";
import type { ObjectOptions } from "../objects.js";
import { type PlainDefinition, plain } from "./plain.js";

/** Functions, as SQL. */
export interface TextSearchParserOptions {
  readonly start: string;
  readonly gettoken: string;
  readonly end: string;
  readonly lextypes: string;
  readonly headline?: string;
}

/** `CREATE TEXT SEARCH PARSER "name" (START = …, GETTOKEN = …, END = …, LEXTYPES = …)`. */
export function textSearchParser(
  name: string,
  options: TextSearchParserOptions & ObjectOptions,
): Declares<PlainDefinition> {
  return plain("text search parser", { factory: "textSearchParser", name }, options, { inSchema: true });
}

/** Functions, as SQL. */
export interface TextSearchTemplateOptions {
  readonly lexize: string;
  readonly init?: string;
}

/** `CREATE TEXT SEARCH TEMPLATE "name" (LEXIZE = dsimple_lexize)`. */
export function textSearchTemplate(
  name: string,
  options: TextSearchTemplateOptions & ObjectOptions,
): Declares<PlainDefinition> {
  return plain("text search template", { factory: "textSearchTemplate", name }, options, { inSchema: true });
}

export interface TextSearchDictionaryOptions {
  /** As SQL: `snowball`, `simple`, `synonym`, … */
  readonly template: string;
  /** What the template takes, in lower case: `{ language: "english", stopwords: "english" }`. */
  readonly options?: Readonly<Record<string, string | number>>;
}

/** `CREATE TEXT SEARCH DICTIONARY "name" (TEMPLATE = snowball, "language" = 'english')`. */
export function textSearchDictionary(
  name: string,
  options: TextSearchDictionaryOptions & ObjectOptions,
): Declares<PlainDefinition> {
  return plain("text search dictionary", { factory: "textSearchDictionary", name }, options, { inSchema: true });
}

export interface TextSearchConfigurationOptions {
  /** As SQL. Default: PostgreSQL's own, which is called `"default"`. */
  readonly parser?: string;
  /** Which dictionaries each type of token goes through, as SQL: `{ for: ["asciiword", "word"], with: ["english_stem"] }`. */
  readonly mappings?: readonly { readonly for: readonly string[]; readonly with: readonly string[] }[];
}

/**
 * `CREATE TEXT SEARCH CONFIGURATION "name" (PARSER = "default")`, and `ALTER TEXT SEARCH CONFIGURATION … ADD MAPPING FOR
 * asciiword, word WITH english_stem`.
 */
export function textSearchConfiguration(
  name: string,
  options: TextSearchConfigurationOptions & ObjectOptions,
): Declares<PlainDefinition> {
  return plain("text search configuration", { factory: "textSearchConfiguration", name }, options, { inSchema: true });
}
