/** Constraints and indexes, as declarations. */

import type { Column } from "../../sql/column.js";
import { type Ordering, quoteQualified } from "../../sql/ordering.js";
import type { CheckSpec, ExclusionSpec, IndexedSpec, IndexPart, KeySpec, StorageParameters } from "../constraints.js";
import type {
  ConstraintDeclaration,
  ExclusionConstraint,
  ForeignKeyConstraint,
  IndexDeclaration,
  IndexElement,
} from "../declarations.js";
import type { IndexSpec } from "../index-builder.js";
import { chooseName, type NamingKind } from "../naming.js";
import type { DeclareContext } from "./declare-types.js";
import { type ForeignKeyMetadata, ownColumns, type Tables } from "./foreign-keys.js";
import type { NameBook } from "./names.js";
import { type ReadConstraint, type TableMetadata, targetColumns } from "./read.js";

export interface TableContext extends DeclareContext {
  readonly table: TableMetadata;
  readonly tables: Tables;
  readonly names: NameBook;
  readonly foreignKeys: ReadonlyMap<ReadConstraint, ForeignKeyMetadata>;
}

/** A constraint, or nothing for an index and for a foreign key that has problems. */
export function declareConstraint(constraint: ReadConstraint, context: TableContext): readonly ConstraintDeclaration[] {
  const { spec, origin } = constraint;
  switch (spec.kind) {
    case "primary key":
    case "unique":
      return [declareKey(spec, origin, context)];
    case "check":
      return [declareCheck(spec, origin, context)];
    case "exclusion":
      return [declareExclusion(spec, origin, context)];
    case "foreign key": {
      const key = context.foreignKeys.get(constraint);
      return key === undefined ? [] : [declareForeignKey(key, context)];
    }
    case "index":
      return [];
  }
}

function declareKey(spec: KeySpec, origin: string, context: TableContext): ConstraintDeclaration {
  const columns = columnNames(spec.columns, `A ${spec.kind}`, context);
  const include = columnNames(spec.include, `A ${spec.kind}`, context);
  const kind = spec.kind === "unique" ? "unique" : "pk";
  return {
    type: spec.kind,
    origin,
    name: giveName(kind, spec.name, [...columns, ...include], origin, context),
    comment: spec.comment,
    renamedFrom: spec.renamedFrom,
    deferrable: spec.deferrable,
    columns,
    include,
    nullsNotDistinct: spec.nullsNotDistinct,
    withoutOverlaps: spec.withoutOverlaps,
    ...declareSettings(spec),
  };
}

function declareCheck(spec: CheckSpec, origin: string, context: TableContext): ConstraintDeclaration {
  const { table, names, problems } = context;
  const parts = { table: table.name, columns: [], target: "", name: spec.name };
  const name = chooseName("check", parts, table.definition.base.naming, () => false);
  names.takeConstraint(table.schema, table.name, name, `A check of ${table.label}`);
  return {
    type: "check",
    origin,
    name,
    comment: spec.comment,
    renamedFrom: spec.renamedFrom,
    deferrable: "no",
    expression: problems.sql(spec.condition, `The check ${JSON.stringify(spec.name)} of ${table.label}`),
    noInherit: spec.noInherit,
    validated: !spec.notValid,
    enforced: !spec.notEnforced,
  };
}

function declareExclusion(spec: ExclusionSpec, origin: string, context: TableContext): ExclusionConstraint {
  const elements = spec.elements.map(([part, operator]) => ({ ...declareElement(part, origin, context), operator }));
  const include = columnNames(spec.include, "An exclusion", context);
  return {
    type: "exclusion",
    origin,
    name: giveName("exclude", spec.name, [...elements.map(elementName), ...include], origin, context),
    comment: spec.comment,
    renamedFrom: spec.renamedFrom,
    deferrable: spec.deferrable,
    method: spec.method,
    elements,
    include,
    where: spec.where === null ? null : context.problems.sql(spec.where, `An exclusion of ${context.table.label}`),
    ...declareSettings(spec),
  };
}

function declareForeignKey(key: ForeignKeyMetadata, context: TableContext): ForeignKeyConstraint {
  const { spec, origin, target } = key;
  const { options } = spec;
  const columns = key.columns.map((column) => column.name);
  const onDeleteColumns = options.onDeleteColumns ?? [];
  const stray = onDeleteColumns.find((name) => !columns.includes(name));
  if (stray !== undefined)
    context.problems.add(
      "model.constraint_column",
      `${origin} sets the column "${stray}" on delete, which is not in the foreign key; it has ${columns.join(", ")}.`,
    );
  return {
    type: "foreign key",
    origin,
    name: giveName("fk", spec.name, columns, origin, context, target.name),
    comment: spec.comment,
    renamedFrom: spec.renamedFrom,
    deferrable: options.deferrable ?? "no",
    columns,
    references: { schema: target.schema, table: target.name, columns: key.targetColumns.map((column) => column.name) },
    period: spec.period,
    match: options.match ?? "simple",
    onUpdate: options.onUpdate ?? "no action",
    onDelete: options.onDelete ?? "no action",
    onDeleteColumns,
    validated: !(options.notValid ?? false),
    enforced: !(options.notEnforced ?? false),
  };
}

