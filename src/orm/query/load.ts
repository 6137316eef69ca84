/** Runs statements over models: rows become objects, and what is to be loaded with those is, one statement for each relationship. */

import type { DataRow } from "../../engine/data-row.js";
import { sourceEntity } from "../../model/entity.js";
import { holdLoaded } from "../../model/related.js";
import { type InstanceState, unloaded } from "../../model/state.js";
import { membersOf } from "../history.js";
import { type Mapper, requireState } from "../mapper.js";
import { type Executor, plannedRows } from "../statement.js";
import type { UnitOfWork } from "../unit-of-work.js";
import { currentValue } from "../values.js";
import type { Criteria } from "./criteria.js";
import { columnsOnly, keyQuery } from "./key-query.js";
import type { KindLoad } from "./kinds.js";
import { type AfterLoad, LoadPlanner } from "./load-plan.js";
import type { LoadTree } from "./load-tree.js";
import type { PreparedQuery } from "./prepare.js";
import { readRelated } from "./read-related.js";
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

/**
 * @param prepare keeps the statement prepared: not with a long list in it, as a plan that is kept expects a short one.
 * @param note is given each of the query's rows as it comes, with what was made of it; none are left in the end.
 */
export async function runQuery(
  context: LoadContext,
  query: PreparedQuery,
  prepare = true,
  note?: (row: DataRow, values: readonly unknown[]) => void,
): Promise<QueryRows> {
  const reader = new RowReader(context, query);
  const { signal } = context;
  const { rows, rowCount } = await context.database.run(query.text, query.parameters, {
    readRow: (row, parsers) => {
      const values = reader.read(row, parsers);
      if (note === undefined || values === null) return values;
      note(row, values);
      return null;
    },
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
    if (!owner.holds(property)) {
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
  const storedMembers = await readRelated(context, open, load);
  for (const owner of open) {
    const members = storedMembers(owner);
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
