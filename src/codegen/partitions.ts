/** The partitions of a model's table as source: `partition("events_2026", { from: "2026-01-01", to: "2027-01-01" })`. */

import type { CatalogObject } from "../catalog/catalog.js";
import { childrenOf } from "../kinds/family.js";
import { boundCode } from "../kinds/partition-source.js";
import { columnLabelCodes } from "../kinds/security-label.js";
import { callCode, fieldCodes, keyCode, stringCode } from "../kinds/source.js";
import type { TableDefinition } from "../kinds/table.js";
import { commentCall } from "./comment-call.js";
import type { FileContext } from "./file-context.js";
import { block } from "./layout.js";
import { addToList, listEntries, sourceOf } from "./lists.js";
import { byPath } from "./naming.js";
import type { Schema } from "./schema.js";
import { lineWidth } from "./source-file.js";

/** `partitions: […]` of a table, an element a line; nothing where it has none. `depth`: how far in the option stands. */
export function partitionCodes(
  table: readonly string[],
  schema: Schema,
  context: FileContext,
  depth: number,
): readonly string[] {
  const partitions = [...childrenOf(schema.catalog, table)]
    .filter(({ definition }) => definition.partitionOf !== undefined)
    .sort(byPath);
  if (partitions.length === 0) return [];
  const margin = "  ".repeat(depth);
  const elements = partitions.map((each) => `${margin}  ${partitionCode(each, schema, context, depth + 1)},\n`);
  return [`partitions: [\n${elements.join("")}${margin}]`];
}

function partitionCode(
  partition: CatalogObject<TableDefinition>,
  schema: Schema,
  context: FileContext,
  depth: number,
): string {
  const { path, definition } = partition;
  const { table = [], bound = "" } = definition.partitionOf ?? {};
  const options = [
    ...fieldCodes({ schema: path[0] === table[0] ? null : stringCode(path[0] ?? "") }),
    ...ownCodes(partition, schema, context, depth + 1),
    ...partitionCodes(path, schema, context, depth + 1),
  ];
  const call = (last: string) =>
    callCode(context.use("partition"), stringCode(path[1] ?? ""), boundCode(bound, context), last);
  const line = call(options.length === 0 ? "" : `{ ${options.join(", ")} }`);
  const isShort = line.length + 2 * depth < lineWidth && !line.includes("\n");
  return isShort || options.length === 0 ? line : call(block(options, depth));
}

/** Its options, what it says of columns, and its own constraints, indexes, triggers and the like. */
function ownCodes(partition: CatalogObject, schema: Schema, context: FileContext, depth: number): readonly string[] {
  const options: string[] = [];
  const columns = new Map(
    [...columnLabelCodes(partition, context)].map(([name, code]) => [name, [`securityLabels: ${code}`]]),
  );
  const lists = new Map<string, (() => string)[]>();
  for (const object of [partition, ...schema.children(partition)]) {
    const part = sourceOf(object, context);
    if (part?.at === "options") options.push(...part.code());
    else if (part?.at === "inherited column") {
      const name = object.path[2] ?? "";
      columns.set(name, [...part.code(), ...(columns.get(name) ?? [])]);
    } else if (part?.at === "constraints") addToList(lists, "constraints", () => part.code() + commentCall(object));
    else if (part?.at === "list") addToList(lists, part.option, part.code);
  }
  const columnEntries = [...columns].map(
    ([name, codes]) => `${keyCode(context.property(partition.path, name))}: { ${codes.join(", ")} }`,
  );
  return [
    ...options,
    ...(columnEntries.length === 0 ? [] : [`columns: { ${columnEntries.join(", ")} }`]),
    ...listEntries(lists, depth, context),
  ];
}
