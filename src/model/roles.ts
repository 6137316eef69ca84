/** Roles, as models say them. They belong to the server, and what the models don't say of them is nobody's difference. */

import { type Declares, declare } from "./brand.js";
import type { Labelled } from "./security-labels.js";

export interface MembershipOptions {
  /** The role that it is a member of. */
  readonly role: string;
  /** WITH ADMIN OPTION: it may make others members. Default: false. */
  readonly admin?: boolean;
  /** Whether it has the role's privileges without SET ROLE. Default: its own `inherit`; another needs PostgreSQL 16. */
  readonly inherit?: boolean;
  /** Whether it may SET ROLE to it. Default: true; false needs PostgreSQL 16. */
  readonly set?: boolean;
}

/** Settings by their names, as after SET: `{ statement_timeout: "5s", search_path: "app, public" }`. */
export type RoleSettings = Readonly<Record<string, string | number | boolean>>;

export interface RoleOptions extends Labelled {
  /** Default: false. */
  readonly login?: boolean;
  /** Whether it has the privileges of the roles that it is a member of. Default: true. */
  readonly inherit?: boolean;
  readonly createDb?: boolean;
  readonly createRole?: boolean;
  readonly replication?: boolean;
  readonly bypassRls?: boolean;
  readonly superuser?: boolean;
  /** How many connections it may have at once; left out: any number. */
  readonly connectionLimit?: number;
  /** Until when its password is good: a day (UTC), or a time with its zone: `2030-01-01`, `2030-01-01T12:00:00+01:00`. */
  readonly validUntil?: string;
  /** The roles that it is a member of: all of them. */
  readonly memberOf?: readonly (string | MembershipOptions)[];
  /** ALTER ROLE … SET: what its sessions begin with. */
  readonly settings?: RoleSettings;
  /** ALTER ROLE … IN DATABASE … SET: the same in the models' own database alone. */
  readonly databaseSettings?: RoleSettings;
  readonly comment?: string;
}

export interface RoleDefinition {
  readonly kind: "role";
  readonly name: string;
  /** null: it is to be dropped. */
  readonly options: RoleOptions | null;
}

/**
 * ``export const app = role("app", { login: true, memberOf: ["reader"], settings: { statement_timeout: "5s" } })`` →
 * `CREATE ROLE "app" LOGIN; GRANT "reader" TO "app"; ALTER ROLE "app" SET "statement_timeout" TO '5s'`, where the server has no
 * role of that name. Its password is set on the server itself; nothing here reads or writes one.
 *
 * A role that no model declares stays as it is; `role("app", { dropped: true })` → `DROP ROLE IF EXISTS "app"`.
 */
export function role(
  name: string,
  options: (RoleOptions & { readonly dropped?: never }) | { readonly dropped: true } = {},
): Declares<RoleDefinition> {
  return Object.freeze(declare({}, { kind: "role", name, options: options.dropped ? null : options } as const));
}
