/** What relationships lead to, of many owners in one statement. */

import type { DataRow } from "../../engine/data-row.js";
import { type Entity, sourceEntity } from "../../model/entity.js";
import type { IdentityKey, InstanceState } from "../../model/state.js";
import type { Element } from "../../query/element.js";
import type { Join } from "../../query/from.js";
import { emptySelect, Select } from "../../query/select.js";
import { newList, remember } from "../../remember.js";
import type { MappedPair, MappedRelation } from "../relation.js";
import { plannedRows } from "../statement.js";
import { currentValue, numberIn, plainNumber } from "../values.js";
import { InputRows } from "./input-rows.js";
import { type LoadContext, runQuery } from "./load.js";
import { type AfterLoad, columnOf, equal } from "./load-plan.js";
import { type PreparedElement, type PreparedQuery, prepareQuery } from "./prepare.js";

/** What a relationship of an owner holds in the database. */
export type MembersOf = (owner: InstanceState) => readonly object[];

/** Reads it for many owners. */
export async function readRelated(
  context: LoadContext,
  owners: readonly InstanceState[],
  load: AfterLoad,
): Promise<MembersOf> {
  const { near } = load.relation;
  const asking = owners.filter((owner) => near.every((column) => currentValue(owner, column) !== null));
  if (asking.length === 0) return () => [];
  const pair = wholeNumbers(load.relation);
  return pair === null ? readByInput(context, asking, load) : readByNumber(context, asking, load, pair);
}

/** By a join with the owners' values: PostgreSQL says which row belongs to whom. */
async function readByInput(
  context: LoadContext,
  asking: readonly InstanceState[],
  load: AfterLoad,
): Promise<MembersOf> {
  const { relation } = load;
  const input = new InputRows(
    relation.near,
    asking.map((owner) => relation.near.map((column) => currentValue(owner, column))),
  );
  const target = sourceEntity(relation.target.definition);
  const statement = new Select<readonly unknown[]>({
    ...emptySelect,
    elements: [
      { kind: "value", fragment: input.ordinal, label: null },
      { kind: "entity", entity: target },
    ],
    from: [input],
    joins: [joinInput(input, relation, target)],
    order: relation.orderBy(),
  });
  const query = prepare(context, statement, target, load);
  const found = new Map<InstanceState, object[]>();
  for (const [ordinal, member] of (await runQuery(context, query)).rows) {
    const owner = asking[Number(ordinal) - 1];
    // The second element is an entity that an inner join brings.
    if (owner !== undefined) remember(found, owner, newList<object>).push(member as object);
  }
  return (owner) => found.get(owner) ?? [];
}

/** The one pair of columns that says whose a row is, where equal numbers are all that it takes to match them. */
function wholeNumbers(relation: MappedRelation): MappedPair | null {
  const [pair, second] = relation.link?.near ?? relation.pairs;
  if (pair === undefined || second !== undefined) return null;
  const { local, remote } = pair;
  return local.wholeNumber && local.sqlType === remote.sqlType && local.spec.type.value === remote.spec.type.value
    ? pair
    : null;
}

/**
 * `SELECT "posts".* FROM "posts" WHERE "posts"."user_id" = ANY ($1)`, or with a join table
 * `SELECT "post_tags"."post_id", "tags".* FROM "post_tags" JOIN "tags" ON … WHERE "post_tags"."post_id" = ANY ($1)`.
 */
async function readByNumber(
  context: LoadContext,
  asking: readonly InstanceState[],
  load: AfterLoad,
  { local, remote }: MappedPair,
): Promise<MembersOf> {
  const { relation, tree } = load;
  const { link } = relation;
  const members = new Map<IdentityKey | null, object[]>();
  const numbers: unknown[] = [];
  for (const owner of asking) {
    const number = currentValue(owner, local);
    const place = plainNumber(number);
    if (members.has(place)) continue;
    members.set(place, []);
    numbers.push(number);
  }
  const target = sourceEntity(relation.target.definition);
  const from = link === null ? target : sourceEntity(link.definition);
  const column = columnOf(from, remote.property);
  const isRead = link === null && tree.loadsColumn(remote);
  const value: Element = { kind: "value", fragment: column, label: null };
  const entity: Element = { kind: "entity", entity: target };
  const statement = new Select<readonly unknown[]>({
    ...emptySelect,
    elements: isRead ? [entity] : [entity, value],
    from: [from.from],
    joins: link === null ? [] : [joinWith(from, target, equal(link.far, from, target))],
    where: [column.in(numbers)],
    order: relation.orderBy(),
  });
  const prepared = prepare(context, statement, target, load);
  const query = { ...prepared, elements: prepared.elements.map(numberAsPlace) };
  const at = placeOf(query, isRead ? remote.property : null);
  const note = (row: DataRow, [member]: readonly unknown[]) => {
    // The first element is an entity of the table itself.
    members.get(numberIn(row, at))?.push(member as object);
  };
  // By an index, the plan for a few is good for many; without one, the list would be searched for each row.
  await runQuery(context, query, relation.isIndexed || numbers.length <= plannedRows, note);
  return (owner) => members.get(plainNumber(currentValue(owner, local))) ?? [];
}

/** The query of members, with what is to be loaded with them. */
function prepare(
  { criteria }: LoadContext,
  statement: Select<readonly unknown[]>,
  target: Entity,
  { tree, path }: AfterLoad,
): PreparedQuery {
  return prepareQuery(statement, { trees: new Map([[target.from, tree]]), criteria, path, joins: "all" });
}

function numberAsPlace(element: PreparedElement): PreparedElement {
  return element.kind === "value" ? { kind: "place" } : element;
}

/** Where a column of the first element stands in a row; null: the value behind it. */
function placeOf({ elements: [first] }: PreparedQuery, property: string | null): number {
  const properties = first?.kind === "entity" ? Object.keys(first.plan.entity.columns) : [];
  return property === null ? properties.length : properties.indexOf(property);
}

function joinWith(from: Entity, target: Entity, on: Join["on"]): Join {
  return { type: "JOIN", lateral: false, target: target.from, through: null, from: from.from, on };
}

/** From the owners' own values to the target, past the join table where there is one. */
function joinInput(input: InputRows, relation: MappedRelation, target: Entity): Join {
  const common = { type: "JOIN", lateral: false, target: target.from, from: input } as const;
  const { link } = relation;
  if (link === null) {
    const columns = relation.pairs.map(({ remote }) => columnOf(target, remote.property));
    return { ...common, through: null, on: input.equal(columns) };
  }
  const table = sourceEntity(link.definition);
  const columns = link.near.map(({ remote }) => columnOf(table, remote.property));
  return { ...common, through: { table: table.from, on: equal(link.far, table, target) }, on: input.equal(columns) };
}
