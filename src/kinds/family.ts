/** Who takes columns from whom: partitions from their table, children of INHERITS from their parents, typed tables from their type. */

import { type Catalog, type CatalogObject, catalogObject, objectId } from "../catalog/catalog.js";
import { newList, remember } from "../remember.js";
import type { ColumnDefinition } from "./column.js";
import type { CompositeDefinition } from "./composite.js";
import type { InheritedColumnDefinition } from "./inherited-column.js";
import type { PlanContext } from "./kind.js";
import type { TableDefinition } from "./table.js";

export type Table = CatalogObject<TableDefinition>;
type Objects = Pick<Catalog, "objects">;

/** A column as rows see it, wherever it comes from. */
export interface EffectiveColumn {
  /** At the table's own path. */
  readonly object: CatalogObject<ColumnDefinition>;
  readonly default: string | null;
  /** The table or type that it comes from; null: the table's own. */
  readonly from: readonly string[] | null;
}

/** What the objects of a catalog say of its families, found once. */
interface Families {
  readonly children: ReadonlyMap<string, readonly Table[]>;
  /** Columns, constraints and indexes by their table. */
  readonly parts: ReadonlyMap<string, readonly CatalogObject[]>;
  readonly effective: Map<string, readonly EffectiveColumn[]>;
}

const families = new WeakMap<Objects["objects"], Families>();

function familiesOf({ objects }: Objects): Families {
  return remember(families, objects, () => {
    const children = new Map<string, Table[]>();
    const parts = new Map<string, CatalogObject[]>();
    for (const object of objects.values()) {
      // Objects of each kind have its definition, which their common type doesn't say.
      if (object.kind === "table")
        for (const parent of parentsOf(object as Table))
          remember(children, objectId("table", parent), newList).push(object as Table);
      const table = object.path.length === 3 ? objectId("table", object.path.slice(0, 2)) : null;
      if (table !== null) remember(parts, table, newList).push(object);
    }
    return { children, parts, effective: new Map() };
  });
}

/** The tables whose columns it has. */
export function parentsOf({ definition }: Table): readonly (readonly string[])[] {
  return definition.partitionOf === undefined ? (definition.inherits ?? []) : [definition.partitionOf.table];
}

/** Whether all its columns are its own. */
export function hasOwnColumns(table: Table): boolean {
  return table.definition.ofType === undefined && parentsOf(table).length === 0;
}

/** The table of that path. */
export function tableAt({ objects }: Objects, path: readonly string[]): Table | undefined {
  // Objects of this kind have this definition.
  return objects.get(objectId("table", path.slice(0, 2))) as Table | undefined;
}

/** The columns, constraints or indexes of a table. */
export function partsOf(catalog: Objects, table: readonly string[], kind: string): readonly CatalogObject[] {
  return (familiesOf(catalog).parts.get(objectId("table", table.slice(0, 2))) ?? []).filter(
    (part) => part.kind === kind,
  );
}

/**
 * Whether a part of a partition becomes its table's, which is given one that is the same: PostgreSQL takes it over instead
 * of making another.
 */
export function isTakenOver(
  part: CatalogObject,
  context: Pick<PlanContext, "to" | "from" | "survives">,
  same: (own: CatalogObject, parents: CatalogObject) => boolean,
): boolean {
  const table = part.path.slice(0, 2);
  if (!context.survives("table", table)) return false;
  return ancestorsOf(context.to, table).some((parent) =>
    partsOf(context.to, parent, part.kind).some((other) => !context.from.objects.has(other.id) && same(part, other)),
  );
}

/** The parts of the same kind of the tables above and below: where they go, room is made for this one. */
export function relatedParts({ kind, path }: CatalogObject, { from }: Pick<PlanContext, "from">): readonly string[] {
  const table = path.slice(0, 2);
  const related = [...ancestorsOf(from, table), ...heirsOf(from, table).map((heir) => heir.path)];
  return related.flatMap((other) => partsOf(from, other, kind).map(({ id }) => id));
}

/** The tables that have a table's columns, without those that have them by way of others. */
export function childrenOf(catalog: Objects, table: readonly string[]): readonly Table[] {
  return familiesOf(catalog).children.get(objectId("table", table)) ?? [];
}

/** The same with those that have them by way of others, nearest first. */
export function heirsOf(catalog: Objects, table: readonly string[]): readonly Table[] {
  // A Set gives what is added while it is walked.
  const found = new Set(childrenOf(catalog, table));
  for (const heir of found) for (const child of childrenOf(catalog, heir.path)) found.add(child);
  return [...found];
}

