/** The types of rows: what selected elements give, and what an outer join makes of them. */

import type { OfColumns } from "../model/model-types.js";
import type { AnyModel } from "../model/relations.js";
import type { Relationship } from "../model/relationship.js";
import type { Column } from "../sql/column.js";
import type { Expression, Labeled } from "../sql/expression.js";
import type { Sql } from "../sql/sql.js";
import type { AliasOf } from "./alias.js";

/** What SELECT and RETURNING take: models and aliases give instances, anything else a value. */
export type Selected = Expression<unknown> | Labeled<unknown> | Sql | AnyModel | AliasOf<unknown>;

/** What an element gives in a row. */
export type ValueOf<E> = E extends { readonly _value: infer V }
  ? V
  : E extends AliasOf<infer I>
    ? I
    : E extends abstract new (
          ...args: never
        ) => infer I
      ? I
      : E extends Sql<infer V>
        ? V
        : never;

/** `Row<[typeof User, Column<string>]>` → `[User, string]`. */
export type Row<E extends readonly unknown[]> = { -readonly [K in keyof E]: ValueOf<E[K]> };

/**
 * Whose columns these are: the definitions of a model's columns, or the name of an alias, subquery or CTE. `unknown`: of
 * nothing in particular.
 */
export type OwnerOf<T> =
  T extends Column<unknown, infer O>
    ? O
    : T extends Labeled<unknown, string, infer O>
      ? O
      : T extends Relationship<infer V, unknown, infer Target>
        ? unknown extends Target
          ? InstanceOwner<NonNullable<V>>
          : Target
        : T extends OfColumns<infer O>
          ? O
          : unknown;
type InstanceOwner<V> = V extends readonly (infer I)[] ? OwnerOf<I> : OwnerOf<V>;

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Whether an element is read from `Source`. */
type IsOf<E, Source> = unknown extends OwnerOf<E> ? false : Same<OwnerOf<E>, OwnerOf<Source>>;

/** The row after an outer join that may not find `Target`: what is read from it may be null. */
export type MaybeTarget<R extends readonly unknown[], E, Target> = {
  -readonly [K in keyof R]: K extends keyof E ? (IsOf<E[K], Target> extends true ? R[K] | null : R[K]) : R[K];
};

/** The row after an outer join that finds `Target` but may find nothing else. */
export type MaybeOthers<R extends readonly unknown[], E, Target> = {
  -readonly [K in keyof R]: K extends keyof E
    ? unknown extends OwnerOf<E[K]>
      ? R[K]
      : IsOf<E[K], Target> extends true
        ? R[K]
        : R[K] | null
    : R[K];
};

/** The row after a full join: all that is read from somewhere may be null. */
export type MaybeAll<R extends readonly unknown[], E> = {
  -readonly [K in keyof R]: K extends keyof E ? (unknown extends OwnerOf<E[K]> ? R[K] : R[K] | null) : R[K];
};

/** The columns that a query has as a subquery, by property or label. `Value` is what an element gives in a row. */
type ElementColumns<E, Value, Name> =
  E extends Labeled<unknown, infer N>
    ? { readonly [K in N]: Column<Value, Name, N> }
    : E extends Column<unknown, unknown, infer N>
      ? { readonly [K in N]: Column<Value, Name, N> }
      : E extends { readonly c: infer C }
        ? {
            readonly [K in keyof C]: C[K] extends Column<infer V, unknown, infer N>
              ? Column<null extends Value ? V | null : V, Name, N>
              : never;
          }
        : unknown;
export type ColumnsOf<R extends readonly unknown[], E, Name> = E extends readonly [infer Head, ...infer Tail]
  ? R extends readonly [infer Value, ...infer Values]
    ? ElementColumns<Head, Value, Name> & ColumnsOf<Values, Tail, Name>
    : unknown
  : unknown;
