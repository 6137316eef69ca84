/** What a model that inherits must not say. */

import { AthanorError } from "../errors.js";
import type { ColumnSpec } from "./column.js";
import { type ColumnDefs, type ModelDefinition, modelName, type PlainModelOptions } from "./definition.js";
import { discriminatorOf, isKindOf, kindsOf, rootOf, tableOwnerOf } from "./inheritance.js";
import { keyProperties } from "./joined.js";
import { snakeCase } from "./naming.js";

/** What only a table of its own can have. */
const tableOptions = [
  "schema",
  "comment",
  "foreign",
  "unlogged",
  "with",
  "replicaIdentity",
  "tablespace",
  "accessMethod",
  "rowLevelSecurity",
  "owner",
  "grants",
  "securityLabels",
  "policies",
  "triggers",
  "rules",
  "statistics",
  "renamedFrom",
  "polymorphicLoad",
] as const;

/**
 * Whether a model can inherit from another, with columns of its own.
 *
 * @throws AthanorError `model.inheritance`
 */
export function checkInheritance(parent: ModelDefinition, own: ColumnDefs, options: PlainModelOptions): void {
  const { identity } = options;
  const joined = options.tablename !== undefined;
  const name = modelName(parent);
  const heir = `The model ${JSON.stringify(identity)} that inherits from ${name}`;
  const refuse = (sentence: string): never => {
    throw new AthanorError("model.inheritance", `${heir} ${sentence}`);
  };
  const kinds = kindsOf(rootOf(parent));
  if (parent.view !== null) refuse("would add to a view; give it a view of its own with Base.view().");
  if (discriminatorOf(parent) === null)
    refuse(`shares its rows, and no column says whose a row is; give ${name} one: kind: text().discriminator().`);
  if (kinds.some((kind) => kind.options.identity === identity))
    refuse("has an identity that another model of them has; give each its own.");
  const stray = joined ? undefined : tableOptions.find((option) => options[option] !== undefined);
  if (stray !== undefined)
    refuse(`has the option ${stray}, and shares its table; give it one of its own with tablename, or leave it out.`);
  const owner = tableOwnerOf(parent);
  const shared = kinds.filter((kind) => isKindOf(parent, kind) || (!joined && tableOwnerOf(kind) === owner));
  for (const [property, { spec }] of Object.entries(own)) {
    if (spec.discriminator) refuse(`defines ${property} as a discriminator; ${name} has that of its rows.`);
    if (spec.primaryKey) {
      if (!joined) refuse(`defines ${property} as a key; ${name} has that of the table.`);
      checkKey(parent, property, spec, refuse);
      continue;
    }
    if (shared.some(({ columns }) => Object.hasOwn(columns, property)))
      refuse(`defines ${property}, which is there already; give it another name, or define it in ${name}.`);
    if (!joined && !spec.nullable && spec.generated === null)
      refuse(
        `defines ${property}, which other rows of the table don't have; write .nullable(), or give it a table of its own with tablename.`,
      );
  }
}

/** A key of its own table is the one of the table above. */
function checkKey(
  parent: ModelDefinition,
  property: string,
  { identity, serverDefault, default: given, type }: ColumnSpec,
  refuse: (sentence: string) => never,
): void {
  const key = keyProperties(parent);
  if (!key.includes(property))
    refuse(
      `defines the key ${property}, and the one of ${modelName(parent)} is ${key.join(", ")}; name it alike, and in the database with .named("${snakeCase(property)}").`,
    );
  if (identity !== null || serverDefault !== null || given !== null || type.serial)
    refuse(
      `defines the key ${property} with a value of its own; it has the one of ${modelName(parent)}, leave it out.`,
    );
}
