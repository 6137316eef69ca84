/** A catalog → the source of models that declare it. */

import { type Catalog, type CatalogObject, objectId } from "../catalog/catalog.js";
import { describe, kindOf, parentId } from "../kinds/index.js";
import { callCode, objectCode, stringCode, stringList } from "../kinds/source.js";
import { camelCase, freeName } from "../kinds/source-names.js";
import { displayName } from "../sql/identifier.js";
import { neededExternals } from "./externals.js";
import { FileContext, type Generation, isConstantPart } from "./file-context.js";
import { findJoinTables } from "./join-tables.js";
import { block } from "./layout.js";
import { columnEntries, modelCode, writeTable } from "./model-file.js";
import { byPath, nameModels, type TableNames } from "./naming.js";
import { inferRelations } from "./relations.js";
import { Schema, type Table } from "./schema.js";
import { findSharedColumns, type SharedColumns } from "./shared-columns.js";
import { SourceFile } from "./source-file.js";
import { TextFiles } from "./text-files.js";
import { viewCode } from "./view-file.js";

export interface GenerateOptions {
  /** What the models import from; default: `athanor`. */
  readonly package?: string;
  /** The schema of what names none; default: `public`. */
  readonly defaultSchema?: string;
}

export interface GeneratedModels {
  /** Relative path → source, in alphabetical order. */
  readonly files: ReadonlyMap<string, string>;
  /** What the models can't say, a sentence each. */
  readonly unexpressed: readonly string[];
}

/**
 * Models as a person would have written them: a file per table or view, `base.ts`, `types.ts` for enums and other types,
 * `objects.ts` for schemas, extensions and sequences, `functions.ts`, `index.ts` for all; bodies of many lines in `.sql` files beside them.
 * Equal catalogs give the same bytes.
 */
