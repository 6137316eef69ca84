/**
 * Roles belong to a server, and policies name them: a scratch database on another server than the project's has to have
 * them too. They are made there without any right, and stay.
 */

import type { Catalog } from "../catalog/catalog.js";
import { DatabaseError } from "../engine/errors.js";
import { kindOf } from "../kinds/index.js";
import { quoteIdentifier } from "../sql/identifier.js";
import { missingRoles, prepared, type Scratch } from "./scratch.js";

/** The roles that the catalog's objects name. */
export function rolesIn({ objects }: Catalog): readonly string[] {
  return [...new Set([...objects.values()].flatMap((object) => kindOf(object.kind).roles?.(object) ?? []))];
}

/**
 * Makes those that are missing. Not on the project's own server, where PostgreSQL is to say that one is missing; so it does
 * where the right to make them is missing.
 */
export async function admitRoles({ kind, connection }: Scratch, roles: readonly string[]): Promise<void> {
  if (kind === "server") return;
  for (const role of await missingRoles(connection, roles))
    await connection.script(`CREATE ROLE ${quoteIdentifier(role)}`).catch((error: unknown) => {
      if (!isForgiven(error)) throw error;
    });
}

/** No right to, or another run has just made it. */
function isForgiven(error: unknown): boolean {
  return error instanceof DatabaseError && ["42501", "42710", "23505"].includes(error.sqlstate ?? "");
}

/**
 * A new scratch database once `work` is done on it. Where that fails for want of a role, as that of an old migration whose
 * role is gone since, it is done again on one that has it.
 *
 * @param open given the roles that were missed; that of the project's own server is asked again only where migrations make roles.
 */
export async function preparedWithRoles(
  open: (roles: readonly string[]) => Promise<Scratch>,
  work: (scratch: Scratch) => Promise<unknown>,
  { roles = [], areMade = false }: { readonly roles?: readonly string[]; readonly areMade?: boolean } = {},
): Promise<Scratch> {
  const scratch = await open(roles);
  try {
    return await prepared(scratch, async () => {
      await admitRoles(scratch, roles);
      await work(scratch);
    });
  } catch (error) {
    const role = missingRole(error);
    if (role === null || roles.includes(role) || (scratch.kind === "server" && !areMade)) throw error;
    return await preparedWithRoles(open, work, { roles: [...roles, role], areMade });
  }
}

/**
 * The role that PostgreSQL misses. Its name stands in the message alone, which may be in any language: between quotes of some
 * sort. That it is a role's, PostgreSQL's own function tells that looked for it, such as `get_role_oid`.
 */
export function missingRole(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const isMissing = error instanceof DatabaseError && error.sqlstate === "42704" && /role/i.test(error.routine ?? "");
  return (
    (isMissing ? /["«»„“]\s*(.+?)\s*["«»“”][^"«»“”]*$/u.exec(error.message)?.[1] : undefined) ??
    missingRole(error.cause)
  );
}
