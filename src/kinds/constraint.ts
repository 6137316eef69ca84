/** What the kinds of constraints share: where they live, how they are named, dropped, renamed and read. */

import { type Catalog, type CatalogObject, sameData } from "../catalog/catalog.js";
import { quoteIdentifier, quotePath } from "../sql/identifier.js";
import { isTakenOver, relatedParts } from "./family.js";
import type { Kind, ServerInfo, Statement } from "./kind.js";
import { alterTable, notMember } from "./statements.js";

/** The name of the constraint with this path, quoted. */
export function constraintName(path: readonly string[]): string {
  return quoteIdentifier(path[2] ?? "");
}

/** The columns of its own table that it is on: a constraint or an index goes with each of them. */
export function dropsWithColumns({ id, path }: CatalogObject, { dependencies, objects }: Catalog): string[] {
  return [...(dependencies.get(id) ?? [])].filter((need) => {
    const object = objects.get(need);
    return object?.kind === "column" && sameData(object.path.slice(0, 2), path.slice(0, 2));
  });
}

export function constraintSlots({ path }: CatalogObject): readonly string[] {
  return [`constraint ${JSON.stringify(path)}`];
}

/** What every kind of constraint says alike; a kind spreads it and adds, or says otherwise, what is its own. */
export const constraintBase = {
  parent: "table",
  drop: (object, context) =>
    isTakenOver(object, context, ({ definition }, { definition: other }) => sameData(definition, other))
      ? []
      : [{ sql: alterTable(object.path, `DROP CONSTRAINT ${constraintName(object.path)}`) }],
  dropsWith: dropsWithColumns,
  createsAfter: relatedParts,
  rename: ({ path }, name) => alterTable(path, `RENAME CONSTRAINT ${constraintName(path)} TO ${quoteIdentifier(name)}`),
  renamesFreely: true,
  commentTarget: ({ path }) => `CONSTRAINT ${constraintName(path)} ON ${quotePath(path.slice(0, 2))}`,
  slots: constraintSlots,
} satisfies Partial<Kind>;

/** ` DEFERRABLE INITIALLY DEFERRED`, or nothing. */
export function deferrableClause(deferrable: "immediate" | "deferred" | undefined): string {
  if (deferrable === undefined) return "";
  return deferrable === "deferred" ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE";
}

/** `.deferrable()`, as models say it. */
export function deferrableCode(deferrable: "immediate" | "deferred"): string {
  return deferrable === "deferred" ? ".deferrable()" : '.deferrable("immediate")';
}

/** The field `deferrable` of a definition, over `pg_constraint` as `k`. */
export const deferrableField = "CASE WHEN k.condeferred THEN 'deferred' WHEN k.condeferrable THEN 'immediate' END";

/** Of a definition whose rule may not hold for all rows. */
export interface Validity {
  /** Rows that were there before it were not checked. */
  readonly notValid?: true;
  readonly notEnforced?: true;
}

/** The fields of `Validity` as SQL over `pg_constraint` as `k`. */
export function validityFields({ version }: ServerInfo): Readonly<Record<string, string>> {
  if (version < 180000) return { notValid: "CASE WHEN NOT k.convalidated THEN true END" };
  return {
    notValid: "CASE WHEN NOT k.convalidated AND k.conenforced THEN true END",
    notEnforced: "CASE WHEN NOT k.conenforced THEN true END",
  };
}

/** What a declaration says of it, null for what goes without saying. */
export function declaredValidity({ validated, enforced }: { readonly validated: boolean; readonly enforced: boolean }) {
  return { notValid: (!validated && enforced) || null, notEnforced: !enforced || null };
}

/** The step that adds a constraint: rows are held against it where it is valid and enforced. */
export function addConstraint(
  path: readonly string[],
  clause: string,
  { notValid, notEnforced }: Validity = {},
): Statement {
  return { sql: alterTable(path, `ADD ${clause}`), hazards: notValid || notEnforced ? [] : ["may-fail", "scan"] };
}

export function validateConstraint(path: readonly string[]): Statement {
  return { sql: alterTable(path, `VALIDATE CONSTRAINT ${constraintName(path)}`), hazards: ["may-fail", "scan"] };
}

/** A kind's query over the constraints of managed tables: `k` is the constraint, `c` the table. */
export function constraintQuery(contypes: string, aliases: string, definition: string, joins = ""): string {
  return `
    SELECT 'pg_constraint'::regclass::oid, k.oid, 0, ${aliases}, json_build_array(c.nspname, c.relname, k.conname),
      obj_description(k.oid, 'pg_constraint'), ${definition}
    FROM pg_constraint k JOIN managed_table c ON c.oid = k.conrelid ${joins}
    WHERE k.contype IN (${contypes}) AND k.conparentid = 0 AND k.coninhcount = 0 AND ${notMember("pg_constraint", "k.oid")}`;
}
