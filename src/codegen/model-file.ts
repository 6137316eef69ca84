/** One model as source: its columns, relationships and options. */

import type { CatalogObject } from "../catalog/catalog.js";
import { rankOf } from "../kinds/index.js";
import { fieldCodes, keyCode, objectCode, stringCode } from "../kinds/source.js";
import { commentCall } from "./comment-call.js";
import type { FileContext } from "./file-context.js";
import { block } from "./layout.js";
import { addToList, type Lists, listEntries, sourceOf } from "./lists.js";
import type { NamingRule, TableNames } from "./naming.js";
import { partitionCodes } from "./partitions.js";
import type { Relation } from "./relations.js";
import type { Schema, Table } from "./schema.js";
import type { Imports } from "./source-file.js";

/** A column's definition, and what its file has to import for it: another file's, where a Base has it instead. */
export interface ColumnSource {
  readonly code: string;
  readonly imports: Imports;
}

/** A table's parts, each where it goes. */
export interface TableSource {
  /** Property → definition, in the table's order. */
  readonly columns: ReadonlyMap<string, ColumnSource>;
  /** Properties that can't move to a Base: they refer to other tables, or their order in a key matters. */
  readonly bound: ReadonlySet<string>;
  /** Written when they are wanted, since that imports what they use. */
  options(): readonly string[];
  readonly lists: Lists;
}

/** Asks every kind for its objects' part, and puts the parts in their places. */
export function writeTable(
  table: Table,
  schema: Schema,
  names: TableNames,
  rule: NamingRule,
  context: FileContext,
): TableSource {
  const calls = new Map<string, ColumnCalls>();
  for (const column of table.columns) calls.set(column.path[2] ?? "", new ColumnCalls());
  const options: (() => readonly string[])[] = [];
  const lists = new Map<string, (() => string)[]>();
  const bound = new Set<string>();
  for (const object of partsOf(table, schema)) {
    const part = sourceOf(object, context);
    if (part === null) continue;
    if (part.at === "options") options.push(part.code);
    else if (part.at === "list") addToList(lists, part.option, part.code);
    else if (part.at === "column") calls.get(object.path[2] ?? "")?.push(null, part.code);
    else if (part.at === "constraints") {
      const { inline } = part;
      const targets = inline?.columns.map((column) => calls.get(column)) ?? [];
      if (inline === undefined || targets.some((column) => column?.has(inline.method) !== false)) {
        addToList(lists, "constraints", () => part.code() + commentCall(object));
        continue;
      }
      for (const target of targets) target?.push(inline.method, () => `.${inline.method}(${inline.argument()})`);
      if (inline.columns.length > 1 || inline.method === "references")
        for (const column of inline.columns) bound.add(names.properties.get(column) ?? column);
    }
  }
  const columns = table.columns.map((column): [string, ColumnSource] => {
    const name = column.path[2] ?? "";
    const property = names.properties.get(name) ?? name;
    const own = rule.apply(property) === name ? "" : `.named(${stringCode(name)})`;
    const { value, imports } = context.file.apart(() => calls.get(name)?.code(own) ?? "");
    return [property, { code: value + commentCall(column), imports }];
  });
  return {
    columns: new Map(columns),
    bound,
    options: () => [
      ...options.flatMap((codes) => codes()),
      // They stand in the third argument of a class.
      ...partitionCodes(table.path, schema, context, 2),
    ],
    lists,
  };
}

/** A table with all that it holds, in the order of the kinds. */
function partsOf(table: Table, schema: Schema): readonly CatalogObject[] {
  const children = schema.children(table.object);
  const all = [table.object, ...children, ...children.flatMap((child) => schema.children(child))];
  return all.sort((a, b) => rankOf(a.kind) - rankOf(b.kind));
}

/** The calls that make up a column's definition, each method once. */
class ColumnCalls {
  readonly #methods: string[] = [];
  readonly #codes: (() => string)[] = [];

  has(method: string): boolean {
    return this.#methods.includes(method);
  }

