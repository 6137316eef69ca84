/** Which objects go into one statement: those for which it does the same with each column. */

import type { InstanceState } from "../model/state.js";
import { remember } from "../remember.js";
import { isSqlFragment, type SqlFragment } from "../sql/fragment.js";
import { sql } from "../sql/sql.js";
import type { MappedTable } from "./mapped-table.js";
import type { MappedColumn } from "./mapper.js";
import { currentValue } from "./values.js";

/** What a statement does with a column of an object. */
export const Part = Object.freeze({
  leftOut: 0,
  value: 1,
  /** The column's `onUpdate`, the same for all objects. */
  onUpdateSql: 2,
  /** `DEFAULT`, in an UPDATE. */
  default: 3,
  /** SQL that the attribute holds: the object's own, which then has a statement of its own. */
  ownSql: 4,
});

export type PartOf = (state: InstanceState, column: MappedColumn) => (typeof Part)[keyof typeof Part];

/** What the rows of one INSERT or UPDATE have in common. */
export interface Shape {
  /** The columns that each row gives a value for. */
  readonly columns: readonly MappedColumn[];
  /** Columns whose value is SQL. */
  readonly expressions: ReadonlyMap<MappedColumn, SqlFragment>;
}

export interface ShapeGroup {
  readonly shape: Shape;
  readonly states: InstanceState[];
}

/** A step for each column, to the shape of the objects that agree in all of them. */
interface Branch {
  readonly next: Branch[];
  shape: Shape | null;
}

/** The shapes that a table's rows have had: a tree finds them without a name for each object. */
const trees = new WeakMap<MappedTable, Branch>();

/**
 * Groups of objects that share a statement, by the first of each. The shape of a group is the same object whenever it comes
 * up, unless it has SQL of an object's own.
 *
 * @param columns those of the table that are written.
 */
export function groupByShape(
  table: MappedTable,
  columns: readonly MappedColumn[],
  states: readonly InstanceState[],
  partOf: PartOf,
): Iterable<ShapeGroup> {
  const root = remember(trees, table, branch);
  const groups = new Map<Shape, ShapeGroup>();
  for (const state of states) {
    let at = root;
    let alone = false;
    for (const column of columns) {
      const part = partOf(state, column);
      alone ||= part === Part.ownSql;
      at = at.next[part] ??= branch();
    }
    let shape = alone ? null : at.shape;
    if (shape === null) {
      shape = shapeOf(columns, state, partOf);
      if (!alone) at.shape = shape;
    }
    const group = groups.get(shape);
    if (group === undefined) groups.set(shape, { shape, states: [state] });
    else group.states.push(state);
  }
  return groups.values();
}

function branch(): Branch {
  return { next: [], shape: null };
}

function shapeOf(columns: readonly MappedColumn[], state: InstanceState, partOf: PartOf): Shape {
  const given: MappedColumn[] = [];
  const expressions = new Map<MappedColumn, SqlFragment>();
  for (const column of columns) {
    const part = partOf(state, column);
    if (part === Part.value) given.push(column);
    else if (part === Part.default) expressions.set(column, sql`DEFAULT`);
    else if (part !== Part.leftOut) {
      const expression = part === Part.ownSql ? currentValue(state, column) : column.spec.onUpdate?.value;
      if (isSqlFragment(expression)) expressions.set(column, expression);
    }
  }
  return { columns: given, expressions };
}
