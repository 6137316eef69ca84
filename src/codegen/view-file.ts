/** One view as source. */

import type { CatalogObject } from "../catalog/catalog.js";
import { kindOf } from "../kinds/index.js";
import { fieldCodes, keyCode, stringCode } from "../kinds/source.js";
import type { FileContext } from "./file-context.js";
import { block, list } from "./layout.js";
import { sourceOf } from "./model-file.js";
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
  const indexes = schema.children(view).flatMap((child) => {
    const index = sourceOf(child, context);
    const comment = child.comment === null ? "" : `.comment(${stringCode(child.comment)})`;
    return index?.at === "constraints" ? [index.code() + comment] : [];
  });
  const options = [
    ...fieldCodes(place),
    ...part.options(),
    ...(indexes.length === 0 ? [] : [`indexes: (${context.namesColumns ? "c" : ""}) => ${list(indexes, 2)}`]),
  ];
  const base = context.file.import("./base.js", "Base");
  return `export class ${names.className} extends ${base}.view(\n  ${block(columns, 1)},\n  ${block(options, 1)},\n) {}`;
}
