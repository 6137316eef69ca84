/**
 * What has an owner and privileges: one row of a table here for each system catalog, so that the kinds of
 * these need none of their own for tables, views, functions …
 */

import type { CatalogObject } from "../catalog/catalog.js";
import type { DeclaredOf } from "../model/declarations.js";
import { displayName, quotePath } from "../sql/identifier.js";
import type { ServerInfo } from "./kind.js";
import { declaredPath, routineAddress } from "./routine.js";

/** How a catalog's rows, named `x`, are read. */
export interface SecurableCatalog {
  readonly catalog: string;
  /** The column with the namespace that has to be managed; null: it lies in none. */
  readonly namespace: string | null;
  /** The kind of a row as we call it, in SQL. */
  readonly kind: string;
  /** The parts of its path in SQL; `n` is the namespace. */
  readonly path: string;
  readonly owner: string;
  readonly acl: string;
  /** What `acldefault` calls its objects, in SQL. */
  readonly aclType: string;
  /** What PUBLIC may where nobody has said anything: words in alphabetical order with commas between, in SQL. */
  readonly publicDefault: string;
  /** A condition: its owner is its own, and not another object's. */
  readonly hasOwner: string;
}

/** Every object that one of these gives and that is no object of ours is left out by the reader, with what hangs on it. */
export function securableCatalogs({ version }: ServerInfo): readonly SecurableCatalog[] {
  return [
    {
      catalog: "pg_namespace",
      namespace: "oid",
      kind: "'schema'",
      path: "x.nspname",
      owner: "x.nspowner",
      acl: "x.nspacl",
      aclType: "'n'",
      publicDefault: `CASE WHEN x.nspname = 'public' THEN '${publicInPublic(version)}' END`,
      hasOwner: "x.nspname <> 'public'",
    },
    {
      catalog: "pg_type",
      namespace: "typnamespace",
      kind: "CASE x.typtype WHEN 'e' THEN 'enum' WHEN 'c' THEN 'composite type' WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range type' END",
      path: "n.nspname, x.typname",
      owner: "x.typowner",
      acl: "x.typacl",
      aclType: "'T'",
      publicDefault: "'usage'",
      hasOwner: "x.typtype IN ('e', 'c', 'd', 'r')",
    },
    {
      catalog: "pg_proc",
      namespace: "pronamespace",
      kind: "CASE x.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END",
      path: "n.nspname, quote_ident(x.proname) || '(' || oidvectortypes(x.proargtypes) || ')'",
      owner: "x.proowner",
      acl: "x.proacl",
      aclType: "'f'",
      publicDefault: "'execute'",
      hasOwner: "true",
    },
    {
      catalog: "pg_class",
      namespace: "relnamespace",
      kind: "CASE x.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence' ELSE 'table' END",
      path: "n.nspname, x.relname",
      owner: "x.relowner",
      acl: "x.relacl",
      aclType: `CASE x.relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END`,
      publicDefault: "NULL",
      hasOwner: `x.relkind IN ('r', 'f', 'p', 'v', 'm') OR x.relkind = 'S'
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = x.oid AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0)`,
    },
    ...ofDatabase.map(([catalog, kind, letters, aclType, publicDefault]) => ({
      catalog,
      namespace: null,
      kind: `'${kind}'`,
      path: `x.${letters}name`,
      owner: `x.${letters}owner`,
      acl: `x.${letters}acl`,
      aclType,
      publicDefault,
      hasOwner: "x.oid >= 16384",
    })),
  ];
}

/** Catalogs of what lies in no schema, the kind of each, the letters that its columns begin with, `acldefault`'s word, and PUBLIC's right. */
const ofDatabase = [
  ["pg_language", "language", "lan", "'l'", "'usage'"],
  ["pg_foreign_data_wrapper", "foreign data wrapper", "fdw", "'F'", "NULL"],
  ["pg_foreign_server", "foreign server", "srv", "'S'", "NULL"],
] as const;

