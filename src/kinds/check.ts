/** Check constraints of tables. */

import { sameData } from "../catalog/catalog.js";
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
import type { Alteration, Kind } from "./kind.js";
import { callCode, sqlCode, stringCode } from "./source.js";
import { compact, jsonObject } from "./statements.js";

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
