/**
 * Relationships between models. Where a declaration points at another model (`references`, `secondary`), it takes
 * "table.column", "table" or a function typed `() => unknown`: a narrower type would have the compiler resolve that model
 * while it is still resolving this one. What the target really is, is checked when the models are loaded.
 */

/** Any model class, before more is known of it. */
export type AnyModel = abstract new (...args: never) => unknown;

/** `User` for `typeof User`. */
export type InstanceOf<M extends AnyModel> = M extends abstract new (...args: never) => infer I ? I : never;

/**
 * When it is loaded: `select` when asked for; `joined` and `selectin` with its owner; `raise` only by name; `write-only`
 * never: a collection that may be too big for that, which takes members by `push`, lets them go by their own side, and is
 * read with `select()`. Deleting its owner leaves its members to the database.
 */
export type LoadStrategy = "select" | "joined" | "selectin" | "raise" | "write-only";

export interface RelationOptions {
  /** The relationship on the other side, kept in step with this one. */
  readonly backPopulates?: string;
  /** How it is loaded; default `select`: when asked for. */
  readonly lazy?: LoadStrategy;
  /** Words as in SQLAlchemy, comma separated; default `save-update, merge`. */
  readonly cascade?: string;
  /** The join table of a many-to-many relationship: its name in the database, or `() => JoinModel`. */
  readonly secondary?: string | (() => unknown);
  /**
   * Which foreign key it follows where there are several: `() => Post.authorId`, an array of such for a composite key,
   * or `"posts.author_id"` as in the database.
   */
  readonly foreignKey?: string | (() => unknown);
  /** The order of a collection when it is loaded: `() => Post.createdAt.desc()`, or an array of such. */
  readonly orderBy?: () => unknown;
  /**
   * Leaves rows of members that aren't loaded to the database when their owner is deleted: to ON DELETE CASCADE or SET
   * NULL. With `"all"`, loaded ones too. Default false: they are loaded, and deleted or given NULL.
   */
  readonly passiveDeletes?: boolean | "all";
  /** Only for reading: changes of it are not stored. Default false. */
  readonly viewOnly?: boolean;
}

/** A relationship's definition. `Value` is what an instance holds. */
export interface RelationDef<Value> {
  readonly kind: "relation";
  /** Types only, never present at run time. */
  readonly _value: Value;
}

/** What a relationship's definition holds at run time. */
export interface RelationSpec {
  readonly kind: "relation";
  readonly target: unknown;
  readonly collection: boolean;
  readonly optional: boolean;
  readonly options: RelationOptions;
}

/** The definition as TypeScript sees it: `_value` is there for the compiler only. */
function relation<Value>(spec: Omit<RelationSpec, "kind">): RelationDef<Value> {
  return Object.freeze({ kind: "relation", ...spec }) as RelationDef<Value> & RelationSpec;
}

/** `get user() { return one(User, { backPopulates: "posts" }); }`: exactly one. */
export function one<M extends AnyModel>(model: M, options: RelationOptions = {}): RelationDef<InstanceOf<M>> {
  return relation({ target: model, collection: false, optional: false, options });
}

/** `get profile() { return maybeOne(Profile, { backPopulates: "user" }); }`: one or null. */
export function maybeOne<M extends AnyModel>(
  model: M,
  options: RelationOptions = {},
): RelationDef<InstanceOf<M> | null> {
  return relation({ target: model, collection: false, optional: true, options });
}

/** `get posts() { return many(Post, { backPopulates: "user" }); }`: an array. */
export function many<M extends AnyModel>(model: M, options: RelationOptions = {}): RelationDef<InstanceOf<M>[]> {
  return relation({ target: model, collection: true, optional: false, options });
}
