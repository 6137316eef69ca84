/** Foreign data: where it is, and who one is there. */

import type { Declares } from "../brand.js";
import { type DatabaseObjectOptions, type PlainDefinition, plain } from "./plain.js";

/** What a wrapper takes, by its own names. */
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
  /** Without passwords and other secrets: those are set on the database itself, and are neither read nor written. */
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
      path: () => [server, user],
    },
  );
}
