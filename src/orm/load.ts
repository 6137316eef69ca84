/** Rows become objects: one object for one row, and what is loaded already is not overwritten. */

import { type InstanceState, makeState, unloaded } from "../model/state.js";
import type { MappedColumn, Mapper } from "./mapper.js";
import { type Executor, type RawRow, StatementWriter } from "./statement.js";
import type { UnitOfWork } from "./unit-of-work.js";
import { keyText, takeValue } from "./values.js";

export interface RowOptions {
  /** Overwrites what is loaded already, changes that were not flushed included. Default false. */
  readonly populateExisting?: boolean;
}

/** The columns of a model for SELECT, in the order in which `objectOf` reads them. */
export function selectList(mapper: Mapper): string {
  return mapper.columns.map(({ sqlName }) => `${mapper.table}.${sqlName}`).join(", ");
}

/** The object of a row whose columns begin at `offset`; null where its key is NULL, as in an outer join. */
export function objectOf(
  work: UnitOfWork,
  mapper: Mapper,
  row: RawRow,
  offset: number,
  { populateExisting = false }: RowOptions = {},
): InstanceState | null {
  const values = mapper.key.map(({ index, codec }) => {
    const text = row[offset + index];
    return text === null || text === undefined ? null : codec.parse(text);
  });
  const key = keyText(mapper.key, values);
  if (key === null) return null;
  const state = work.identities.get(mapper.definition, key);
  if (state === null) return makeObject(work, mapper, row, offset, key);
  for (const column of mapper.columns)
    if (populateExisting || state.row?.[column.index] === unloaded)
      takeValue(state, column, row[offset + column.index] ?? null);
  return state;
}

function makeObject(work: UnitOfWork, mapper: Mapper, row: RawRow, offset: number, key: string): InstanceState {
  const instance = mapper.makeShell();
  const state = makeState(mapper.definition, instance);
  // In one order for all, so that they share a hidden class.
  const values = instance as Record<string, unknown>;
  state.row = mapper.columns.map((column) => {
    const text = row[offset + column.index] ?? null;
    const value = text === null ? null : column.codec.parse(text);
    values[column.property] = value;
    return column.codec.copy(value);
  });
  work.register(state, key);
  return state;
}

/** `SELECT … FROM "users" WHERE "id" = $1`; null where there is no such row. */
export async function selectByKey(
  executor: Executor,
  mapper: Mapper,
  values: readonly unknown[],
): Promise<RawRow | null> {
  const writer = new StatementWriter();
  const conditions = mapper.key.map((column, i) => compare(writer, mapper, column, values[i]));
  const { rows } = await writer.run(
    executor,
    `SELECT ${selectList(mapper)} FROM ${mapper.table} WHERE ${conditions.join(" AND ")}`,
  );
  return rows[0] ?? null;
}

function compare(writer: StatementWriter, mapper: Mapper, column: MappedColumn, value: unknown): string {
  return `${mapper.table}.${column.sqlName} = ${writer.parameter(column.codec.write(value))}`;
}