/** An index with its name. */
export function declareIndex(spec: IndexSpec, origin: string, context: TableContext): IndexDeclaration {
  const elements = spec.parts.map((part) => declareElement(part, origin, context));
  const include = columnNames(spec.include, "An index", context);
  return {
    origin,
    name: giveName("index", spec.name, [...elements.map(elementName), ...include], origin, context),
    comment: spec.comment,
    renamedFrom: spec.renamedFrom,
    method: spec.method,
    unique: spec.unique,
    nullsNotDistinct: spec.nullsNotDistinct,
    elements,
    include,
    where: spec.where === null ? null : context.problems.sql(spec.where, `An index of ${context.table.label}`),
    ...declareSettings(spec),
    statistics: spec.statistics,
  };
}

function declareSettings({ storageParameters, tablespace, clustered }: IndexedSpec) {
  return { storageParameters: text(storageParameters), tablespace, clustered };
}

/** An element of an index or of a partition key. */
export function declareElement(part: IndexPart, origin: string, context: TableContext): IndexElement {
  const ordering = isOrdering(part) ? part.spec : null;
  const target = ordering === null ? part : ordering.target;
  const [column] = targetColumns(target);
  return {
    target:
      column === undefined
        ? { expression: context.problems.sql(target, `An index of ${origin}`) }
        : { column: columnNames([column], "An index", context)[0] ?? column.name },
    collation: ordering?.collation == null ? null : quoteQualified(ordering.collation),
    operatorClass: ordering?.operatorClass == null ? null : quoteQualified(ordering.operatorClass),
    operatorClassParameters: ordering?.operatorClassParameters ?? {},
    order: ordering?.order ?? "asc",
    nulls: ordering?.nulls ?? null,
  };
}

/** By its kind, since it may be another copy's class. */
function isOrdering(part: IndexPart): part is Ordering {
  return "kind" in part && part.kind === "ordering";
}

/** An expression counts as `expr`: what PostgreSQL would call it takes parsing it. */
function elementName({ target }: IndexElement): string {
  return "column" in target ? target.column : "expr";
}

function columnNames(columns: readonly Column<unknown>[], what: string, context: TableContext): readonly string[] {
  return (ownColumns(context.table, columns, what, context.problems) ?? []).map((column) => column.name);
}

/** The name given, or the one that the Base's naming gives; taken in the name book either way. */
function giveName(
  kind: Exclude<NamingKind, "check">,
  given: string | null,
  columns: readonly string[],
  origin: string,
  context: TableContext,
  target = "",
): string {
  const { table, names } = context;
  const isTaken = (name: string) =>
    kind === "fk"
      ? names.isConstraint(table.schema, name)
      : names.isTaken(table.schema, name) || (kind !== "index" && names.isConstraint(table.schema, name));
  const parts = { table: table.name, columns, target, name: "" };
  const name = given ?? chooseName(kind, parts, table.definition.base.naming, isTaken);
  const owner = `the ${words[kind]} of ${origin}`;
  // Names that were given were taken before any was derived: see reserveGivenNames.
  if (given !== null) return name;
  if (kind !== "fk") names.take("relation", table.schema, name, owner);
  if (kind !== "index") names.takeConstraint(table.schema, table.name, name, owner);
  return name;
}

const words: Readonly<Record<Exclude<NamingKind, "check">, string>> = {
  pk: "primary key",
  unique: "unique constraint",
  index: "index",
  fk: "foreign key",
  exclude: "exclusion",
};

/** Takes the names that the models give themselves, so that derived ones keep clear of them. */
export function reserveGivenNames(table: TableMetadata, names: NameBook): void {
  for (const { spec, origin } of table.columns)
    if (spec.identity?.sequence !== undefined)
      names.take("relation", table.schema, spec.identity.sequence, `the sequence of ${origin}`);
  for (const { spec, origin } of table.constraints) {
    if (spec.kind === "check" || spec.name === null) continue;
    const owner = `the ${spec.kind} of ${origin}`;
    if (spec.kind !== "foreign key") names.take("relation", table.schema, spec.name, owner);
    if (spec.kind !== "index") names.takeConstraint(table.schema, table.name, spec.name, owner);
  }
}

/** Storage parameters as text. */
export function text(parameters: StorageParameters): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, String(value)]));
}
