/** Check constraints of tables. */

import { type CatalogObject, objectId, sameData } from "../catalog/catalog.js";
import { displayName } from "../sql/identifier.js";
import {
  addConstraint,
  constraintBase,
  constraintName,
  constraintQuery,
  declaredValidity,
  type Validity,
  validateConstraint,
  validityFields,
} from "./constraint.js";
import { heirsOf, isTakenOver } from "./family.js";
import type { Alteration, Kind, PlanContext } from "./kind.js";
import { callCode, sqlCode, stringCode } from "./source.js";
import { alterTable, compact, jsonObject } from "./statements.js";

export interface CheckDefinition extends Validity {
  readonly expression: string;
  readonly noInherit?: true;
}

export const checkKind: Kind<CheckDefinition> = {
  name: "check",
  ...constraintBase,

  query: (server) =>
    constraintQuery(
      "'c'",
      "NULL::text",
      jsonObject({
        expression: "pg_get_expr(k.conbin, k.conrelid)",
        noInherit: "CASE WHEN k.connoinherit THEN true END",
        ...validityFields(server),
      }),
    ),

  *declare({ tables }) {
    for (const { schema, name: table, constraints } of tables)
      for (const constraint of constraints)
        if (constraint.type === "check")
          yield {
            path: [schema, table, constraint.name],
            comment: constraint.comment,
            definition: compact<CheckDefinition>({
              expression: constraint.expression,
              noInherit: constraint.noInherit || null,
              ...declaredValidity(constraint),
            }),
          };
  },

  drop(object, context) {
    const { path } = object;
    if (isTakenOver(object, context, isMerged)) return [];
    return [path, ...keepingHeirs(path, context)].map((table) => ({
      sql: alterTable(table, `DROP CONSTRAINT ${constraintName(path)}`),
    }));
  },
  inline: ({ path, definition }) => (definition.notValid ? null : { sql: checkClause(path, definition) }),
  create: ({ path, definition }) => [addConstraint(path, checkClause(path, definition), definition)],
  alter(from, to): Alteration {
    const { notValid, ...before } = from.definition;
    if (notValid === undefined || to.definition.notValid || !sameData(before, to.definition)) return { op: "replace" };
    return { op: "statements", statements: [validateConstraint(to.path)] };
  },
  source: ({ path, definition: { expression, noInherit, notValid, notEnforced } }, context) => ({
    at: "constraints",
    code: () =>
      [
        callCode(context.use("check"), stringCode(path[2] ?? ""), sqlCode(expression, context)),
        ...(noInherit ? [".noInherit()"] : []),
        ...(notValid ? [".notValid()"] : []),
        ...(notEnforced ? [".notEnforced()"] : []),
      ].join(""),
  }),
  describe: (_object, path) => `check constraint ${displayName(path)}`,
};

/** A check that parents are given too merges with the one of its name. */
function isMerged(own: CatalogObject, parents: CatalogObject): boolean {
  return own.path[2] === parents.path[2] && sameData(own.definition, parents.definition);
}

/** The tables that have the check from this one, and would keep it. */
function keepingHeirs(path: readonly string[], { from, to, survives }: PlanContext): readonly (readonly string[])[] {
  const name = path[2] ?? "";
  return heirsOf(from, path.slice(0, 2))
    .filter(({ path: heir, definition: { merged } }) => merged?.checks?.includes(name) && survives("table", heir))
    .map(({ path: heir }) => heir)
    .filter((heir) => !to.objects.has(objectId("check", [...heir, name])));
}

function checkClause(
  path: readonly string[],
  { expression, noInherit, notValid, notEnforced }: CheckDefinition,
): string {
  return [
    `CONSTRAINT ${constraintName(path)} CHECK (${expression})`,
    ...(noInherit ? ["NO INHERIT"] : []),
    ...(notEnforced ? ["NOT ENFORCED"] : []),
    ...(notValid ? ["NOT VALID"] : []),
  ].join(" ");
}
