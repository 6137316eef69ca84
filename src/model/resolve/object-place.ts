/** Which object a definition is of, for what is said of it beside its own declaration. */

import type { DeclaredOf } from "../declarations.js";
import type { StandaloneDefinition } from "../objects.js";
import { declareArguments } from "./declare-routines.js";
import type { DeclareContext } from "./declare-types.js";
import type { TableMetadata } from "./read.js";

/** Definitions' kinds that `kinds/` call otherwise. */
const kindNames: Readonly<Record<string, string>> = { composite: "composite type", range: "range type" };

const inNoSchema: ReadonlySet<string> = new Set(["schema", "language", "foreign data wrapper", "foreign server"]);

/** What carries rights. */
type HolderDefinition = Extract<StandaloneDefinition, { readonly rights: unknown }>;

export function objectPlace(object: HolderDefinition, context: DeclareContext): DeclaredOf {
  const origin = `${object.kind} ${JSON.stringify(object.name)}`;
  if (object.kind === "schema") return { origin, of: "schema", schema: null, name: object.name, arguments: null };
  if (object.kind === "rights") {
    const [schema, name] = typeof object.name === "string" ? [context.defaultSchema, object.name] : object.name;
    return { origin, of: object.of, schema: inNoSchema.has(object.of) ? null : schema, name, arguments: null };
  }
  const { kind, name } = object;
  const isRoutine = kind === "function" || kind === "procedure" || kind === "aggregate";
  const schema = object.schema ?? context.defaultSchema;
  const args = isRoutine ? declareArguments(object, origin, context) : null;
  return { origin, of: kindNames[kind] ?? kind, schema, name, arguments: args };
}

export function tablePlace({ definition: { view }, label, schema, name }: TableMetadata): DeclaredOf {
  const of = view === null ? "table" : view.materialized ? "materialized view" : "view";
  return { origin: label, of, schema, name, arguments: null };
}
