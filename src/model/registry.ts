/** From models, or the modules that export them, to what they declare. */

import { declarationOf } from "./brand.js";
import type { Declarations } from "./declarations.js";
import { type ModelDefinition, modelDefinitionOf } from "./definition.js";
import type { StandaloneDefinition } from "./objects.js";
import type { PlainDefinition } from "./plain/plain.js";
import { ModelError, Problems } from "./problems.js";
import { calledBy, declareEventTrigger, functionOf, readAttached } from "./resolve/attached.js";
import { reserveGivenNames } from "./resolve/declare-constraint.js";
import { declarePlain, typesUsedBy } from "./resolve/declare-plain.js";
import { declareDefaultPrivileges, declareRights } from "./resolve/declare-rights.js";
import { declareRole } from "./resolve/declare-role.js";
import { declareAggregate, declareFunction } from "./resolve/declare-routines.js";
import { declareSecurityLabels } from "./resolve/declare-security-labels.js";
import { declareTable } from "./resolve/declare-table.js";
import {
  declareComposite,
  declareDomain,
  declareEnum,
  declareRange,
  declareSequence,
} from "./resolve/declare-types.js";
import { declareView } from "./resolve/declare-view.js";
import { type Linked, linkModels } from "./resolve/link.js";
import { checkName, NameBook } from "./resolve/names.js";
import { declarePartition, readPartitions } from "./resolve/partitions.js";
import { inheritedModels, type TableMetadata } from "./resolve/read.js";
import { checkShapes } from "./resolve/shapes.js";
import { routineTypes } from "./routines.js";

export interface CollectOptions {
  /** The schema of everything that names none; default: `public`. */
  readonly defaultSchema?: string;
}

/**
 * All that models and other declarations say, resolved: `collectDeclarations([User, Post])` or
 * `collectDeclarations([await import("./models.js")])`; modules and arrays are searched for what they export.
 *
 * What belongs: every model, type and standalone object among them; every model that one of those reaches by a
 * relationship or a function (`() => Post.id`); every type and extension that a column uses; every schema that one of
 * these names.
 *
 * @throws ModelError with everything that is wrong (`model.*`).
 */
export function collectDeclarations(exports: Iterable<unknown>, options: CollectOptions = {}): Declarations {
  const defaultSchema = options.defaultSchema ?? "public";
  const problems = new Problems();
  const { models, objects } = gather(exports, problems);
  checkShapes(models, objects, problems);
  problems.throwIfAny();
  const declarations = problems.shaped("One of the models", () =>
    declareAll(linkModels(models, defaultSchema, problems), objects, defaultSchema, problems),
  );
  if (declarations === null || problems.list.length > 0) throw new ModelError(problems.list);
  return declarations;
}

interface Gathered {
  readonly models: readonly ModelDefinition[];
  readonly objects: readonly StandaloneDefinition[];
}

/** The declarations among exports, modules' and arrays' members included, each once. */
function gather(exports: Iterable<unknown>, problems: Problems): Gathered {
  const models = new Set<ModelDefinition>();
  const objects = new Set<StandaloneDefinition>();
  const visit = (value: unknown, deeper: boolean): void => {
    const declaration = declarationOf(value);
    if (declaration?.kind === "model") {
      modelDefinitionOf(value);
      checkSubclass(value, declaration, problems);
      models.add(declaration);
    } else if (declaration?.kind === "base") {
      // A Base has no table; its models are exported themselves.
    } else if (declaration !== null) objects.add(declaration);
    else if (deeper && typeof value === "object" && value !== null)
      for (const member of Object.values(value)) visit(member, false);
  };
  for (const value of exports) visit(value, true);
  return { models: [...models], objects: [...objects] };
}

/** A class of a class that is a model already would be a second name for one table. */
function checkSubclass(value: unknown, { model, parent }: ModelDefinition, problems: Problems): void {
  if (value === model || value === parent || typeof value !== "function" || model === null) return;
  problems.add(
    "model.subclass",
    `${value.name} extends ${model.name}, which is a model already; give it columns of its own with Base.model(), and share with Base.extend().`,
  );
}

