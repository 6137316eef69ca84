/** Operators. */

import { objectId, sameData } from "../../catalog/catalog.js";
import { quoteIdentifier } from "../../sql/identifier.js";
import type { Alteration, Kind, PlanContext } from "../kind.js";
import { parseQualified } from "../source.js";
import {
  functionName,
  isUsers,
  operatorName,
  type PlainCatalogDefinition,
  type PlainObject,
  parameterList,
  plainBase,
  plainColumns,
} from "./plain.js";

type Operator = PlainObject<"operator">;

/** `<~>(integer, integer)` → `<~>`. */
const symbol = (path: readonly string[]) => (path[1] ?? "").replace(/\(.*$/s, "");
const qualified = (path: readonly string[]) => `${quoteIdentifier(path[0] ?? "")}.${symbol(path)}`;
const operands = (left: string | undefined, right: string | undefined) => `(${left ?? "NONE"}, ${right ?? "NONE"})`;
const target = ({ path, definition: { left, right } }: Operator) =>
  `OPERATOR ${qualified(path)} ${operands(left, right)}`;

const { renamesFreely: _, ...base } = plainBase("operator", {
  factory: "operator",
  types: ["left", "right"],
  arguments: ({ path }) => ({ codes: [JSON.stringify(symbol(path))], said: [] }),
});

export const operatorKind: Kind<PlainCatalogDefinition<"operator">> = {
  ...base,

  seenIn: "pg_operator WHERE oid >= 16384",
  // What has no function is only named by another, as its commutator.
  query: () =>
    `${plainColumns(
      "pg_operator",
      `n.nspname, x.oprname || '(' || coalesce(format_type(nullif(x.oprleft, 0), NULL), 'NONE') || ', ' || coalesce(format_type(nullif(x.oprright, 0), NULL), 'NONE') || ')'`,
      {
        left: "format_type(nullif(x.oprleft, 0), NULL)",
        right: "format_type(nullif(x.oprright, 0), NULL)",
        function: "x.oprcode::text",
        commutator: `CASE WHEN x.oprcom <> 0 THEN ${operatorName("x.oprcom")} END`,
        negator: `CASE WHEN x.oprnegate <> 0 THEN ${operatorName("x.oprnegate")} END`,
        restrict: functionName("x.oprrest"),
        join: functionName("x.oprjoin"),
        hashes: "CASE WHEN x.oprcanhash THEN true END",
        merges: "CASE WHEN x.oprcanmerge THEN true END",
      },
    )} JOIN managed n ON n.oid = x.oprnamespace WHERE x.oprcode <> 0 AND ${isUsers("pg_operator")}`,

  create({ path, definition }) {
    const { left, right, commutator, negator, restrict, join, hashes, merges } = definition;
    const parameters = parameterList({
      FUNCTION: definition.function,
      LEFTARG: left,
      RIGHTARG: right,
      COMMUTATOR: commutator && `OPERATOR(${commutator})`,
      NEGATOR: negator && `OPERATOR(${negator})`,
      RESTRICT: restrict,
      JOIN: join,
    });
    const flags = [...(hashes ? ["HASHES"] : []), ...(merges ? ["MERGES"] : [])];
    return [{ sql: `CREATE OPERATOR ${qualified(path)} (${[parameters, ...flags].join(", ")})` }];
  },
  drop: (object) => [{ sql: `DROP ${target(object)}` }],

  alter(from, to, context): Alteration {
    const { restrict: oldRestrict, join: oldJoin, ...before } = withoutLinks(from.definition);
    const { restrict, join, ...after } = withoutLinks(to.definition);
    if (!sameData(before, after) || !linksFollow(from, to, context)) return { op: "replace" };
    const changes = parameterList({
      RESTRICT: restrict === oldRestrict ? null : (restrict ?? "NONE"),
      JOIN: join === oldJoin ? null : (join ?? "NONE"),
    });
    return { op: "statements", statements: changes === "" ? [] : [{ sql: `ALTER ${target(to)} SET (${changes})` }] };
  },

  commentTarget: target,
  namedByTypes: true,
  plainName: symbol,
  bindsColumns: () => true,
};

function withoutLinks({ commutator: _a, negator: _b, ...rest }: Operator["definition"]) {
  return rest;
}

/** Whether commutator and negator are what they are to be once the operators at their other end are made and dropped. */
function linksFollow(from: Operator, to: Operator, context: PlanContext): boolean {
  const { left, right } = to.definition;
  const follows = (before: string | undefined, after: string | undefined, partner: string) => {
    if (before === after) return true;
    const idOf = (name: string) => {
      const dot = name.lastIndexOf(".");
      const [schema = "pg_catalog"] = dot < 0 ? [] : parseQualified(name.slice(0, dot));
      return objectId("operator", [schema, `${name.slice(dot + 1)}${partner}`]);
    };
    // What goes is unlinked, what comes links itself.
    const isGone = before === undefined || !context.to.objects.has(idOf(before));
    return isGone && (after === undefined || !context.from.objects.has(idOf(after)));
  };
  return (
    follows(from.definition.commutator, to.definition.commutator, operands(right, left)) &&
    follows(from.definition.negator, to.definition.negator, operands(left, right))
  );
}
