/** Models that share a table: which they are, and which rows are whose. */

import type { Column } from "../sql/column.js";
import type { SqlFragment } from "../sql/fragment.js";
import type { Selectable } from "../sql/selectable.js";
import { columnExpressions, type ModelDefinition } from "./definition.js";

/** The model whose table it is, which may be the model itself. */
export function rootOf(definition: ModelDefinition): ModelDefinition {
  return definition.inherits === null ? definition : rootOf(definition.inherits);
}

/** Whether instances of `definition` are instances of `other`, too. */
export function isKindOf(definition: ModelDefinition, other: ModelDefinition | null): boolean {
  return definition === other || (definition.inherits !== null && isKindOf(definition.inherits, other));
}

/** The model and all that inherit from it. */
export function kindsOf(definition: ModelDefinition): readonly ModelDefinition[] {
  return [definition, ...definition.heirs.flatMap(kindsOf)];
}

/** The property of the column that says of which model a row is; null: the model has none. */
export function discriminatorOf(definition: ModelDefinition): string | null {
  const found = Object.entries(rootOf(definition).columns).find(([, { spec }]) => spec.discriminator);
  return found?.[0] ?? null;
}

/** Which rows of the table are of this model, or of one that inherits from it: `"kind" IN ('manager', …)`. */
export function rowsOf(definition: ModelDefinition, from: Selectable): SqlFragment {
  return {
    atomic: true,
    writeSql(writer) {
      // Read when it is written: models that inherit may come later.
      const identities = kindsOf(definition).flatMap(({ options }) => options.identity ?? []);
      const property = discriminatorOf(definition) ?? "";
      const column: Column<unknown> | undefined = columnExpressions(definition, from)[property];
      (identities.length === 1 ? column?.eq(identities[0]) : column?.in(identities))?.writeSql(writer);
    },
  };
}
