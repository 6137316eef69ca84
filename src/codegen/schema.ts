/** A catalog as the generator looks at it: tables with their columns, keys and foreign keys, in an order of their own. */

import { type Catalog, type CatalogObject, catalogObject, objectId } from "../catalog/catalog.js";
import type { ColumnDefinition } from "../kinds/column.js";
import { effectiveColumns, hasOwnColumns } from "../kinds/family.js";
import type { ForeignKeyDefinition } from "../kinds/foreign-key.js";
import { parentId } from "../kinds/index.js";
import type { IndexDefinition } from "../kinds/index-kind.js";
import type { KeyDefinition } from "../kinds/key.js";
import type { QueryDefinition } from "../kinds/relation-query.js";
import type { TableDefinition } from "../kinds/table.js";
import { byPath, isPartition, isView } from "./naming.js";

export interface ForeignKey {
  readonly object: CatalogObject<ForeignKeyDefinition>;
  readonly from: Table;
  readonly to: Table;
  readonly columns: readonly string[];
}

export interface Table {
  readonly object: CatalogObject;
  readonly path: readonly string[];
  readonly columns: readonly CatalogObject<ColumnDefinition>[];
  readonly keys: readonly CatalogObject<KeyDefinition>[];
  readonly primaryKey: CatalogObject<KeyDefinition> | null;
}

export class Schema {
  readonly tables: readonly Table[];
  readonly views: readonly CatalogObject<QueryDefinition>[];
  /** By table and then name. */
  readonly foreignKeys: readonly ForeignKey[];
  readonly #foreignKeysOf: ReadonlyMap<Table, readonly ForeignKey[]>;
  readonly #children = new Map<string, CatalogObject[]>();
  readonly #constraintNames = new Map<string, number>();

  constructor(readonly catalog: Catalog) {
    for (const object of catalog.objects.values()) {
      const parent = parentId(object);
      if (parent !== null) {
        const siblings = this.#children.get(parent);
        if (siblings === undefined) this.#children.set(parent, [object]);
        else siblings.push(object);
      }
      if (constraintKinds.has(object.kind)) {
        const name = constraintKey(object.path);
        this.#constraintNames.set(name, (this.#constraintNames.get(name) ?? 0) + 1);
      }
    }
    // Columns keep their order; the rest has none.
    for (const children of this.#children.values())
      children.sort((a, b) => (a.kind === "column" && b.kind === "column" ? 0 : byPath(a, b)));
    const isTable = (object: CatalogObject): object is CatalogObject<TableDefinition> => object.kind === "table";
    const objects = [...catalog.objects.values()]
      .filter(isTable)
      .filter((table) => !isPartition(table))
      .sort(byPath);
    for (const table of objects) this.#takeInherited(table);
    this.tables = objects.map((object) => this.#readTable(object));
    this.views = [...catalog.objects.values()].filter(isQuery).sort(byPath);
    const byId = new Map(this.tables.map((table) => [table.object.id, table]));
    this.#foreignKeysOf = new Map(this.tables.map((table) => [table, this.#readForeignKeys(table, byId)]));
    this.foreignKeys = [...this.#foreignKeysOf.values()].flat();
  }

  /** The names of a table's or a view's columns, in their order. */
  columnsOf(relation: CatalogObject): readonly string[] {
    if (isQuery(relation)) return relation.definition.columns.map(({ name }) => name);
    return this.children(relation, "column").map(({ path }) => path[2] ?? "");
  }

  /** A table's own foreign keys, or those of them that lead to another. */
  foreignKeysOf(from: Table, to?: Table): readonly ForeignKey[] {
    const keys = this.#foreignKeysOf.get(from) ?? [];
    return to === undefined ? keys : keys.filter((key) => key.to === to);
  }

  /** The objects of a kind (or of any) that another holds: columns in their order, the rest by name. */
  children({ id }: Pick<CatalogObject, "id">, kind?: string): readonly CatalogObject[] {
    const children = this.#children.get(id);
    if (children === undefined) return [];
    return kind === undefined ? children : children.filter((child) => child.kind === kind);
  }

  /** Whether another table of the schema has a constraint of this name. */
  sharesName(path: readonly string[]): boolean {
    return (this.#constraintNames.get(constraintKey(path)) ?? 0) > 1;
  }

  /** Whether no two rows can have the same values in these columns. */
  isUnique(table: Table, columns: readonly string[]): boolean {
    const covers = (key: readonly (string | undefined)[]) =>
      key.length === columns.length && key.every((column) => column !== undefined && columns.includes(column));
    return (
      table.keys.some(({ definition }) => covers(definition.columns)) ||
      this.children(table.object, "index").some((child) => {
        // The children of this kind are indexes.
        const { unique, where, elements } = (child as CatalogObject<IndexDefinition>).definition;
        return unique === true && where === undefined && covers(elements.map(({ column }) => column));
      })
    );
  }

  /** A model says all columns of its table, wherever they come from. */
  #takeInherited(table: CatalogObject<TableDefinition>): void {
    if (hasOwnColumns(table)) return;
    const columns = effectiveColumns(this.catalog, table.path);
    const others = this.children(table).filter(({ kind }) => kind !== "column" && kind !== "inherited column");
    this.#children.set(table.id, [...columns.map(({ object }) => object), ...others]);
    for (const { object, default: expression } of columns) {
      const defaults = expression === null ? [] : [catalogObject("default", object.path, null, { expression })];
      this.#children.set(object.id, defaults);
    }
  }

  #readForeignKeys(from: Table, tables: ReadonlyMap<string, Table>): readonly ForeignKey[] {
    return this.children(from.object, "foreign key").flatMap((child) => {
      // The children of this kind are foreign keys.
      const object = child as CatalogObject<ForeignKeyDefinition>;
      const to = tables.get(objectId("table", object.definition.table));
      return to === undefined ? [] : [{ object, from, to, columns: object.definition.columns }];
    });
  }

  #readTable(object: CatalogObject): Table {
    // The children of each kind have its definition.
    const columns = this.children(object, "column") as readonly CatalogObject<ColumnDefinition>[];
    const keys = this.children(object, "key") as readonly CatalogObject<KeyDefinition>[];
    const primaryKey = keys.find(({ definition }) => definition.type === "primary key") ?? null;
    return { object, path: object.path, columns, keys, primaryKey };
  }
}

/** Views of both kinds have this in their definitions. */
function isQuery(object: CatalogObject): object is CatalogObject<QueryDefinition> {
  return isView(object.kind);
}

const constraintKinds: ReadonlySet<string> = new Set(["key", "check", "exclusion", "foreign key"]);

function constraintKey([schema, , name]: readonly string[]): string {
  // No name in a PostgreSQL holds a NUL.
  return `${schema}\0${name}`;
}
