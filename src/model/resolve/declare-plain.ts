/** What a name and options say whole, as declarations: types and expressions become SQL. */

import { isSqlFragment } from "../../sql/fragment.js";
import type { ColumnDef } from "../column.js";
import type { PlainDeclaration } from "../declarations.js";
import type { StandaloneDefinition } from "../objects.js";
import type { PlainDefinition } from "../plain/plain.js";
import type { DeclareContext } from "./declare-types.js";
import type { NameBook } from "./names.js";
import { refuseSecrets } from "./secrets.js";

export function declarePlain(
  definition: PlainDefinition,
  context: DeclareContext & { readonly names: NameBook },
): PlainDeclaration {
  const { kind, origin, comment, renamedFrom } = definition;
  const schema = definition.schema === null ? context.defaultSchema : (definition.schema ?? null);
  const settings = resolved(definition.options, origin, context) as object;
  const path = [...(schema === null ? [] : [schema]), ...definition.path(settings)];
  if ("options" in settings) refuseSecrets(settings.options as object, origin, context.problems);
  context.names.takePart(kind, path.slice(0, -1), path.at(-1) ?? "", origin);
  return { kind, origin, schema, path, comment, renamedFrom, definition: settings };
}

/** Types among an object's options: what they need joins the declarations. */
export function typesUsedBy({ options }: PlainDefinition): readonly StandaloneDefinition[] {
  return Object.values(options).flatMap((value) => (isType(value) ? value.spec.type.uses : []));
}

/** What was given, with SQL in place of types and fragments, and without what was left out. */
function resolved(value: unknown, origin: string, context: DeclareContext): unknown {
  if (isType(value)) return value.spec.type.sql(context.defaultSchema);
  if (isSqlFragment(value)) return context.problems.sql(value, origin);
  if (Array.isArray(value)) return value.map((element) => resolved(element, origin, context));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) =>
      member === undefined ? [] : [[key, resolved(member, origin, context)]],
    ),
  );
}

/** A definition of a column stands for its type. */
function isType(value: unknown): value is ColumnDef<unknown, boolean> {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "column";
}
