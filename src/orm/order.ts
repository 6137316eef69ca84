/** In which order rows go to the database: tables by their foreign keys, and rows by theirs where tables form a cycle. */

import { rootOf } from "../model/inheritance.js";
import type { InstanceState } from "../model/state.js";
import { remember } from "../remember.js";
import { MappingError } from "./errors.js";
import { type MappedColumn, type Mapper, mapperOf, mapperOfState } from "./mapper.js";
import { keyText } from "./values.js";

/** Tables that refer to each other, in a cycle or to themselves; one table, mostly. */
export interface TableGroup {
  readonly mappers: readonly Mapper[];
  readonly cyclic: boolean;
}

/** Groups of tables, those that others refer to first. */
export function orderTables(mappers: ReadonlySet<Mapper>): readonly TableGroup[] {
  const [only] = mappers;
  if (only !== undefined && mappers.size === 1)
    return [{ mappers: [only], cyclic: parentsOf(only, mappers).length > 0 }];
  const parents = new Map([...mappers].map((mapper) => [mapper, parentsOf(mapper, mappers)]));
  return stronglyConnected([...mappers], (mapper) => parents.get(mapper) ?? []).map((group) => ({
    mappers: group,
    cyclic: group.some((mapper) => (parents.get(mapper) ?? []).some((parent) => group.includes(parent))),
  }));
}

function parentsOf(mapper: Mapper, among: ReadonlySet<Mapper>): readonly Mapper[] {
  const roots = new Set(mapper.foreignKeys.map(({ target }) => rootOf(target.definition)));
  return [...among].filter(({ definition }) => roots.has(rootOf(definition)));
}

/** Tarjan's algorithm: groups that reach each other, those that are reached first. */
export function stronglyConnected<Node>(nodes: readonly Node[], next: (node: Node) => readonly Node[]): Node[][] {
  const number = new Map<Node, number>();
  const low = new Map<Node, number>();
  const path: Node[] = [];
  const open = new Set<Node>();
  const groups: Node[][] = [];

  function visit(node: Node): void {
    number.set(node, number.size);
    low.set(node, number.get(node)!);
    path.push(node);
    open.add(node);
    for (const other of next(node)) {
      if (!number.has(other)) visit(other);
      if (open.has(other)) low.set(node, Math.min(low.get(node)!, low.get(other)!));
    }
    if (low.get(node) !== number.get(node)) return;
    const group = path.splice(path.indexOf(node));
    for (const member of group) open.delete(member);
    groups.push(group);
  }

  for (const node of nodes) if (!number.has(node)) visit(node);
  return groups;
}

/** One row needs another to be there. */
export interface Need {
  readonly row: InstanceState;
  /** The columns that point to it, or take a value that it has. Of the row itself: a value that it has once it is there. */
  readonly columns: readonly MappedColumn[];
}

/** Rows that can go together, and before them the columns that must stay NULL until later. */
export interface Round {
  readonly rows: readonly InstanceState[];
  readonly postponed: ReadonlyMap<InstanceState, readonly MappedColumn[]>;
}

/**
 * Rounds of rows, those that others need first. Where rows need each other in a circle, a nullable column is left NULL
 * until the others are there; so it is where one needs itself.
 *
 * @param refuse what is said where none is nullable.
 * @throws MappingError `flush.cycle`, or what `refuse` makes.
 */
export function orderRows(
  rows: readonly InstanceState[],
  needsOf: (row: InstanceState) => readonly Need[],
  refuse: Refusal = refuseCycle,
): readonly Round[] {
  const needs = new Map(rows.map((row) => [row, needsOf(row)]));
  const rounds: Round[] = [];
  const left = new Set(rows);
  while (left.size > 0) {
    const ready = [...left].filter((row) => needs.get(row)!.every((need) => need.row === row || !left.has(need.row)));
    const postponed = new Map<InstanceState, readonly MappedColumn[]>();
    if (ready.length === 0) {
      const [row, columns] = breakCycle([...left], needs, left, refuse);
      ready.push(row);
      postponed.set(row, columns);
    }
    for (const row of ready) {
      left.delete(row);
      const own = needs.get(row)!.flatMap((need) => (need.row === row ? need.columns : []));
      if (own.some((column) => !column.spec.nullable)) throw refuse([row], own);
      // What breaks a cycle has them among its columns.
      if (own.length > 0 && !postponed.has(row)) postponed.set(row, own);
    }
    rounds.push({ rows: ready, postponed });
  }
  return rounds;
}

