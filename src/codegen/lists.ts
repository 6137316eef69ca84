/** Lists among the options of models, views and partitions: what each object gives to which. */

import type { CatalogObject } from "../catalog/catalog.js";
import { kindOf } from "../kinds/index.js";
import type { SourceContext, SourcePart } from "../kinds/source.js";
import type { FileContext } from "./file-context.js";
import { list } from "./layout.js";

/** Lists among the options, such as `constraints`, by the option's name. */
export type Lists = ReadonlyMap<string, readonly (() => string)[]>;

export function addToList(lists: Map<string, (() => string)[]>, option: string, code: () => string): void {
  const elements = lists.get(option);
  if (elements === undefined) lists.set(option, [code]);
  else elements.push(code);
}

/** `triggers: (c) => […]` of each list. */
export function listEntries(lists: Lists, depth: number, context: FileContext): readonly string[] {
  return [...lists].map(([option, elements]) => {
    const write = () => elements.map((code) => code());
    return `${option}: ${context.callback(() => list(write(), depth, `${option}: (c) => `))}`;
  });
}

/** The object's part of the source, as its kind writes it. */
export function sourceOf(object: CatalogObject, context: SourceContext): SourcePart | null {
  return kindOf(object.kind).source?.(object, context) ?? null;
}
