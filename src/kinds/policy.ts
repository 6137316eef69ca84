/** Row-level security policies. Whether they are in force is the table's own affair: see table.ts. */

import { type CatalogObject, sameData } from "../catalog/catalog.js";
import { quoteIdentifier, quotePath } from "../sql/identifier.js";
import { attachedBase } from "./attached.js";
import type { Alteration, Kind } from "./kind.js";
import { elementOptions, stringCode, stringList } from "./source.js";
import { compact, jsonObject, notMember } from "./statements.js";

export interface PolicyDefinition {
  /** Left out: ALL. */
  readonly command?: "select" | "insert" | "update" | "delete";
  /** Left out: PUBLIC. */
  readonly roles?: readonly string[];
  readonly using?: string;
  readonly check?: string;
  readonly restrictive?: true;
}

export const policyKind: Kind<PolicyDefinition> = {
  ...attachedBase("policy", { kind: "table", relations: "managed_table" }),

  seenIn: "pg_policy",
  query: () => `
    SELECT 'pg_policy'::regclass::oid, p.oid, 0, NULL::text, json_build_array(c.nspname, c.relname, p.polname),
      obj_description(p.oid, 'pg_policy'),
      ${jsonObject({
        command:
          "CASE p.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update' WHEN 'd' THEN 'delete' END",
        roles: `CASE WHEN p.polroles <> '{0}' THEN (SELECT json_agg(pg_get_userbyid(r) ORDER BY pg_get_userbyid(r)) FROM unnest(p.polroles) r) END`,
        using: "pg_get_expr(p.polqual, p.polrelid)",
        check: "pg_get_expr(p.polwithcheck, p.polrelid)",
        restrictive: "CASE WHEN NOT p.polpermissive THEN true END",
      })}
    FROM pg_policy p JOIN managed_table c ON c.oid = p.polrelid WHERE ${notMember("pg_policy", "p.oid")}`,

  *declare({ tables }) {
    for (const { schema, name: table, policies } of tables)
      for (const policy of policies)
        yield {
          path: [schema, table, policy.name],
          comment: policy.comment,
          definition: compact<PolicyDefinition>({
            command: policy.command === "all" ? null : policy.command,
            roles: [...policy.roles].sort(),
            using: policy.using,
            check: policy.check,
            restrictive: policy.restrictive || null,
          }),
        };
  },

  roles: ({ definition: { roles = [] } }) => roles,

  create({ path, definition }) {
    const { command, roles, using, check, restrictive } = definition;
    const parts = [
      `CREATE POLICY ${quoteIdentifier(path[2] ?? "")} ON ${quotePath(path.slice(0, 2))}`,
      ...(restrictive ? ["AS RESTRICTIVE"] : []),
      ...(command === undefined ? [] : [`FOR ${command.toUpperCase()}`]),
      ...(roles === undefined ? [] : [roleClause(roles)]),
      ...expressionClauses({ using, check }),
    ];
    return [{ sql: parts.join(" ") }];
  },

  /** Roles and expressions have an ALTER; an expression that goes has none. */
  alter(from, to): Alteration {
    const [before, after] = [from.definition, to.definition];
    if (
      before.command !== after.command ||
      before.restrictive !== after.restrictive ||
      (before.using !== undefined && after.using === undefined) ||
      (before.check !== undefined && after.check === undefined)
    )
      return { op: "replace" };
    const parts = [
      `ALTER POLICY ${quoteIdentifier(to.path[2] ?? "")} ON ${quotePath(to.path.slice(0, 2))}`,
      ...(sameData(before.roles, after.roles) ? [] : [roleClause(after.roles)]),
      ...expressionClauses({
        using: before.using === after.using ? undefined : after.using,
        check: before.check === after.check ? undefined : after.check,
      }),
    ];
    return { op: "statements", statements: [{ sql: parts.join(" ") }] };
  },

  source: ({ path, comment, definition }: CatalogObject<PolicyDefinition>, context) => ({
    at: "list",
    option: "policies",
    code: () => {
      const { command, roles, using, check, restrictive } = definition;
      const options = elementOptions({
        for: command === undefined ? null : stringCode(command),
        to: roles === undefined ? null : stringList(roles),
        using: using === undefined ? null : context.sql(path, using),
        check: check === undefined ? null : context.sql(path, check),
        restrictive: restrictive ? "true" : null,
        comment: comment === null ? null : stringCode(comment),
      });
      const name = stringCode(path[2] ?? "");
      return `${context.use("policy")}(${name}, ${options === "" ? "{}" : options})`;
    },
  }),
};

function roleClause(roles: readonly string[] = []): string {
  return `TO ${roles.length === 0 ? "PUBLIC" : roles.map(quoteIdentifier).join(", ")}`;
}

function expressionClauses({
  using,
  check,
}: {
  readonly using: string | undefined;
  readonly check: string | undefined;
}): readonly string[] {
  return [
    ...(using === undefined ? [] : [`USING (${using})`]),
    ...(check === undefined ? [] : [`WITH CHECK (${check})`]),
  ];
}
