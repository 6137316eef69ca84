/** Columns that come to a table from its parents, or stay when the parents lose them. */

import { type CatalogObject, objectId } from "../catalog/catalog.js";
import { quoteIdentifier, quotePath } from "../sql/identifier.js";
import type { ColumnDefinition } from "./column.js";
import { columnAlteration } from "./column-alter.js";
import { childrenOf, comingColumn, effectiveColumn, heirsOf, partsOf } from "./family.js";
import type { PlanContext, Statement } from "./kind.js";
import { alterTable } from "./statements.js";

type Path = readonly string[];

/** The column as it came from a parent that loses it alone, so that it becomes the table's own; else null. */
export function columnLeft(column: Path, context: PlanContext): CatalogObject<ColumnDefinition> | null {
  if (!context.survives("table", column.slice(0, 2)) || comingColumn(context.from, column) === undefined) return null;
  const left = effectiveColumn(context.from, column)?.object;
  if (left === undefined || !isKept(left, context)) return null;
  if (!losesNotNull(left, context)) return left;
  const { notNull: _, ...rest } = left.definition;
  return { ...left, definition: rest };
}

/** Whether what a table has from a parent becomes its own. What is computed is computed anew. */
function isKept({ path, definition }: CatalogObject<ColumnDefinition>, { to }: PlanContext): boolean {
  // Objects of this kind have this definition.
  const own = to.objects.get(objectId("column", path)) as CatalogObject<ColumnDefinition> | undefined;
  return own !== undefined && own.definition.generated === undefined && definition.generated === undefined;
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
  const merged = mergedColumn(object, context);
  if (merged !== null) return merged;
  const drop = `DROP COLUMN ${quoteIdentifier(name)}`;
  const hazards = definition.generated ? [] : (["data-loss"] as const);
  const heirs = heirsOf(context.from, table).filter((heir) => context.survives("table", heir.path));
  const isOwn = (heir: Path) => {
    const column = effectiveColumn(context.from, [...heir, name])?.object;
    return column !== undefined && isKept(column, context);
  };
  const staysBelow = heirs.some((heir) => isOwn(heir.path));
  const children = childrenOf(context.from, table);
  const keeping = heirs.filter(
    (heir) =>
      !isOwn(heir.path) && (heir.definition.merged?.columns?.includes(name) || (staysBelow && children.includes(heir))),
  );
  return [
    ...(staysBelow ? checksGone(object, context) : []),
    ...(staysBelow && losesNotNull(object, context)
      ? [{ sql: alterTable(path, `ALTER COLUMN ${quoteIdentifier(name)} DROP NOT NULL`) }]
      : []),
    { sql: staysBelow ? `ALTER TABLE ONLY ${quotePath(table)} ${drop}` : alterTable(path, drop), hazards },
    ...keeping.map((heir) => ({ sql: alterTable(heir.path, drop), hazards })),
  ];
}

/** What is left to do where a parent is given a column of this name: the two become one, if they are alike. */
function mergedColumn(object: CatalogObject<ColumnDefinition>, context: PlanContext): readonly Statement[] | null {
  const { path, definition } = object;
  const coming = context.survives("table", path.slice(0, 2)) ? comingColumn(context.to, path) : undefined;
  const after = coming && effectiveColumn(context.to, path);
  if (after === undefined || definition.generated !== undefined || after.object.definition.generated !== undefined)
    return null;
  const alteration = columnAlteration(object, after.object, context);
  const before = effectiveColumn(context.from, path)?.default ?? null;
  const action = after.default === null ? "DROP DEFAULT" : `SET DEFAULT ${after.default}`;
  return [
    ...(alteration.op === "statements" ? alteration.statements : []),
    ...(before === after.default
      ? []
      : [{ sql: alterTable(path, `ALTER COLUMN ${quoteIdentifier(path[2] ?? "")} ${action}`) }]),
  ];
}

/** The checks on a column that would go with it, and stay where the column stays. */
function checksGone({ id, path }: CatalogObject, { from, to }: PlanContext): readonly Statement[] {
  return partsOf(from, path, "check")
    .filter((check) => from.dependencies.get(check.id)?.has(id) === true && !to.objects.has(check.id))
    .map((check) => ({ sql: alterTable(path, `DROP CONSTRAINT ${quoteIdentifier(check.path[2] ?? "")}`) }));
}
