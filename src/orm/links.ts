/** Rows of join tables: one INSERT and one DELETE per table. */

import type { InstanceState } from "../model/state.js";
import { remember } from "../remember.js";
import { StaleDataError } from "./errors.js";
import { type MappedColumn, mapperOfState } from "./mapper.js";
import type { LinkTable } from "./relation.js";
import { type Executor, type RowValues, StatementWriter, writeRowList } from "./statement.js";
import { currentValue, keyText } from "./values.js";

/** A row of a join table: each of its columns gets a value of one of the two. */
interface Link {
  readonly near: InstanceState;
  readonly far: InstanceState;
}

/** Links that came and went in one join table. Both sides of a relationship say the same: a link counts once. */
class LinkChanges {
  readonly added = new Map<string, Link>();
  readonly removed = new Map<string, Link>();

  constructor(readonly table: LinkTable) {}
}

export class LinkBook {
  readonly #tables = new Map<string, LinkChanges>();
  readonly #numbers = new Map<InstanceState, number>();

  get isEmpty(): boolean {
    return this.#tables.size === 0;
  }

  add(table: LinkTable, near: InstanceState, far: InstanceState): void {
    const { changes, link } = this.#place(table, near, far);
    changes.added.set(this.#name(link), link);
  }

  remove(table: LinkTable, near: InstanceState, far: InstanceState): void {
    const { changes, link } = this.#place(table, near, far);
    changes.removed.set(this.#name(link), link);
  }

  /** @param deletes objects that go in the same flush: a link that is one of them is deleted as such. */
  async deleteRemoved(executor: Executor, deletes: ReadonlySet<InstanceState>): Promise<void> {
    for (const { table, removed } of this.#tables.values()) {
      const columns = columnsOf(table);
      const objects = rowTexts(table, columns, deletes);
      const links = [...removed.values()].filter((link) => !objects.has(keyText(columns, linkValues(table, link))));
      if (links.length === 0) continue;
      const writer = new StatementWriter();
      const list = writeRowList(writer, columns, rowValues(table, links));
      const matches = columns.map((column, i) => `"target".${column.sqlName} = ${list.values[i]}`);
      const { rowCount } = await writer.run(
        executor,
        `DELETE FROM ${table.table} AS "target" USING ${list.from} WHERE ${matches.join(" AND ")}`,
      );
      if (rowCount < links.length)
        throw new StaleDataError(
          "DELETE",
          table.label,
          { missing: links.length - rowCount, expected: links.length, keys: [] },
          false,
        );
    }
  }

  async insertAdded(executor: Executor): Promise<void> {
    for (const { table, added } of this.#tables.values()) {
      const links = [...added.values()];
      if (links.length === 0) continue;
      const columns = columnsOf(table);
      const writer = new StatementWriter();
      const list = writeRowList(writer, columns, rowValues(table, links));
      const names = columns.map((column) => column.sqlName);
      await writer.run(
        executor,
        `INSERT INTO ${table.table} (${names.join(", ")}) SELECT ${list.values.join(", ")} FROM ${list.from} ORDER BY ${list.ordinal}`,
      );
    }
  }

  /** Always seen from the side that was met first, so that both sides name a link alike. */
  #place(table: LinkTable, near: InstanceState, far: InstanceState): { changes: LinkChanges; link: Link } {
    const changes = remember(this.#tables, table.table, () => new LinkChanges(table));
    const sameSide = changes.table.near[0]!.remote.name === table.near[0]!.remote.name;
    return { changes, link: sameSide ? { near, far } : { near: far, far: near } };
  }

  #name({ near, far }: Link): string {
    return `${this.#number(near)} ${this.#number(far)}`;
  }

  #number(state: InstanceState): number {
    return remember(this.#numbers, state, () => this.#numbers.size);
  }
}

function columnsOf({ near, far }: LinkTable): readonly MappedColumn[] {
  return [...near.map(({ remote }) => remote), ...far.map(({ local }) => local)];
}

function rowValues({ near, far }: LinkTable, links: readonly Link[]): RowValues {
  return {
    count: links.length,
    values: [
      ...near.map(({ local }) => links.map((link) => currentValue(link.near, local))),
      ...far.map(({ remote }) => links.map((link) => currentValue(link.far, remote))),
    ],
  };
}

function linkValues(table: LinkTable, link: Link): readonly unknown[] {
  return rowValues(table, [link]).values.map(([value]) => value);
}

/** The join table's rows among objects, where a model has that table. */
function rowTexts(
  { table }: LinkTable,
  columns: readonly MappedColumn[],
  states: ReadonlySet<InstanceState>,
): ReadonlySet<string | null> {
  const rows = [...states].filter((state) => mapperOfState(state).table === table);
  return new Set(
    rows.map((state) =>
      keyText(
        columns,
        columns.map((column) => state.row?.[column.index]),
      ),
    ),
  );
}
