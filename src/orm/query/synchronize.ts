/** UPDATE and DELETE of many rows by one statement: the session's objects of those rows follow. */

import { forgetRelated } from "../../model/related.js";
import { type InstanceState, stateOf } from "../../model/state.js";
import type { Element } from "../../query/element.js";
import { Insert } from "../../query/insert.js";
import { Delete } from "../../query/remove.js";
import type { Statement } from "../../query/statement.js";
import { Update } from "../../query/update.js";
import { MappingError } from "../errors.js";
import { type MappedColumn, type Mapper, mapperOf } from "../mapper.js";
import type { UnitOfWork } from "../unit-of-work.js";
import { identityKey, takeParsed } from "../values.js";
import { columnOf } from "./load-plan.js";

type Rows = Statement<readonly unknown[]>;
type Change = Update<unknown, readonly unknown[]> | Delete<readonly unknown[]>;

/** A statement that returns more than it was asked for, and what is done with that. */
export interface Synchronized {
  readonly statement: Rows;
  /** Takes what is there for the objects out of the rows. */
  apply(rows: readonly unknown[][]): void;
}

/**
 * `UPDATE "users" SET … RETURNING …, "users"."id", "users"."mood"`: the keys of the rows and what was set there.
 *
 * @returns null where no object has to follow.
 * @throws MappingError `orm.key_set` where a key is set, and objects would keep the old one.
 */
export function synchronized(work: UnitOfWork, statement: Rows): Synchronized | null {
  if (!(statement instanceof Update || statement instanceof Delete)) return null;
  const change: Change = statement;
  const { target, returned } = change.spec;
  const known = [...work.identities.of(target.definition)].length > 0;
  if (!known && !returned.some((element) => element.kind === "entity")) return null;
  const mapper = mapperOf(target.definition);
  if (known && change instanceof Update) refuseSetKey(mapper, change);
  const columns = [...mapper.key, ...(change instanceof Update ? writtenColumns(mapper, change) : [])];
  const extra = columns.map(
    ({ property }): Element => ({ kind: "value", fragment: columnOf(target, property), label: null }),
  );
  const apply = (rows: readonly unknown[][]): void => {
    for (const row of rows) {
      const values = row.splice(returned.length);
      const key = identityKey(mapper.key, values);
      const state = key === null ? null : work.identities.get(mapper.definition, key);
      if (state === null) continue;
      if (change instanceof Delete) work.forgetDeleted(state);
      else takeWritten(work, mapper, state, columns, values);
    }
  };
  return { statement: withReturned(change, [...returned, ...extra]), apply };
}

/**
 * The objects of rows that an INSERT made and returned: a rollback makes them transient, as those that a flush inserts. With
 * ON CONFLICT DO UPDATE a row may have been there before.
 */
export function noteInserted(work: UnitOfWork, statement: Rows, rows: readonly unknown[][]): void {
  if (!(statement instanceof Insert)) return;
  const { returned, conflict } = statement.spec;
  if (conflict !== null && conflict.set !== null) return;
  for (const i of returned.keys())
    for (const row of rows) {
      const state = returned[i]?.kind === "entity" ? stateOf(row[i]) : null;
      if (state !== null) work.log.inserted.push(state);
    }
}

function withReturned(change: Change, returned: readonly Element[]): Rows {
  return change instanceof Update
    ? new Update<unknown, readonly unknown[]>({ ...change.spec, returned })
    : new Delete<readonly unknown[]>({ ...change.spec, returned });
}

/** What was set, and what PostgreSQL computes from it. */
function writtenColumns(mapper: Mapper, { spec }: Update<unknown, readonly unknown[]>): readonly MappedColumn[] {
  const set = new Set(spec.set.map(({ column }) => column.origin.property));
  return mapper.columns.filter(
    (column) =>
      !mapper.key.includes(column) &&
      (set.has(column.property) ||
        column === mapper.version ||
        column.spec.onUpdate !== null ||
        column.spec.generated !== null),
  );
}

/** RETURNING has the new keys, and by those the objects can't be found. */
function refuseSetKey({ key, label }: Mapper, { spec }: Update<unknown, readonly unknown[]>): void {
  const set = key.find(({ property }) => spec.set.some(({ column }) => column.origin.property === property));
  if (set === undefined) return;
  throw new MappingError(
    "orm.key_set",
    `This UPDATE sets ${set.origin}, which is in the primary key, and objects of ${label} in this session would keep the old one. Set it on the objects, which flush() follows; or expunge them; or execute it with { synchronize: false }.`,
  );
}

function takeWritten(
  work: UnitOfWork,
  mapper: Mapper,
  state: InstanceState,
  columns: readonly MappedColumn[],
  values: readonly unknown[],
): void {
  for (const [i, column] of columns.entries()) if (!mapper.key.includes(column)) takeParsed(state, column, values[i]);
  for (const { direction, near, property } of mapper.relations.values())
    if (direction === "many-to-one" && near.some((column) => columns.includes(column))) forgetRelated(state, property);
  work.log.touched.push(state);
}
