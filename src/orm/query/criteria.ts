/** Conditions that hold wherever a model is read, such as that a row isn't marked as deleted. */

import { columnExpressions, type ModelDefinition } from "../../model/definition.js";
import { isKindOf } from "../../model/inheritance.js";
import { definitionIn, modelSource } from "../../model/source.js";
import type { CriteriaLoad } from "../../query/loader.js";
import type { SqlFragment } from "../../sql/fragment.js";
import type { Selectable } from "../../sql/selectable.js";

export class Criteria {
  constructor(readonly all: readonly CriteriaLoad[]) {}

  /** Both. */
  and(other: Criteria): Criteria {
    if (other.all.length === 0) return this;
    return this.all.length === 0 ? other : new Criteria([...this.all, ...other.all]);
  }

  /** What holds for rows that are read from `selectable`: a model's tables, or an alias of them. */
  of(selectable: Selectable): readonly SqlFragment[] {
    if (this.all.length === 0) return [];
    const definition = definitionIn(selectable);
    if (definition === null) return [];
    return this.all
      .filter(({ entity }) => isKindOf(definition, entity.definition))
      .map(({ entity, condition }) => condition(columnExpressions(entity.definition, selectable)));
  }
}

export const noCriteria = new Criteria([]);

/** A fragment whose columns of a model, and of what this inherits from, are written as those of `other`. */
export function readAs(fragment: SqlFragment, definition: ModelDefinition, other: Selectable): SqlFragment {
  const original = modelSource(definition);
  const inner = definition.inherits === null ? fragment : readAs(fragment, definition.inherits, other);
  if (original === other) return inner;
  return { writeSql: (writer) => writer.replacing(original, other, () => inner.writeSql(writer)) };
}
