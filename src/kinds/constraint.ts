/** What the kinds of constraints share: where they live, how they are named, dropped and renamed. */

import { type Catalog, type CatalogObject, sameData } from "../catalog/catalog.js";
import { quoteIdentifier, quotePath } from "../sql/identifier.js";
import type { Statement } from "./kind.js";
import { alterTable, notMember } from "./statements.js";

/** The name of the constraint with this path, quoted. */
export function constraintName(path: readonly string[]): string {
  return quoteIdentifier(path[2] ?? "");
}

export function dropConstraint({ path }: CatalogObject): Statement[] {
  return [{ sql: alterTable(path, `DROP CONSTRAINT ${constraintName(path)}`) }];
}

/** The columns of its own table that it is on: a constraint or an index goes with each of them. */
export function dropsWithColumns({ id, path }: CatalogObject, { dependencies, objects }: Catalog): string[] {
  return [...(dependencies.get(id) ?? [])].filter((need) => {
    const object = objects.get(need);
    return object?.kind === "column" && sameData(object.path.slice(0, 2), path.slice(0, 2));
  });
}

export function renameConstraint({ path }: CatalogObject, name: string): string {
  return alterTable(path, `RENAME CONSTRAINT ${constraintName(path)} TO ${quoteIdentifier(name)}`);
}

export function constraintComment({ path }: CatalogObject): string {
  return `CONSTRAINT ${constraintName(path)} ON ${quotePath(path.slice(0, 2))}`;
}

export function constraintSlots({ path }: CatalogObject): readonly string[] {
  return [`constraint ${JSON.stringify(path)}`];
}

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

/** A kind's query over the constraints of managed tables: `k` is the constraint, `c` the table. */
export function constraintQuery(contypes: string, aliases: string, definition: string, joins = ""): string {
  return `
    SELECT 'pg_constraint'::regclass::oid, k.oid, 0, ${aliases}, json_build_array(c.nspname, c.relname, k.conname),
      obj_description(k.oid, 'pg_constraint'), ${definition}
    FROM pg_constraint k JOIN managed_table c ON c.oid = k.conrelid ${joins}
    WHERE k.contype IN (${contypes}) AND k.conparentid = 0 AND ${notMember("pg_constraint", "k.oid")}`;
}
