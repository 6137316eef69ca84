/** Reads one model: its table, columns, constraints and relationships, with nothing looked up elsewhere yet. */

import type { Column } from "../../sql/column.js";
import type { ColumnSpec } from "../column.js";
import type { ConstraintSpec } from "../constraints.js";
import {
  columnName,
  type ModelDefinition,
  modelDefinitionOf,
  modelName,
  relationNames,
  relationSpec,
  tableName,
} from "../definition.js";
import { ownsTable, rootOf } from "../inheritance.js";
import { keyColumn, keyName, keyProperties, keyReference } from "../joined.js";
import type { Problems } from "../problems.js";
import type { RelationSpec } from "../relations.js";
import { checkColumn } from "./check-column.js";
import { columnConstraints, inheritedConstraints, isOver, tableConstraints } from "./read-constraints.js";

export interface ColumnMetadata {
  readonly property: string;
  /** In the database. */
  readonly name: string;
  readonly spec: ColumnSpec;
  /** `User.email`, for messages. */
  readonly origin: string;
}

export interface ReadConstraint {
  readonly spec: ConstraintSpec;
  readonly origin: string;
}

export interface TableMetadata {
  readonly definition: ModelDefinition;
  /** `User`, for messages. */
  readonly label: string;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly ColumnMetadata[];
  /** Constraints and indexes, those said on columns first. */
  readonly constraints: readonly ReadConstraint[];
  /** The columns of the primary key, in its order; empty: none. */
  readonly primaryKey: readonly ColumnMetadata[];
  readonly relations: ReadonlyMap<string, RelationSpec>;
  /** What a model adds to the table that it shares; of a model with a table of its own, all that this has. */
  readonly own: { readonly columns: readonly ColumnMetadata[]; readonly constraints: readonly ReadConstraint[] };
}

/** A table, or null where not even its name is known. */
export function readModel(
  definition: ModelDefinition,
  defaultSchema: string,
  problems: Problems,
): TableMetadata | null {
  const name = tableName(definition);
  const label = modelName(definition);
  if (name === null) {
    const properties = Object.keys(definition.columns).join(", ");
    problems.add(
      "model.name_missing",
      `A model with the columns ${properties} has no name; write class Name extends Base.model(…) {}, or give it a tablename.`,
    );
    return null;
  }
  const columns = Object.entries(definition.columns).map(([property, { spec }]) => ({
    property,
    name: columnName(definition, property),
    spec,
    origin: `${label}.${property}`,
  }));
  const { inherits } = definition;
  const added = columns.filter(({ property }) => !Object.hasOwn(inherits?.columns ?? {}, property));
  const own = readOwn(definition, [...readKeyColumns(definition, label), ...added], problems);
  for (const column of new Set([...columns, ...own.columns])) checkColumn(column, problems);
  checkNames(label, ownsTable(definition) ? own.columns : columns, problems);
  // What it inherits has the key already.
  const constraints = [
    ...inheritedConstraints(definition, columns, problems),
    ...own.constraints.filter(({ spec }) => inherits === null || spec.kind !== "primary key"),
  ];
  refuseClusteredTwice(label, name, ownsTable(definition) ? own.constraints : constraints, problems);
  return {
    definition,
    label,
    schema: definition.options.schema ?? definition.base.schema ?? defaultSchema,
    name,
    columns,
    constraints,
    primaryKey: readPrimaryKey(label, columns, constraints, problems),
    relations: readRelations(definition, label, problems),
    own,
  };
}

/** The columns of the key of a table of its own, where the model inherits. */
function readKeyColumns(definition: ModelDefinition, label: string): readonly ColumnMetadata[] {
  if (definition.inherits === null || !ownsTable(definition)) return [];
  return keyProperties(definition).map((property) => ({
    property,
    name: keyName(definition, property),
    spec: keyColumn(definition, property).spec,
    origin: `${label}.${property}`,
  }));
}

/** What a model adds to its table, or all of a table of its own. */
function readOwn(
  definition: ModelDefinition,
  columns: readonly ColumnMetadata[],
  problems: Problems,
): TableMetadata["own"] {
  const label = modelName(definition);
  const constraints = [
    ...columnConstraints(definition, columns),
    ...tableConstraints(definition, definition.options, problems),
  ];
  const { inherits } = definition;
  if (inherits === null || !ownsTable(definition)) return { columns, constraints };
  const key = keyProperties(definition);
  if (key.length === 0)
    problems.add(
      "model.inheritance",
      `${label} has a table of its own, whose key would be that of ${modelName(rootOf(definition))}, which has none; give that one with .primaryKey().`,
    );
  if (key.length === 0 || constraints.some(({ spec }) => isOver(spec, key))) return { columns, constraints };
  const origin = key.map((property) => `${label}.${property}`).join(", ");
  return { columns, constraints: [...constraints, { spec: keyReference(definition, inherits).spec, origin }] };
}

/** A table as it is in the database: what its model says of it, and what the models add that share it. */
export function wholeTable(table: TableMetadata, heirs: readonly TableMetadata[], problems: Problems): TableMetadata {
  const all = [table, ...heirs];
  const columns = all.flatMap(({ own }) => own.columns);
  const constraints = all.flatMap(({ own }) => own.constraints);
  checkNames(table.label, columns, problems);
  return { ...table, columns, constraints };
}

