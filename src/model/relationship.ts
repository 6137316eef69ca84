/** Relationships where queries name them: joins over them, and conditions on what they lead to. */

import { AthanorError } from "../errors.js";
import type { Column, ColumnOrigin } from "../sql/column.js";
import { QueryError } from "../sql/errors.js";
import { and, Condition, conjuncts } from "../sql/expression.js";
import type { SqlFragment } from "../sql/fragment.js";
import { displayName } from "../sql/identifier.js";
import { Scoped, writeParts } from "../sql/operand.js";
import { type Selectable, shareName } from "../sql/selectable.js";
import type { ModelDefinition } from "./definition.js";
import { type CarriesEntity, type Entity, entityKey, sourceEntity } from "./entity.js";
import { metadataOf } from "./metadata.js";
import type { OfColumns } from "./model-types.js";
import type { ColumnPair, RelationMetadata } from "./resolve/relations.js";
import { modelColumns } from "./source.js";

/** What a relationship leads to, one of them. */
export type RelatedItem<Value> = NonNullable<Value> extends readonly (infer Item)[] ? Item : NonNullable<Value>;

/** How a relationship runs from what it is read from to what it leads to. */
export interface RelationshipPath {
  readonly relation: RelationMetadata;
  readonly target: Entity;
  /** The join table of a many-to-many, and what is equal in it and the target. */
  readonly through: { readonly table: Selectable; readonly on: readonly Condition[] } | null;
  /** What is equal here and in the target, or here and in the join table. */
  readonly on: readonly Condition[];
}

/** `User.posts`. Immutable. `Owner` is what it is a relationship of, `Target` the alias that stands for what it leads to. */
export class Relationship<Value, Owner = unknown, Target = unknown> {
  readonly kind = "relationship-expression";
  /** Types only, never present at run time. */
  declare readonly _value: Value;
  declare readonly _owner: Owner;
  declare readonly _target: Target;

  constructor(
    readonly origin: ColumnOrigin,
    /** What it leads away from: the model, or an alias of it. */
    readonly from: Entity,
    private readonly alias: Entity | null = null,
  ) {
    Object.freeze(this);
  }

  /** With an alias in the place of the model that it leads to: `User.manager.of(manager)`. */
  of<Name>(alias: CarriesEntity & OfColumns<Name>): Relationship<Value, Owner, Name> {
    return new Relationship(this.origin, this.from, alias[entityKey]);
  }

  /**
   * Whether it leads to something for which the conditions hold:
   * `User.posts.any(Post.published.eq(true))` →
   * `EXISTS (SELECT 1 FROM "posts" WHERE "posts"."user_id" = "users"."id" AND "posts"."published" = $1)`.
   *
   * @throws QueryError `query.alias_needed` where it leads to the same table: give that an alias with `.of()`.
   */
  any(...conditions: readonly SqlFragment[]): Condition {
    const { target, through, on } = this.path();
    if (through === null) return exists([target.from], [...on, ...conditions]);
    return exists([through.table, target.from], [...on, ...through.on, ...conditions]);
  }

  /** `any`, of a relationship to one: `Post.user.has(User.username.eq("ada"))`. */
  has(...conditions: readonly SqlFragment[]): Condition {
    return this.any(...conditions);
  }

  /**
   * Whether it leads to this one: `Post.user.eq(user)` → `"posts"."user_id" = $1`; `Post.user.eq(null)` → `… IS NULL`.
   *
   * @throws QueryError `query.unset_key` for an instance that has no key yet.
   */
  eq(instance: RelatedItem<Value> | null): Condition {
    if (instance !== null) return this.contains(instance);
    const { relation } = this.path();
    if (relation.direction !== "many-to-one") return this.any().not();
    return and(...relation.pairs.map(({ local }) => column(this.from, local.property).isNull()));
  }

  /** Whether it does not lead to this one; also true where it leads to none. */
  ne(instance: RelatedItem<Value> | null): Condition {
    if (instance === null) return this.eq(null).not();
    return this.eq(instance).isDistinctFrom(true);
  }

  /**
   * Whether it leads to this one, among others: `User.posts.contains(post)` → `"users"."id" = $1`; through a join table
   * `EXISTS (SELECT 1 FROM "post_tags" WHERE …)`.
   *
   * @throws QueryError `query.unset_key` for an instance that has no key yet.
   */
  contains(instance: RelatedItem<Value>): Condition {
    const { relation, through, on } = this.path();
    if (relation.secondary === null || through === null)
      return and(
        ...relation.pairs.map(({ local, remote }) => column(this.from, local.property).eq(keyOf(instance, remote))),
      );
    const columns = modelColumns(relation.secondary.table.definition);
    const links = relation.secondary.pairs.map(({ local, remote }) =>
      columns[local.property]!.eq(keyOf(instance, remote)),
    );
    return exists([through.table], [...on, ...links]);
  }

  /** How it runs. @throws ModelError for models that contradict themselves. */
  path(): RelationshipPath {
    // A relationship's definition is always a model's: base.ts and alias() make all of them.
    const definition = this.origin.definition as ModelDefinition;
    const relation = metadataOf(definition.model ?? definition.parent).relations.get(this.origin.property);
    if (relation === undefined)
      throw new AthanorError("model.unknown", `The relationship ${this.origin.property} could not be resolved.`);
    const target = this.alias ?? sourceEntity(relation.target.definition);
    if (shareName(target.from, this.from.from))
      throw new QueryError(
        "query.alias_needed",
        `${relation.origin} leads from ${displayName(target.from.qualifier)} to itself, and one of them needs another name: alias(${relation.target.label}, "other"), and ${relation.origin}.of(other).`,
      );
    if (relation.secondary === null)
      return { relation, target, through: null, on: equal(relation.pairs, this.from, target) };
    const table = sourceEntity(relation.secondary.table.definition);
    return {
      relation,
      target,
      through: { table: table.from, on: equal(relation.secondary.pairs, table, target) },
      on: equal(relation.pairs, this.from, table),
    };
  }
}

function equal(pairs: readonly ColumnPair[], local: Entity, remote: Entity): readonly Condition[] {
  return pairs.map((pair) => column(local, pair.local.property).eq(column(remote, pair.remote.property)));
}

function column(entity: Entity, property: string): Column<unknown> {
  const found = entity.columns[property];
  if (found === undefined) throw new RangeError(`${displayName(entity.from.qualifier)} has no column ${property}.`);
  return found;
}

function exists(from: readonly Selectable[], conditions: readonly SqlFragment[]): Condition {
  const tables = from.flatMap((selectable, i) => {
    const written: SqlFragment = { writeSql: (writer) => selectable.writeFrom(writer) };
    return i === 0 ? [written] : [", ", written];
  });
  const where: SqlFragment = {
    writeSql(writer) {
      const restrictions = from.flatMap((selectable) => writer.restrictions(selectable));
      writeParts(conjuncts([...conditions, ...restrictions]), writer);
    },
  };
  // What is read inside is no element of the FROM around it.
  return new Condition([new Scoped(["EXISTS (SELECT 1 FROM ", ...tables, " WHERE ", where, ")"])], true);
}

function keyOf(instance: unknown, { property, origin }: ColumnPair["remote"]): unknown {
  // A property that isn't set reads as null on every instance of a model.
  const value: unknown = Reflect.get(Object(instance), property);
  if (value !== null && value !== undefined) return value;
  throw new QueryError(
    "query.unset_key",
    `${origin} is not set on the instance that a relationship is compared with; flush the session first.`,
  );
}
