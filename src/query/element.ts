/** What a statement gives: the elements of SELECT and RETURNING, and the plan by which its rows are read. */

import { type ModelDefinition, modelName } from "../model/definition.js";
import { type Entity, entityOf } from "../model/entity.js";
import { modelSource } from "../model/source.js";
import { Column, type ColumnOrigin } from "../sql/column.js";
import { QueryError } from "../sql/errors.js";
import { Expression, Labeled, Operation } from "../sql/expression.js";
import { isSqlFragment, type SqlFragment, type SqlWriter, type ValueType } from "../sql/fragment.js";
import { quoteIdentifier } from "../sql/identifier.js";
import { type Selectable, shortName } from "../sql/selectable.js";
import { Call } from "./call.js";
import { Hybrid } from "./hybrid.js";

/** How one element of a row is read. */
export type ColumnPlan = ValuePlan | EntityPlan;

/** One column: a value. */
export interface ValuePlan {
  readonly kind: "value";
  /** The model's column that it is, null for one that is computed. */
  readonly column: ColumnOrigin | null;
  /** What its codec is made from; null: as the driver gives it. */
  readonly type: ValueType | null;
  readonly name: string;
}

/** Columns `offset` to `offset + count - 1`: an instance, or null where an outer join found none. */
export interface EntityPlan {
  readonly kind: "entity";
  readonly definition: ModelDefinition;
  /** The model's name, or the alias's. */
  readonly name: string;
  /** What it is read from: tells an alias from the model itself. */
  readonly alias: Selectable;
  /** In the order of the columns. */
  readonly properties: readonly string[];
  readonly offset: number;
  readonly count: number;
}

/** An element of SELECT or RETURNING as it was given, sorted out. */
export type Element =
  | { readonly kind: "entity"; readonly entity: Entity }
  | { readonly kind: "value"; readonly fragment: SqlFragment; readonly label: string | null };

/**
 * Sorts out what was given.
 *
 * @throws QueryError `query.element` for what can't be selected, such as a column's misspelt name.
 */
export function readElement(given: unknown, position: number): Element {
  const entity = entityOf(given);
  if (entity !== null) return { kind: "entity", entity };
  if (given instanceof Labeled) return { kind: "value", fragment: given.expression, label: given.name };
  if (isSqlFragment(given)) return { kind: "value", fragment: given, label: null };
  throw new QueryError(
    "query.element",
    `Element ${position + 1} of the statement is ${given === undefined ? "undefined; is a column misspelt?" : `a ${typeof given}; write literal(…) for a value.`}`,
  );
}

/** `"users"."id", count(*) AS "posts"`. */
export function writeElements(elements: readonly Element[], writer: SqlWriter): void {
  for (const [i, element] of elements.entries()) {
    if (i > 0) writer.text(", ");
    if (element.kind === "entity") writeEntity(element.entity, writer);
    else if (element.label === null && element.fragment instanceof Column) writeColumn(element.fragment, writer);
    else {
      element.fragment.writeSql(writer);
      if (element.label !== null) writer.text(` AS ${quoteIdentifier(element.label)}`);
    }
  }
}

function writeEntity({ columns, from }: Entity, writer: SqlWriter): void {
  writer.reference(from);
  for (const [i, column] of Object.values(columns).entries()) {
    if (i > 0) writer.text(", ");
    writeColumn(column, writer);
  }
}

/** A column under its own name, which one that is computed has to be given. */
function writeColumn(column: Column<unknown>, writer: SqlWriter): void {
  column.writeSql(writer);
  if (column.expression !== null) writer.text(` AS ${quoteIdentifier(column.name)}`);
}

/** How rows of these elements are read. */
export function planColumns(elements: readonly Element[]): readonly ColumnPlan[] {
  let offset = 0;
  return elements.map((element) => {
    const plan = element.kind === "entity" ? planEntity(element.entity, offset) : planValue(element, offset);
    offset += plan.kind === "entity" ? plan.count : 1;
    return plan;
  });
}

function planEntity({ definition, from, columns }: Entity, offset: number): EntityPlan {
  const properties = Object.keys(columns);
  const name = from === modelSource(definition) ? modelName(definition) : shortName(from);
  return { kind: "entity", definition, name, alias: from, properties, offset, count: properties.length };
}

function planValue({ fragment, label }: Element & { kind: "value" }, offset: number): ValuePlan {
  const type = fragment instanceof Expression ? fragment.type : null;
  const origin = fragment instanceof Column ? fragment.origin : null;
  const column = origin !== null && isModelDefinition(origin.definition) ? origin : null;
  return { kind: "value", column, type, name: label ?? nameOf(fragment) ?? `column${offset + 1}` };
}

/** The name under which an element without a label is read. */
function nameOf(fragment: SqlFragment): string | null {
  if (fragment instanceof Column) return fragment.origin.property;
  if (fragment instanceof Operation || fragment instanceof Call || fragment instanceof Hybrid) return fragment.name;
  return null;
}

function isModelDefinition(definition: object): boolean {
  return "kind" in definition && definition.kind === "model";
}