  push(method: string | null, code: () => string): void {
    if (method !== null) this.#methods.push(method);
    this.#codes.push(code);
  }

  /** `text().named("E-Mail").unique()`: its name right after its type. */
  code(named: string): string {
    const [definition = "", ...rest] = this.#codes.map((code) => code());
    return [definition, named, ...rest].join("");
  }
}

/** What stands around a table's parts in its class. */
export interface ModelFrame {
  readonly names: TableNames;
  readonly base: string;
  readonly relations: readonly Relation[];
  /** `tablename` and `schema`, where they have to be said. */
  readonly place: Readonly<Record<string, string | null>>;
  /** Properties whose columns the base has. */
  readonly inherited: ReadonlySet<string>;
}

/** `export class User extends Base.model({ … }) {}`. */
export function modelCode(source: TableSource, frame: ModelFrame, context: FileContext): string {
  const columns = columnEntries(source.columns, (property) => !frame.inherited.has(property), context);
  // What has options stands one level further in than what is the only argument.
  const options = [...fieldCodes(frame.place), ...source.options(), ...listEntries(source.lists, 2, context)];
  const count = options.length > 0 ? 3 : frame.relations.length > 0 ? 2 : 1;
  const depth = count === 1 ? 0 : 1;
  // What infers a type from `c` looks at the relationships twice, and finds two tables that lead to each other circular
  // where their getters don't say their type.
  const relations = frame.relations.map((relation) =>
    relationCode(relation, { names: frame.names, depth: depth + 1, isTyped: context.namesColumns }, context),
  );
  const sections = [block(columns, depth), block(relations, depth), block(options, depth)].slice(0, count);
  const head = `export class ${frame.names.className} extends ${frame.base}.model(`;
  return count === 1
    ? `${head}${sections[0]}) {}`
    : `${head}\n${sections.map((section) => `  ${section},\n`).join("")}) {}`;
}

/** `email: text().unique()` of each column that is wanted, with its imports in the file. */
export function columnEntries(
  columns: TableSource["columns"],
  isWanted: (property: string) => boolean,
  { file }: FileContext,
): readonly string[] {
  return [...columns].flatMap(([property, { code, imports }]) => {
    if (!isWanted(property)) return [];
    file.adopt(imports);
    return [`${keyCode(property)}: ${code}`];
  });
}

function relationCode(
  relation: Relation,
  { names, depth, isTyped }: { readonly names: TableNames; readonly depth: number; readonly isTyped: boolean },
  context: FileContext,
): string {
  const { property, kind, target, backPopulates, foreignKey, secondary } = relation;
  const options = objectCode({
    backPopulates: stringCode(backPopulates),
    secondary: secondary === null ? null : secondaryCode(secondary, names, context),
    foreignKey: foreignKey === null ? null : foreignKeyOption(foreignKey.from.path, foreignKey.columns, context),
  });
  const margin = "  ".repeat(depth);
  const model = context.model(target.path);
  const call = `${context.use(kind)}(${model}, ${options})`;
  const value = { one: model, maybeOne: `${model} | null`, many: `${model}[]` }[kind];
  const type = isTyped ? `: ${context.useType("RelationDef")}<${value}>` : "";
  return `get ${property}()${type} {\n${margin}  return ${call};\n${margin}}`;
}

function secondaryCode(table: Table, names: TableNames, context: FileContext): string {
  const text = context.reference(names.path, table.path);
  return text === null ? `() => ${context.model(table.path)}` : stringCode(text);
}

/** `"posts.author_id"`, and for several columns `() => [Post.c.a, Post.c.b]`. */
function foreignKeyOption(table: readonly string[], columns: readonly string[], context: FileContext): string {
  const [column, second] = columns;
  if (second === undefined) return stringCode(`${table[1]}.${column}`);
  const model = context.model(table);
  return `() => [${columns.map((name) => `${model}.c.${context.property(table, name)}`).join(", ")}]`;
}
