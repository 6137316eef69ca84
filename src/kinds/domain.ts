/** Domains: a base type with a default, a NOT NULL and (kind `domain constraint`) checks. */

import { type CatalogObject, dependantsOf, objectId } from "../catalog/catalog.js";
import { quoteIdentifier, quotePath } from "../sql/identifier.js";
import { carryWhole } from "./carry.js";
import type { Alteration, Kind, PlanContext } from "./kind.js";
import { callCode, objectCode, ownFields, qualifiedCode, type SourceContext, sqlCode, stringCode } from "./source.js";
import { collationName, compact, jsonObject, notMember } from "./statements.js";
import { isArrayType, typeOf, typeSlots } from "./type.js";

export interface DomainDefinition {
  readonly type: string;
  readonly notNull?: true;
  readonly default?: string;
  readonly collation?: string;
}

export interface DomainConstraintDefinition {
  readonly expression: string;
  readonly notValid?: true;
}

export const domainKind: Kind<DomainDefinition> = {
  name: "domain",

  seenIn: "pg_type WHERE typtype = 'd' AND oid >= 16384",
  query: () => `
    SELECT 'pg_type'::regclass::oid, t.oid, 0, 'pg_type/' || t.typarray, json_build_array(n.nspname, t.typname),
      obj_description(t.oid, 'pg_type'),
      ${jsonObject({
        type: "format_type(t.typbasetype, t.typtypmod)",
        notNull: "CASE WHEN t.typnotnull THEN true END",
        default: "coalesce(pg_get_expr(t.typdefaultbin, 0), quote_literal(t.typdefault))",
        collation: `CASE WHEN t.typcollation <> bt.typcollation THEN ${collationName("t.typcollation")} END`,
      })}
    FROM pg_type t JOIN managed n ON n.oid = t.typnamespace JOIN pg_type bt ON bt.oid = t.typbasetype
    WHERE t.typtype = 'd' AND ${notMember("pg_type", "t.oid")}`,

  *declare({ domains }) {
    for (const { schema, name, comment, type, notNull, default: value, collation } of domains)
      yield {
        path: [schema, name],
        comment,
        definition: compact<DomainDefinition>({ type, notNull: notNull || null, default: value, collation }),
      };
  },

  create({ path, definition }, _context, inline) {
    const parts = [
      `CREATE DOMAIN ${quotePath(path)} AS ${definition.type}`,
      ...(definition.collation === undefined ? [] : [`COLLATE ${definition.collation}`]),
      ...(definition.default === undefined ? [] : [`DEFAULT ${definition.default}`]),
      ...(definition.notNull ? ["NOT NULL"] : []),
      ...inline,
    ];
    return [{ sql: parts.join(" ") }];
  },
  drop: ({ path }) => [{ sql: `DROP DOMAIN ${quotePath(path)}` }],
  rename: ({ path }, name) => `ALTER DOMAIN ${quotePath(path)} RENAME TO ${quoteIdentifier(name)}`,

  alter(from, to, context): Alteration {
    const [before, after] = [from.definition, to.definition];
    if (before.type !== after.type || before.collation !== after.collation) return { op: "replace" };
    if (after.notNull && !before.notNull && isInside(to, context)) return { op: "replace" };
    const actions: string[] = [];
    if (before.default !== after.default)
      actions.push(after.default === undefined ? "DROP DEFAULT" : `SET DEFAULT ${after.default}`);
    if (before.notNull !== after.notNull) actions.push(after.notNull ? "SET NOT NULL" : "DROP NOT NULL");
    return {
      op: "statements",
      statements: actions.map((action) => ({ sql: `ALTER DOMAIN ${quotePath(to.path)} ${action}` })),
    };
  },

  swap: {
    away: ({ path }, name) => [`ALTER DOMAIN ${quotePath(path)} RENAME TO ${quoteIdentifier(name)}`],
    dropAway: ({ path }, name) => `DROP DOMAIN ${quotePath([...path.slice(0, -1), name])}`,
    changesValues: (from, _to, context) => context.swapsUnder(from.id).some(({ changesValues }) => changesValues),
    losesValues: (from, _to, context) => context.swapsUnder(from.id).some(({ losesValues }) => losesValues),
    carry(from, to, context) {
      const [under] = context.swapsUnder(from.id);
      const isOverArray = isArrayType(from.definition.type);
      return (expression, isArray) =>
        // A domain carries its values as what is under it does; arrays of arrays are out of reach.
        under === undefined || (isArray && isOverArray)
          ? carryWhole(from, to, context)(expression)
          : under.carry(expression, isArray || isOverArray);
    },
  },

  commentTarget: ({ path }) => `DOMAIN ${quotePath(path)}`,
  slots: ({ path }) => typeSlots(path),

  source: (object, context) => ({
    at: "types",
    code() {
      const { type, notNull, default: value, collation } = object.definition;
      // The children of a domain are its constraints.
      const checks = context.children(object, domainConstraintKind.name) as CatalogObject<DomainConstraintDefinition>[];
      return callCode(
        context.use("domain"),
        stringCode(object.path[1] ?? ""),
        context.type(type),
        objectCode({
          notNull: notNull ? "true" : null,
          default: value === undefined ? null : sqlCode(value, context),
          collation: collation === undefined ? null : qualifiedCode(collation),
          checks: checks.length === 0 ? null : `[${checks.map((check) => domainCheckCode(check, context)).join(", ")}]`,
          ...ownFields(object, context),
        }),
      );
    },
  }),
};