function checkNames(label: string, columns: readonly ColumnMetadata[], problems: Problems): void {
  const seen = new Map<string, ColumnMetadata>();
  for (const column of columns) {
    const other = seen.get(column.name);
    if (other !== undefined)
      problems.add(
        "model.column_duplicate",
        `${label}.${other.property} and ${label}.${column.property} are both the column "${column.name}"; give one another name with .named().`,
      );
    seen.set(column.name, column);
  }
}

function readPrimaryKey(
  label: string,
  columns: readonly ColumnMetadata[],
  constraints: readonly ReadConstraint[],
  problems: Problems,
): readonly ColumnMetadata[] {
  const keys = constraints.flatMap(({ spec }) => (spec.kind === "primary key" ? [spec] : []));
  const [first, second] = keys;
  if (first === undefined) return [];
  if (second !== undefined)
    problems.add(
      "model.primary_key_twice",
      `${label} has two primary keys (${keys.map((key) => key.columns.map((c) => c.origin.property).join(", ")).join("; ")}); keep .primaryKey() on columns or primaryKey() in constraints, not both.`,
    );
  const found = first.columns.flatMap((key) => columns.filter((column) => column.property === key.origin.property));
  for (const column of found) {
    if (column.spec.nullable)
      problems.add(
        "model.primary_key_nullable",
        `${column.origin} is in the primary key and nullable; a primary key can't be null, remove .nullable().`,
      );
  }
  return found;
}

/** CLUSTER follows one index of a table. */
function refuseClusteredTwice(
  label: string,
  table: string,
  constraints: readonly ReadConstraint[],
  problems: Problems,
): void {
  const clustered = constraints.flatMap(({ spec }) => ("clustered" in spec && spec.clustered ? [spec.kind] : []));
  if (clustered.length > 1)
    problems.add(
      "model.clustered_twice",
      `${label} has .clustered() ${clustered.length} times (${clustered.join(", ")}); CLUSTER orders the table "${table}" by one index, keep one of them.`,
    );
}

function readRelations(
  definition: ModelDefinition,
  label: string,
  problems: Problems,
): ReadonlyMap<string, RelationSpec> {
  const found = new Map<string, RelationSpec>();
  for (const property of relationNames(definition)) {
    const where = `${label}.${property}`;
    if (Object.hasOwn(definition.columns, property)) {
      problems.add("model.property_twice", `${where} is a column and a relationship; rename one of them.`);
      continue;
    }
    const spec = problems.attempt("model.relation_target", where, () => relationSpec(definition, property));
    if (spec === null) continue;
    if (spec?.kind !== "relation" || modelDefinitionOf(spec.target) === null) {
      problems.add(
        "model.relation_target",
        `${where} points to something that is no model; write get ${property}() { return many(Model); }, with get so that a model from a circular import is there when it is read.`,
      );
      continue;
    }
    found.set(property, spec);
  }
  return found;
}

/** The models that a model names by functions and relationships: they are declared with it. */
export function reachedFrom(table: TableMetadata): readonly ModelDefinition[] {
  const relations = [...table.relations.values()];
  const { inherits, heirs } = table.definition;
  const targets = [
    ...relations.map((relation) => relation.target),
    ...relations.map((relation) => evaluate(relation.options.secondary)),
    ...table.constraints.map(({ spec }) => (spec.kind === "foreign key" ? evaluate(spec.target) : null)),
  ];
  const named = targets.flatMap((target) => targetDefinition(target) ?? []);
  const parents = inheritedModels(table.definition).flatMap((model) => modelDefinitionOf(model) ?? []);
  return [...(inherits === null ? [] : [inherits]), ...heirs, ...parents, ...named];
}

/** The models after INHERITS. */
export function inheritedModels({ options: { inherits } }: ModelDefinition): readonly unknown[] {
  const models = typeof inherits === "function" ? evaluate(inherits) : inherits;
  return Array.isArray(models) ? models : [];
}

/** What a late reference gives; null where it is a name, or throws (which is reported where it is resolved). */
function evaluate(target: unknown): unknown {
  if (typeof target !== "function") return null;
  try {
    return target();
  } catch {
    return null;
  }
}

/** The model behind what a late reference gave: a class, a column of it, or several columns. */
export function targetDefinition(target: unknown): ModelDefinition | null {
  if (Array.isArray(target)) return targetDefinition(target[0]);
  const [column] = targetColumns(target);
  // A column's definition is always a model's: base.ts makes all of them.
  if (column !== undefined) return column.origin.definition as ModelDefinition;
  return modelDefinitionOf(target);
}

/** Whether an index that has all rows finds them by a column: it begins with it. */
export function leadsIndex({ constraints }: TableMetadata, property: string): boolean {
  return constraints.some(({ spec }) => {
    if (spec.kind === "primary key" || spec.kind === "unique") return spec.columns[0]?.origin.property === property;
    if (spec.kind !== "index" || spec.where !== null || spec.method !== "btree") return false;
    return targetColumns(spec.parts[0])[0]?.origin.property === property;
  });
}

/** The columns that a late reference gave; empty where it gave a model. */
export function targetColumns(target: unknown): readonly Column<unknown>[] {
  return (Array.isArray(target) ? target : [target]).filter(isColumn);
}

/** By its kind, since it may be another copy's class. */
function isColumn(value: unknown): value is Column<unknown> {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "column-expression";
}
