/** Privileges that roles have on objects, beyond what the owner and PUBLIC have by themselves. */

import { type CatalogObject, objectId } from "../catalog/catalog.js";
import type { GrantDeclaration, RightsDeclaration } from "../model/declarations.js";
import { isCoveredByDefault } from "./default-privileges.js";
import { ancestorsOf } from "./family.js";
import type { Kind, PlanContext } from "./kind.js";
import { type GrantDefinition, grantCodes, type Privileges, privilegeChanges } from "./privileges.js";
import {
  declaredHolder,
  grantTarget,
  holderOf,
  holderText,
  managedJoin,
  publicInPublic,
  roleName,
  type SecurableCatalog,
  securableCatalogs,
} from "./securable.js";
import { compact } from "./statements.js";

export const grantKind: Kind<GrantDefinition> = {
  name: "grant",
  parent: holderOf,
  inNoSchema: true,

  query: (server) => securableCatalogs(server).map(grantsIn).join(" UNION ALL "),

  *declare({ rights }) {
    for (const each of rights) {
      const holder = declaredHolder(each);
      for (const [grantee, definition] of declaredGrants(each, holder))
        yield { path: [holder.kind, ...holder.path, grantee], comment: null, definition };
    }
  },

  scope: {
    topicOf: ({ path }) => topic(holderOf(path)),
    topics: ({ rights }) => rights.filter(({ grants }) => grants !== null).map((each) => topic(declaredHolder(each))),
    isImplied: ({ path }, catalog) => isCoveredByDefault(holderOf(path), path.at(-1) ?? "", catalog),
    isKept: true,
  },

  create: (object, context) => {
    const { version, holder, grantee } = placeOf(object, context);
    const frame = { on: grantTarget(holder), grantee };
    // What a new database gives PUBLIC depends on its version, and a declaration has none.
    if (isPublicSchema(holder) && grantee === "public" && version === 0)
      return [{ sql: `REVOKE ALL ON ${frame.on} FROM PUBLIC` }, ...privilegeChanges({}, object.definition, frame)];
    return privilegeChanges(impliedOn(holder, grantee, version), object.definition, frame);
  },
  drop: (object, context) => {
    const { version, holder, grantee } = placeOf(object, context);
    const frame = { on: grantTarget(holder), grantee };
    return privilegeChanges(object.definition, impliedOn(holder, grantee, version), frame);
  },
  alter: (from, to) => {
    const frame = { on: grantTarget(holderOf(to.path)), grantee: to.path.at(-1) ?? "" };
    return { op: "statements", statements: privilegeChanges(from.definition, to.definition, frame) };
  },

  needs: ({ path, definition: { columns = {} } }, objects) => {
    const { path: holder } = holderOf(path);
    const tables = [holder, ...ancestorsOf({ objects }, holder)];
    return Object.keys(columns).flatMap((column) => tables.map((table) => objectId("column", [...table, column])));
  },
  roles: ({ path }) => path.slice(-1).filter((role) => role !== "public"),
  describe: ({ path }) => `privileges of ${path.at(-1)} on ${holderText(holderOf(path))}`,

  source: ({ id, path, definition }, context) => {
    const holder = holderOf(path);
    const property = (column: string) => context.property(holder.path, column);
    const all = context.children({ id: topic(holder) }, "grant");
    const implied =
      all[0]?.id === id && !all.some((other) => other.path.at(-1) === "public")
        ? impliedOn(holder, "public", context.catalog.serverVersion)
        : {};
    return {
      at: "entry",
      option: "grants",
      form: "list",
      // The list is all that there is: what PUBLIC has by itself stands in it.
      code: () => [
        ...grantCodes(path.at(-1) ?? "", definition, context, property),
        ...grantCodes("public", implied, context),
      ],
    };
  },
};

