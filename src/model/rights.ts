/** Owners and privileges, as models say them. */

import { type Declares, declare } from "./brand.js";
import type { Labelled, SecurityLabels } from "./security-labels.js";

export type TablePrivilege =
  | "select"
  | "insert"
  | "update"
  | "delete"
  | "truncate"
  | "references"
  | "trigger"
  | "maintain"
  | "all";
export type SequencePrivilege = "usage" | "select" | "update" | "all";
export type RoutinePrivilege = "execute" | "all";
export type TypePrivilege = "usage" | "all";
export type SchemaPrivilege = "usage" | "create" | "all";

export interface GrantOptions<Column extends string = never> {
  /** Roles by their names; `public`: everybody. */
  readonly to: string | readonly string[];
  /** Columns by their properties; left out: the whole table or view. */
  readonly columns?: readonly Column[];
  readonly withGrantOption?: boolean;
}

export interface Grant<Privilege extends string = string, Column extends string = string> {
  readonly kind: "grant";
  readonly privileges: readonly Privilege[];
  readonly to: readonly string[];
  readonly columns: readonly Column[] | null;
  readonly grantable: boolean;
}

/**
 * One or several privileges: `grants: [grant("select", { to: "reader" }), grant(["insert", "update"], { to: "app", columns: ["email"] })]`
 * → `GRANT SELECT ON TABLE "users" TO "reader"; GRANT INSERT ("email"), UPDATE ("email") ON TABLE "users" TO "app"`.
 *
 * @param privileges such as `select`, `execute`, `usage`; `all`: every one that there is.
 */
export function grant<const Privilege extends string, const Column extends string = never>(
  privileges: Privilege | readonly Privilege[],
  { to, columns, withGrantOption = false }: GrantOptions<Column>,
): Grant<Privilege, Column> {
  return Object.freeze({
    kind: "grant",
    privileges: typeof privileges === "string" ? [privileges] : privileges,
    to: typeof to === "string" ? [to] : to,
    columns: columns ?? null,
    grantable: withGrantOption,
  } as const);
}

/** What an object can say of who may do what with it, and how it is labelled. */
export interface Rights<Privilege extends string, Column extends string = never> extends Labelled {
  /** The role that owns it; left out: whoever makes it, and no difference is seen. */
  readonly owner?: string;
  /**
   * All that there is: what it does not name is revoked, on functions and types from PUBLIC too. Left out: what is granted in
   * the database stays as it is.
   */
  readonly grants?: readonly Grant<Privilege, Column>[];
}

/** The same, with null for what is not said. */
export interface RightsSpec {
  readonly owner: string | null;
  readonly grants: readonly Grant[] | null;
  readonly securityLabels: SecurityLabels;
}

export function rightsSpec({ owner, grants, securityLabels }: Rights<string, string>): RightsSpec {
  return { owner: owner ?? null, grants: grants ?? null, securityLabels: securityLabels ?? {} };
}

/** The sorts of objects that privileges can be given on by default, and what can be given there. */
interface DefaultPrivilegesOn {
  readonly tables: TablePrivilege;
  readonly sequences: SequencePrivilege;
  readonly functions: RoutinePrivilege;
  readonly types: TypePrivilege;
  readonly schemas: SchemaPrivilege;
  /** PostgreSQL 18. */
  readonly "large objects": "select" | "update" | "all";
}

export interface DefaultPrivilegesOptions<Sort extends keyof DefaultPrivilegesOn> {
  /** Who makes the objects. */
  readonly role: string;
  /** Where; left out: anywhere. */
  readonly schema?: string;
  readonly on: Sort;
  /** Anywhere, functions and types are given to PUBLIC too, unless this says who is given them. */
  readonly grants: readonly Grant<DefaultPrivilegesOn[Sort], never>[];
}

export interface DefaultPrivilegesDefinition {
  readonly kind: "default privileges";
  readonly role: string;
  readonly schema: string | null;
  readonly sort: keyof DefaultPrivilegesOn;
  readonly grants: readonly Grant[];
}

/**
 * `export const readable = defaultPrivileges({ role: "migrator", schema: "app", on: "tables", grants: [grant("select", { to: "reader" })] })`
 * → `ALTER DEFAULT PRIVILEGES FOR ROLE "migrator" IN SCHEMA "app" GRANT SELECT ON TABLES TO "reader"`. What is declared of a
 * role is all that there is of it.
 */
export function defaultPrivileges<const Sort extends keyof DefaultPrivilegesOn>(
  options: DefaultPrivilegesOptions<Sort>,
): Declares<DefaultPrivilegesDefinition> {
  const { role, schema = null, on: sort, grants } = options;
  return Object.freeze(declare({}, { kind: "default privileges", role, schema, sort, grants } as const));
}

/** Kinds of objects that `rights()` can speak of, and their privileges. */
interface RightsOn {
  readonly table: TablePrivilege;
  readonly view: TablePrivilege;
  readonly "materialized view": TablePrivilege;
  readonly sequence: SequencePrivilege;
  readonly schema: SchemaPrivilege;
  readonly language: TypePrivilege;
  readonly "foreign data wrapper": TypePrivilege;
  readonly "foreign server": TypePrivilege;
}

/** PostgreSQL has no labels for these. */
type NotLabelled = "foreign data wrapper" | "foreign server";

export interface RightsDefinition {
  readonly kind: "rights";
  readonly of: keyof RightsOn;
  readonly name: string | readonly [schema: string, name: string];
  readonly rights: RightsSpec;
}

/**
 * Of an object that no constant or class stands for, such as the sequence of a `serial()` column:
 * `export const numbers = rights("sequence", "users_id_seq", { grants: [grant("usage", { to: "app" })] })`.
 */
export function rights<const Of extends keyof RightsOn>(
  of: Of,
  name: string | readonly [schema: string, name: string],
  options: Omit<Rights<RightsOn[Of], string>, Of extends NotLabelled ? "securityLabels" : never>,
): Declares<RightsDefinition> {
  return Object.freeze(declare({}, { kind: "rights", of, name, rights: rightsSpec(options) } as const));
}
