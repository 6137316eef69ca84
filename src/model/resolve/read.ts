/** Reads one model: its table, columns, constraints and relationships, with nothing looked up elsewhere yet. */

import type { Column } from "../../sql/column.js";
import { asc } from "../../sql/ordering.js";
import type { ColumnSpec } from "../column.js";
import { type ConstraintSpec, foreignKey, primaryKey, unique } from "../constraints.js";
import {
  columnExpressions,
  columnName,
  type ModelDefinition,
  modelDefinitionOf,
  modelName,
  type PlainModelOptions,
  relationNames,
  relationSpec,
  siblings,
  tableName,
} from "../definition.js";
import { index } from "../index-builder.js";
import type { Problems } from "../problems.js";
import type { RelationSpec } from "../relations.js";
import { checkColumn } from "./check-column.js";

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
  /** What a model adds to the table that it shares; of a model with a table of its own, all there is. */
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
  for (const column of columns) checkColumn(column, problems);
  checkNames(label, columns, problems);
  const inherited = definition.inherits;
  const ownColumns = columns.filter(({ property }) => !Object.hasOwn(inherited?.columns ?? {}, property));
  const own = {
    columns: ownColumns,
    constraints: [
      ...columnConstraints(definition, ownColumns),
      ...tableConstraints(definition, definition.options, label, problems),
    ],
  };
  const constraints = [...inheritedConstraints(definition, columns, label, problems), ...own.constraints];
  refuseClusteredTwice(label, name, constraints, problems);
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

/** What the models say whose table it shares, over its own columns. */
function inheritedConstraints(
  definition: ModelDefinition,
  columns: readonly ColumnMetadata[],
  label: string,
  problems: Problems,
): readonly ReadConstraint[] {
  const found: ReadConstraint[] = [];
  for (let model = definition.inherits; model !== null; model = model.inherits)
    found.push(...tableConstraints(definition, model.options, label, problems));
  const shared = columns.filter(({ property }) => Object.hasOwn(definition.inherits?.columns ?? {}, property));
  return [...columnConstraints(definition, shared), ...found];
}

/** A table with what the models add that share it. */
export function wholeTable(table: TableMetadata, heirs: readonly TableMetadata[], problems: Problems): TableMetadata {
  if (heirs.length === 0) return table;
  const columns = [...table.columns, ...heirs.flatMap(({ own }) => own.columns)];
  checkNames(table.label, columns, problems);
  return { ...table, columns, constraints: [...table.constraints, ...heirs.flatMap(({ own }) => own.constraints)] };
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

/** What `.primaryKey()`, `.unique()`, `.references()` and `.index()` say, in the form of the table's own constraints. */
function columnConstraints(definition: ModelDefinition, columns: readonly ColumnMetadata[]): readonly ReadConstraint[] {
  const bare = columnExpressions(definition, null);
  const keys = columns.filter((column) => column.spec.primaryKey);
  const found: ReadConstraint[] = [];
  if (keys.length > 0) {
    const origin = keys.map((column) => column.origin).join(", ");
    found.push({ spec: primaryKey(...keys.map((column) => bare[column.property]!)).spec, origin });
  }
  for (const { property, spec, origin } of columns) {
    const column = bare[property]!;
    if (spec.unique !== null) {
      const { name = null, nullsNotDistinct = false, deferrable = "no" } = spec.unique;
      found.push({ spec: { ...unique(column).spec, name, nullsNotDistinct, deferrable }, origin });
    }
    if (spec.references !== null) {
      const { target, options } = spec.references;
      const { name = null, comment = null, renamedFrom = null } = options;
      const base = foreignKey(column).spec;
      found.push({ spec: { ...base, target, options, name, comment, renamedFrom }, origin });
    }
    if (spec.index !== null) {
      const { name = null, unique: isUnique = false, using = "btree", opclass, where = null } = spec.index;
      const part = opclass === undefined ? column : asc(column).opclass(opclass);
      found.push({ spec: { ...index(part).spec, name, unique: isUnique, method: using, where }, origin });
    }
  }
  return found;
}

export function tableConstraints(
  definition: ModelDefinition,
  { constraints: callback }: Pick<PlainModelOptions, "constraints">,
  label: string,
  problems: Problems,
): readonly ReadConstraint[] {
  if (callback === undefined) return [];
  const columns = columnExpressions(definition, null);
  // The proxy has the columns as they are, and throws for what is none.
  const guarded = siblings(columns, label) as typeof columns;
  const constraints = problems.attempt("model.constraints", `The constraints of ${label}`, () => callback(guarded));
  return (constraints ?? []).map(({ spec }) => ({ spec, origin: label }));
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

/** The columns that a late reference gave; empty where it gave a model. */
export function targetColumns(target: unknown): readonly Column<unknown>[] {
  return (Array.isArray(target) ? target : [target]).filter(isColumn);
}

/** By its kind, since it may be another copy's class. */
function isColumn(value: unknown): value is Column<unknown> {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "column-expression";
}
