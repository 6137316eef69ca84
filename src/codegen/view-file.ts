/** One view as source. */

import type { CatalogObject } from "../catalog/catalog.js";
import { kindOf } from "../kinds/index.js";
import { fieldCodes, keyCode, stringCode } from "../kinds/source.js";
import type { FileContext } from "./file-context.js";
import { block } from "./layout.js";
import { addToList, listEntries, sourceOf } from "./lists.js";
import type { NamingRule, TableNames } from "./naming.js";
import type { Schema } from "./schema.js";

/** What stands around a view's own parts. */
export interface ViewFrame {
  readonly names: TableNames;
  readonly rule: NamingRule;
  /** Its name and schema, where they have to be said. */
  readonly place: Readonly<Record<string, string | null>>;
  readonly schema: Schema;
}

/** `export class ActiveUser extends Base.view({ … }, { as: … }) {}`. */
export function viewCode(view: CatalogObject, { names, rule, place, schema }: ViewFrame, context: FileContext): string {
  const part = sourceOf(view, context);
  if (part?.at !== "view") throw new RangeError(`A ${kindOf(view.kind).name} has no source of its own.`);
  const columns = [...part.columns].map(([name, code]) => {
    const property = names.properties.get(name) ?? name;
    const [type = "", ...calls] = code();
    const named = rule.apply(property) === name ? "" : `.named(${stringCode(name)})`;
    return `${keyCode(property)}: ${[type, named, ...calls].join("")}`;
  });
  const lists = new Map<string, (() => string)[]>();
  for (const child of schema.children(view)) {
    const childPart = sourceOf(child, context);
    const comment = child.comment === null ? "" : `.comment(${stringCode(child.comment)})`;
    if (childPart?.at === "constraints") addToList(lists, "indexes", () => childPart.code() + comment);
    else if (childPart?.at === "list") addToList(lists, childPart.option, childPart.code);
  }
  const options = [...fieldCodes(place), ...part.options(), ...listEntries(lists, 2, context)];
  const base = context.file.import("./base.js", "Base");
  return `export class ${names.className} extends ${base}.view(\n  ${block(columns, 1)},\n  ${block(options, 1)},\n) {}`;
}
