/** Objects by their key, and objects read anew. */

import { modelName } from "../model/definition.js";
import { sourceEntity } from "../model/entity.js";
import { isKindOf } from "../model/inheritance.js";
import { forgetRelated } from "../model/related.js";
import type { AnyModel } from "../model/relations.js";
import { type InstanceState, unloaded } from "../model/state.js";
import { emptySelect, Select } from "../query/select.js";
import { remember } from "../remember.js";
import { Condition } from "../sql/expression.js";
import type { SqlFragment } from "../sql/fragment.js";
import { MappingError, ObjectDeletedError } from "./errors.js";
import { type MappedColumn, type Mapper, mapperOfModel, mapperOfState } from "./mapper.js";
import type { Criteria } from "./query/criteria.js";
import { columnsOnly, keyQuery } from "./query/key-query.js";
import { type LoadContext, loadRelation, runQuery } from "./query/load.js";
import { columnOf } from "./query/load-plan.js";
import { type LoadTree, noOptions } from "./query/load-tree.js";
import { type PreparedQuery, prepareQuery } from "./query/prepare.js";
import type { MappedRelation } from "./relation.js";
import { currentValue, identityKey, shownKey } from "./values.js";

export interface RowOptions {
  /** Overwrites what is loaded already, changes that were not flushed included. Default false. */
  readonly populateExisting?: boolean;
}

/** A row that is asked for by its key. */
export interface WantedRow {
  readonly mapper: Mapper;
  /** In the key's order. */
  readonly key: readonly unknown[];
}

/** null: a part of the key is null, which no row has. @throws MappingError `orm.key` */
export function wantedRow(model: AnyModel, key: unknown): WantedRow | null {
  const mapper = mapperOfModel(model);
  const values = key === null ? [null] : keyValues(mapper, key);
  return values.includes(null) ? null : { mapper, key: values };
}

/** The object that the session has for a key, loaded whole; null where it has none, or not all of it. */
export function peek({ work }: LoadContext, { mapper, key }: WantedRow): object | null {
  const text = identityKey(mapper.key, key);
  const state = text === null ? null : work.identities.get(mapper.definition, text);
  return state === null || !isKindOf(state.definition, mapper.definition) || expired(state, mapper)
    ? null
    : state.instance;
}

/** Whether columns that would be loaded with it are not: those of the tables of the model that is asked for. */
function expired(state: InstanceState, asked: Mapper): boolean {
  if (!state.isPartial) return false;
  const own = mapperOfState(state);
  const read = own === asked ? own.columns : own.tables.slice(0, asked.tables.length).flatMap(({ columns }) => columns);
  return read.some((c) => !c.computed && !c.spec.deferred && currentValue(state, c) === unloaded);
}

/** `SELECT … FROM "users" WHERE "id" = $1`, with what is to be loaded with it. */
export async function getByKey(context: LoadContext, { mapper, key }: WantedRow): Promise<object | null> {
  const { criteria } = context;
  // What criteria say may be another thing each time.
  const general =
    criteria.all.length > 0 ? getQuery(mapper, criteria) : remember(gets, mapper, () => getQuery(mapper, criteria));
  const query = withKey(general, mapper, key);
  // The first element is an entity.
  return ((await runQuery(context, query)).rows[0]?.[0] ?? null) as object | null;
}

/** Stands for a value of the key in a query that is kept. */
class KeyValue {
  constructor(readonly index: number) {}
}

/** The queries of `get`: the same each time but for the key. */
const gets = new WeakMap<Mapper, PreparedQuery>();

function getQuery(mapper: Mapper, criteria: Criteria): PreparedQuery {
  const entity = sourceEntity(mapper.definition);
  const where = mapper.key.map(({ property }, i) => {
    const value: SqlFragment = { writeSql: (writer) => writer.value(new KeyValue(i)) };
    return new Condition([columnOf(entity, property), " = ", value]);
  });
  const statement = new Select<readonly unknown[]>({ ...emptySelect, elements: [{ kind: "entity", entity }], where });
  return prepareQuery(statement, { trees: new Map(), criteria, path: new Set(), joins: "all" });
}

