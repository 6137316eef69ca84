/** Conditions that hold wherever a model is read, such as that a row isn't marked as deleted. */

import { type ModelDefinition, modelTable } from "../../model/definition.js";
import type { SqlFragment } from "../../sql/fragment.js";
import { type Selectable, TableAlias } from "../../sql/selectable.js";

export interface Criterion {
  readonly definition: ModelDefinition;
  /** Over the model's own columns. */
  readonly condition: SqlFragment;
}

export class Criteria {
  constructor(readonly all: readonly Criterion[]) {}

  /** What holds for rows that are read from `selectable`: a model's table, or an alias of it. */
  of(selectable: Selectable): readonly SqlFragment[] {
    const table = selectable instanceof TableAlias ? selectable.of : selectable;
    return this.all
      .filter(({ definition }) => modelTable(definition) === table)
      .map(({ condition }) => readAs(condition, table, selectable));
  }
}

export const noCriteria = new Criteria([]);

/** A fragment whose columns of `original` are written as those of `other`. */
export function readAs(fragment: SqlFragment, original: Selectable, other: Selectable): SqlFragment {
  if (original === other) return fragment;
  return { writeSql: (writer) => writer.replacing(original, other, () => fragment.writeSql(writer)) };
}
