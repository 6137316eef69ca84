/** The tables that rows of a model are in: one, and several where it inherits and has a table of its own. */

import type { ModelDefinition } from "../model/definition.js";
import { adderOf, homeOf, tableOwnersOf } from "../model/inheritance.js";
import { keyColumn, keyName } from "../model/joined.js";
import { modelTable } from "../model/source.js";
import { quotePath } from "../sql/identifier.js";
import { type MappedColumn, mapColumn } from "./mapper.js";

/** A table as statements write it. */
export interface MappedTable {
  /** `User`, for messages. */
  readonly label: string;
  /** Quoted, with the schema that the model or its Base names: as queries have it. */
  readonly table: string;
  readonly columns: readonly MappedColumn[];
  readonly key: readonly MappedColumn[];
  readonly version: MappedColumn | null;
}

/** The tables of a model, in the order in which they are filled; where it is one, what is known of the model itself. */
export function mapTables(whole: MappedTable, definition: ModelDefinition): readonly MappedTable[] {
  const owners = tableOwnersOf(definition);
  return owners.length === 1 ? [whole] : owners.map((owner, i) => mapTable(whole, definition, owner, i === 0));
}

function mapTable(
  { label, columns, key, version }: MappedTable,
  definition: ModelDefinition,
  owner: ModelDefinition,
  isFirst: boolean,
): MappedTable {
  const table = quotePath(modelTable(owner).qualifier);
  const added = columns.filter(({ property, computed }) => !computed && homeOf(definition, property) === owner);
  if (isFirst) return { label, table, columns: added, key, version };
  // In the same place of a row as the first table's: they have the same value.
  const ownKey = key.map(({ property, origin, index }) => {
    const { spec } = keyColumn(owner, property);
    return mapColumn({ property, name: keyName(owner, property), spec, origin }, index, false);
  });
  return { label, table, columns: [...ownKey, ...added], key: ownKey, version: null };
}

/** The name of the table that has all of these columns. */
export function tableWith(columns: readonly MappedColumn[], tables: readonly MappedTable[]): string {
  const found = tables.find((table) => columns.every((column) => table.columns.includes(column)));
  return (found ?? tables[0])?.table ?? "";
}

/** The name of a column among those of several models that are read together, of which two may have one property. */
export function kindName(definition: ModelDefinition, property: string): string {
  return JSON.stringify([adderOf(definition, property).options.identity ?? null, property]);
}
