/** How the rows of a statement are read, by its plan. */

import { codecOf } from "../model/codec.js";
import type { ValueType } from "../sql/fragment.js";
import type { ColumnPlan } from "./element.js";
import { isColumnType } from "./values.js";

type Parse = (text: string) => unknown;

/** How values of a type are read; null: as the driver reads them. */
export function parserOf(type: ValueType | null): Parse | null {
  return type !== null && isColumnType(type) ? codecOf(type).parse : null;
}

const lists = new Map<string, readonly string[]>();
const maxLists = 10_000;

/** The names of a row's elements; the same list each time, as what rows are made by it is kept with the list. */
export function namesOf(plan: readonly ColumnPlan[]): readonly string[] {
  const names = plan.map((element) => element.name);
  const key = JSON.stringify(names);
  const known = lists.get(key);
  if (known !== undefined) return known;
  // Labels made at run time, of which there may be any number, must not fill the memory.
  if (lists.size >= maxLists) lists.clear();
  lists.set(key, names);
  return names;
}