function breakCycle(
  rows: readonly InstanceState[],
  needs: ReadonlyMap<InstanceState, readonly Need[]>,
  left: ReadonlySet<InstanceState>,
  refuse: Refusal,
): readonly [InstanceState, readonly MappedColumn[]] {
  for (const row of rows) {
    const columns = needs.get(row)!.flatMap((need) => (left.has(need.row) ? need.columns : []));
    if (columns.every((column) => column.spec.nullable)) return [row, columns];
  }
  const columns = rows.flatMap((row) => needs.get(row)!.flatMap((need) => need.columns));
  throw refuse(rows, [...new Set(columns)]);
}

/** What is wrong with rows that need each other by these columns. */
type Refusal = (rows: readonly InstanceState[], columns: readonly MappedColumn[]) => MappingError;

function refuseCycle(rows: readonly InstanceState[], columns: readonly MappedColumn[]): MappingError {
  const labels = [...new Set(rows.map((row) => mapperOfState(row).label))].join(", ");
  return new MappingError(
    "flush.cycle",
    rows.length === 1
      ? `A new ${labels} refers to itself by a key that PostgreSQL makes, and ${columns.map(({ origin }) => origin).join(", ")} is not nullable, so that it can't be set afterwards. Make it nullable, or give the key yourself.`
      : `Rows of ${labels} need each other in a circle, and none of the foreign keys in it is nullable, so that none can go first. Make one nullable, or flush in steps.`,
  );
}

/** Finds rows by what foreign keys that point to them hold. */
export class RowFinder {
  readonly #values: (row: InstanceState, column: MappedColumn) => unknown;
  readonly #byKey = new Map<string, Map<string, InstanceState>>();
  readonly #rows: ReadonlySet<InstanceState>;

  /** @param values a column's value: as it is, or as the database has it. */
  constructor(rows: Iterable<InstanceState>, values: (row: InstanceState, column: MappedColumn) => unknown) {
    this.#rows = new Set(rows);
    this.#values = values;
  }

  has(row: InstanceState): boolean {
    return this.#rows.has(row);
  }

  /** The other rows among those given that this one's foreign keys point to. */
  needsOf(row: InstanceState): readonly Need[] {
    return mapperOfState(row).foreignKeys.flatMap((key) => {
      const mapper = mapperOfState(row);
      const columns = key.columns.map(({ property }) => mapper.column(property));
      const text = keyText(
        columns,
        columns.map((column) => this.#values(row, column)),
      );
      const target = mapperOf(key.target.definition);
      const found =
        text === null
          ? undefined
          : this.#index(
              target,
              key.targetColumns.map((c) => c.property),
            ).get(text);
      return found === undefined || found === row ? [] : [{ row: found, columns }];
    });
  }

  #index(target: Mapper, properties: readonly string[]): ReadonlyMap<string, InstanceState> {
    const name = JSON.stringify([target.table, ...properties]);
    return remember(this.#byKey, name, () => this.#makeIndex(target, properties));
  }

  #makeIndex(target: Mapper, properties: readonly string[]): Map<string, InstanceState> {
    const index = new Map<string, InstanceState>();
    const columns = properties.map((property) => target.column(property));
    for (const row of this.#rows) {
      if (rootOf(row.definition) !== rootOf(target.definition)) continue;
      const mapper = mapperOfState(row);
      if (mapper !== target && !properties.every((property) => mapper.has(property))) continue;
      const own = mapper === target ? columns : properties.map((property) => mapper.column(property));
      const text = keyText(
        own,
        own.map((column) => this.#values(row, column)),
      );
      if (text !== null) index.set(text, row);
    }
    return index;
  }
}
