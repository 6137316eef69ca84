/** Queries of rows by their keys. */

import { type Entity, sourceEntity } from "../../model/entity.js";
import { emptySelect, Select, type SelectSpec } from "../../query/select.js";
import type { Column } from "../../sql/column.js";
import type { MappedColumn, Mapper } from "../mapper.js";
import type { Criteria } from "./criteria.js";
import { InputRows } from "./input-rows.js";
import { columnOf } from "./load-plan.js";
import { LoadTree } from "./load-tree.js";
import { type PreparedQuery, prepareQuery } from "./prepare.js";

/** The rows with these keys: `WHERE "id" = $1`, or joined with the list of them. */
export function keyQuery(
  criteria: Criteria,
  mapper: Mapper,
  keys: readonly (readonly unknown[])[],
  tree: LoadTree,
): PreparedQuery {
  const entity = sourceEntity(mapper.definition);
  const columns = mapper.key.map(({ property }) => columnOf(entity, property));
  const [key, ...more] = keys;
  const condition =
    key !== undefined && more.length === 0
      ? { where: columns.map((column, i) => column.eq(key[i])) }
      : joinKeys(new InputRows(mapper.key, keys), entity, columns);
  const statement = new Select<readonly unknown[]>({
    ...emptySelect,
    elements: [{ kind: "entity", entity }],
    ...condition,
  });
  const trees = new Map([[entity.from, tree]]);
  return prepareQuery(statement, { trees, criteria, unrestricted: true, path: new Set(), joins: "all" });
}

function joinKeys(input: InputRows, { from }: Entity, columns: readonly Column<unknown>[]): Partial<SelectSpec> {
  const on = input.equal(columns);
  return { from: [input], joins: [{ type: "JOIN", lateral: false, target: from, through: null, from: input, on }] };
}

/** These columns and nothing else. */
export function columnsOnly(mapper: Mapper, columns: readonly MappedColumn[]): LoadTree {
  const entity = sourceEntity(mapper.definition);
  return new LoadTree(
    [{ kind: "columns", only: true, columns: columns.map((c) => columnOf(entity, c.property)) }],
    false,
  );
}
