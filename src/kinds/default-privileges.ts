/** What roles are given on objects that another role will make: ALTER DEFAULT PRIVILEGES. */

import { type Catalog, type CatalogObject, objectId, sameData } from "../catalog/catalog.js";
import { displayName, quoteIdentifier } from "../sql/identifier.js";
import type { Kind } from "./kind.js";
import { type GrantDefinition, grantCodes, privilegeChanges } from "./privileges.js";
import { roleName } from "./securable.js";
import { callCode, listCode, objectCode, stringCode } from "./source.js";

/** PostgreSQL's letters for kinds of objects, and its words. */
const sorts: Readonly<Record<string, string>> = {
  r: "tables",
  S: "sequences",
  f: "functions",
  T: "types",
  n: "schemas",
  L: "large objects",
};

/** The sort that an object of one of our kinds is of. */
const sortOf: Readonly<Record<string, string>> = {
  table: "tables",
  view: "tables",
  "materialized view": "tables",
  sequence: "sequences",
  function: "functions",
  procedure: "functions",
  aggregate: "functions",
  enum: "types",
  "composite type": "types",
  domain: "types",
  "range type": "types",
  schema: "schemas",
};

/** Its path: the role that makes the objects, their schema (empty: any), their sort, and who is given something. */
export const defaultPrivilegesKind: Kind<GrantDefinition> = {
  name: "default privileges",
  inNoSchema: true,

  seenIn: "pg_default_acl",
  // Those of all schemas stand for themselves, those of one schema are added to them.
  query: () => `
    SELECT 0::oid, g.oid, 0, NULL::text,
      json_build_array(pg_get_userbyid(g.role), coalesce(n.nspname, ''),
        CASE g.sort ${Object.entries(sorts)
          .map(([letter, word]) => `WHEN '${letter}' THEN '${word}'`)
          .join(" ")} END, ${roleName("g.grantee")}), NULL::text,
      json_strip_nulls(json_build_object('privileges', g.privileges))
    FROM (
      SELECT oid, role, namespace, sort, grantee, string_agg(lower(privilege), ',' ORDER BY privilege) AS words,
        json_object_agg(lower(privilege), grantable ORDER BY privilege) FILTER (WHERE privilege IS NOT NULL) AS privileges
      FROM (
        SELECT d.oid, d.defaclrole, d.defaclnamespace, d.defaclobjtype, a.grantee, a.privilege_type, a.is_grantable
        FROM pg_default_acl d, aclexplode(d.defaclacl) a
        UNION ALL SELECT oid, defaclrole, defaclnamespace, defaclobjtype, 0, NULL, NULL FROM pg_default_acl
        WHERE defaclnamespace = 0 AND defaclobjtype IN ('f', 'T')
      ) e (oid, role, namespace, sort, grantee, privilege, grantable) GROUP BY oid, role, namespace, sort, grantee
    ) g LEFT JOIN managed n ON n.oid = g.namespace
    WHERE (g.namespace = 0 OR n.oid IS NOT NULL) AND g.grantee <> g.role
      AND (g.grantee <> 0 OR g.namespace <> 0 OR g.words IS DISTINCT FROM CASE g.sort WHEN 'f' THEN 'execute' WHEN 'T' THEN 'usage' END)`,

  *declare({ defaultPrivileges }) {
    for (const { role, schema, sort, grantee, privileges } of defaultPrivileges)
      yield {
        path: [role, schema ?? "", sort, grantee],
        comment: null,
        definition: Object.keys(privileges).length === 0 ? {} : { privileges },
      };
  },

  scope: {
    topicOf: ({ path: [role = ""] }) => role,
    topics: ({ defaultPrivileges }) => defaultPrivileges.map(({ role }) => role),
    isKept: true,
  },

  create: ({ path, definition }) => privilegeChanges(impliedFor(path), definition, frameOf(path)),
  drop: ({ path, definition }) => privilegeChanges(definition, impliedFor(path), frameOf(path)),
  alter: (from, to) => ({
    op: "statements",
    statements: privilegeChanges(from.definition, to.definition, frameOf(to.path)),
  }),

  needs: ({ path: [, schema = ""] }) => (schema === "" ? [] : [objectId("schema", [schema])]),
  roles: ({ path: [role = "", , , grantee = ""] }) => [role, ...(grantee === "public" ? [] : [grantee])],
  describe: ({ path: [role = "", schema = "", sort = "", grantee = ""] }) =>
    `default privileges of ${grantee} on ${sort} of ${role}${schema === "" ? "" : ` in ${displayName([schema])}`}`,

  // The first one's source says it for all whom the role gives something on that sort in that place.
  source: ({ id, path }, context) => {
    const [role = "", schema = "", sort = ""] = path;
    const all = [...context.catalog.objects.values()].filter(
      (other) => other.kind === "default privileges" && sameData(other.path.slice(0, 3), path.slice(0, 3)),
      // Objects of this kind have this definition.
    ) as CatalogObject<GrantDefinition>[];
    const isSaid = all.some((other) => other.path.at(-1) === "public");
    if (all.some((other) => other.id < id)) return null;
    return {
      at: "objects",
      code: () => {
        const grants = [
          ...all.flatMap((other) => grantCodes(other.path.at(-1) ?? "", other.definition, context)),
          ...(isSaid ? [] : grantCodes("public", impliedFor([role, schema, sort, "public"]), context)),
        ];
        const options = objectCode({
          role: stringCode(role),
          schema: schema === "" ? null : stringCode(schema),
          on: stringCode(sort),
          grants: listCode(grants),
        });
        return callCode(context.use("defaultPrivileges"), options);
      },
    };
  },
};

/** What everybody is given where nothing is said: the defaults for all schemas begin with it. */
function impliedFor([, schema, sort, grantee]: readonly string[]): GrantDefinition {
  if (schema !== "" || grantee !== "public") return {};
  if (sort === "functions") return { privileges: { execute: false } };
  return sort === "types" ? { privileges: { usage: false } } : {};
}

function frameOf([role = "", schema = "", sort = "", grantee = ""]: readonly string[]) {
  const where = schema === "" ? "" : ` IN SCHEMA ${quoteIdentifier(schema)}`;
  const prefix = `ALTER DEFAULT PRIVILEGES FOR ROLE ${quoteIdentifier(role)}${where}`;
  return { prefix, on: sort.toUpperCase(), grantee };
}

/** Whether a new object of the kind in that place is given something for the grantee, whoever makes it. */
export function isCoveredByDefault(
  holder: Pick<CatalogObject, "kind" | "path">,
  grantee: string,
  { objects }: Catalog,
): boolean {
  const sort = sortOf[holder.kind];
  const schemas = holder.path.length > 1 ? ["", holder.path[0]] : [""];
  return [...objects.values()].some(
    ({ kind, path }) =>
      kind === "default privileges" && schemas.includes(path[1]) && path[2] === sort && path[3] === grantee,
  );
}
