/**
 * Loader options: how what a statement's entities lead to is loaded. Nodes only: src/orm does what they say.
 */

import { type ModelDefinition, modelName } from "../model/definition.js";
import { type Entity, modelEntity } from "../model/entity.js";
import { isKindOf } from "../model/inheritance.js";
import type { ColumnExpressions, PolymorphicLoad } from "../model/model-types.js";
import type { AnyModel } from "../model/relations.js";
import type { Relationship } from "../model/relationship.js";
import type { Column } from "../sql/column.js";
import { QueryError } from "../sql/errors.js";
import type { SqlFragment } from "../sql/fragment.js";
import type { AliasOf } from "./alias.js";
import type { Target } from "./change.js";
import type { OwnerOf } from "./rows.js";

/** `select`: when it is asked for; `contains-eager`: the statement's own joins have read it. */
export type LoadStrategyOption = "select" | "joined" | "selectin" | "raise" | "contains-eager";

/** What an option says, as plain data. */
export type LoaderNode = RelationshipLoad | ColumnsLoad | PolymorphicNode | CriteriaLoad;

export interface RelationshipLoad {
  readonly kind: "relationship";
  /** null: every relationship that no other option names. */
  readonly relationship: Relationship<unknown, unknown, unknown> | null;
  readonly strategy: LoadStrategyOption;
  /** Of a joined one: JOIN instead of LEFT JOIN. */
  readonly innerJoin: boolean;
  /** What holds for the entities that it leads to. */
  readonly children: readonly LoaderNode[];
}

export interface ColumnsLoad {
  readonly kind: "columns";
  /** Only these, and the key; or all but these. */
  readonly only: boolean;
  readonly columns: readonly Column<unknown>[];
}

export interface PolymorphicNode {
  readonly kind: "polymorphic";
  readonly entity: Entity;
  /** The models that inherit, whose columns are loaded with it. */
  readonly models: readonly ModelDefinition[];
  readonly load: PolymorphicLoad;
}

export interface CriteriaLoad {
  readonly kind: "criteria";
  readonly entity: Entity;
  /** The condition for the columns of an element of FROM. */
  readonly condition: (columns: Readonly<Record<string, Column<unknown>>>) => SqlFragment;
}

type Step = Omit<RelationshipLoad, "children">;
type Related<Value, Owner> = Relationship<Value, Owner, unknown>;

export interface JoinedLoadOptions {
  /** JOIN instead of LEFT JOIN: for what is always there. */
  readonly innerJoin?: boolean;
}

/**
 * An option, and what follows it on the way: `selectinload(User.posts).joinedload(Post.tags)`. Immutable. `Owner` is whose
 * option it is, `Target` what it has come to.
 */
export class LoaderOption<Owner, Target = unknown> {
  readonly kind = "loader";
  /** Types only, never present at run time. */
  declare readonly _owner: Owner;
  declare readonly _target: Target;
  readonly #steps: readonly Step[];
  readonly #children: readonly LoaderNode[];

  constructor(steps: readonly Step[], children: readonly LoaderNode[]) {
    this.#steps = steps;
    this.#children = children;
    Object.freeze(this);
  }

  /** Goes on from there by a second query: `WHERE "posts"."user_id" = ANY ($1)`. */
  selectinload<V>(relationship: Related<V, Target>): LoaderOption<Owner, OwnerOf<Related<V, Target>>> {
    return this.step(step("selectin", relationship));
  }

  /** Goes on from there by a join of the same query. */
  joinedload<V>(
    relationship: Related<V, Target>,
    options: JoinedLoadOptions = {},
  ): LoaderOption<Owner, OwnerOf<Related<V, Target>>> {
    return this.step(step("joined", relationship, options));
  }

  /** Goes on from there when it is asked for. */
  lazyload<V>(relationship: Related<V, Target>): LoaderOption<Owner, OwnerOf<Related<V, Target>>> {
    return this.step(step("select", relationship));
  }

  /** Reading it from there throws, unless it is loaded by name. */
  raiseload<V>(relationship: Related<V, Target> | "*"): LoaderOption<Owner, OwnerOf<Related<V, Target>>> {
    return this.step(step("raise", relationship === "*" ? null : relationship));
  }

  /** Goes on from there by what the statement has joined itself. */
  containsEager<V>(relationship: Related<V, Target>): LoaderOption<Owner, OwnerOf<Related<V, Target>>> {
    return this.step(step("contains-eager", relationship));
  }

  /** Of what it has come to, these columns only, and the key. */
  loadOnly(...columns: readonly Column<unknown, Target>[]): LoaderOption<Owner, Target> {
    return this.child({ kind: "columns", only: true, columns });
  }

  /** Of what it has come to, all columns but these. */
  defer(...columns: readonly Column<unknown, Target>[]): LoaderOption<Owner, Target> {
    return this.child({ kind: "columns", only: false, columns });
  }

  /** Several options for what it has come to: `selectinload(User.posts).options(joinedload(Post.tags), defer(Post.title))`. */
  options(...options: readonly LoaderOption<Target>[]): LoaderOption<Owner, Target> {
    return new LoaderOption(this.#steps, [...this.#children, ...loaderNodes(options)]);
  }

  /** What it says: the first step, with what follows inside. */
  nodes(): readonly LoaderNode[] {
    return this.#steps.reduceRight<readonly LoaderNode[]>(
      (children, given) => [Object.freeze({ ...given, children })],
      this.#children,
    );
  }

