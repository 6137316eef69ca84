/** How constraints and indexes that have no name of their own get one. */

import { clipBytes, derivedName, maxIdentifierBytes } from "../sql/identifier.js";

export type NamingKind = "pk" | "unique" | "index" | "fk" | "check" | "exclude";

/** What a name is made of. All as in the database. */
export interface NameParts {
  readonly table: string;
  /** The columns; an expression of an index counts as `expr`. */
  readonly columns: readonly string[];
  /** The table that a foreign key points to; else empty. */
  readonly target: string;
  /** The name given to `check()`; else empty. */
  readonly name: string;
}

/** A function, or a template with `{table}`, `{columns}` (joined with _), `{column}` (the first), `{target}`, `{name}`. */
export type NamingRule = string | ((parts: NameParts) => string);

/** A rule per kind; what is left out is named as PostgreSQL itself would: `users_email_key`. */
export type Naming = Readonly<Partial<Record<NamingKind, NamingRule>>>;

const label: Readonly<Record<Exclude<NamingKind, "check">, string>> = {
  pk: "pkey",
  unique: "key",
  index: "idx",
  fk: "fkey",
  exclude: "excl",
};

/**
 * The name by rule, or PostgreSQL's own: `users_email_key`, and `users_email_key1` where `isTaken` says that the first
 * is gone (ChooseRelationName and ChooseConstraintName). A rule's name is taken as it comes.
 */
export function chooseName(
  kind: NamingKind,
  parts: NameParts,
  naming: Naming,
  isTaken: (name: string) => boolean,
): string {
  const rule = naming[kind];
  if (typeof rule === "function") return rule(parts);
  if (rule !== undefined) return fill(rule, parts);
  if (kind === "check") return parts.name;
  return freeName(parts.table, kind === "pk" ? null : distinct(parts.columns).join("_"), label[kind], isTaken);
}

/** `users`, `id`, `seq` → `users_id_seq`, or `users_id_seq1` where that is taken. */
export function freeName(
  first: string,
  second: string | null,
  suffix: string,
  isTaken: (name: string) => boolean,
): string {
  let name = derivedName(first, second, suffix);
  for (let i = 1; isTaken(name); i++) name = derivedName(first, second, `${suffix}${i}`);
  return name;
}

function fill(template: string, parts: NameParts): string {
  const values: Readonly<Record<string, string>> = {
    table: parts.table,
    columns: parts.columns.join("_"),
    column: parts.columns[0] ?? "",
    target: parts.target,
    name: parts.name,
  };
  return template.replace(/\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole);
}

/** `expr, expr` → `expr, expr1`, as ChooseIndexColumnNames does. */
function distinct(columns: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  for (const column of columns) {
    let name = column;
    for (let i = 1; seen.has(name); i++) name = clipBytes(column, maxIdentifierBytes - String(i).length) + String(i);
    seen.add(name);
  }
  return [...seen];
}

/** The same function, asked once for each name: columns of a thousand tables have a few hundred. */
export function remembering<Result>(ofName: (name: string) => Result): (name: string) => Result {
  const known = new Map<string, Result>();
  return (name) => {
    const found = known.get(name) ?? ofName(name);
    known.set(name, found);
    return found;
  };
}

/** `createdAt` → `created_at`, `HTTPServer` → `http_server`, `line2Text` → `line2_text`. */
export const snakeCase = remembering((name: string): string =>
  name
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, "$1_$2")
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, "$1_$2")
    .toLowerCase(),
);
