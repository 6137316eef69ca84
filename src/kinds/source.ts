/** How kinds write their objects as model source: what they are given, what they give, and small pieces of TypeScript. */

import type { Catalog, CatalogObject } from "../catalog/catalog.js";
import { chooseName, type NamingKind } from "../model/naming.js";

/** Where source is written: one file, whose imports come together as names are used. */
export interface SourceContext {
  readonly catalog: Catalog;
  /** The schema of what names none. */
  readonly defaultSchema: string;
  /** Objects of a kind that this one holds: columns in their order, the rest by name. */
  children(parent: Pick<CatalogObject, "id">, kind: string): readonly CatalogObject[];
  /** The name of something that the package exports, imported: `use("text")`. */
  use(name: string): string;
  /** Whether a table has a model. */
  hasModel(table: readonly string[]): boolean;
  /** The class of a table's model, imported; null where the table has none. */
  model(table: readonly string[]): string | null;
  /** The constant of a type of the models, imported; null where it has none. */
  typeConstant(type: readonly string[]): string | null;
  /** A type as a column definition: `varchar(80)`, `array(gender())`; of what models have no name for, `customType("line")`. */
  type(sql: string): string;
  /** The same where models have a name for it; else null. */
  knownType(sql: string): string | null;
  /** A text in TypeScript: a literal, or where it is long a file beside the models, named after the object. */
  text(path: readonly string[], text: string): string;
  /** The same in the `sql` tag. */
  sql(path: readonly string[], text: string): string;
  /** The name of the constant that an object is, imported; null where it is none. */
  constant(id: string): string | null;
  /** A column in the model's constraints: `c.userId`. */
  column(table: readonly string[], column: string): string;
  /** The name of a column's property. */
  property(table: readonly string[], column: string): string;
  /** The text by which a model names a table or a column, such as `users` or `auth.users.id`; null where none is sure. */
  reference(from: readonly string[], table: readonly string[], column?: string): string | null;
  /** Whether another table's constraint in the schema has this one's name: then it can't be left to be derived. */
  sharesName(path: readonly string[]): boolean;
  /** Entries that what an object holds puts among its options: its owner, its privileges. */
  entries(object: CatalogObject): Readonly<Record<string, string | null>>;
  /** Says what can't be expressed. */
  leaveOut(sentence: string): void;
}

/** One object's part of the models' source. Code is written when it has found its place, since writing it imports names. */
export type SourcePart =
  /** What an exported constant is made by: `pgEnum("gender", ["MALE"])`. */
  | { readonly at: "types" | "objects" | "functions"; readonly code: () => string }
  /** A column's definition, or calls on it. */
  | { readonly at: "column"; readonly code: () => string }
  /** A view's columns, each a definition and calls on it, and entries of its options. */
  | {
      readonly at: "view";
      readonly columns: ReadonlyMap<string, () => readonly string[]>;
      readonly options: () => readonly string[];
    }
  /** Entries of the model's or the partition's options: `unlogged: true`; of a partition's column: `notNull: true`. */
  | { readonly at: "options" | "inherited column"; readonly code: () => readonly string[] }
  /** An entry among the options of what holds it: its one value, elements of a list, or entries of an object. */
  | {
      readonly at: "entry";
      readonly option: string;
      readonly form: "value" | "list" | "object";
      readonly code: () => readonly string[];
    }
  /** An element of a list among the options of a model or a view: `triggers: (c) => […]`. */
  | { readonly at: "list"; readonly option: string; readonly code: () => string }
  /** An element of the model's `constraints`, or where it is short enough a call on each of some columns. */
  | { readonly at: "constraints"; readonly code: () => string; readonly inline?: InlineCall };

export interface InlineCall {
  readonly columns: readonly string[];
  /** One call of a method per column. */
  readonly method: string;
  readonly argument: () => string;
}

/** A string of TypeScript. */
export function stringCode(value: string): string {
  return JSON.stringify(value).replace(/[\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`);
}

/** SQL in the `sql` tag, such that the tag gives the very same text. */
export function sqlCode(text: string, context: Pick<SourceContext, "use">): string {
  return context.use("sql") + templateCode(text);
}

/** A text as a string, and where it has several lines as a template literal. */
export function textCode(text: string): string {
  return text.includes("\n") ? templateCode(text) : stringCode(text);
}

function templateCode(text: string): string {
  return `\`${text.replace(/[\\`]|\$(?=\{)/g, "\\$&").replaceAll("\r", "\\r")}\``;
}

/** `{ a: 1, b: 2 }` from entries that are there; empty text where none is. */
export function objectCode(entries: Readonly<Record<string, string | null | undefined>>): string {
  const fields = fieldCodes(entries);
  return fields.length === 0 ? "" : `{ ${fields.join(", ")} }`;
}