/** The condition under which its rows are looked at, as what follows the catalog in FROM. */
export function managedJoin({ namespace }: SecurableCatalog): string {
  return namespace === null ? "" : `JOIN managed n ON n.oid = x.${namespace}`;
}

/** The rights that PUBLIC has on the schema `public` of every new database. */
export function publicInPublic(version: number): string {
  return version >= 150000 ? "usage" : "create,usage";
}

/** What hangs on an object has its kind and path before its own name: `["table", "public", "users", "reader"]`. */
export function holderOf([kind = "", ...path]: readonly string[]): Pick<CatalogObject, "kind" | "path"> {
  return { kind, path: path.slice(0, -1) };
}

/** A role's name, PUBLIC's being `public`: no role can be called that. */
export const roleName = (oid: string) => `CASE ${oid} WHEN 0 THEN 'public' ELSE pg_get_userbyid(${oid}) END`;

/** How statements call what a kind's objects are: after ALTER, and after GRANT … ON. */
const words: Readonly<Record<string, { readonly alter: string; readonly grant: string }>> = {
  schema: { alter: "SCHEMA", grant: "SCHEMA" },
  enum: { alter: "TYPE", grant: "TYPE" },
  "composite type": { alter: "TYPE", grant: "TYPE" },
  domain: { alter: "DOMAIN", grant: "DOMAIN" },
  "range type": { alter: "TYPE", grant: "TYPE" },
  sequence: { alter: "SEQUENCE", grant: "SEQUENCE" },
  function: { alter: "function", grant: "FUNCTION" },
  procedure: { alter: "procedure", grant: "PROCEDURE" },
  aggregate: { alter: "aggregate", grant: "FUNCTION" },
  table: { alter: "TABLE", grant: "TABLE" },
  view: { alter: "VIEW", grant: "TABLE" },
  "materialized view": { alter: "MATERIALIZED VIEW", grant: "TABLE" },
  language: { alter: "LANGUAGE", grant: "LANGUAGE" },
  "foreign data wrapper": { alter: "FOREIGN DATA WRAPPER", grant: "FOREIGN DATA WRAPPER" },
  "foreign server": { alter: "SERVER", grant: "FOREIGN SERVER" },
};

const isRoutine = (kind: string) => kind === "function" || kind === "procedure" || kind === "aggregate";

/** `MATERIALIZED VIEW "public"."totals"`, as after ALTER. */
export function alterTarget({ kind, path }: Pick<CatalogObject, "kind" | "path">): string {
  const word = words[kind]?.alter ?? kind.toUpperCase();
  return isRoutine(kind) ? routineAddress(word, path) : `${word} ${quotePath(path)}`;
}

/** `TABLE "public"."totals"`, as after GRANT … ON. */
export function grantTarget({ kind, path }: Pick<CatalogObject, "kind" | "path">): string {
  const word = words[kind]?.grant ?? kind.toUpperCase();
  return isRoutine(kind) ? routineAddress(word, path) : `${word} ${quotePath(path)}`;
}

/** `table users`: how messages call what something hangs on; a routine's name is SQL already. */
export function holderText({ kind, path }: Pick<CatalogObject, "kind" | "path">): string {
  const own = path.length > 1 && path[0] === "public" ? path.slice(1) : path;
  if (!isRoutine(kind)) return `${kind} ${displayName(own)}`;
  return `${kind} ${[...own.slice(0, -1).map((part) => displayName([part])), own.at(-1)].join(".")}`;
}

/** The object that a declaration is about. */
export function declaredHolder({ of, schema, name, arguments: all }: DeclaredOf): Pick<CatalogObject, "kind" | "path"> {
  if (all !== null && schema !== null) return { kind: of, path: declaredPath({ schema, name, arguments: all }) };
  return { kind: of, path: schema === null ? [name] : [schema, name] };
}
