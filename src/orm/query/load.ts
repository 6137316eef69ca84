/** Runs statements over models: rows become objects, and what is to be loaded with those is, one statement for each relationship. */

import { type Entity, sourceEntity } from "../../model/entity.js";
import { holdLoaded } from "../../model/related.js";
import { type IdentityKey, type InstanceState, unloaded } from "../../model/state.js";
import type { Join } from "../../query/from.js";
import { emptySelect, Select } from "../../query/select.js";
import { newList, remember } from "../../remember.js";
import { membersOf } from "../history.js";
import { type Mapper, requireState } from "../mapper.js";
import type { MappedPair, MappedRelation } from "../relation.js";
import { type Executor, plannedRows } from "../statement.js";
import type { UnitOfWork } from "../unit-of-work.js";
import { currentValue, numberKey } from "../values.js";
import type { Criteria } from "./criteria.js";
import { InputRows } from "./input-rows.js";
import { columnsOnly, keyQuery } from "./key-query.js";
import type { KindLoad } from "./kinds.js";
import { type AfterLoad, columnOf, equal, LoadPlanner } from "./load-plan.js";
import type { LoadTree } from "./load-tree.js";
import { type PreparedQuery, prepareQuery } from "./prepare.js";
import { type PendingLoad, pendingLoads, RowReader } from "./reader.js";

