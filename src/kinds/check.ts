/** Check constraints of tables. */

import { sameData } from "../catalog/catalog.js";
import { displayName } from "../sql/identifier.js";
import {
  constraintComment,
  constraintName,
  constraintQuery,
  constraintSlots,
  dropConstraint,
  dropsWithColumns,
  renameConstraint,
} from "./constraint.js";
import type { Alteration, Kind } from "./kind.js";
import { callCode, sqlCode, stringCode } from "./source.js";
import { alterTable, compact, jsonObject } from "./statements.js";

export interface CheckDefinition {
  readonly expression: string;
  readonly noInherit?: true;
  readonly notValid?: true;
  readonly notEnforced?: true;
}

export const checkKind: Kind<CheckDefinition> = {
  name: "check",
  parent: "table",

  query: ({ version }) =>
    constraintQuery(
      "'c'",
      "NULL::text",
      jsonObject({
        expression: "pg_get_expr(k.conbin, k.conrelid)",
        noInherit: "CASE WHEN k.connoinherit THEN true END",
        notValid: `CASE WHEN NOT k.convalidated ${version >= 180000 ? "AND k.conenforced" : ""} THEN true END`,
        ...(version >= 180000 ? { notEnforced: "CASE WHEN NOT k.conenforced THEN true END" } : {}),
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
              notValid: (!constraint.validated && constraint.enforced) || null,
              notEnforced: !constraint.enforced || null,
            }),
          };
  },

  inline: ({ path, definition }) => (definition.notValid ? null : { sql: checkClause(path, definition) }),
  create: ({ path, definition }) => [
    {
      sql: alterTable(path, `ADD ${checkClause(path, definition)}`),
      hazards: definition.notValid || definition.notEnforced ? [] : ["may-fail", "scan"],
    },
  ],
  drop: dropConstraint,
  dropsWith: dropsWithColumns,
  alter(from, to): Alteration {
    const { notValid, ...before } = from.definition;
    if (notValid === undefined || to.definition.notValid || !sameData(before, to.definition)) return { op: "replace" };
    return {
      op: "statements",
      statements: [
        { sql: alterTable(to.path, `VALIDATE CONSTRAINT ${constraintName(to.path)}`), hazards: ["may-fail", "scan"] },
      ],
    };
  },
  rename: renameConstraint,
  renamesFreely: true,
  commentTarget: constraintComment,
  slots: constraintSlots,
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
