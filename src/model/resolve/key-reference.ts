/** Foreign keys that join the tables of one object: the key of a model's own table with the one that it has above. */

import { isKindOf, ownsTable } from "../inheritance.js";
import { keyProperties } from "../joined.js";
import type { Problems } from "../problems.js";
import type { ForeignKeyMetadata } from "./foreign-keys.js";

/** Whether a foreign key is such a one. */
export function isKeyReference(key: ForeignKeyMetadata): boolean {
  return isOfOwnKey(key) && isKindOf(key.table.definition, key.target.definition);
}

/** The key of a model's own table points to the table above, or to nothing. */
export function checkKeyReference(key: ForeignKeyMetadata, where: string, problems: Problems): boolean {
  if (!isOfOwnKey(key) || isKeyReference(key)) return true;
  problems.add(
    "model.inheritance",
    `${where} is the key of a model that inherits and references ${key.target.label}; reference the table of a model that ${key.table.label} inherits from, or leave .references() out.`,
  );
  return false;
}

function isOfOwnKey({ table, columns }: ForeignKeyMetadata): boolean {
  const { definition, own } = table;
  if (definition.inherits === null || !ownsTable(definition)) return false;
  return (
    columns.length === keyProperties(definition).length &&
    columns.every((column) => column.spec.primaryKey && own.columns.includes(column))
  );
}
