import { columnExpressions, type ModelDefinition, modelName, relationNames } from "../model/definition.js";
import { type CarriesEntity, type Entity, entityKey, modelEntity, rebind, rebindablesOf } from "../model/entity.js";
import type { OfColumns } from "../model/model-types.js";
import type { AnyModel, InstanceOf } from "../model/relations.js";
import { Relationship } from "../model/relationship.js";
import { modelSource } from "../model/source.js";
import { Column } from "../sql/column.js";
import { QueryError } from "../sql/errors.js";
import type { Hybrid } from "./hybrid.js";
import { type Subquery, selectableKey } from "./subquery.js";

declare const instanceOf: unique symbol;

/** Something that is selected as instances of `Instance`. */
export interface AliasOf<Instance> extends CarriesEntity {
  /** Types only, never present at run time. */
  readonly [instanceOf]?: Instance;
}

/** Columns of a model that are read from `Name`. */
type Renamed<Columns, Name> = {
  readonly [K in keyof Columns]: Columns[K] extends Column<infer V, unknown, infer N> ? Column<V, Name, N> : never;
};
type Statics<M, Name> = {
  readonly [K in Exclude<keyof M, "prototype" | "c" | symbol>]: M[K] extends Column<infer V, unknown, infer N>
    ? Column<V, Name, N>
    : M[K] extends Relationship<infer V>
      ? Relationship<V, Name>
      : M[K] extends Hybrid<infer V>
        ? Hybrid<V>
        : never;
};

/** A model under another name: its columns and relationships, and instances of it where it is selected. */
export type Alias<M extends AnyModel, Name> = Statics<M, Name> &
  AliasOf<InstanceOf<M>> &
  OfColumns<Name> & { readonly c: M extends { readonly c: infer C } ? Renamed<C, Name> : never };

/**
 * A model once more, under another name:
 *
 * ```ts
 * const manager = alias(User, "manager");
 * select(User.username, manager.username).join(manager, manager.id.eq(User.managerId));
 * // SELECT "users"."username", "manager"."username"
 * // FROM "users" JOIN "users" AS "manager" ON "manager"."id" = "users"."manager_id"
 * ```
 * Or a model whose rows are those of a subquery or CTE that has all of its columns, to be selected as instances:
 * `alias(Post, select(Post).orderBy(Post.id).limit(3).subquery("first"))`.
 *
 * @throws QueryError `query.not_a_model`, `query.unknown_property`
 */
export function alias<M extends AnyModel, const Name extends string>(
  model: M,
  source: Name | Subquery<readonly unknown[], unknown, Name>,
): Alias<M, Name> {
  const { definition } = modelEntity(model);
  const entity = typeof source === "string" ? renamed(definition, source) : readFrom(definition, source);
  const relations = relationNames(definition).map((property) => [
    property,
    new Relationship({ definition, property }, entity),
  ]);
  const hybrids = rebindablesOf(model).map(([property, value]) => [property, value[rebind](() => entity)]);
  // What Alias says: hybrids, the columns and relationships by property, `c`, and the entity.
  return Object.freeze({
    ...Object.fromEntries(hybrids),
    ...entity.columns,
    ...Object.fromEntries(relations),
    c: entity.columns,
    [entityKey]: entity,
  }) as Alias<M, Name>;
}

function renamed(definition: ModelDefinition, name: string): Entity {
  const from = modelSource(definition).as(name);
  return { definition, from, columns: columnExpressions(definition, from) };
}

function readFrom(definition: ModelDefinition, source: Subquery<readonly unknown[], unknown, unknown>): Entity {
  const from = source[selectableKey];
  const given = new Map<string, unknown>(Object.entries(Object(source.c)));
  const columns = Object.keys(definition.columns).map((property) => {
    const column = given.get(property);
    if (column instanceof Column) return [property, column] as const;
    throw new QueryError(
      "query.unknown_property",
      `The subquery ${JSON.stringify(from.qualifier[0])} has no column ${JSON.stringify(property)}, which an alias of ${modelName(definition)} needs; select the whole model in it.`,
    );
  });
  return { definition, from, columns: Object.fromEntries(columns) };
}