/** The same for an element of a list among a model's options, an entry per line where one line would be long. */
export function elementOptions(entries: Readonly<Record<string, string | null | undefined>>): string {
  const line = objectCode(entries);
  if (line.length <= 90 && !line.includes("\n")) return line;
  return `{\n${fieldCodes(entries)
    .map((field) => `        ${field},\n`)
    .join("")}      }`;
}

/** `a: 1` of each entry that is there. */
export function fieldCodes(entries: Readonly<Record<string, string | null | undefined>>): readonly string[] {
  return Object.entries(entries).flatMap(([key, code]) =>
    code === null || code === undefined ? [] : [`${keyCode(key)}: ${code}`],
  );
}

/** A key of an object literal, bare where it can be. `__proto__` would not be one unless computed. */
export function keyCode(key: string): string {
  if (key === "__proto__") return '["__proto__"]';
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? key : stringCode(key);
}

/** Arguments without the empty ones at the end. */
export function callCode(name: string, ...parameters: readonly string[]): string {
  return `${name}(${parameters.filter((parameter) => parameter !== "").join(", ")})`;
}

/** `["a", "b"]`. */
export function stringList(values: readonly string[]): string {
  return `[${values.map(stringCode).join(", ")}]`;
}

/** A list, an element per line where one line would be long. */
export function listCode(codes: readonly string[]): string {
  const line = `[${codes.join(", ")}]`;
  return line.length <= 90 ? line : `[${linesOf(codes)}]`;
}

/** The same of an object's entries. */
export function entryCodes(codes: readonly string[]): string {
  const line = `{ ${codes.join(", ")} }`;
  return line.length <= 90 ? line : `{${linesOf(codes)}}`;
}

function linesOf(codes: readonly string[]): string {
  return `\n${codes.map((code) => `      ${code},\n`).join("")}    `;
}

/** Text values as TypeScript: numbers and booleans bare where that says the same. */
export function settingsCode(settings: Readonly<Record<string, string>> | undefined): string | null {
  if (settings === undefined) return null;
  const isBare = (value: string) =>
    value === "true" || value === "false" || (Number.isFinite(Number(value)) && String(Number(value)) === value);
  const names = Object.keys(settings).sort();
  return objectCode(
    Object.fromEntries(
      names.map((name) => {
        const value = settings[name] ?? "";
        return [name, isBare(value) ? value : stringCode(value)];
      }),
    ),
  );
}

/** `pg_catalog."C"` → `["pg_catalog", "C"]`: a name as SQL, read as PostgreSQL reads it. */
export function parseQualified(sql: string): readonly string[] {
  return [...sql.matchAll(/"((?:[^"]|"")*)"|([^".]+)/g)].map(([, quoted, bare]) =>
    quoted === undefined ? (bare ?? "") : quoted.replaceAll('""', '"'),
  );
}

/** A qualified name as models take it: `"C"` for one of PostgreSQL's own, else `["public", "C"]`, which no search path changes. */
export function qualifiedCode(sql: string): string {
  const path = parseQualified(sql);
  const [schema, name] = path;
  if (name === undefined) return stringCode(schema ?? "");
  return schema === "pg_catalog" ? stringCode(name) : stringList(path);
}

/** `schema` and `comment` of an object with a schema. */
export function placeFields(object: CatalogObject, context: SourceContext): Readonly<Record<string, string | null>> {
  const [schema = ""] = object.path;
  return {
    schema: schema === context.defaultSchema ? null : stringCode(schema),
    comment: object.comment === null ? null : stringCode(object.comment),
  };
}

/** The same, with entries of what it holds: its rights. */
export function ownFields(object: CatalogObject, context: SourceContext): Readonly<Record<string, string | null>> {
  return { ...placeFields(object, context), ...context.entries(object) };
}

/** `c.userId, c.title` in a model's constraints. */
export function columnsCode(table: readonly string[], columns: readonly string[], context: SourceContext): string {
  return columns.map((column) => context.column(table, column)).join(", ");
}

/** Whether the models derive this very name for an object over these columns when they give none. */
export function hasDerivedName(
  { path }: CatalogObject,
  kind: NamingKind,
  columns: readonly string[],
  context: SourceContext,
): boolean {
  const [, table = "", name] = path;
  const derived = chooseName(kind, { table, columns, target: "", name: "" }, {}, () => false);
  return name === derived && (kind === "index" || !context.sharesName(path));
}

/** `.named("…")`, or nothing where the models derive the name. */
export function namedCode(
  object: CatalogObject,
  kind: NamingKind,
  columns: readonly string[],
  context: SourceContext,
): string {
  return hasDerivedName(object, kind, columns, context) ? "" : `.named(${stringCode(object.path[2] ?? "")})`;
}