/** A session, as loading sees it. */
export interface LoadContext {
  readonly work: UnitOfWork;
  readonly database: Executor;
  /** Hold for the statements that load relationships too. */
  readonly criteria: Criteria;
  /** Overwrites what is loaded already, changes that were not flushed included. */
  readonly populateExisting: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface QueryRows {
  readonly rows: unknown[][];
  /** Rows returned or changed, as PostgreSQL counts them. */
  readonly rowCount: number;
}

/** @param prepare keeps the statement prepared: not with a long list in it, as a plan that is kept expects a short one. */
export async function runQuery(context: LoadContext, query: PreparedQuery, prepare = true): Promise<QueryRows> {
  const reader = new RowReader(context, query);
  const { signal } = context;
  const { rows, rowCount } = await context.database.run(query.text, query.parameters, {
    readRow: (row, parsers) => reader.read(row, parsers),
    prepare,
    onlyReads: query.onlyReads,
    ...(signal === undefined ? {} : { signal }),
  });
  await loadAfter(context, reader);
  return { rows: rows.filter((row) => row !== null), rowCount };
}

/** Once the rows are read: what comes with their objects. */
export async function loadAfter(context: LoadContext, reader: RowReader): Promise<void> {
  await loadPending(context, reader.finish());
}

async function loadPending(context: LoadContext, pending: Iterable<PendingLoad>): Promise<void> {
  for (const { load, states } of pending)
    if ("relation" in load) await loadRelation(context, states, load);
    else await loadKind(context, states, load);
}

/** Loads columns that only objects of one model have. */
async function loadKind(
  context: LoadContext,
  states: readonly InstanceState[],
  { mapper, columns }: KindLoad,
): Promise<void> {
  const isOpen = (state: InstanceState) => columns.some((column) => currentValue(state, column) === unloaded);
  const open = context.populateExisting ? states : states.filter(isOpen);
  if (open.length === 0) return;
  const keys = open.map((state) => mapper.key.map(({ index }) => state.row?.[index]));
  const query = keyQuery(context.criteria, mapper, keys, columnsOnly(mapper, columns));
  await runQuery(context, query, keys.length <= plannedRows);
}

/** Loads a relationship of those that don't hold it yet, and what is to be loaded with its members, old and new. */
export async function loadRelation(
  context: LoadContext,
  owners: readonly InstanceState[],
  load: AfterLoad,
): Promise<void> {
  const { relation, tree, path } = load;
  const { property } = relation;
  const known: InstanceState[] = [];
  const open = owners.filter((owner) => {
    if (!owner.related.has(property)) {
      const held = context.work.known(owner, property);
      if (held === undefined) return true;
      holdLoaded(owner, property, held);
    }
    for (const member of membersOf(owner, property) ?? []) known.push(requireState(member));
    return false;
  });
  const stored = known.filter((member) => member.hasRow);
  await loadEager(context, stored, relation.target, tree, path);
  if (open.length === 0) return;
  const found = await readRelated(context, open, load);
  for (const owner of open) {
    const members = found.get(owner) ?? [];
    holdLoaded(owner, property, relation.collection ? members : (members[0] ?? null));
  }
}

/** Loads what is to be there with objects that the session has. */
export async function loadEager(
  context: LoadContext,
  states: readonly InstanceState[],
  mapper: Mapper,
  tree: LoadTree,
  path: AfterLoad["path"],
): Promise<void> {
  if (states.length === 0) return;
  const planner = new LoadPlanner(context.criteria, "none", (entity) => entity);
  const { kinds, after } = planner.plan(sourceEntity(mapper.definition), { tree, path, optional: true });
  await loadPending(context, pendingLoads(mapper, [...kinds, ...after], [...new Set(states)]));
}

/** What a relationship holds in the database, for each owner that has something. */
export async function readRelated(
  context: LoadContext,
  owners: readonly InstanceState[],
  { relation, tree, path }: AfterLoad,
): Promise<ReadonlyMap<InstanceState, readonly object[]>> {
  const asking = owners.filter((owner) => relation.near.every((column) => currentValue(owner, column) !== null));
  const found = new Map<InstanceState, object[]>();
  if (asking.length === 0) return found;
  const pair = wholeNumbers(relation);
  if (pair !== null) return readByNumber(context, asking, { relation, tree, path }, pair);
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
  const trees = new Map([[target.from, tree]]);
  const { rows } = await runQuery(
    context,
    prepareQuery(statement, { trees, criteria: context.criteria, path, joins: "all" }),
  );
  for (const [ordinal, member] of rows) {
    const owner = asking[Number(ordinal) - 1];
    // The second element is an entity that an inner join brings.
    if (owner !== undefined) remember(found, owner, newList<object>).push(member as object);
  }
  return found;
}

/** The one pair of columns by which it joins, where equal numbers are all that it takes to match rows with their owners. */
function wholeNumbers(relation: MappedRelation): MappedPair | null {
  if (relation.link !== null) return null;
  const [pair, second] = relation.pairs;
  if (pair === undefined || second !== undefined) return null;
  const { local, remote } = pair;
  return local.wholeNumber && local.sqlType === remote.sqlType && local.spec.type.value === remote.spec.type.value
    ? pair
    : null;
}

/** As `readRelated`, without a join: `SELECT "posts"."user_id", "posts".* FROM "posts" WHERE "posts"."user_id" = ANY ($1)`. */
async function readByNumber(
  context: LoadContext,
  asking: readonly InstanceState[],
  { relation, tree, path }: AfterLoad,
  { local, remote }: MappedPair,
): Promise<ReadonlyMap<InstanceState, readonly object[]>> {
  const owners = new Map<IdentityKey, InstanceState[]>();
  for (const owner of asking) remember(owners, plainNumber(currentValue(owner, local)), newList).push(owner);
  const target = sourceEntity(relation.target.definition);
  const column = columnOf(target, remote.property);
  const statement = new Select<readonly unknown[]>({
    ...emptySelect,
    elements: [
      { kind: "value", fragment: column, label: null },
      { kind: "entity", entity: target },
    ],
    from: [target.from],
    where: [column.in([...owners.values()].map(([owner]) => currentValue(owner!, local)))],
    order: relation.orderBy(),
  });
  const trees = new Map([[target.from, tree]]);
  const query = prepareQuery(statement, { trees, criteria: context.criteria, path, joins: "all" });
  const { rows } = await runQuery(context, query, owners.size <= plannedRows);
  const members = new Map<IdentityKey, object[]>();
  // The second element is an entity of the table itself.
  for (const [value, member] of rows) remember(members, plainNumber(value), newList).push(member as object);
  const found = new Map<InstanceState, readonly object[]>();
  for (const [value, list] of members) for (const owner of owners.get(value) ?? []) found.set(owner, list);
  return found;
}

/** A number and a bigint may stand for the same. */
function plainNumber(value: unknown): IdentityKey {
  return typeof value === "number" ? value : numberKey(String(value));
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
