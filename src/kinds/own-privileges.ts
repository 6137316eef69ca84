/**
 * What an owner has revoked from itself. The models don't say it, since they may have another owner in every database: it stays, and is
 * revoked again on what is made anew, from whoever makes it. Where that has another owner then, it goes over to that one.
 */

import type { Kind } from "./kind.js";
import {
  grantTarget,
  holderOf,
  holderText,
  managedJoin,
  type SecurableCatalog,
  securableCatalogs,
} from "./securable.js";

export const ownPrivilegesKind: Kind<{ readonly revoked: readonly string[] }> = {
  name: "own privileges",
  parent: holderOf,
  inNoSchema: true,

  query: (server) => securableCatalogs(server).map(revokedIn).join(" UNION ALL "),
  scope: { topicOf: ({ id }) => id, topics: () => [], isKept: true },

  create: ({ path, definition: { revoked } }) => [
    {
      sql: `REVOKE ${revoked.map((word) => word.toUpperCase()).join(", ")} ON ${grantTarget(holderOf(path))} FROM CURRENT_USER`,
    },
  ],
  // It goes with what it is about.
  drop: () => [],
  describe: ({ path }) => `what its owner revoked from itself on ${holderText(holderOf(path))}`,

  source: ({ path, definition: { revoked } }, context) => {
    context.leaveOut(
      `what the owner of ${holderText(holderOf(path))} revoked from itself is not declared, and stays as it is: ${revoked.join(", ")}`,
    );
    return null;
  },
};

function revokedIn(each: SecurableCatalog): string {
  const { catalog, kind, path, owner, acl, aclType } = each;
  const has = `SELECT FROM aclexplode(${acl}) h WHERE h.grantee = ${owner} AND h.privilege_type = a.privilege_type`;
  return `
    SELECT 0::oid, x.oid, 0, NULL::text, json_build_array(${kind}, ${path}, 'own'), NULL::text, json_build_object('revoked', r.words)
    FROM ${catalog} x ${managedJoin(each)} CROSS JOIN LATERAL (
      SELECT json_agg(lower(a.privilege_type) ORDER BY a.privilege_type) AS words FROM aclexplode(acldefault(${aclType}, ${owner})) a
      WHERE a.grantee = ${owner} AND NOT EXISTS (${has})) r
    WHERE ${acl} IS NOT NULL AND r.words IS NOT NULL`;
}