export const domainConstraintKind: Kind<DomainConstraintDefinition> = {
  name: "domain constraint",
  parent: "domain",

  seenIn: "pg_type WHERE typtype = 'd' AND oid >= 16384",
  query: () => `
    SELECT 'pg_constraint'::regclass::oid, c.oid, 0, NULL::text, json_build_array(n.nspname, t.typname, c.conname),
      obj_description(c.oid, 'pg_constraint'),
      ${jsonObject({
        expression: "pg_get_expr(c.conbin, 0)",
        notValid: "CASE WHEN NOT c.convalidated THEN true END",
      })}
    FROM pg_constraint c JOIN pg_type t ON t.oid = c.contypid JOIN managed n ON n.oid = t.typnamespace
    WHERE c.contype = 'c' AND ${notMember("pg_type", "t.oid")}`,

  *declare({ domains }) {
    for (const { schema, name: domain, checks } of domains)
      for (const { name, comment, expression, validated } of checks)
        yield {
          path: [schema, domain, name],
          comment,
          definition: compact<DomainConstraintDefinition>({ expression, notValid: !validated || null }),
        };
  },

  inline: (object) => (object.definition.notValid ? null : { sql: clause(object) }),
  create: (object) => [
    {
      sql: `ALTER DOMAIN ${quotePath(object.path.slice(0, 2))} ADD ${clause(object)}${object.definition.notValid ? " NOT VALID" : ""}`,
      hazards: object.definition.notValid ? [] : ["may-fail"],
    },
  ],
  needsNewParent: (object, context) =>
    !object.definition.notValid && isInside({ id: objectId("domain", object.path.slice(0, 2)) }, context),
  drop: ({ path }) => [
    { sql: `ALTER DOMAIN ${quotePath(path.slice(0, 2))} DROP CONSTRAINT ${quoteIdentifier(path[2] ?? "")}` },
  ],
  alter(from, to): Alteration {
    if (from.definition.expression !== to.definition.expression || to.definition.notValid) return { op: "replace" };
    const [domain, name] = [quotePath(to.path.slice(0, 2)), quoteIdentifier(to.path[2] ?? "")];
    return {
      op: "statements",
      statements: [{ sql: `ALTER DOMAIN ${domain} VALIDATE CONSTRAINT ${name}`, hazards: ["may-fail"] }],
    };
  },
  rename: ({ path }, name) =>
    `ALTER DOMAIN ${quotePath(path.slice(0, 2))} RENAME CONSTRAINT ${quoteIdentifier(path[2] ?? "")} TO ${quoteIdentifier(name)}`,
  renamesFreely: true,
  commentTarget: ({ path }) => `CONSTRAINT ${quoteIdentifier(path[2] ?? "")} ON DOMAIN ${quotePath(path.slice(0, 2))}`,
  needs: ({ path }) => [objectId("domain", path.slice(0, 2))],
};

function domainCheckCode(
  { path, comment, definition }: CatalogObject<DomainConstraintDefinition>,
  context: SourceContext,
): string {
  return [
    callCode(context.use("check"), stringCode(path[2] ?? ""), sqlCode(definition.expression, context)),
    ...(definition.notValid ? [".notValid()"] : []),
    ...(comment === null ? [] : [`.comment(${stringCode(comment)})`]),
  ].join("");
}

function clause({ path, definition }: CatalogObject<DomainConstraintDefinition>): string {
  return `CONSTRAINT ${quoteIdentifier(path[2] ?? "")} CHECK (${definition.expression})`;
}

/** Whether arrays, ranges or composites are made of the domain: PostgreSQL can't hold their values against a new rule. */
function isInside({ id }: Pick<CatalogObject, "id">, { from }: PlanContext): boolean {
  const dependants = [...(dependantsOf(from).get(id) ?? [])].map((dependant) => from.objects.get(dependant));
  return dependants.some(
    (object) => object?.kind === "composite type" || object?.kind === "range type" || isArrayType(typeOf(object) ?? ""),
  );
}
