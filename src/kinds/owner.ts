/** Who owns an object. Managed only where the models name an owner: teams run migrations as different roles. */

import { type Catalog, type CatalogObject, objectId } from "../catalog/catalog.js";
import { quoteIdentifier } from "../sql/identifier.js";
import type { Kind } from "./kind.js";
import { alterTarget, declaredHolder, holderOf, holderText, managedJoin, securableCatalogs } from "./securable.js";
import { stringCode } from "./source.js";
import type { TableDefinition } from "./table.js";

export interface OwnerDefinition {
  readonly role: string;
}

export const ownerKind: Kind<OwnerDefinition> = {
  name: "owner",
  parent: holderOf,
  inNoSchema: true,
  onRequest: "owners",

  query: (server) =>
    securableCatalogs(server)
      .map(
        (each) => `
    SELECT 0::oid, x.oid, 0, NULL::text, json_build_array(${each.kind}, ${each.path}, 'owner'), NULL::text,
      json_build_object('role', pg_get_userbyid(${each.owner}))
    FROM ${each.catalog} x ${managedJoin(each)} WHERE ${each.hasOwner}`,
      )
      .join(" UNION ALL "),

  *declare({ rights }) {
    for (const each of rights) {
      const { kind, path } = declaredHolder(each);
      if (each.owner !== null)
        yield { path: [kind, ...path, "owner"], comment: null, definition: { role: each.owner } };
    }
  },

  scope: {
    topicOf: ({ id }) => id,
    topics: ({ rights }) =>
      rights
        .filter(({ owner }) => owner !== null)
        .map((each) => {
          const { kind, path } = declaredHolder(each);
          return objectId("owner", [kind, ...path, "owner"]);
        }),
    isKept: false,
  },

  create: (object) => [changeOwner(object.path, object.definition)],
  alter: (_from, to) => ({ op: "statements", statements: [changeOwner(to.path, to.definition)] }),
  // Every object has one: whom it goes to then is not said.
  drop: () => [],
  roles: ({ definition: { role } }) => [role],
  describe: ({ path }) => `owner of ${holderText(holderOf(path))}`,

  source: ({ path, definition: { role } }, { catalog }) =>
    role === ownerAbove(path, catalog)
      ? null
      : { at: "entry", option: "owner", form: "value", code: () => [stringCode(role)] },
};

/** The owner of the table that it is a partition of, which models need not say again. */
function ownerAbove(path: readonly string[], { objects }: Catalog): string | undefined {
  const { kind, path: table } = holderOf(path);
  if (kind !== "table") return undefined;
  // Objects of each kind have its definition, which their common type doesn't say.
  const holder = objects.get(objectId(kind, table)) as CatalogObject<TableDefinition> | undefined;
  const above = holder?.definition.partitionOf?.table ?? [];
  const owner = objects.get(objectId("owner", [kind, ...above, "owner"])) as CatalogObject<OwnerDefinition> | undefined;
  return owner?.definition.role;
}

function changeOwner(path: readonly string[], { role }: OwnerDefinition) {
  return { sql: `ALTER ${alterTarget(holderOf(path))} OWNER TO ${quoteIdentifier(role)}` };
}