function declareAll(
  { tables, foreignKeys }: Linked,
  exported: readonly StandaloneDefinition[],
  defaultSchema: string,
  problems: Problems,
): Declarations {
  const names = new NameBook(problems);
  const context = { defaultSchema, problems };
  const whole = tables.whole(problems);
  const used = tables.all.flatMap(({ definition, columns }) => [
    ...typesOfTable(definition),
    ...columns.flatMap((column) => column.spec.type.uses),
  ]);
  const wholeWith = whole.map((table) => ({ table, attached: readAttached(table, problems) }));
  const partitions = whole.flatMap((table) => readPartitions(table, problems));
  const called = [...wholeWith, ...partitions].flatMap(({ attached }) => calledBy(attached));
  const objects = [...new Set([...[...exported, ...called].flatMap(withNeeds), ...used])];
  const ofKind = <K extends StandaloneDefinition["kind"]>(kind: K) =>
    objects.filter((object): object is Extract<StandaloneDefinition, { kind: K }> => object.kind === kind);

  /** What each definition declares, without those that are not what they have to be. */
  const declare = <K extends StandaloneDefinition["kind"], Made>(
    kind: K,
    make: (definition: Extract<StandaloneDefinition, { kind: K }>) => Made,
  ) => problems.shapedEach(ofKind(kind), (definition) => `${kind} ${nameOf(definition)}`, make);

  const enums = declare("enum", (definition) => declareEnum(definition, context));
  const domains = declare("domain", (definition) => declareDomain(definition, context));
  const composites = declare("composite", (definition) => declareComposite(definition, context));
  const ranges = declare("range", (definition) => declareRange(definition, context));
  const standalone = declare("sequence", (definition) => declareSequence(definition, tables, context));

  const functions = declare("function", (definition) => declareFunction(definition, context));
  const procedures = declare("procedure", (definition) => declareFunction(definition, context));
  const aggregates = declare("aggregate", (definition) => declareAggregate(definition, context));
  const routines = [...functions, ...procedures, ...aggregates];

  for (const routine of routines) names.takeRoutine(routine);
  for (const { schema, name, origin } of [...enums, ...domains, ...composites, ...ranges])
    names.take("type", schema, name, origin);
  for (const { schema, multirange, origin } of ranges)
    if (multirange !== null) names.take("type", schema, multirange, `the multirange of ${origin}`);
  for (const { schema, name, origin } of [...composites, ...standalone]) names.take("relation", schema, name, origin);
  // The second table of one name is reported already, in its own words.
  for (const { schema, name, label } of tables.all.filter((table) => tables.isFirst(table))) {
    names.take("relation", schema, name, label);
    names.take("type", schema, name, label);
  }
  for (const { table } of partitions) {
    names.take("relation", table.schema, table.name, table.label);
    names.take("type", table.schema, table.name, table.label);
  }
  for (const table of whole) reserveGivenNames(table, names);
  // Its sequences are those of its model.
  for (const { table } of partitions) reserveGivenNames({ ...table, columns: [] }, names);
  const label = ({ table }: { readonly table: TableMetadata }) => table.label;
  const declared = problems.shapedEach(
    parentsFirst(wholeWith.filter(({ table }) => table.definition.view === null)),
    label,
    ({ table, attached }) => declareTable({ ...context, table, tables, names, foreignKeys }, attached),
  );
  const declaredPartitions = problems.shapedEach(partitions, label, (partition) =>
    declarePartition(partition, { ...context, tables, names }),
  );
  const views = wholeWith.flatMap(({ table, attached }) => {
    const { view } = table.definition;
    if (view === null) return [];
    const make = () => declareView({ ...context, table, tables, names, foreignKeys }, view, attached);
    return problems.shaped(table.label, make) ?? [];
  });
  const eventTriggers = declare("event trigger", (definition) =>
    declareEventTrigger(definition, { ...context, names }),
  );

  const roles = declare("role", (definition) => declareRole(definition, { ...context, names }));
  const plain = problems.shapedEach(
    objects.filter(isPlain),
    ({ origin }) => origin,
    (definition) => declarePlain(definition, { ...context, names }),
  );
  const sequences = [...standalone, ...declared.flatMap((table) => table.sequences)];
  const types = [...enums, ...domains, ...composites, ...ranges];
  const homes = [
    ...types,
    ...sequences,
    ...routines,
    ...declared.map(({ table }) => table),
    ...declaredPartitions,
    ...views,
  ];
  const extensions = uniqueByName(ofKind("extension")).map(({ name, schema, version, comment }) => {
    const origin = `extension(${JSON.stringify(name)})`;
    checkName(name, origin, problems);
    return { origin, name, schema, version, comment };
  });
  return {
    defaultSchema,
    schemas: declareSchemas(
      ofKind("schema"),
      [...homes, ...extensions, ...plain].map(({ schema, origin }) => ({ schema, origin })),
      defaultSchema,
      problems,
    ),
    extensions,
    enums,
    domains,
    composites,
    ranges,
    sequences,
    functions,
    procedures,
    aggregates,
    tables: [...declared.map(({ table }) => table), ...declaredPartitions],
    views,
    eventTriggers,
    roles,
    plain,
    rights: declareRights(objects, whole, partitions, context),
    securityLabels: declareSecurityLabels(objects, whole, partitions, context),
    defaultPrivileges: declareDefaultPrivileges(ofKind("default privileges"), context),
    externals: ofKind("external").map(({ statement }, i) => {
      const origin = `external() number ${i + 1}`;
      return { origin, statement: problems.sql(statement, origin) };
    }),
  };
}

