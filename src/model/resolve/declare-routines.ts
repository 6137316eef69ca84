/** Functions, procedures and aggregates, as declarations. */

import { isSqlFragment, type SqlFragment } from "../../sql/fragment.js";
import type { AggregateDeclaration, ArgumentDeclaration, FunctionDeclaration, RoutineNamed } from "../declarations.js";
import { type AggregateDefinition, argumentsOf, type FunctionDefinition } from "../routines.js";
import { type DeclareContext, named } from "./declare-types.js";
import { checkName } from "./names.js";

export function declareFunction(definition: FunctionDefinition, context: DeclareContext): FunctionDeclaration {
  const { options } = definition;
  const origin = originOf(definition);
  const { returns } = options;
  const text = (body: string | SqlFragment | undefined) =>
    isSqlFragment(body) ? context.problems.sql(body, origin) : (body ?? null);
  if ((options.body === undefined) === (options.sqlBody === undefined))
    context.problems.add("model.function_body", `${origin} has to have one body; give it either body or sqlBody.`);
  return {
    ...routine(definition, origin, context),
    returns: typeof returns === "object" ? returns.spec.type.sql(context.defaultSchema) : (returns ?? null),
    language: options.language ?? "sql",
    window: options.window ?? false,
    volatility: options.volatility ?? "volatile",
    strict: options.strict ?? false,
    securityDefiner: options.securityDefiner ?? false,
    leakproof: options.leakproof ?? false,
    parallel: options.parallel ?? "unsafe",
    cost: options.cost ?? null,
    rows: options.rows ?? null,
    support: options.support ?? null,
    settings: options.settings ?? {},
    transforms: options.transforms ?? [],
    body: text(options.body),
    sqlBody: text(options.sqlBody),
    library: options.library ?? null,
  };
}

export function declareAggregate(definition: AggregateDefinition, context: DeclareContext): AggregateDeclaration {
  const {
    schema: _a,
    comment: _b,
    renamedFrom: _c,
    arguments: _d,
    directArguments = null,
    owner: _e,
    grants: _f,
    securityLabels: _g,
    ...parameters
  } = definition.options;
  const texts = Object.entries(parameters).flatMap(([name, value]) => {
    if (value === undefined || value === false) return [];
    return [[name, typeof value === "object" ? value.spec.type.sql(context.defaultSchema) : String(value)]];
  });
  return {
    ...routine(definition, originOf(definition), context),
    directArguments,
    parameters: Object.fromEntries(texts),
  };
}

function routine(
  definition: FunctionDefinition | AggregateDefinition,
  origin: string,
  context: DeclareContext,
): RoutineNamed {
  checkName(definition.name, origin, context.problems);
  return {
    ...named(origin, definition, context),
    arguments: declareArguments(definition, origin, context),
  };
}

/** What it is called with. */
export function declareArguments(
  { options }: FunctionDefinition | AggregateDefinition,
  origin: string,
  context: DeclareContext,
): readonly ArgumentDeclaration[] {
  return argumentsOf(options).map(({ name, mode, type: { spec } }) => {
    if (name !== null) checkName(name, `${origin}, argument ${JSON.stringify(name)}`, context.problems);
    return {
      name,
      mode,
      type: spec.type.sql(context.defaultSchema),
      default: spec.serverDefault === null ? null : context.problems.sql(spec.serverDefault, origin),
    };
  });
}

/** `sqlFunction("total")`. */
function originOf({ kind, name }: FunctionDefinition | AggregateDefinition): string {
  const factories = { function: "sqlFunction", procedure: "sqlProcedure", aggregate: "sqlAggregate" };
  return `${factories[kind]}(${JSON.stringify(name)})`;
}
