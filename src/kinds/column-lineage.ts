/** Columns that change hands between a table and its parents, and those that others keep when a table loses them. */

import { type Catalog, type CatalogObject, catalogObject, objectId } from "../catalog/catalog.js";
import { quoteIdentifier, quotePath } from "../sql/identifier.js";
import type { ColumnDefinition } from "./column.js";
import {
  childrenOf,
  type EffectiveColumn,
  effectiveColumn,
  effectiveColumns,
  heirsOf,
  parentsOf,
  partsOf,
  type Table,
} from "./family.js";
import type { HandedOver, PlanContext, Statement } from "./kind.js";
import { alterTable } from "./statements.js";

type Column = CatalogObject<ColumnDefinition>;

/**
 * A parent that is given a column of a name that its child has takes it over, and what it loses alone stays with the
 * child: seen from the child, the column is altered. What is computed is computed anew.
 */
export function columnsHandedOver(from: Catalog, to: Catalog): HandedOver {
  const handed = { from: [] as CatalogObject[], to: [] as CatalogObject[] };
  for (const table of from.objects.values()) {
    const twin = table.kind === "table" ? to.objects.get(table.id) : undefined;
    // Objects of this kind have its definition.
    if (twin === undefined || ![table, twin].some((each) => hasParents(each as Table))) continue;
    const [before, after] = [from, to].map((catalog) => effectiveColumns(catalog, table.path));
    for (const column of before ?? []) {
      const other = after?.find(({ object }) => object.id === column.object.id);
      if (other === undefined || (column.from === null) === (other.from === null)) continue;
      if (column.object.definition.generated !== undefined || other.object.definition.generated !== undefined) continue;
      if (column.from === null) handed.to.push(...asOwn(other));
      else handed.from.push(...asOwn(losesNotNull(column.object, to) ? withoutNotNull(column) : column));
    }
  }
  return handed;
}

function hasParents(table: Table): boolean {
  return table.definition.partitionOf === undefined && parentsOf(table).length > 0;
}

function asOwn({ object, default: expression }: EffectiveColumn): readonly CatalogObject[] {
  return [object, ...(expression === null ? [] : [catalogObject("default", object.path, null, { expression })])];
}

/** PostgreSQL 18 leaves a NOT NULL behind that nobody can drop: so it goes before the column does. */
function losesNotNull({ definition }: Column, { serverVersion }: Catalog): boolean {
  return definition.notNull === true && serverVersion >= 180000;
}

function withoutNotNull(column: EffectiveColumn): EffectiveColumn {
  const { notNull: _, ...definition } = column.object.definition;
  return { ...column, object: { ...column.object, definition } };
}

/** `DROP COLUMN`, with those of the table's heirs that would keep it, without those that are to. */
export function dropColumn(object: Column, context: PlanContext): readonly Statement[] {
  const { path, definition } = object;
  const { from, to } = context;
  const [table, name] = [path.slice(0, 2), path[2] ?? ""];
  const drop = `DROP COLUMN ${quoteIdentifier(name)}`;
  const hazards = definition.generated ? [] : (["data-loss"] as const);
  const heirs = heirsOf(from, table).filter((heir) => context.survives("table", heir.path));
  const keeps = (heir: Table) => context.survives("column", [...heir.path, name]);
  const staysBelow = heirs.some(keeps);
  const children = childrenOf(from, table);
  const leaving = heirs.filter(
    (heir) =>
      !keeps(heir) && (heir.definition.merged?.columns?.includes(name) || (staysBelow && children.includes(heir))),
  );
  return [
    ...(staysBelow ? checksGone(object, context) : []),
    ...(staysBelow && losesNotNull(object, to)
      ? [{ sql: alterTable(path, `ALTER COLUMN ${quoteIdentifier(name)} DROP NOT NULL`) }]
      : []),
    { sql: staysBelow ? `ALTER TABLE ONLY ${quotePath(table)} ${drop}` : alterTable(path, drop), hazards },
    ...leaving.map((heir) => ({ sql: alterTable(heir.path, drop), hazards })),
    ...(losesNotNull(object, to) ? heirs.filter(keeps) : [])
      .map((heir) => [...heir.path, name])
      .filter((column) => !effectiveColumn(to, column)?.object.definition.notNull)
      // One that had merged with the parent's stays.
      .map((column) => ({ sql: alterTable(column, `ALTER COLUMN ${quoteIdentifier(name)} DROP NOT NULL`) })),
  ];
}

/** The checks on a column that would go with it, and stay where the column stays. */
function checksGone({ id, path }: CatalogObject, { from, to }: PlanContext): readonly Statement[] {
  return partsOf(from, path, "check")
    .filter((check) => from.dependencies.get(check.id)?.has(id) === true && !to.objects.has(check.id))
    .map((check) => ({ sql: alterTable(path, `DROP CONSTRAINT ${quoteIdentifier(check.path[2] ?? "")}`) }));
}

/** The columns of this name above and below: they change hands one after the other. */
export function sameNameColumns(path: readonly string[], tables: readonly (readonly string[])[]): readonly string[] {
  return tables.map((table) => objectId("column", [...table, path[2] ?? ""]));
}
