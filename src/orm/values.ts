/** Reads and writes the columns of instances: what changed since the row was loaded, and keys as text. */

import { type DataRow, wholeNumber } from "../engine/data-row.js";
import { isUnloadedColumn, setColumn, unloadColumn } from "../model/instance.js";
import { type IdentityKey, type InstanceState, unloaded } from "../model/state.js";
import { isSqlFragment } from "../sql/fragment.js";
import type { MappedColumn, Mapper } from "./mapper.js";

/** What an attribute holds; null where it is unset, `unloaded` where it is not loaded. */
export function currentValue(state: InstanceState, column: MappedColumn): unknown {
  const { instance } = state;
  // A row that was only read need not be made for this.
  if (state.mayLack && isUnloaded(state, column)) return unloaded;
  return instance[column.property] ?? null;
}

function isUnloaded({ row, instance }: InstanceState, column: MappedColumn): boolean {
  return row !== null && row[column.index] === unloaded && isUnloadedColumn(instance, column.property);
}

/** Sets an attribute; what stood for "not loaded" goes. */
export function setValue({ row, instance }: InstanceState, column: MappedColumn, value: unknown): void {
  if (row !== null && row[column.index] === unloaded) setColumn(instance, column.property, value);
  else instance[column.property] = value;
}

/** Takes a value that the database has: the attribute and what the next flush compares it with. */
export function takeValue(state: InstanceState, column: MappedColumn, text: string | null): void {
  takeParsed(state, column, text === null ? null : column.codec.parse(text));
}

/** As `takeValue`, for a value that was read already. */
export function takeParsed(state: InstanceState, column: MappedColumn, value: unknown): void {
  setValue(state, column, value);
  if (state.row !== null) state.row[column.index] = column.codec.copy(value);
}

/** The columns whose values differ from the row's: by what they hold, so that changes in place count. */
export function changedColumns(mapper: Mapper, state: InstanceState): readonly MappedColumn[] {
  return state.row === null ? [] : mapper.columns.filter((column) => isChanged(state, column));
}

/** Whether there are any: asked of every object before every query. */
export function hasChangedColumns(mapper: Mapper, state: InstanceState): boolean {
  return state.row !== null && mapper.columns.some((column) => isChanged(state, column));
}

export function isChanged(state: InstanceState, column: MappedColumn): boolean {
  if (column.computed) return false;
  const value = currentValue(state, column);
  const stored = state.row?.[column.index];
  // Nearly all are the very same; an object may have changed in place.
  if (value === stored && (value === null || typeof value !== "object")) return false;
  if (stored === unloaded) return value !== unloaded;
  return isExpression(value) || !column.codec.equals(stored, value);
}

/** SQL in place of a value: ``user.logins = sql`logins + 1` ``. */
export function isExpression(value: unknown): boolean {
  return typeof value === "object" && isSqlFragment(value);
}

/** Makes columns read as not loaded. The key stays, as it is what the object is known by: what was assigned to it goes. */
export function expireColumns(mapper: Mapper, state: InstanceState, columns: readonly MappedColumn[]): void {
  if (state.row === null || state.key === null) return;
  for (const column of columns) {
    const at = mapper.key.indexOf(column);
    if (at >= 0) takeValue(state, column, keyTexts(mapper, state.key)[at] ?? null);
    else {
      state.row[column.index] = unloaded;
      unloadColumn(state.instance, column.property);
    }
  }
}

/** The texts that `keyText` joined. */
function keyTexts({ key }: Mapper, known: IdentityKey): readonly string[] {
  const text = String(known);
  // What keyText wrote.
  return key.length === 1 ? [text] : (JSON.parse(text) as string[]);
}

/** A key's values as one text; null where one of them is NULL or not loaded. */
export function keyText(columns: readonly MappedColumn[], values: readonly unknown[]): string | null {
  let at = 0;
  return keyTextOf(columns, () => values[at++]);
}

/** As `keyText`, with a function that gives the values. */
export function keyTextOf(columns: readonly MappedColumn[], read: (column: MappedColumn) => unknown): string | null {
  if (columns.length === 1) return valueText(columns[0]!, read(columns[0]!));
  const texts: string[] = [];
  for (const column of columns) {
    const text = valueText(column, read(column));
    if (text === null) return null;
    texts.push(text);
  }
  return JSON.stringify(texts);
}

function valueText({ codec }: MappedColumn, value: unknown): string | null {
  if (value === unloaded || isExpression(value)) return null;
  const text = codec.write(value);
  return text === null || typeof text === "string" ? text : `\\x${text.toString("hex")}`;
}

/** What a row with these values in its primary key is known by; null where one of them is NULL or not loaded. */
export function identityKey(key: readonly MappedColumn[], values: readonly unknown[]): IdentityKey | null {
  let at = 0;
  return identityKeyOf(key, () => values[at++]);
}

/** As `identityKey`, with a function that gives the values. */
export function identityKeyOf(
  key: readonly MappedColumn[],
  read: (column: MappedColumn) => unknown,
): IdentityKey | null {
  if (!hasNumberKey(key)) return keyTextOf(key, read);
  const value = read(key[0]!);
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  const text = valueText(key[0]!, value);
  return text === null ? null : numberKey(text);
}

/** Whether rows are known by a whole number. */
export function hasNumberKey(key: readonly MappedColumn[]): boolean {
  const [first] = key;
  return first !== undefined && key.length === 1 && first.wholeNumber;
}

/** A value of a row's key or version, as the database has it: a whole number that the row is known by without its row. */
export function storedIdentity(state: InstanceState, key: readonly MappedColumn[], column: MappedColumn): unknown {
  const isKnown = typeof state.key === "number" && column === key[0] && hasNumberKey(key);
  return isKnown ? state.key : state.row?.[column.index];
}

/** A whole number's text as what a row is known by: beyond 2^53 numbers are too coarse to tell rows apart. */
export function numberKey(text: string): IdentityKey {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text;
}

/** As `numberKey`, of a value: a number and a bigint may stand for the same. */
export function plainNumber(value: unknown): IdentityKey {
  return typeof value === "number" ? value : numberKey(String(value));
}

/** As `numberKey`, of what a row has; null where that is NULL. */
export function numberIn(row: DataRow, at: number): IdentityKey | null {
  if (row.isNull(at)) return null;
  return isShort(row, at) ? wholeNumber(row.bytes, row.start(at), row.end(at)) : numberKey(row.text(at)!);
}

/** Whether it is a number for sure that JavaScript can tell from the next. */
function isShort(row: DataRow, at: number): boolean {
  return row.end(at) - row.start(at) <= 15;
}

/** The key that an instance's attributes say. */
export function currentKey(mapper: Mapper, state: InstanceState): IdentityKey | null {
  return identityKeyOf(mapper.key, (column) => currentValue(state, column));
}

/** `7`, `(7, "a")`: a key for messages. */
export function shownKey(state: InstanceState): string {
  return String(state.key ?? "without a key");
}
