/** Which migration a user means. */

import { AthanorError } from "../errors.js";

/**
 * The migration with this id, or the only one whose id begins or ends with the text: `20261122`, `create_users`.
 *
 * @throws AthanorError `migration.unknown`, `migration.ambiguous`
 */
export function findMigration<T extends { readonly id: string }>(migrations: readonly T[], text: string): T {
  const exact = migrations.find(({ id }) => id === text);
  if (exact) return exact;
  const found = migrations.filter(({ id }) => text !== "" && (id.startsWith(text) || id.endsWith(`_${text}`)));
  if (found.length === 1) return found[0]!;
  if (found.length === 0)
    throw new AthanorError(
      "migration.unknown",
      `No migration is named ${JSON.stringify(text)}. Give its id, or a beginning or end of it that is its own; orm migrate status lists them.`,
    );
  throw new AthanorError(
    "migration.ambiguous",
    `${JSON.stringify(text)} may be ${found.map(({ id }) => id).join(" or ")}. Give more of the id.`,
  );
}
