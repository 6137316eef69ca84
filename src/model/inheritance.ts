/** Models that inherit from each other: which they are, what tables they are in, and which rows are whose. */

import type { Column } from "../sql/column.js";
import type { SqlFragment } from "../sql/fragment.js";
import type { Selectable } from "../sql/selectable.js";
import { columnExpressions, type ModelDefinition } from "./definition.js";

/** The model that all of them inherit from, which may be the model itself: one object stands for one row of its table. */
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

/** Whether it has a table of its own: as the first, or as one that inherits and names a table. */
export function ownsTable({ inherits, options }: ModelDefinition): boolean {
  return inherits === null || options.tablename !== undefined;
}

/** The model whose table has what `definition` adds: itself, or the nearest above it that has a table of its own. */
export function tableOwnerOf(definition: ModelDefinition): ModelDefinition {
  return definition.inherits === null || ownsTable(definition) ? definition : tableOwnerOf(definition.inherits);
}

/** The models whose tables have the parts of its rows, from the first one down. */
export function tableOwnersOf(definition: ModelDefinition): readonly ModelDefinition[] {
  const { inherits } = definition;
  const above = inherits === null ? [] : tableOwnersOf(inherits);
  return ownsTable(definition) ? [...above, definition] : above;
}

/** The model that a column or column property comes from: it, or one that it inherits from. */
export function adderOf(definition: ModelDefinition, property: string): ModelDefinition {
  const { inherits } = definition;
  const isInherited =
    inherits !== null &&
    (Object.hasOwn(inherits.columns, property) || Object.hasOwn(inherits.options.properties ?? {}, property));
  return isInherited ? adderOf(inherits, property) : definition;
}

/** The model whose table has a column; of a key that several tables have, the first one. */
export function homeOf(definition: ModelDefinition, property: string): ModelDefinition {
  return tableOwnerOf(adderOf(definition, property));
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
