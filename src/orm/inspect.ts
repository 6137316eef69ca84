/** What the ORM knows of an object. */

import { type InstanceState, type Lifecycle, unloaded } from "../model/state.js";
import { mapperOfState, requireState } from "./mapper.js";
import { changedColumns } from "./values.js";

export interface Inspection {
  readonly lifecycle: Lifecycle;
  /** The primary key's values, in its order; null: there is no row. */
  readonly key: readonly unknown[] | null;
  /** Columns and relationships that are not loaded. */
  readonly unloaded: readonly string[];
  /** Columns that differ from the row. */
  readonly changed: readonly string[];
}

/** `inspect(user).lifecycle` → `"persistent"`. @throws MappingError `orm.not_an_instance` */
export function inspect(instance: object): Inspection {
  const state = requireState(instance);
  const { lifecycle, row } = state;
  const mapper = mapperOfState(state);
  return {
    lifecycle,
    key: row === null ? null : mapper.key.map(({ index }) => row[index]),
    unloaded: row === null ? [] : unloadedOf(state, row),
    changed: changedColumns(mapper, state).map(({ property }) => property),
  };
}

function unloadedOf(state: InstanceState, row: readonly unknown[]): readonly string[] {
  const { columns, relations } = mapperOfState(state);
  return [
    ...columns.filter(({ index }) => row[index] === unloaded).map(({ property }) => property),
    ...[...relations.keys()].filter((property) => !state.holds(property)),
  ];
}
