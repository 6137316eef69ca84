/** What a role is a member of, as part of the role. */

import { sameData } from "../catalog/catalog.js";
import type { MembershipDeclaration, RoleDeclaration } from "../model/declarations.js";
import { quoteIdentifier } from "../sql/identifier.js";
import type { ServerInfo } from "./kind.js";
import { jsonObject } from "./statements.js";

/** A role that it is a member of: its name, where all is as PostgreSQL has it by itself. */
export type Membership = string | MembershipOptions;

export interface MembershipOptions {
  readonly role: string;
  readonly admin?: true;
  /** Other than the member's own. */
  readonly inherit?: boolean;
  readonly set?: false;
}

/** A role, as far as its memberships go. */
interface Member {
  readonly inherit?: false;
  readonly memberOf?: readonly Membership[];
}

export const roleOf = (membership: Membership) => (typeof membership === "string" ? membership : membership.role);

/**
 * Several may have granted the same one. What PostgreSQL 16 gives to whoever makes a role, in the name of the server's
 * first role and without its privileges, is nobody's doing.
 */
export function membershipsField({ version }: ServerInfo): string {
  const isNew = version >= 160000;
  const options = isNew
    ? "bool_or(a.admin_option), bool_or(a.inherit_option), bool_or(a.set_option)"
    : "bool_or(a.admin_option), r.rolinherit, true";
  const byItself = "a.grantor = 10 AND a.admin_option AND NOT a.inherit_option AND NOT a.set_option";
  const whole = jsonObject({
    role: "m.role",
    admin: "CASE WHEN m.admin THEN true END",
    inherit: "CASE WHEN m.inherit <> r.rolinherit THEN m.inherit END",
    set: "CASE WHEN NOT m.set THEN false END",
  });
  return `(SELECT json_agg(CASE WHEN NOT m.admin AND m.inherit = r.rolinherit AND m.set THEN to_json(m.role) ELSE ${whole} END ORDER BY m.role COLLATE "C")
          FROM (SELECT g.rolname::text, ${options} FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid
            WHERE a.member = r.oid${isNew ? ` AND NOT (${byItself})` : ""} GROUP BY g.rolname) m (role, admin, inherit, set))`;
}

/** `inherit` is said where it is not the member's own. */
export function declaredMembership(
  { role, admin, inherit, set }: MembershipDeclaration,
  member: Pick<RoleDeclaration, "inherit">,
): Membership {
  const isOwn = inherit === member.inherit;
  if (!admin && isOwn && set) return role;
  return { role, ...(admin ? { admin } : {}), ...(isOwn ? {} : { inherit }), ...(set ? {} : { set }) };
}

/** `GRANT "reader" TO "app" WITH ADMIN OPTION`. */
export function grantSql(member: string, membership: Membership): string {
  const { role, admin, inherit, set }: MembershipOptions =
    typeof membership === "string" ? { role: membership } : membership;
  const options = [
    ...(admin ? ["ADMIN OPTION"] : []),
    ...(inherit === undefined ? [] : [`INHERIT ${inherit ? "TRUE" : "FALSE"}`]),
    ...(set === undefined ? [] : ["SET FALSE"]),
  ];
  return `GRANT ${quoteIdentifier(role)} TO ${member}${options.length === 0 ? "" : ` WITH ${options.join(", ")}`}`;
}

/** What changes is granted anew: the option to inherit is then the member's own, which a membership that stands does not follow. */
export function membershipChanges(member: string, from: Member, to: Member): readonly string[] {
  const [before, after] = [from.memberOf ?? [], to.memberOf ?? []];
  const stays = (membership: Membership, others: readonly Membership[]) =>
    from.inherit === to.inherit && others.some((other) => sameData(membership, other));
  return [
    ...before
      .filter((membership) => !stays(membership, after))
      .map((membership) => `REVOKE ${quoteIdentifier(roleOf(membership))} FROM ${member}`),
    ...after.filter((membership) => !stays(membership, before)).map((membership) => grantSql(member, membership)),
  ];
}
