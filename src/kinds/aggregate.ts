/** Aggregates: functions over many rows, made of functions over a state. */

import { type CatalogObject, sameData } from "../catalog/catalog.js";
import type { AggregateDeclaration } from "../model/declarations.js";
import { quoteLiteral } from "../sql/identifier.js";
import type { Alteration, Kind } from "./kind.js";
import {
  type ArgumentDefinition,
  argumentDefinitions,
  argumentList,
  argumentsField,
  declaredPath,
  isOwnRoutine,
  quotedName,
  routineBase,
  routineColumns,
  routineSource,
} from "./routine.js";
import { stringCode } from "./source.js";
import { compact, jsonObject } from "./statements.js";

export interface AggregateDefinition {
  readonly arguments?: readonly ArgumentDefinition[];
  /** How many arguments stand before ORDER BY; absent where it is no ordered-set aggregate. */
  readonly directArguments?: number;
  /** What it gives; follows from the rest, and is not declared. */
  readonly returns?: string;
  /** As CREATE AGGREGATE takes them, in lower case: `{ sfunc: "int4pl", stype: "integer", initcond: "0" }`. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** How each parameter is read from `pg_aggregate` (named `a`), in the order in which CREATE AGGREGATE has them. */
const parameterFields: Readonly<Record<string, string>> = {
  sfunc: "a.aggtransfn::text",
  stype: "format_type(a.aggtranstype, NULL)",
  sspace: "nullif(a.aggtransspace, 0)::text",
  finalfunc: routineField("a.aggfinalfn"),
  finalfunc_extra: "CASE WHEN a.aggfinalextra THEN 'true' END",
  finalfunc_modify: modifyField("a.aggfinalmodify"),
  combinefunc: routineField("a.aggcombinefn"),
  serialfunc: routineField("a.aggserialfn"),
  deserialfunc: routineField("a.aggdeserialfn"),
  initcond: "a.agginitval",
  msfunc: routineField("a.aggmtransfn"),
  minvfunc: routineField("a.aggminvtransfn"),
  mstype: "CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END",
  msspace: "nullif(a.aggmtransspace, 0)::text",
  mfinalfunc: routineField("a.aggmfinalfn"),
  mfinalfunc_extra: "CASE WHEN a.aggmfinalextra THEN 'true' END",
  mfinalfunc_modify: `CASE WHEN a.aggmtransfn <> 0 THEN ${modifyField("a.aggmfinalmodify")} END`,
  minitcond: "a.aggminitval",
  sortop:
    "(SELECT 'OPERATOR(' || quote_ident(sn.nspname) || '.' || o.oprname || ')' FROM pg_operator o JOIN pg_namespace sn ON sn.oid = o.oprnamespace WHERE o.oid = a.aggsortop)",
  parallel: "CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' END",
  hypothetical: "CASE WHEN a.aggkind = 'h' THEN 'true' END",
};

/** Ordered-set aggregates may change their state as they end, others may not, unless they say otherwise. */
function modifyField(column: string): string {
  return `CASE WHEN ${column} <> CASE WHEN a.aggkind = 'n' THEN 'r' ELSE 'w' END
          THEN CASE ${column} WHEN 'r' THEN 'read_only' WHEN 's' THEN 'shareable' ELSE 'read_write' END END`;
}

function routineField(column: string): string {
  return `CASE WHEN ${column} <> 0 THEN ${column}::text END`;
}

/** Parameters that are texts; all others are SQL. */
const texts: ReadonlySet<string> = new Set(["initcond", "minitcond"]);

export const aggregateKind: Kind<AggregateDefinition> = {
  ...routineBase("aggregate"),

  seenIn: "pg_proc WHERE prokind = 'a' AND oid >= 16384",
  query: () => `${routineColumns},
      ${jsonObject({
        arguments: argumentsField,
        directArguments: "CASE WHEN a.aggkind <> 'n' THEN a.aggnumdirectargs END",
        returns: "pg_get_function_result(p.oid)",
        parameters: jsonObject(parameterFields),
      })}
    FROM pg_proc p JOIN managed n ON n.oid = p.pronamespace JOIN pg_aggregate a ON a.aggfnoid = p.oid
    WHERE ${isOwnRoutine}`,

  *declare({ aggregates }) {
    for (const declared of aggregates)
      yield { path: declaredPath(declared), comment: declared.comment, definition: aggregateDefinition(declared) };
  },

  create: (object) => [{ sql: createAggregate(object, "CREATE") }],
  alter(from, to): Alteration {
    const { parameters: before, ...shape } = from.definition;
    const { parameters: after, ...wanted } = to.definition;
    if (!sameData(shape, wanted) || before.hypothetical !== after.hypothetical) return { op: "replace" };
    return { op: "statements", statements: [{ sql: createAggregate(to, "CREATE OR REPLACE") }] };
  },

  source: (object, context) =>
    routineSource("sqlAggregate", object, context, () => {
      const { directArguments, parameters } = object.definition;
      const codes = Object.entries(parameters).map(([name, value]) => [name, stringCode(value)]);
      return {
        directArguments: directArguments === undefined ? null : String(directArguments),
        ...Object.fromEntries(codes),
      };
    }),
};

function createAggregate({ path, definition }: CatalogObject<AggregateDefinition>, verb: string): string {
  const parameters = Object.entries(definition.parameters).map(([name, value]) => {
    if (name === "hypothetical" || name.endsWith("_extra")) return name.toUpperCase();
    return `${name.toUpperCase()} = ${texts.has(name) ? quoteLiteral(value).trimStart() : value}`;
  });
  return `${verb} AGGREGATE ${quotedName(path)}(${aggregateArguments(definition)}) (${parameters.join(", ")})`;
}

function aggregateArguments({ arguments: all = [], directArguments }: AggregateDefinition): string {
  if (directArguments === undefined) return all.length === 0 ? "*" : argumentList(all);
  const direct = argumentList(all.slice(0, directArguments));
  // VARIADIC "any" on both sides is kept once.
  const ordered = directArguments < all.length ? all.slice(directArguments) : all.slice(-1);
  return `${direct}${direct === "" ? "" : " "}ORDER BY ${argumentList(ordered)}`;
}

function aggregateDefinition({
  arguments: all,
  directArguments,
  parameters,
}: AggregateDeclaration): AggregateDefinition {
  return {
    ...compact<Omit<AggregateDefinition, "parameters">>({
      arguments: argumentDefinitions(all),
      directArguments,
      returns: null,
    }),
    parameters,
  };
}
