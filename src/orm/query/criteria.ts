/** Conditions that hold wherever a model is read, such as that a row isn't marked as deleted. */

import { columnExpressions, modelTable } from "../../model/definition.js";
import type { CriteriaLoad } from "../../query/loader.js";
import type { SqlFragment } from "../../sql/fragment.js";
import { type Selectable, TableAlias } from "../../sql/selectable.js";

export class Criteria {
  constructor(readonly all: readonly CriteriaLoad[]) {}

  /** Both. */
  and(other: Criteria): Criteria {
    if (other.all.length === 0) return this;
    return this.all.length === 0 ? other : new Criteria([...this.all, ...other.all]);
  }

  /** What holds for rows that are read from `selectable`: a model's table, or an alias of it. */
  of(selectable: Selectable): readonly SqlFragment[] {
    if (this.all.length === 0) return [];
    const table = selectable instanceof TableAlias ? selectable.of : selectable;
    return this.all
      .filter(({ entity }) => modelTable(entity.definition) === table)
      .map(({ entity, condition }) => condition(columnExpressions(entity.definition, selectable)));
  }
}

export const noCriteria = new Criteria([]);

/** A fragment whose columns of `original` are written as those of `other`. */
export function readAs(fragment: SqlFragment, original: Selectable, other: Selectable): SqlFragment {
  if (original === other) return fragment;
  return { writeSql: (writer) => writer.replacing(original, other, () => fragment.writeSql(writer)) };
}
