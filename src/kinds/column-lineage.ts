/** Columns that come to a table from its parents, or stay when the parents lose them. */

import { type CatalogObject, objectId } from "../catalog/catalog.js";
import { quoteIdentifier, quotePath } from "../sql/identifier.js";
import type { ColumnDefinition } from "./column.js";
import { childrenOf, comingColumn, effectiveColumn, heirsOf, partsOf } from "./family.js";
import type { PlanContext, Statement } from "./kind.js";
import { alterTable } from "./statements.js";

type Path = readonly string[];

/** The column as it came from a parent that loses it alone, so that it becomes the table's own; else null. */
export function columnLeft(column: Path, context: PlanContext): CatalogObject<ColumnDefinition> | null {
  if (!context.survives("table", column.slice(0, 2)) || comingColumn(context.from, column) === undefined) return null;
  const left = effectiveColumn(context.from, column)?.object;
  if (left === undefined || !losesNotNull(left, context)) return left ?? null;
  const { notNull: _, ...rest } = left.definition;
  return { ...left, definition: rest };
}

/** PostgreSQL 18 leaves a NOT NULL behind that nobody can drop: so it goes before the column does. */
function losesNotNull({ definition }: CatalogObject<ColumnDefinition>, { to }: PlanContext): boolean {
  return definition.notNull === true && to.serverVersion >= 180000;
}

/** Its default, if it is not to have one. */
export function defaultLeft(column: Path, { from, to }: PlanContext): readonly Statement[] {
  const before = effectiveColumn(from, column)?.default ?? null;
  if (before === null || to.objects.has(objectId("default", column))) return [];
  return [{ sql: alterTable(column, `ALTER COLUMN ${quoteIdentifier(column[2] ?? "")} DROP DEFAULT`) }];
}

/** `DROP COLUMN`, with those of the table's heirs that would keep it, without those that are to. */
export function dropColumn(object: CatalogObject<ColumnDefinition>, context: PlanContext): readonly Statement[] {
  const { path, definition } = object;
  const [table, name] = [path.slice(0, 2), path[2] ?? ""];
  if (context.survives("table", table) && comingColumn(context.to, path) !== undefined)
    return mergedDefault(path, context);
  const drop = `DROP COLUMN ${quoteIdentifier(name)}`;
  const hazards = definition.generated ? [] : (["data-loss"] as const);
  const heirs = heirsOf(context.from, table).filter((heir) => context.survives("table", heir.path));
  const isOwn = (heir: Path) => context.to.objects.has(objectId("column", [...heir, name]));
  const isKept = heirs.some((heir) => isOwn(heir.path));
  const children = childrenOf(context.from, table);
  const keeping = heirs.filter(
    (heir) =>
      !isOwn(heir.path) && (heir.definition.merged?.columns?.includes(name) || (isKept && children.includes(heir))),
  );
  return [
    ...(isKept ? checksGone(object, context) : []),
    ...(isKept && losesNotNull(object, context)
      ? [{ sql: alterTable(path, `ALTER COLUMN ${quoteIdentifier(name)} DROP NOT NULL`) }]
      : []),
    { sql: isKept ? `ALTER TABLE ONLY ${quotePath(table)} ${drop}` : alterTable(path, drop), hazards },
    ...keeping.map((heir) => ({ sql: alterTable(heir.path, drop), hazards })),
  ];
}

/** What a parent is given merges with what is there, but for the default. */
function mergedDefault(path: Path, { from, to }: PlanContext): readonly Statement[] {
  const [before, after] = [from, to].map((catalog) => effectiveColumn(catalog, path)?.default ?? null);
  if (before === after) return [];
  const action = after === null ? "DROP DEFAULT" : `SET DEFAULT ${after}`;
  return [{ sql: alterTable(path, `ALTER COLUMN ${quoteIdentifier(path[2] ?? "")} ${action}`) }];
}

/** The checks on a column that would go with it, and stay where the column stays. */
function checksGone({ id, path }: CatalogObject, { from, to }: PlanContext): readonly Statement[] {
  return partsOf(from, path, "check")
    .filter((check) => from.dependencies.get(check.id)?.has(id) === true && !to.objects.has(check.id))
    .map((check) => ({ sql: alterTable(path, `DROP CONSTRAINT ${quoteIdentifier(check.path[2] ?? "")}`) }));
}