export function generateModels(catalog: Catalog, options: GenerateOptions = {}): GeneratedModels {
  const { defaultSchema = "public" } = options;
  const schema = new Schema(catalog);
  const naming = nameModels(catalog, (relation) => schema.columnsOf(relation), defaultSchema);
  const namesOf = ({ path }: Pick<Table, "path">) => relationNames(naming.tables, path);
  const joins = findJoinTables(schema, (table) => namesOf(table).className);
  const generation: Generation = {
    schema,
    naming,
    defaultSchema,
    package: options.package ?? "athanor",
    implied: new Set(joins.flatMap(({ table, implied }) => (implied ? [table.object.id] : []))),
    unexpressed: new Set(),
    texts: new TextFiles(),
    said: new Set(),
  };
  const tables = schema.tables.filter((table) => !generation.implied.has(table.object.id));
  const relations = inferRelations(schema, joins, namesOf);

  const drafts = tables.map((table) => {
    const names = namesOf(table);
    const context = new FileContext(new SourceFile(names.file), generation);
    return { table, names, context, source: writeTable(table, schema, names, naming.columnRule, context) };
  });
  const shared = findSharedColumns(new Map(drafts.map(({ table, source }) => [table, source])));
  const schemas = new Set([...tables, ...schema.views].map(({ path }) => path[0] ?? ""));
  const [only = defaultSchema] = schemas;
  const baseSchema = schemas.size === 1 ? only : defaultSchema;

  /** The name and the schema, where they have to be said. */
  const placeOf = ([schemaName = "", name = ""]: readonly string[], { className }: TableNames) => ({
    name: naming.tableRule.apply(className) === name ? null : stringCode(name),
    schema: schemaName === baseSchema ? null : stringCode(schemaName),
  });

  const files = [baseFile(shared, tables.length, baseSchema, generation)];
  for (const { table, names, context, source } of drafts) {
    const { file } = context;
    const isSharing = shared?.tables.has(table) ?? false;
    const base = isSharing && shared?.tables.size !== tables.length ? sharedBase : "Base";
    const { name, schema: schemaCode } = placeOf(table.path, names);
    const frame = {
      names,
      base: file.import("./base.js", base),
      relations: relations.get(table) ?? [],
      place: { tablename: name, schema: schemaCode },
      inherited: (isSharing ? shared?.columns : undefined) ?? new Set<string>(),
    };
    file.add(modelCode(source, frame, context));
    files.push(file);
  }
  for (const view of schema.views) {
    const names = namesOf(view);
    const context = new FileContext(new SourceFile(names.file), generation);
    context.file.add(
      viewCode(view, { names, rule: naming.columnRule, place: placeOf(view.path, names), schema }, context),
    );
    files.push(context.file);
  }
  files.push(...constantFiles(generation));
  const written = files.filter((file) => !file.isEmpty).sort((a, b) => (a.name < b.name ? -1 : 1));
  const index = new SourceFile("index");
  index.add(written.map(({ name }) => `export * from ${stringCode(`./${name}.js`)};`).join("\n"));
  return {
    files: new Map(
      [
        ...[...written, index].map((file): [string, string] => [`${file.name}.ts`, file.toString()]),
        ...generation.texts.files,
      ].sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
    unexpressed: [...generation.unexpressed, ...unmanagedSentences(catalog)],
  };
}

/** The Base of the tables that share columns, where not all do. */
const sharedBase = "SharedBase";

function relationNames(names: ReadonlyMap<string, TableNames>, path: readonly string[]): TableNames {
  const found = names.get(objectId("table", path));
  if (found === undefined) throw new RangeError(`${displayName(path)} was given no name.`);
  return found;
}

function baseFile(
  shared: SharedColumns | null,
  tableCount: number,
  schema: string,
  generation: Generation,
): SourceFile {
  const { naming, defaultSchema } = generation;
  const file = new SourceFile("base");
  const context = new FileContext(file, generation);
  const isForAll = shared !== null && shared.tables.size === tableCount;
  const columns = shared === null ? null : sharedCode(shared, generation, context);
  const fields = {
    columns: isForAll ? columns : null,
    tablename: naming.tableRule.source,
    columnName: naming.columnRule.source,
    schema: schema === defaultSchema ? null : stringCode(schema),
  };
  const options = Object.entries(fields).flatMap(([name, code]) => (code === null ? [] : [`${name}: ${code}`]));
  file.add(`export const Base = ${context.use("declarativeBase")}(${options.length === 0 ? "" : block(options, 0)});`);
  if (!isForAll && columns !== null)
    file.add(
      `/** With what most tables have. */\nexport const ${sharedBase} = Base.extend({\n  columns: ${columns},\n});`,
    );
  return file;
}

/** The shared columns, written anew into the Base's file for the sake of its imports. */
function sharedCode({ columns, tables }: SharedColumns, generation: Generation, context: FileContext): string {
  const [table] = tables;
  if (table === undefined) return "{}";
  const { schema, naming } = generation;
  const names = relationNames(naming.tables, table.path);
  const source = writeTable(table, schema, names, naming.columnRule, context);
  return block(
    columnEntries(source.columns, (property) => columns.has(property), context),
    1,
  );
}

/** `types.ts`, `objects.ts` and `functions.ts`: each constant after those that it is made of. */
function constantFiles(generation: Generation): readonly SourceFile[] {
  const { schema, naming } = generation;
  const objects = [...schema.catalog.objects.values()].filter(({ id }) => naming.constants.has(id)).sort(byPath);
  const files = {
    types: new SourceFile("types"),
    objects: new SourceFile("objects"),
    functions: new SourceFile("functions"),
  };
  const written = new Set<string>();
  const visiting = new Set<string>();
  const visit = (object: CatalogObject): void => {
    if (written.has(object.id) || visiting.has(object.id)) return;
    visiting.add(object.id);
    const isReady = (id: string) => {
      const other = schema.catalog.objects.get(id);
      if (other !== undefined) visit(other);
      return written.has(id);
    };
    // A file is asked for; the part says which one it goes to.
    const probe = kindOf(object.kind).source?.(object, new FileContext(files.types, generation, isReady)) ?? null;
    if (probe === null || !isConstantPart(probe)) return;
    const file = files[probe.at];
    const part = kindOf(object.kind).source?.(object, new FileContext(file, generation, isReady)) ?? null;
    if (part === null || part.at !== probe.at) return;
    const code = part.code();
    written.add(object.id);
    file.add(`export const ${naming.constants.get(object.id)} = ${code};`);
  };
  for (const object of objects) visit(object);
  addUnsaid(files.objects, generation);
  return Object.values(files);
}

/** Rights of what neither a constant nor a class stands for. */
function addUnsaid(file: SourceFile, generation: Generation): void {
  const { schema, naming, said } = generation;
  const context = new FileContext(file, generation);
  const taken = new Set(naming.exported);
  for (const object of holdersOf(schema.catalog).sort(byPath)) {
    const { id, kind, path } = object;
    const isHolder = schema
      .children(object)
      .some((child) => kindOf(child.kind).source?.(child, context)?.at === "entry");
    if (said.has(id) || !isHolder) continue;
    const name = freeName([camelCase(`${path.at(-1)}_rights`, "the")], taken);
    const place =
      path.length === 1 || path[0] === generation.defaultSchema ? stringCode(path.at(-1) ?? "") : stringList(path);
    file.add(
      `export const ${name} = ${callCode(context.use("rights"), stringCode(kind), place, objectCode(context.entries(object)))};`,
    );
  }
}

/** Whatever holds objects of a kind that objects of many kinds may hold, as they do rights: of most catalogs, nothing. */
function holdersOf({ objects }: Catalog): CatalogObject[] {
  const ids = new Set<string>();
  for (const object of objects.values()) {
    if (typeof kindOf(object.kind).parent !== "function") continue;
    const holder = parentId(object);
    if (holder !== null) ids.add(holder);
  }
  return [...ids].flatMap((id) => objects.get(id) ?? []);
}

/** What the models don't declare, and whose want will be felt where they are applied. */
function unmanagedSentences(catalog: Catalog): readonly string[] {
  const needed = neededExternals(catalog).map(
    ({ object, neededBy }) =>
      `${describe(object)} is needed by ${describe(neededBy)}, and its definition can't be written: create it before the models are applied to an empty database`,
  );
  const objects = [...catalog.objects.values()].filter(({ kind }) => kindOf(kind).managed === false).sort(byPath);
  return [...needed, ...objects.map((object) => `${describe(object)} is not managed: the models don't declare it`)];
}
