/** Foreign data: where it is, and who one is there. */

import type { Declares } from "../brand.js";
import { type DatabaseObjectOptions, type PlainDefinition, plain } from "./plain.js";

/**
 * A regular expression of PostgreSQL and of JavaScript: names of options whose values are secrets. They are neither read
 * nor written, since what is in a catalog ends up in migrations, caches and messages.
 */
export const secretName = "pass|secret|token|credential|private|api_?key|access_?key";

/** The same of values: an address with a password in it. */
export const secretValue = "://[^/@]*:[^/@]*@";

export function isSecret(name: string, value: string): boolean {
  return new RegExp(secretName, "i").test(name) || new RegExp(secretValue).test(value);
}

/** What a wrapper takes, by its own names. Secrets are refused (`model.secret`): they are set on the database itself. */
export type ForeignOptions = Readonly<Record<string, string>>;

export interface ForeignDataWrapperOptions {
  /** Functions, as SQL. */
  readonly handler?: string;
  readonly validator?: string;
  readonly options?: ForeignOptions;
}

/** `CREATE FOREIGN DATA WRAPPER "name" HANDLER … VALIDATOR … OPTIONS (…)`. One of an extension comes with that. */
export function foreignDataWrapper(
  name: string,
  options: ForeignDataWrapperOptions & DatabaseObjectOptions = {},
): Declares<PlainDefinition> {
  return plain("foreign data wrapper", { factory: "foreignDataWrapper", name }, options, { inSchema: false });
}

export interface ForeignServerOptions {
  readonly wrapper: string;
  readonly type?: string;
  readonly version?: string;
  readonly options?: ForeignOptions;
}

/**
 * ``foreignServer("archive", { wrapper: "postgres_fdw", options: { host: "archive.internal", dbname: "app" } })`` →
 * `CREATE SERVER "archive" FOREIGN DATA WRAPPER "postgres_fdw" OPTIONS ("host" 'archive.internal', "dbname" 'app')`.
 */
export function foreignServer(
  name: string,
  options: ForeignServerOptions & DatabaseObjectOptions,
): Declares<PlainDefinition> {
  return plain("foreign server", { factory: "foreignServer", name }, options, { inSchema: false });
}

export interface UserMappingOptions {
  /** Without the password: `ALTER USER MAPPING … OPTIONS (ADD password …)` on the database itself. */
  readonly options?: ForeignOptions;
}

export interface UserMappingSettings extends UserMappingOptions {
  readonly server: string;
  /** A role; `PUBLIC`: all that have none of their own. */
  readonly user: string;
}

/** ``userMapping("archive", "app", { options: { user: "reader" } })`` → `CREATE USER MAPPING FOR "app" SERVER "archive" OPTIONS (…)`. */
export function userMapping(server: string, user: string, options: UserMappingOptions = {}): Declares<PlainDefinition> {
  const name = `${server}, ${user}`;
  return plain(
    "user mapping",
    { factory: "userMapping", name },
    { server, user, ...options },
    {
      inSchema: false,
      path: () => [`${user} SERVER ${server}`],
    },
  );
}
