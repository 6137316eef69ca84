/** The types of a model. Required keys are read off the columns alone, and nothing here recurses: see docs on type cost. */

import type { Column } from "../sql/column.js";
import type { SqlFragment } from "../sql/fragment.js";
import type { Declares } from "./brand.js";
import type { ColumnDef } from "./column.js";
import type { Constraint, StorageParameters } from "./constraints.js";
import type { CompositeDefinition } from "./objects.js";
import type { Partition, PartitionKey } from "./partition.js";
import type { ForeignOptions } from "./plain/servers.js";
import type { Policy } from "./policies.js";
import type { AnyModel, InstanceOf, RelationDef } from "./relations.js";
import type { Relationship } from "./relationship.js";
import type { Rights, TablePrivilege } from "./rights.js";
import type { Statistics } from "./statistics.js";
import type { Rule, Trigger } from "./triggers.js";

export type ColumnValues<C> = { -readonly [K in keyof C]: C[K] extends ColumnDef<infer V, boolean> ? V : never };
export type RelationValues<R> = { -readonly [K in keyof R]: R[K] extends RelationDef<infer V> ? V : never };
export type ColumnExpressions<C> = {
  readonly [K in keyof C]: C[K] extends ColumnDef<infer V, boolean> ? Column<V, C, K & string> : never;
};
export type RelationExpressions<R, C = unknown> = {
  readonly [K in keyof R]: R[K] extends RelationDef<infer V> ? Relationship<V, C> : never;
};

/** What the column properties are to an instance: only for reading. */
export type PropertyValues<P> = {
  readonly [K in keyof P]: P[K] extends { readonly _value: infer V } ? V : never;
};
export type PropertyExpressions<P, C = unknown> = {
  readonly [K in keyof P]: P[K] extends { readonly _value: infer V } ? Column<V, C, K & string> : never;
};

/** Leads the types of queries from a model, or an instance, to its columns' definitions. Never present at run time. */
export declare const columnsOf: unique symbol;

/** The columns' definitions of a model class. */
export interface OfColumns<C> {
  readonly [columnsOf]?: C;
}
/** What every row has to be given. */
export type RequiredColumns<C> = {
  [K in keyof C]: C[K] extends ColumnDef<unknown, infer O> ? ([O] extends [true] ? never : K) : never;
}[keyof C];
/** The same, but for foreign keys, which relationships may give. */
type RequiredInit<C> = {
  [K in keyof C]: C[K] extends ColumnDef<unknown, infer O> ? ([O] extends [false] ? K : never) : never;
}[keyof C];

/** A model's own columns and the Base's that it does not define itself. */
export type WithShared<Shared, C> = Omit<Shared, keyof C> & C;

/**
 * What `new Model()` takes: required columns, optional columns, relationships. Required keys are read off the columns
 * alone: asking the relationships for theirs would make mutually related models circular.
 */
export type Init<C, R> = Pick<ColumnValues<C>, RequiredInit<C>> & Partial<ColumnValues<C>> & Partial<RelationValues<R>>;

/** Names that every class has of its own, or that a model takes: such a column is reached as `Tag.c.name` only. */
export type ReservedStatics = "name" | "length" | "prototype" | "c";

/** A model class: columns as statics, `c` for all of them, a typed constructor. */
export type ModelClass<C, R, P = Record<never, never>> = Omit<
  ColumnExpressions<C> & PropertyExpressions<P, C>,
  ReservedStatics
> &
  RelationExpressions<R, C> &
  OfColumns<C> & {
    new (
      init: Init<C, R>,
    ): ColumnValues<C> &
      RelationValues<R> &
      PropertyValues<P> &
      OfColumns<C> & { readonly awaitable: Awaitable<C, R, P> };
    readonly c: ColumnExpressions<C> & PropertyExpressions<P, C>;
  };

/** Every attribute as a promise: `await user.awaitable.posts` loads what isn't loaded. */
export type Awaitable<C, R, P = Record<never, never>> = {
  readonly [K in keyof C]: Promise<C[K] extends ColumnDef<infer V, boolean> ? V : never>;
} & { readonly [K in keyof R]: Promise<R[K] extends RelationDef<infer V> ? V : never> } & {
  readonly [K in keyof P]: Promise<P[K] extends { readonly _value: infer V } ? V : never>;
};

/** The columns of a model that inherits, and its own; a key of its own table is the one that it inherits. */
export type WithInherited<C, Own> = C & Omit<Own, keyof C>;

/** A model that inherits from `M`, whose columns are `C`. */
export type InheritedModel<M extends AnyModel, C, Own, R, P> = Omit<
  M,
  keyof ColumnExpressions<C> | "prototype" | "c" | typeof columnsOf
