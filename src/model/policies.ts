/** Row-level security policies of a table, as a model's options say them. */

import type { SqlFragment } from "../sql/fragment.js";

export interface PolicyOptions {
  /** Default: `all`. */
  readonly for?: "all" | "select" | "insert" | "update" | "delete";
  /** Roles by their names; left out: PUBLIC. */
  readonly to?: readonly string[];
  /** Which rows there are to see, to change and to delete. */
  readonly using?: SqlFragment;
  /** Which rows may be written; left out: those of `using`. */
  readonly check?: SqlFragment;
  /** `AS RESTRICTIVE`: it has to hold beside others, of which one has to. */
  readonly restrictive?: boolean;
  readonly comment?: string;
  /** The name that it had before: `ALTER POLICY … RENAME TO`, and no question asked. */
  readonly renamedFrom?: string;
}

export interface Policy {
  readonly kind: "policy";
  readonly name: string;
  readonly options: PolicyOptions;
}

/**
 * ``policies: (c) => [policy("own", { for: "select", to: ["app"], using: sql`${c.owner} = current_user` })]`` →
 * `CREATE POLICY "own" ON "notes" FOR SELECT TO "app" USING ("notes"."owner" = current_user)`. It takes effect by the option
 * `rowLevelSecurity`.
 */
export function policy(name: string, options: PolicyOptions): Policy {
  return Object.freeze({ kind: "policy", name, options } as const);
}