function nameOf(definition: StandaloneDefinition): string {
  return "name" in definition ? JSON.stringify(definition.name) : "";
}

/** Tables that inherit columns after those that they have them from. */
function parentsFirst<Item extends { readonly table: TableMetadata }>(items: readonly Item[]): readonly Item[] {
  const ordered = new Set<Item>();
  const visiting = new Set<Item>();
  const visit = (item: Item): void => {
    if (visiting.has(item)) return;
    visiting.add(item);
    const parents = inheritedModels(item.table.definition).map(modelDefinitionOf);
    if (parents.length > 0) for (const other of items) if (parents.includes(other.table.definition)) visit(other);
    ordered.add(item);
  };
  for (const item of items) visit(item);
  return [...ordered];
}

/** Of all that stands alone, only these have options and a path by them. */
function isPlain(object: StandaloneDefinition): object is PlainDefinition {
  return "path" in object;
}

/** A type with the types that it is made of. */
function withNeeds(object: StandaloneDefinition): readonly StandaloneDefinition[] {
  switch (object.kind) {
    case "domain":
      return [...object.of.spec.type.uses, object];
    case "composite":
      return [...Object.values(object.attributes).flatMap(({ spec }) => spec.type.uses), object];
    case "range":
      return [...object.subtype.spec.type.uses, object];
    case "function":
    case "procedure":
    case "aggregate":
      return [...routineTypes(object).flatMap(({ spec }) => spec.type.uses), object];
    case "event trigger": {
      const called = functionOf(object.options.call);
      return called === null ? [object] : [...withNeeds(called), object];
    }
    default:
      return isPlain(object) ? [...typesUsedBy(object), object] : [object];
  }
}

/** The type after OF. */
function typesOfTable({ options: { ofType } }: ModelDefinition): readonly StandaloneDefinition[] {
  const definition = declarationOf(ofType);
  return definition?.kind === "composite" ? withNeeds(definition) : [];
}

/** The extension of a type is said at each use; the fullest says it all. */
function uniqueByName<
  T extends { readonly name: string; readonly schema: string | null; readonly version: string | null },
>(objects: readonly T[]): readonly T[] {
  const found = new Map<string, T>();
  for (const object of objects) {
    const other = found.get(object.name);
    if (other === undefined || (other.schema === null && other.version === null)) found.set(object.name, object);
  }
  return [...found.values()];
}

/** Those declared, and those that only something in them names. The default schema is not declared by its use. */
function declareSchemas(
  definitions: readonly Extract<StandaloneDefinition, { kind: "schema" }>[],
  homes: readonly { readonly schema: string | null; readonly origin: string }[],
  defaultSchema: string,
  problems: Problems,
): Declarations["schemas"] {
  const found = new Map<string, Declarations["schemas"][number]>();
  for (const { name, comment, renamedFrom } of definitions) {
    const origin = `schema(${JSON.stringify(name)})`;
    if (found.has(name)) problems.add("model.name_taken", `${origin} is declared twice; keep one.`);
    found.set(name, { origin, name, comment, renamedFrom });
  }
  for (const { schema, origin } of homes) {
    if (schema !== null && schema !== defaultSchema && !found.has(schema))
      found.set(schema, { origin, name: schema, comment: null, renamedFrom: null });
  }
  for (const { name, origin } of found.values()) checkName(name, origin, problems);
  return [...found.values()];
}