> &
  Omit<ColumnExpressions<WithInherited<C, Own>> & PropertyExpressions<P, WithInherited<C, Own>>, ReservedStatics> &
  RelationExpressions<R, WithInherited<C, Own>> &
  OfColumns<WithInherited<C, Own>> & {
    new (
      init: ConstructorParameters<M>[0] & Init<Own, R>,
    ): Omit<InstanceOf<M>, typeof columnsOf | "awaitable"> &
      ColumnValues<Own> &
      RelationValues<R> &
      PropertyValues<P> &
      OfColumns<WithInherited<C, Own>> & { readonly awaitable: AwaitableOf<M> & Awaitable<Own, R, P> };
    readonly c: ColumnExpressions<WithInherited<C, Own>> & PropertyExpressions<P, WithInherited<C, Own>>;
  };
type AwaitableOf<M extends AnyModel> = InstanceOf<M> extends { readonly awaitable: infer A } ? A : unknown;

/** Options of a model that inherits. Those of a table go with `tablename`: without it, it shares the other's table. */
export interface InheritOptions<C, P> extends Omit<ModelOptions<C, P>, "version" | "identity"> {
  /** What the discriminator of its rows holds. */
  readonly identity: string;
  /**
   * Of one with a table of its own, how its columns are loaded where a model that it inherits from is selected: `inline`
   * by a LEFT JOIN of the same statement, `selectin` by one after it; left out: when they are asked for.
   */
  readonly polymorphicLoad?: PolymorphicLoad;
}

export type PolymorphicLoad = "inline" | "selectin";

/** Given a table's columns, and those of the rows before and after a change, as the SQL of triggers speaks of them. */
export type TriggerCallback<C> = (
  c: ColumnExpressions<C>,
  OLD: ColumnExpressions<C>,
  NEW: ColumnExpressions<C>,
) => readonly Trigger[];

/** Given the columns of the rows before and after a change, as the SQL of rules speaks of them. */
export type RuleCallback<C> = (OLD: ColumnExpressions<C>, NEW: ColumnExpressions<C>) => readonly Rule[];

export interface ModelOptions<C, P = Record<never, never>> extends Rights<TablePrivilege, keyof C & string> {
  /** The table's name; left out: derived from the class name as the Base says. */
  readonly tablename?: string;
  /** The schema; left out: the Base's, or the default schema. */
  readonly schema?: string;
  readonly comment?: string;
  /** Constraints and indexes over the model's columns. */
  readonly constraints?: (c: ColumnExpressions<C>) => readonly Constraint[];
  /**
   * Column properties: SQL that is loaded with an instance, and only for reading.
   * ``{ size: (c) => cast(sql`length(${c.title})`, integer()) }`` → `SELECT …, (length("title"))::integer AS "size"`.
   */
  readonly properties?: { readonly [K in keyof P]: (c: ColumnExpressions<C>) => P[K] };
  /**
   * The property of a number column that counts the row's changes, from 1 on. An UPDATE or DELETE of a row that was
   * changed by another meanwhile throws StaleDataError: `WHERE id = 7 AND revision = 3`.
   */
  readonly version?: string;
  /** `CREATE FOREIGN TABLE … SERVER "archive" OPTIONS (…)`: its rows are on a foreign server. */
  readonly foreign?: { readonly server: string; readonly options?: ForeignOptions };
  /** `CREATE UNLOGGED TABLE`: fast, and empty after a crash. */
  readonly unlogged?: boolean;
  /** What the column with `.discriminator()` holds in rows of this very model; the models that inherit have their own. */
  readonly identity?: string;
  /** Storage parameters: `{ fillfactor: 70, "toast.autovacuum_enabled": false }`. */
  readonly with?: StorageParameters;
  readonly replicaIdentity?: "default" | "full" | "nothing" | { readonly index: string };
  readonly tablespace?: string;
  readonly accessMethod?: string;
  /** Default `off`; `forced` binds the owner too. */
  readonly rowLevelSecurity?: "off" | "on" | "forced";
  /**
   * Divides the table: `(c) => range(c.createdAt)` → `PARTITION BY RANGE ("created_at")`; or
   * ``() => sql`RANGE (created_at)` ``.
   */
  readonly partitionBy?: (c: ColumnExpressions<C>) => PartitionKey | SqlFragment;
  /** Its partitions. `"unmanaged"`: others make and drop them; they are neither created nor dropped nor told of. */
  readonly partitions?: readonly Partition<C>[] | "unmanaged";
  /**
   * The tables whose columns and checks it has, `INHERITS ("city")`: their rows are its rows as well. The model says those
   * columns again. `() => [City]` where they come later.
   */
  readonly inherits?: readonly AnyModel[] | (() => readonly AnyModel[]);
  /** The composite type that its columns are those of: `CREATE TABLE … OF "address"`. The model says them again. */
  readonly ofType?: Declares<CompositeDefinition>;
  /** Who may do what with which rows, where `rowLevelSecurity` is on. */
  readonly policies?: (c: ColumnExpressions<C>) => readonly Policy[];
  /** Triggers, with the table's columns and those of the rows that are called OLD and NEW. */
  readonly triggers?: TriggerCallback<C>;
  readonly rules?: RuleCallback<C>;
  /** Extended statistics. */
  readonly statistics?: (c: ColumnExpressions<C>) => readonly Statistics[];
  /** The name that the table had before: `ALTER TABLE … RENAME TO`, and no question asked. */
  readonly renamedFrom?: string;
}