  private step<T>(next: Step): LoaderOption<Owner, T> {
    return new LoaderOption([...this.#steps, next], []);
  }

  private child(node: LoaderNode): LoaderOption<Owner, Target> {
    return new LoaderOption(this.#steps, [...this.#children, Object.freeze(node)]);
  }
}

/** What options say, all together. */
export function loaderNodes(options: readonly LoaderOption<unknown>[]): readonly LoaderNode[] {
  return options.flatMap((option) => option.nodes());
}

function step(
  strategy: LoadStrategyOption,
  relationship: Relationship<unknown, unknown, unknown> | null,
  { innerJoin = false }: JoinedLoadOptions = {},
): Step {
  return { kind: "relationship", relationship, strategy, innerJoin };
}

/** What a relationship leads to is loaded by a second query, for all at once: `selectinload(User.posts)`. */
export function selectinload<V, O>(relationship: Related<V, O>): LoaderOption<O, OwnerOf<Related<V, O>>> {
  return new LoaderOption([step("selectin", relationship)], []);
}

/** … by a join of the same query: `joinedload(Post.user, { innerJoin: true })`. */
export function joinedload<V, O>(
  relationship: Related<V, O>,
  options: JoinedLoadOptions = {},
): LoaderOption<O, OwnerOf<Related<V, O>>> {
  return new LoaderOption([step("joined", relationship, options)], []);
}

/** … when it is asked for, whatever the model says: `lazyload(User.profile)`. */
export function lazyload<V, O>(relationship: Related<V, O>): LoaderOption<O, OwnerOf<Related<V, O>>> {
  return new LoaderOption([step("select", relationship)], []);
}

/** Reading it throws, unless it is loaded by name: `raiseload(User.posts)`; `raiseload("*")` for all that has no option. */
export function raiseload<V, O>(relationship: Related<V, O> | "*"): LoaderOption<O, OwnerOf<Related<V, O>>> {
  return new LoaderOption([step("raise", relationship === "*" ? null : relationship)], []);
}

/** The statement joins and selects it itself: `select(User).join(User.posts).options(containsEager(User.posts))`. */
export function containsEager<V, O>(relationship: Related<V, O>): LoaderOption<O, OwnerOf<Related<V, O>>> {
  return new LoaderOption([step("contains-eager", relationship)], []);
}

/** Only these columns of an entity, and its key: `loadOnly(User.username)`. */
export function loadOnly<O>(...columns: readonly Column<unknown, O>[]): LoaderOption<O> {
  return new LoaderOption([], [Object.freeze({ kind: "columns", only: true, columns })]);
}

/** All columns of an entity but these: `defer(User.password)`. */
export function defer<O>(...columns: readonly Column<unknown, O>[]): LoaderOption<O> {
  return new LoaderOption([], [Object.freeze({ kind: "columns", only: false, columns })]);
}

/**
 * Where rows are of one of the models, their columns come with them, by a LEFT JOIN of the same query:
 * `select(Employee).options(withPolymorphic(Employee, [Engineer]))` → `… LEFT JOIN "engineers" AS "_1_engineers" ON …`.
 * Models without a table of their own need none.
 *
 * @param models inherit from `model`. @throws QueryError `query.not_a_model`, `query.not_inherited`
 */
export function withPolymorphic<O>(model: Target<O>, models: readonly AnyModel[]): LoaderOption<O> {
  return polymorphic("inline", model, models);
}

/** … by a second query for each of the models, for all their rows at once. @throws as `withPolymorphic` */
export function selectinPolymorphic<O>(model: Target<O>, models: readonly AnyModel[]): LoaderOption<O> {
  return polymorphic("selectin", model, models);
}

function polymorphic<O>(load: PolymorphicLoad, model: Target<O>, models: readonly AnyModel[]): LoaderOption<O> {
  const entity = modelEntity(model);
  const definitions = models.map((each) => modelEntity(each).definition);
  const stray = definitions.find((each) => !isKindOf(each, entity.definition));
  if (stray !== undefined)
    throw new QueryError(
      "query.not_inherited",
      `${modelName(stray)} does not inherit from ${modelName(entity.definition)}, with whose rows its columns are to be loaded; name models that do.`,
    );
  return new LoaderOption([], [Object.freeze({ kind: "polymorphic", entity, models: definitions, load })]);
}

/**
 * A condition on every row of a model that the statement reads, by whatever way:
 * `withCriteria(Post, (post) => post.deletedAt.isNull())`. It holds for the models that inherit from it, too.
 *
 * @throws QueryError `query.not_a_model`
 */
export function withCriteria<C>(
  model: Target<C>,
  condition: (columns: ColumnExpressions<C>) => SqlFragment,
): LoaderOption<never> {
  const entity = modelEntity(model);
  // It is called with the columns of this very model, under whatever name.
  const general = condition as CriteriaLoad["condition"];
  return new LoaderOption([], [Object.freeze({ kind: "criteria", entity, condition: general })]);
}

/** Whose options a statement takes: those of the models and aliases that it selects. */
export type EntityOwners<E> = E extends readonly (infer Element)[]
  ? Element extends AnyModel | AliasOf<unknown>
    ? OwnerOf<Element>
    : never
  : unknown;
