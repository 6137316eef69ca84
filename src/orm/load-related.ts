/** Loads relationships: one statement for any number of objects. */

import { holdLoaded } from "../model/related.js";
import type { InstanceState } from "../model/state.js";
import { objectOf, selectList } from "./load.js";
import type { MappedColumn } from "./mapper.js";
import type { MappedRelation } from "./relation.js";
import { type Executor, StatementWriter, writeRowList } from "./statement.js";
import type { UnitOfWork } from "./unit-of-work.js";
import { currentValue } from "./values.js";

/** Loads a relationship of all that don't hold it yet, and what is to be loaded with it. */
export async function loadRelation(
  work: UnitOfWork,
  executor: Executor,
  states: readonly InstanceState[],
  relation: MappedRelation,
  path: ReadonlySet<MappedRelation> = new Set(),
): Promise<void> {
  const { property } = relation;
  const open: InstanceState[] = [];
  for (const state of states) {
    if (state.related.has(property)) continue;
    const known = work.known(state, property);
    if (known === undefined) open.push(state);
    else holdLoaded(state, property, known);
  }
  if (open.length === 0) return;
  const found = await readRelated(work, executor, open, relation);
  for (const state of open) {
    const members = found.get(state) ?? [];
    const instances = members.map(({ instance }) => instance);
    holdLoaded(state, property, relation.collection ? instances : (instances[0] ?? null));
  }
  const loaded = [...new Set([...found.values()].flat())];
  await loadEager(work, executor, loaded, relation.target.relations.values(), new Set([...path, relation]));
}

/** Loads the relationships that are to be there with their owner; each once on a path, so that a circle ends. */
export async function loadEager(
  work: UnitOfWork,
  executor: Executor,
  states: readonly InstanceState[],
  relations: Iterable<MappedRelation>,
  path: ReadonlySet<MappedRelation> = new Set(),
): Promise<void> {
  if (states.length === 0) return;
  for (const relation of relations)
    if ((relation.lazy === "joined" || relation.lazy === "selectin") && !path.has(relation))
      await loadRelation(work, executor, states, relation, path);
}

/** What a relationship holds in the database, for each of `states`. */
export async function readRelated(
  work: UnitOfWork,
  executor: Executor,
  states: readonly InstanceState[],
  relation: MappedRelation,
): Promise<ReadonlyMap<InstanceState, readonly InstanceState[]>> {
  const columns = nearColumns(relation);
  const asking = states.filter((state) => columns.every((column) => currentValue(state, column) !== null));
  const found = new Map<InstanceState, InstanceState[]>(states.map((state) => [state, []]));
  if (asking.length === 0) return found;
  const writer = new StatementWriter();
  const list = writeRowList(
    writer,
    columns,
    asking.map((state) => columns.map((column) => currentValue(state, column))),
  );
  const order = relation.orderBy().map((fragment) => writer.fragment(fragment));
  const { rows } = await writer.run(
    executor,
    `SELECT ${list.ordinal}, ${selectList(relation.target)} FROM ${list.from} ${joins(relation, list.values)}${order.length === 0 ? "" : ` ORDER BY ${order.join(", ")}`}`,
  );
  for (const row of rows) {
    const state = asking[Number(row[0]) - 1];
    const member = objectOf(work, relation.target, row, 1);
    if (state !== undefined && member !== null) found.get(state)?.push(member);
  }
  return found;
}

function nearColumns(relation: MappedRelation): readonly MappedColumn[] {
  return (relation.link?.near ?? relation.pairs).map(({ local }) => local);
}

/** From the objects' own values to the target, past the join table where there is one. */
function joins(relation: MappedRelation, values: readonly string[]): string {
  const { link, target } = relation;
  const equal = (table: string, columns: readonly MappedColumn[], others: readonly string[]) =>
    columns.map((column, i) => `${table}.${column.sqlName} = ${others[i]}`).join(" AND ");
  const join = (table: string, condition: string) => `JOIN ${table} ON ${condition}`;
  if (link === null) {
    const remote = relation.pairs.map((pair) => pair.remote);
    return join(target.table, equal(target.table, remote, values));
  }
  const near = link.near.map((pair) => pair.remote);
  const far = link.far.map((pair) => pair.remote);
  const linked = link.far.map(({ local }) => `${link.table}.${local.sqlName}`);
  return `${join(link.table, equal(link.table, near, values))} ${join(target.table, equal(target.table, far, linked))}`;
}
