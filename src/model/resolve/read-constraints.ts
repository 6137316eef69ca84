/** Reads the constraints and indexes that models give, on columns and beside them. */

import { asc } from "../../sql/ordering.js";
import { type ConstraintSpec, foreignKey, primaryKey, unique } from "../constraints.js";
import { columnExpressions, type ModelDefinition, modelName, type PlainModelOptions, siblings } from "../definition.js";
import { index } from "../index-builder.js";
import type { Problems } from "../problems.js";
import type { ColumnMetadata, ReadConstraint } from "./read.js";
import { wellShaped } from "./shapes.js";

/** What `.primaryKey()`, `.unique()`, `.references()` and `.index()` say, in the form of the table's own constraints. */
export function columnConstraints(
  definition: ModelDefinition,
  columns: readonly ColumnMetadata[],
): readonly ReadConstraint[] {
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

/** What the `constraints` callback of a model or a partition gives, over the columns of it or of one that inherits from it. */
export function tableConstraints(
  definition: ModelDefinition,
  { constraints: callback }: Pick<PlainModelOptions, "constraints">,
  problems: Problems,
  label: string = modelName(definition),
): readonly ReadConstraint[] {
  if (callback === undefined) return [];
  const columns = columnExpressions(definition, null);
  // The proxy has the columns as they are, and throws for what is none.
  const guarded = siblings(columns, label) as typeof columns;
  const constraints = problems.attempt("model.constraints", `The constraints of ${label}`, () => callback(guarded));
  return wellShaped("constraints", constraints, label, problems).map(({ spec }) => ({ spec, origin: label }));
}

/** What the models say that it inherits from, over its own columns. */
export function inheritedConstraints(
  definition: ModelDefinition,
  columns: readonly ColumnMetadata[],
  problems: Problems,
): readonly ReadConstraint[] {
  const found: ReadConstraint[] = [];
  for (let model = definition.inherits; model !== null; model = model.inherits)
    found.push(...tableConstraints(definition, model.options, problems));
  const shared = columns.filter(({ property }) => Object.hasOwn(definition.inherits?.columns ?? {}, property));
  return [...columnConstraints(definition, shared), ...found];
}

/** Whether it is a foreign key of just these columns. */
export function isOver(spec: ConstraintSpec, properties: readonly string[]): boolean {
  return (
    spec.kind === "foreign key" &&
    spec.columns.length === properties.length &&
    spec.columns.every(({ origin }) => properties.includes(origin.property))
  );
}
