/** Objects by their key, and objects read anew. */

import { modelName } from "../model/definition.js";
import { forgetRelated } from "../model/related.js";
import type { AnyModel } from "../model/relations.js";
import { type InstanceState, unloaded } from "../model/state.js";
import { MappingError, ObjectDeletedError } from "./errors.js";
import { objectOf, type RowOptions, selectByKey } from "./load.js";
import { loadEager, loadRelation } from "./load-related.js";
import { type Mapper, mapperOfModel, mapperOfState } from "./mapper.js";
import type { MappedRelation } from "./relation.js";
import type { Executor } from "./statement.js";
import type { UnitOfWork } from "./unit-of-work.js";
import { keyText, shownKey, takeValue } from "./values.js";

/** The object that the session has for a key, loaded whole; null where it has none, or not all of it. */
export function peek(work: UnitOfWork, model: AnyModel, key: unknown): object | null {
  const mapper = mapperOfModel(model);
  const text = keyText(mapper.key, keyValues(mapper, key));
  const state = text === null ? null : work.identities.get(mapper.definition, text);
  return state === null || state.row?.includes(unloaded) ? null : state.instance;
}

/** `SELECT … FROM "users" WHERE "id" = $1`, with what is to be loaded with it. */
export async function getByKey(
  work: UnitOfWork,
  executor: Executor,
  model: AnyModel,
  key: unknown,
  options: RowOptions,
): Promise<object | null> {
  const mapper = mapperOfModel(model);
  const row = await selectByKey(executor, mapper, keyValues(mapper, key));
  const state = row === null ? null : objectOf(work, mapper, row, 0, options);
  if (state === null) return null;
  await loadEager(work, executor, [state], mapper.relations.values());
  return state.instance;
}

/** Reads attributes anew, changes that were not flushed included. @throws ObjectDeletedError */
export async function refresh(
  work: UnitOfWork,
  executor: Executor,
  state: InstanceState,
  attributes?: readonly string[],
): Promise<void> {
  const mapper = mapperOfState(state);
  const names = new Set(attributes ?? [...mapper.columns.map(({ property }) => property), ...mapper.relations.keys()]);
  for (const name of names) requireAttribute(mapper, name);
  if (mapper.columns.some(({ property }) => names.has(property))) await refreshColumns(executor, mapper, state, names);
  const relations = [...mapper.relations.values()].filter(({ property }) => names.has(property));
  for (const { property } of relations) forgetRelated(state, property);
  if (attributes === undefined) await loadEager(work, executor, [state], relations);
  else for (const relation of relations) await loadRelation(work, executor, [state], relation);
}

/** Loads an attribute that isn't loaded; with a column, all columns that aren't. */
export async function loadAttribute(
  work: UnitOfWork,
  executor: Executor,
  states: readonly InstanceState[],
  attribute: string,
): Promise<void> {
  const [first] = states;
  if (first === undefined) return;
  const mapper = mapperOfState(first);
  requireAttribute(mapper, attribute);
  const stored = states.filter((state) => state.row !== null);
  const relation = mapper.relation(attribute);
  if (relation !== null) {
    if (relation.lazy === "write-only") refuseWriteOnly(relation);
    await loadRelation(work, executor, stored, relation);
    return;
  }
  for (const state of stored) {
    const missing = mapper.columns.filter(({ index }) => state.row?.[index] === unloaded);
    if (missing.length > 0) await refreshColumns(executor, mapper, state, new Set(missing.map((c) => c.property)));
  }
}

async function refreshColumns(
  executor: Executor,
  mapper: Mapper,
  state: InstanceState,
  names: ReadonlySet<string>,
): Promise<void> {
  const row = await selectByKey(
    executor,
    mapper,
    mapper.key.map(({ index }) => state.row?.[index]),
  );
  if (row === null) throw new ObjectDeletedError(mapper.label, shownKey(state));
  for (const column of mapper.columns)
    if (names.has(column.property)) takeValue(state, column, row[column.index] ?? null);
}

/** A key as the user gives it: one value, a list in the key's order, or an object by property. */
function keyValues(mapper: Mapper, key: unknown): readonly unknown[] {
  const { key: columns } = mapper;
  const isRecord = typeof key === "object" && key !== null && Object.getPrototypeOf(key) === Object.prototype;
  const values = isRecord
    ? columns.map(({ property }) => Reflect.get(key, property) as unknown)
    : columns.length === 1 && !Array.isArray(key)
      ? [key]
      : key;
  if (Array.isArray(values) && values.length === columns.length && !values.includes(undefined)) return values;
  throw new MappingError(
    "orm.key",
    `The key of ${mapper.label} is ${columns.map(({ property }) => property).join(", ")}; give ${columns.length === 1 ? "its value" : `[${columns.map(({ property }) => property).join(", ")}], or an object with these`}.`,
  );
}

function refuseWriteOnly({ origin, target }: MappedRelation): never {
  throw new MappingError(
    "orm.write_only",
    `${origin} is write-only: it may be too big to be loaded. Read what you need of it with select(${target.label}).`,
  );
}

function requireAttribute(mapper: Mapper, name: string): void {
  if (mapper.relation(name) !== null || mapper.columns.some(({ property }) => property === name)) return;
  throw new MappingError("orm.attribute", `${modelName(mapper.definition)} has no attribute ${JSON.stringify(name)}.`);
}
