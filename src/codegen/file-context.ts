/** What kinds are given while their objects are written into a file. */

import { type CatalogObject, objectId } from "../catalog/catalog.js";
import { rootOf } from "../kinds/family.js";
import { kindOf } from "../kinds/index.js";
import {
  callCode,
  entryCodes,
  listCode,
  type SourceContext,
  type SourcePart,
  sqlCode,
  stringCode,
  textCode,
} from "../kinds/source.js";
import { remember } from "../remember.js";
import type { ModelNaming } from "./naming.js";
import type { Schema } from "./schema.js";
import type { SourceFile } from "./source-file.js";
import type { TextFiles } from "./text-files.js";
import { knownTypeCode, typeCode } from "./types.js";

/** What is the same for all files. */
export interface Generation {
  readonly schema: Schema;
  readonly naming: ModelNaming;
  readonly defaultSchema: string;
  /** What `declarativeBase` is imported from. */
  readonly package: string;
  /** Tables that need no model, by id. */
  readonly implied: ReadonlySet<string>;
  readonly unexpressed: Set<string>;
  readonly texts: TextFiles;
  /** Objects whose own source has the entries of what they hold. */
  readonly said: Set<string>;
}

/** Whether it is what an exported constant is made by. */
export function isConstantPart(
  part: SourcePart,
): part is Extract<SourcePart, { at: "types" | "objects" | "functions" }> {
  return part.at === "types" || part.at === "objects" || part.at === "functions";
}

export class FileContext implements SourceContext {
  readonly catalog;
  readonly defaultSchema;

  constructor(
    readonly file: SourceFile,
    private readonly generation: Generation,
    /** Constants that are written already, where the order in the file matters. */
    private readonly isWritten: (id: string) => boolean = () => true,
  ) {
    this.catalog = generation.schema.catalog;
    this.defaultSchema = generation.defaultSchema;
  }

  children(parent: Pick<CatalogObject, "id">, kind: string): readonly CatalogObject[] {
    return this.generation.schema.children(parent, kind);
  }

  use(name: string): string {
    return this.file.import(this.generation.package, name);
  }

  model(table: readonly string[]): string | null {
    const id = objectId("table", table);
    const names = this.generation.naming.tables.get(id);
    if (names === undefined || this.generation.implied.has(id)) return null;
    return names.file === this.file.name ? names.className : this.file.import(`./${names.file}.js`, names.className);
  }

  hasModel(table: readonly string[]): boolean {
    const id = objectId("table", table);
    return this.generation.naming.tables.has(id) && !this.generation.implied.has(id);
  }

  typeConstant(type: readonly string[]): string | null {
    return this.constant(objectId("composite type", type));
  }

  type(sql: string): string {
    return typeCode(sql, this, (id) => this.constant(id));
  }

  knownType(sql: string): string | null {
    return knownTypeCode(sql, this, (id) => this.constant(id));
  }

  constant(id: string): string | null {
    const name = this.generation.naming.constants.get(id);
    const object = this.catalog.objects.get(id);
    if (name === undefined || object === undefined || !this.isWritten(id)) return null;
    const part = kindOf(object.kind).source?.(object, this) ?? null;
    if (part === null || !isConstantPart(part)) return null;
    return this.file.name === part.at ? name : this.file.import(`./${part.at}.js`, name);
  }

  text(path: readonly string[], text: string): string {
    return this.#fileCode(path, text) ?? textCode(text);
  }

  sql(path: readonly string[], text: string): string {
    return this.#fileCode(path, text) ?? sqlCode(text, this);
  }

  #fileCode(path: readonly string[], text: string): string | null {
    const file = this.generation.texts.fileOf(path, text);
    return file === null ? null : callCode(this.use("sqlFile"), `new URL(${stringCode(`./${file}`)}, import.meta.url)`);
  }

  /** The name of a type that the package exports, imported. */
  useType(name: string): string {
    return this.file.importType(this.generation.package, name);
  }

  #namesColumns = false;

  /** What `write` gives, as a function of the columns where it has named any: `(c) => […]`. */
  callback(write: () => string): string {
    const around = this.#namesColumns;
    this.#namesColumns = false;
    const body = write();
    const parameter = this.#namesColumns ? "c" : "";
    this.#namesColumns ||= around;
    return `(${parameter}) => ${body}`;
  }

  /** Whether any callback has named a column. */
  get namesColumns(): boolean {
    return this.#namesColumns;
  }

  column(table: readonly string[], column: string): string {
    this.#namesColumns = true;
    return `c.${this.property(table, column)}`;
  }

  property(table: readonly string[], column: string): string {
    // A partition's columns are those of its model.
    const names = this.generation.naming.tables.get(objectId("table", rootOf(this.catalog, table)));
    return names?.properties.get(column) ?? column;
  }

  reference(from: readonly string[], table: readonly string[], column?: string): string | null {
    const [schema = "", name = ""] = table;
    const end = column === undefined ? "" : `.${column}`;
    const texts = [name, `${schema}.${name}`].filter((text) => {
      const found = this.find(text, from);
      // The whole text is looked up as a table first, and cut at its last dot then.
      const isMistaken = column !== undefined && (column.includes(".") || this.find(text + end, from) !== null);
      return found === objectId("table", table) && !isMistaken;
    });
    return texts[0] === undefined ? null : texts[0] + end;
  }

  entries(object: CatalogObject): Readonly<Record<string, string | null>> {
    this.generation.said.add(object.id);
    const entries: Record<string, string> = {};
    const parts = new Map<string, { readonly form: "list" | "object"; readonly codes: string[] }>();
    for (const child of this.generation.schema.children(object)) {
      const part = kindOf(child.kind).source?.(child, this) ?? null;
      if (part?.at !== "entry") continue;
      const { option, form } = part;
      if (form === "value") entries[option] = part.code().join("");
      else remember(parts, option, () => ({ form, codes: [] })).codes.push(...part.code());
    }
    for (const [option, { form, codes }] of parts)
      if (form === "list") entries[option] = listCode(codes);
      else if (codes.length > 0) entries[option] = entryCodes(codes);
    return entries;
  }

  sharesName(path: readonly string[]): boolean {
    return this.generation.schema.sharesName(path);
  }

  leaveOut(sentence: string): void {
    this.generation.unexpressed.add(sentence);
  }

  /** The table that a model of `from` finds under a name: as the models look it up. */
  private find(text: string, [schema = ""]: readonly string[]): string | null {
    const has = (path: readonly string[]) => {
      const id = objectId("table", path);
      return this.catalog.objects.has(id) ? id : null;
    };
    const dot = text.indexOf(".");
    return (
      has([schema, text]) ??
      has([this.defaultSchema, text]) ??
      (dot < 0 ? null : has([text.slice(0, dot), text.slice(dot + 1)]))
    );
  }
}
