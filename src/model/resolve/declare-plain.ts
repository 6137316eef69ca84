/** What a name and options say whole, as declarations: types and expressions become SQL. */

import { isSqlFragment } from "../../sql/fragment.js";
import type { ColumnDef } from "../column.js";
import type { PlainDeclaration } from "../declarations.js";
import type { StandaloneDefinition } from "../objects.js";
import type { PlainDefinition } from "../plain/plain.js";
import { isSecret } from "../plain/servers.js";
import type { DeclareContext } from "./declare-types.js";
import type { NameBook } from "./names.js";

export function declarePlain(
  definition: PlainDefinition,
  context: DeclareContext & { readonly names: NameBook },
): PlainDeclaration {
  const { kind, origin, comment, renamedFrom } = definition;
  const schema = definition.schema === null ? context.defaultSchema : (definition.schema ?? null);
  const settings = resolved(definition.options, origin, context) as object;
  const path = [...(schema === null ? [] : [schema]), ...definition.path(settings)];
  refuseSecrets(definition, context);
  context.names.takePart(kind, path.slice(0, -1), path.at(-1) ?? "", origin);
  return { kind, origin, schema, path, comment, renamedFrom, definition: settings };
}

/** What a model says stands in migrations. */
function refuseSecrets({ origin, options }: PlainDefinition, { problems }: DeclareContext): void {
  const said = "options" in options && typeof options.options === "object" ? (options.options ?? {}) : {};
  for (const [name, value] of Object.entries(said))
    if (isSecret(name, String(value)))
      problems.add(
        "model.secret",
        `${origin} says its option ${JSON.stringify(name)}, which looks like a secret and would stand in migrations; leave it out, and set it on the database itself.`,
      );
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