/** Its parents and theirs. */
export function ancestorsOf(catalog: Objects, path: readonly string[]): readonly (readonly string[])[] {
  const table = tableAt(catalog, path);
  return table === undefined ? [] : parentsOf(table).flatMap((parent) => [parent, ...ancestorsOf(catalog, parent)]);
}

/** The table at the top of a partition's tree: itself, where it is no partition. */
export function rootOf(catalog: Objects, path: readonly string[]): readonly string[] {
  const parent = tableAt(catalog, path)?.definition.partitionOf?.table;
  return parent === undefined ? path.slice(0, 2) : rootOf(catalog, parent);
}

/** All columns of a table, those of its parents or its type first, as PostgreSQL orders them. */
export function effectiveColumns(catalog: Objects, table: readonly string[]): readonly EffectiveColumn[] {
  return remember(familiesOf(catalog).effective, objectId("table", table), () => {
    // Objects of each kind have its definition.
    const said = partsOf(catalog, table, "inherited column") as readonly CatalogObject<InheritedColumnDefinition>[];
    const columns = partsOf(catalog, table, "column") as readonly CatalogObject<ColumnDefinition>[];
    const taken = new Map<string, EffectiveColumn>();
    for (const column of comingColumns(catalog, table)) {
      const name = column.object.path[2] ?? "";
      if (!taken.has(name))
        taken.set(
          name,
          withOwnWord(
            column,
            table,
            said.find(({ path }) => path[2] === name),
          ),
        );
    }
    // Where only part of a catalog is looked at, what it comes from may not be there.
    for (const word of said) {
      const name = word.path[2] ?? "";
      if (!taken.has(name)) taken.set(name, withOwnWord(unknownColumn(word.path), table, word));
    }
    const own = columns.map((object) => ({ object, default: defaultOf(catalog, object), from: null }));
    // One that changes hands is the table's own.
    for (const { object } of own) taken.delete(object.path[2] ?? "");
    return [...taken.values(), ...own];
  });
}

/** One of them. */
export function effectiveColumn(catalog: Objects, column: readonly string[]): EffectiveColumn | undefined {
  return effectiveColumns(catalog, column.slice(0, 2)).find(({ object }) => object.path[2] === column[2]);
}

/** The column as it comes from the first parent that has it, before anything is said of it. */
export function comingColumn(catalog: Objects, column: readonly string[]): EffectiveColumn | undefined {
  return comingColumns(catalog, column.slice(0, 2)).find(({ object }) => object.path[2] === column[2]);
}

function comingColumns(catalog: Objects, path: readonly string[]): readonly EffectiveColumn[] {
  const table = tableAt(catalog, path);
  if (table === undefined) return [];
  const { ofType } = table.definition;
  if (ofType !== undefined) return attributesOf(catalog, ofType);
  return parentsOf(table).flatMap((parent) =>
    effectiveColumns(catalog, parent).map((column) => ({ ...column, from: parent })),
  );
}

function attributesOf({ objects }: Objects, type: readonly string[]): readonly EffectiveColumn[] {
  const definition = objects.get(objectId("composite type", type))?.definition as CompositeDefinition | undefined;
  return (definition?.attributes ?? []).map(({ name, type: sql, collation }) => ({
    object: catalogObject("column", [...type, name], null, {
      type: sql,
      ...(collation === undefined ? {} : { collation }),
    }),
    default: null,
    from: type,
  }));
}

function unknownColumn(path: readonly string[]): EffectiveColumn {
  return { object: catalogObject("column", path, null, { type: "" }), default: null, from: path.slice(0, 2) };
}

/** What a table takes along of a column: not its comment, statistics and options, nor its identity. */
function withOwnWord(
  { object, default: expression, from }: EffectiveColumn,
  table: readonly string[],
  said: CatalogObject<InheritedColumnDefinition> | undefined,
): EffectiveColumn {
  const { notNull, identity: _i, statistics: _s, options: _o, ...rest } = object.definition;
  const { default: own, notNull: required = notNull ?? false, compression, ...settings } = said?.definition ?? {};
  const { compression: taken, ...columns } = rest;
  const method = compression === "default" ? undefined : (compression ?? taken);
  return {
    object: catalogObject("column", [...table, object.path[2] ?? ""], said?.comment ?? null, {
      ...columns,
      ...settings,
      ...(method === undefined ? {} : { compression: method }),
      ...(required ? { notNull: true } : {}),
    }),
    default: own === undefined ? expression : own === false ? null : own,
    from,
  };
}

function defaultOf({ objects }: Objects, { path }: CatalogObject): string | null {
  const definition = objects.get(objectId("default", path))?.definition as { readonly expression: string } | undefined;
  return definition?.expression ?? null;
}