/** Those of one catalog: what is granted by the owner, and where PUBLIC has not what it has by itself, what it has. */
function grantsIn(each: SecurableCatalog): string {
  const { catalog, kind, path, owner, acl, publicDefault } = each;
  const own = catalog === "pg_namespace" ? "x.oid >= 2200" : "x.oid >= 16384";
  const granted = "a.grantee, a.grantor, a.privilege_type, a.is_grantable";
  const entries = [
    `SELECT x.oid, NULL::name, ${granted} FROM ${catalog} x, aclexplode(${acl}) a WHERE ${acl} IS NOT NULL AND ${own}`,
    `SELECT x.oid, NULL::name, 0, ${owner}, NULL, NULL FROM ${catalog} x WHERE ${acl} IS NOT NULL AND ${own} AND ${publicDefault} IS NOT NULL`,
    ...(catalog === "pg_class"
      ? [
          `SELECT x.attrelid, x.attname, ${granted} FROM pg_attribute x, aclexplode(x.attacl) a WHERE x.attacl IS NOT NULL AND x.attrelid >= 16384`,
        ]
      : []),
  ];
  return `
    SELECT 0::oid, x.oid, 0, NULL::text, json_build_array(${kind}, ${path}, ${roleName("g.grantee")}), NULL::text,
      json_strip_nulls(json_build_object('privileges', g.privileges, 'columns', g.columns))
    FROM (
      SELECT e.oid, e.grantor, e.grantee, (array_agg(e.words) FILTER (WHERE e.part IS NULL))[1] AS words,
        (array_agg(e.privileges) FILTER (WHERE e.part IS NULL))[1] AS privileges,
        json_object_agg(e.part, e.privileges ORDER BY e.part) FILTER (WHERE e.part IS NOT NULL) AS columns
      FROM (
        SELECT oid, part, grantor, grantee, string_agg(lower(privilege), ',' ORDER BY privilege) AS words,
          json_object_agg(lower(privilege), grantable ORDER BY privilege) FILTER (WHERE privilege IS NOT NULL) AS privileges
        FROM (${entries.join(" UNION ALL ")}) a (oid, part, grantee, grantor, privilege, grantable)
        GROUP BY oid, part, grantor, grantee
      ) e GROUP BY e.oid, e.grantor, e.grantee
    ) g JOIN ${catalog} x ON x.oid = g.oid ${managedJoin(each)}
    WHERE g.grantor = ${owner} AND g.grantee <> ${owner} AND (g.grantee <> 0 OR g.words IS DISTINCT FROM ${publicDefault} OR g.columns IS NOT NULL)`;
}

const topic = (holder: Pick<CatalogObject, "kind" | "path">) => objectId(holder.kind, holder.path);

function placeOf({ path }: CatalogObject, { from, to }: PlanContext) {
  const version = to.serverVersion || from.serverVersion;
  return { holder: holderOf(path), grantee: path.at(-1) ?? "", version };
}

function isPublicSchema({ kind, path: [name] }: Pick<CatalogObject, "kind" | "path">): boolean {
  return kind === "schema" && name === "public";
}

/** What everybody may do with a new object of the kind. */
function impliedOn(holder: Pick<CatalogObject, "kind" | "path">, grantee: string, version: number): GrantDefinition {
  if (grantee !== "public") return {};
  if (isPublicSchema(holder)) return { privileges: privilegesOf(publicInPublic(version).split(",")) };
  const implied = publicPrivilege[holder.kind];
  return implied === undefined ? {} : { privileges: privilegesOf([implied]) };
}

const publicPrivilege: Readonly<Record<string, string>> = {
  enum: "usage",
  "composite type": "usage",
  domain: "usage",
  "range type": "usage",
  function: "execute",
  procedure: "execute",
  aggregate: "execute",
  language: "usage",
};

function privilegesOf(words: readonly string[]): Privileges {
  return Object.fromEntries(words.map((word) => [word, false]));
}

/** The declared privileges by grantee: the list is all that there is, so that PUBLIC loses what it is not given. */
function declaredGrants(
  { grants }: RightsDeclaration,
  holder: Pick<CatalogObject, "kind" | "path">,
): ReadonlyMap<string, GrantDefinition> {
  const found = new Map<string, GrantDefinition>();
  if (grants === null) return found;
  const implied = publicPrivilege[holder.kind];
  if (implied !== undefined || isPublicSchema(holder)) found.set("public", {});
  for (const grant of grants)
    for (const grantee of grant.to) found.set(grantee, withGrant(found.get(grantee) ?? {}, grant, holder.kind));
  const given = Object.keys(found.get("public")?.privileges ?? {});
  if (implied !== undefined && given.length > 0) found.delete("public");
  return found;
}

function withGrant(
  before: GrantDefinition,
  { privileges, columns, grantable }: GrantDeclaration,
  kind: string,
): GrantDefinition {
  const words = privileges.flatMap((word) => (word === "all" ? (allOf[kind] ?? [word]) : [word]));
  const added = (known: Privileges = {}): Privileges => ({
    ...known,
    ...Object.fromEntries(words.map((word) => [word, grantable || known[word] === true])),
  });
  if (columns === null)
    return compact<GrantDefinition>({ ...before, columns: before.columns, privileges: added(before.privileges) });
  return compact<GrantDefinition>({
    privileges: before.privileges,
    columns: {
      ...before.columns,
      ...Object.fromEntries(columns.map((column) => [column, added(before.columns?.[column])])),
    },
  });
}

/** ALL, where it does not depend on PostgreSQL's version as that of tables does. */
const allOf: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(Object.entries(publicPrivilege).map(([kind, word]) => [kind, [word]])),
  schema: ["create", "usage"],
  sequence: ["select", "update", "usage"],
  "foreign data wrapper": ["usage"],
  "foreign server": ["usage"],
};