function withKey(query: PreparedQuery, { key }: Mapper, values: readonly unknown[]): PreparedQuery {
  const write = ({ index }: KeyValue) => key[index]?.codec.write(values[index]);
  const parameters = query.parameters.map((value) => (value instanceof KeyValue ? write(value) : value));
  return { ...query, parameters };
}

/** The object of the row with a key; null where there is none. */
export async function selectByKey(
  context: LoadContext,
  mapper: Mapper,
  key: readonly unknown[],
  tree: LoadTree,
): Promise<object | null> {
  const { rows } = await runQuery(context, keyQuery(context.criteria, mapper, [key], tree));
  // The first element is an entity.
  return (rows[0]?.[0] ?? null) as object | null;
}

/** Reads attributes anew, changes that were not flushed included. @throws ObjectDeletedError */
export async function refresh(
  context: LoadContext,
  state: InstanceState,
  attributes?: readonly string[],
): Promise<void> {
  const mapper = mapperOfState(state);
  for (const name of attributes ?? []) requireAttribute(mapper, name);
  const named = (property: string) => attributes === undefined || attributes.includes(property);
  const relations = [...mapper.relations.values()].filter(({ property }) => named(property));
  for (const { property } of relations) forgetRelated(state, property);
  const columns = mapper.columns.filter(({ property }) => named(property));
  if (columns.length > 0) {
    const tree = attributes === undefined ? noOptions : columnsOnly(mapper, columns);
    const key = mapper.key.map(({ index }) => state.row?.[index]);
    const found = await selectByKey({ ...context, populateExisting: true }, mapper, key, tree);
    if (found === null) throw new ObjectDeletedError(mapper.label, shownKey(state));
  }
  if (attributes === undefined) return;
  for (const relation of relations)
    await loadRelation(context, [state], { relation, tree: noOptions, path: new Set() });
}

/** Loads an attribute that isn't loaded, one statement for each model; with a column, all columns that aren't. */
export async function loadAttribute(
  context: LoadContext,
  states: readonly InstanceState[],
  attribute: string,
): Promise<void> {
  const groups = new Map<Mapper, InstanceState[]>();
  for (const state of states) remember(groups, mapperOfState(state), (): InstanceState[] => []).push(state);
  for (const [mapper, group] of groups) {
    requireAttribute(mapper, attribute);
    const stored = group.filter((state) => state.hasRow);
    const relation = mapper.relation(attribute);
    if (relation?.lazy === "write-only") refuseWriteOnly(relation);
    if (relation === null) await loadColumns(context, mapper, stored, mapper.column(attribute));
    else {
      for (const column of relation.near) await loadColumns(context, mapper, stored, column);
      await loadRelation(context, stored, { relation, tree: noOptions, path: new Set([relation]) });
    }
  }
}

/** @throws ObjectDeletedError */
async function loadColumns(
  context: LoadContext,
  mapper: Mapper,
  states: readonly InstanceState[],
  column: MappedColumn,
): Promise<void> {
  const open = states.filter((state) => currentValue(state, column) === unloaded);
  if (open.length === 0) return;
  const missing = mapper.columns.filter(
    (other) =>
      other === column || (!other.spec.deferred && open.some((state) => currentValue(state, other) === unloaded)),
  );
  const keys = open.map((state) => mapper.key.map(({ index }) => state.row?.[index]));
  await runQuery(context, keyQuery(context.criteria, mapper, keys, columnsOnly(mapper, missing)));
  const gone = open.find((state) => currentValue(state, column) === unloaded);
  if (gone !== undefined) throw new ObjectDeletedError(mapper.label, shownKey(gone));
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
