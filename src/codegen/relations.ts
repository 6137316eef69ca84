/** Relationships, both ways, from foreign keys. */

import { camelCase, capitalize, freeName, wordsOf } from "../kinds/source-names.js";
import type { JoinTable } from "./join-tables.js";
import type { TableNames } from "./naming.js";
import type { ForeignKey, Schema, Table } from "./schema.js";
import { plural } from "./words.js";

export interface Relation {
  readonly property: string;
  readonly kind: "one" | "maybeOne" | "many";
  readonly target: Table;
  readonly backPopulates: string;
  /** Given where there are several between the two. */
  readonly foreignKey: ForeignKey | null;
  readonly secondary: Table | null;
}

/** What every class or model has: no relationship can be called so. */
const ofClasses: readonly string[] = ["name", "length", "prototype", "c", "constructor", "__proto__"];

/** The relationships of each table, in the order of their names' certainty: to one, to many, through join tables. */
export function inferRelations(
  schema: Schema,
  joins: readonly JoinTable[],
  namesOf: (table: Table) => TableNames,
): ReadonlyMap<Table, readonly Relation[]> {
  const relations = new Map<Table, Relation[]>(schema.tables.map((table) => [table, []]));
  const taken = new Map(
    schema.tables.map((table) => [table, new Set([...ofClasses, ...namesOf(table).properties.values()])]),
  );
  const name = (table: Table, candidates: readonly string[]) => freeName(candidates, taken.get(table) ?? new Set());
  const joining = new Set(joins.map(({ table }) => table));
  const keys = new Set(schema.foreignKeys.filter((key) => !joining.has(key.from) && isAlone(key, schema)));
  const keysBetween = (from: Table, to: Table) => schema.foreignKeysOf(from, to).filter((key) => keys.has(key));

  const forward = new Map<ForeignKey, string>();
  const forwardCounts = new Map<Table, number>();
  for (const key of keys) {
    forward.set(key, name(key.from, forwardNames(key, namesOf(key.to).one, keysBetween(key.from, key.to).length > 1)));
  }
  for (const key of keys) {
    const { from, to, columns } = key;
    const { one, many } = namesOf(from);
    // A table that refers to itself once per row still has many on the other end: one() would read the same key.
    const single = from !== to && schema.isUnique(from, columns);
    const role = forward.get(key) ?? "";
    const isMain = role === namesOf(to).one || keysBetween(from, to).length === 1;
    const children = from === to ? (role === "parent" ? ["children"] : []) : isMain ? [single ? one : many] : [];
    const back = name(to, [...children, `${single ? one : many}By${capitalize(role)}`]);
    const isNullable = columns.some(
      (column) => from.columns.find(({ path }) => path[2] === column)?.definition.notNull !== true,
    );
    // A collection follows the keys that point here; what holds one may follow those of either direction.
    const thisWay = schema.foreignKeysOf(from, to).length;
    const eitherWay = from === to ? thisWay : thisWay + schema.foreignKeysOf(to, from).length;
    const pick = (count: number) => (count > 1 ? key : null);
    const common = { secondary: null } as const;
    // What a row refers to stands before what refers to it.
    relations.get(from)?.splice(forwardCounts.get(from) ?? 0, 0, {
      ...common,
      property: role,
      kind: isNullable ? "maybeOne" : "one",
      target: to,
      backPopulates: back,
      foreignKey: pick(eitherWay),
    });
    forwardCounts.set(from, (forwardCounts.get(from) ?? 0) + 1);
    relations.get(to)?.push({
      ...common,
      property: back,
      kind: single ? "maybeOne" : "many",
      target: from,
      backPopulates: role,
      foreignKey: pick(single ? eitherWay : thisWay),
    });
  }
  for (const { table, sides } of joins) {
    const [left, right] = sides;
    const collection = ({ to, ...key }: ForeignKey) => pluralRole(roleOf({ to, ...key })) ?? namesOf(to).many;
    const candidates = (far: ForeignKey) => [
      collection(far),
      namesOf(far.to).many,
      `${collection(far)}By${capitalize(namesOf(table).one)}`,
    ];
    const rights = name(left.to, candidates(right));
    const lefts = name(right.to, candidates(left));
    const ends = [
      { near: left, far: right, property: rights, backPopulates: lefts },
      { near: right, far: left, property: lefts, backPopulates: rights },
    ];
    for (const { near, far, property, backPopulates } of ends)
      relations.get(near.to)?.push({
        property,
        kind: "many",
        target: far.to,
        backPopulates,
        foreignKey: left.to === right.to ? near : null,
        secondary: table,
      });
  }
  return relations;
}

/** Whether no other foreign key of the table has the same columns and target: those two could not be told apart. */
function isAlone(key: ForeignKey, schema: Schema): boolean {
  const columns = JSON.stringify([...key.columns].sort());
  return schema
    .foreignKeysOf(key.from, key.to)
    .every((other) => other === key || JSON.stringify([...other.columns].sort()) !== columns);
}

/** What the target may be called, best first: by the column's role, or by what it is. */
function forwardNames(key: ForeignKey, target: string, isOneOfMany: boolean): readonly string[] {
  const role = roleOf(key);
  if (role !== null) return [role, `${role}${capitalize(target)}`];
  if (key.columns.length > 1) return [target];
  const byColumn = `${camelCase(key.columns[0] ?? "", "column")}Row`;
  return isOneOfMany ? [byColumn] : [target, byColumn];
}

/** `author_id` → `author`: what the target is to the row; null where the column does not say. */
function roleOf({ columns }: ForeignKey): string | null {
  const [column = "", second] = columns;
  if (second !== undefined) return null;
  const words = wordsOf(column);
  const last = words.at(-1) ?? "";
  if (words.length < 2 || !["id", "uuid", "fk", "key", "code", "no"].includes(last)) return null;
  return camelCase(words.slice(0, -1).join("_"), "row");
}

function pluralRole(role: string | null): string | null {
  if (role === null) return null;
  const words = wordsOf(role);
  return camelCase([...words.slice(0, -1), plural(words.at(-1) ?? "")].join("_"), "rows");
}
