/** PostgreSQL's functions, typed: those that queries are full of, and `call` for any other. */

import { doublePrecision } from "../model/types/numeric.js";
import { Expression, type Operand } from "../sql/expression.js";
import { isSqlFragment, type SqlFragment, type ValueType } from "../sql/fragment.js";
import { element } from "../sql/operand.js";
import type { QualifiedName } from "../sql/ordering.js";
import type { Sql } from "../sql/sql.js";
import { builtinCall, type Call, namedCall } from "./call.js";
import { arrayTypeOf, isColumnType, literal, typeOf } from "./values.js";

type Value<V> = Expression<V> | Sql<V>;
/** null where one of the arguments may be. */
type NullOf<V> = Extract<V, null>;
type Text = Operand<string | null>;
type NumberLike = number | bigint | string | null;
/** What JSON makes of a value. */
type Json<V> = V extends Date | Uint8Array ? string : V extends bigint ? number : V;
type Average<V> = V extends string ? string : number;

const double = typeOf(doublePrecision(), "a number");

function typeOfValue(value: unknown): ValueType | null {
  return value instanceof Expression ? value.type : null;
}

/** The sum of integers is a wider integer: read as the numbers that its type has. */
function sumType(type: ValueType | null): ValueType | null {
  return type !== null && isColumnType(type) && type.spec.type.value === "number" ? double : type;
}

function averageType(type: ValueType | null): ValueType | null {
  return type !== null && isColumnType(type) && type.spec.type.value === "string" ? type : double;
}

/** Where PostgreSQL takes values of any type, it has to be told which. */
function typed(values: readonly unknown[]): readonly SqlFragment[] {
  return values.map((value) => (isSqlFragment(value) ? value : literal(value)));
}

/** Of functions with one name, PostgreSQL finds the right one for text by itself, and for numbers rarely. */
function wholeNumberTyped(value: unknown): unknown {
  return typeof value === "number" && Number.isInteger(value) ? literal(value) : value;
}

/** The type of the first argument that has one. */
function commonType(values: readonly unknown[]): ValueType | null {
  return values.map(typeOfValue).find((type) => type !== null) ?? null;
}

const aggregates = {
  /** `func.count()` → `count(*)`; `func.count(Post.id)` → `count("posts"."id")`, of those that are not NULL. */
  count: (value?: SqlFragment): Call<bigint> =>
    value === undefined
      ? builtinCall("count", [{ writeSql: (writer) => writer.text("*") } satisfies SqlFragment])
      : builtinCall("count", [value]),
  /** `sum("orders"."price")`; null of no rows. Of SQL, a bigint or string, as PostgreSQL's wider type is read. */
  sum: <V extends NumberLike>(value: Value<V>): Call<V | null> =>
    builtinCall("sum", [value], sumType(typeOfValue(value))),
  /** `avg("orders"."price")`; a string for numeric columns, which keeps every digit. */
  avg: <V extends NumberLike>(value: Value<V>): Call<Average<V> | null> =>
    builtinCall("avg", [value], averageType(typeOfValue(value))),
  /** `min("orders"."price")`; null of no rows. */
  min: <V>(value: Value<V>): Call<V | null> => builtinCall("min", [value], typeOfValue(value)),
  /** `max("orders"."price")`; null of no rows. */
  max: <V>(value: Value<V>): Call<V | null> => builtinCall("max", [value], typeOfValue(value)),
  /** `bool_and("posts"."published")`: whether all are true. */
  bool_and: (value: SqlFragment): Call<boolean | null> => builtinCall("bool_and", [value]),
  /** `bool_or("posts"."published")`: whether one is true. */
  bool_or: (value: SqlFragment): Call<boolean | null> => builtinCall("bool_or", [value]),
  /** `array_agg("posts"."title")`; null of no rows. */
  array_agg: <V>(value: Value<V>): Call<V[] | null> =>
    builtinCall("array_agg", [value], arrayTypeOf(typeOfValue(value))),
  /** `string_agg("posts"."title", $1)`; null of no rows. */
  string_agg: (value: Value<string> | Value<string | null>, separator: Text): Call<string | null> =>
    builtinCall("string_agg", [value, separator]),
  /** `json_agg("posts"."title")`; null of no rows. Values are as JSON has them. */
  json_agg: <V>(value: Value<V>): Call<Json<V>[] | null> => builtinCall("json_agg", [value]),
  /** `jsonb_agg("posts"."title")`; null of no rows. Values are as JSON has them. */
  jsonb_agg: <V>(value: Value<V>): Call<Json<V>[] | null> => builtinCall("jsonb_agg", [value]),
  /** `jsonb_object_agg("posts"."id", "posts"."title")`; null of no rows. */
  jsonb_object_agg: <V>(key: SqlFragment, value: Value<V>): Call<Record<string, Json<V>> | null> =>
    builtinCall("jsonb_object_agg", [key, value]),
  /** `percentile_cont($1) WITHIN GROUP (ORDER BY …)`: see `Call.withinGroup`. */
  percentile_cont: (fraction: number): Call<number | null> => builtinCall("percentile_cont", [fraction], double),
  /** `percentile_disc($1) WITHIN GROUP (ORDER BY …)`. */
  percentile_disc: <V>(fraction: number): Call<V | null> => builtinCall("percentile_disc", [fraction]),
  /** `mode() WITHIN GROUP (ORDER BY …)`: the most frequent value. */
  mode: <V>(): Call<V | null> => builtinCall("mode", []),
};

const windows = {
  /** `row_number() OVER (…)`: see `Call.over`, also for those below. */
  row_number: (): Call<bigint> => builtinCall("row_number", []),
  rank: (): Call<bigint> => builtinCall("rank", []),
  dense_rank: (): Call<bigint> => builtinCall("dense_rank", []),
  percent_rank: (): Call<number> => builtinCall("percent_rank", []),
  cume_dist: (): Call<number> => builtinCall("cume_dist", []),
  /** `ntile($1)`: which of so many parts. */
  ntile: (parts: Operand<number>): Call<number> => builtinCall("ntile", [parts]),
  /** `lag("posts"."title", $1)`: of the row so many before; null where there is none. */
  lag: <V>(value: Value<V>, rows: Operand<number> = 1): Call<V | null> =>
    builtinCall("lag", [value, rows], typeOfValue(value)),
  /** `lead("posts"."title", $1)`: of the row so many after; null where there is none. */
  lead: <V>(value: Value<V>, rows: Operand<number> = 1): Call<V | null> =>
    builtinCall("lead", [value, rows], typeOfValue(value)),
  first_value: <V>(value: Value<V>): Call<V | null> => builtinCall("first_value", [value], typeOfValue(value)),
  last_value: <V>(value: Value<V>): Call<V | null> => builtinCall("last_value", [value], typeOfValue(value)),
};

const scalars = {
  /** `coalesce("users"."manager_id", $1)`: the first that is not NULL. */
  coalesce: <V, const F>(value: Value<V>, ...rest: readonly (Value<F> | F)[]): Call<Exclude<V, null> | F> => {
    const type = commonType([value, ...rest]);
    return builtinCall(
      "coalesce",
      [value, ...rest.map((one) => (isSqlFragment(one) ? one : element(one, type)))],
      type,
    );
  },
  /** `nullif("users"."username", $1)`: NULL where they are equal. */
  nullif: <V>(value: Value<V>, other: Operand<V>): Call<V | null> =>
    builtinCall("nullif", [value, other], typeOfValue(value)),
  /** `greatest("a", "b")`: without the NULLs. */
  greatest: <V>(...values: readonly Value<V>[]): Call<V> => builtinCall("greatest", values, commonType(values)),
  /** `least("a", "b")`: without the NULLs. */
  least: <V>(...values: readonly Value<V>[]): Call<V> => builtinCall("least", values, commonType(values)),
  lower: <V extends string | null>(text: Value<V> | V): Call<string | NullOf<V>> => builtinCall("lower", [text]),
  upper: <V extends string | null>(text: Value<V> | V): Call<string | NullOf<V>> => builtinCall("upper", [text]),
  trim: <V extends string | null>(text: Value<V> | V): Call<string | NullOf<V>> => builtinCall("btrim", [text]),
  /** The number of characters. */
  length: <V extends string | null>(text: Value<V> | V): Call<number | NullOf<V>> => builtinCall("length", [text]),
  /** `replace("users"."username", $1, $2)`: everywhere. */
  replace: <V extends string | null>(text: Value<V>, from: Text, to: Text): Call<string | NullOf<V>> =>
    builtinCall("replace", [text, from, to]),
  /** `concat("users"."username", $1::text)`: NULL is nothing. */
  concat: (...values: readonly unknown[]): Call<string> => builtinCall("concat", typed(values)),
  abs: <V extends NumberLike>(value: Value<V>): Call<V> => builtinCall("abs", [value], typeOfValue(value)),
  round: <V extends NumberLike>(value: Value<V>): Call<V> => builtinCall("round", [value], sumType(typeOfValue(value))),
  random: (): Call<number> => builtinCall("random", []),
  gen_random_uuid: (): Call<string> => builtinCall("gen_random_uuid", []),
  /** When the transaction began. */
  now: (): Call<Date> => builtinCall("now", []),
  /** `date_trunc($1, "posts"."created_at")`: `func.date_trunc("month", Post.createdAt)`. */
  date_trunc: <V extends Date | null>(unit: string, time: Value<V>): Call<V> =>
    builtinCall("date_trunc", [unit, time], typeOfValue(time)),
  /** `date_part($1, "posts"."created_at")`: `func.date_part("year", Post.createdAt)`. */
  date_part: <V>(unit: string, time: Value<V>): Call<number | NullOf<V>> => builtinCall("date_part", [unit, time]),
  /** `to_char("posts"."created_at", $1)`. */
  to_char: <V>(value: Value<V>, format: string): Call<string | NullOf<V>> => builtinCall("to_char", [value, format]),
};

const containers = {
  /** The number of elements of an array. */
  cardinality: <V extends readonly unknown[] | null>(array: Value<V>): Call<number | NullOf<V>> =>
    builtinCall("cardinality", [array]),
  /** A row for each element, where it is selected. */
  unnest: <E>(array: Expression<readonly E[] | null>): Call<E> => builtinCall("unnest", [array]),
  /** `jsonb_build_object($1::text, "users"."id")`: keys and values by turns. */
  jsonb_build_object: <T = Record<string, unknown>>(...pairs: readonly unknown[]): Call<T> =>
    builtinCall("jsonb_build_object", typed(pairs)),
  jsonb_build_array: <T = unknown[]>(...values: readonly unknown[]): Call<T> =>
    builtinCall("jsonb_build_array", typed(values)),
  to_jsonb: <V>(value: Value<V>): Call<unknown> => builtinCall("to_jsonb", [value]),
  jsonb_array_length: (value: Expression<unknown>): Call<number> => builtinCall("jsonb_array_length", [value]),
  /** `jsonb_set("users"."contacts", $1, $2)`: the JSON with another value at the path. */
  jsonb_set: <V>(target: Expression<V>, path: readonly string[], value: unknown): Call<V> =>
    builtinCall("jsonb_set", [target, path, element(value, target.type)], target.type),
  /** `jsonb_path_query_first("users"."contacts", $1)`: the first that the jsonpath finds. */
  jsonb_path_query_first: <T = unknown>(target: Expression<unknown>, path: string): Call<T | null> =>
    builtinCall("jsonb_path_query_first", [target, path]),
};

const search = {
  /** `to_tsvector($1, "posts"."title")`: `func.to_tsvector("english", Post.title)`. */
  to_tsvector: (configuration: string, text: Text): Call<string> => builtinCall("to_tsvector", [configuration, text]),
  to_tsquery: (configuration: string, query: Text): Call<string> => builtinCall("to_tsquery", [configuration, query]),
  plainto_tsquery: (configuration: string, query: Text): Call<string> =>
    builtinCall("plainto_tsquery", [configuration, query]),
  phraseto_tsquery: (configuration: string, query: Text): Call<string> =>
    builtinCall("phraseto_tsquery", [configuration, query]),
  /** What people type into search fields: words, "phrases", or, -not. */
  websearch_to_tsquery: (configuration: string, query: Text): Call<string> =>
    builtinCall("websearch_to_tsquery", [configuration, query]),
  ts_rank: (vector: SqlFragment, query: SqlFragment): Call<number> => builtinCall("ts_rank", [vector, query]),
  ts_headline: (configuration: string, text: Text, query: SqlFragment): Call<string> =>
    builtinCall("ts_headline", [configuration, text, query]),
};

/**
 * PostgreSQL's functions, by their names there: `func.lower(User.username)` → `lower("users"."username")`.
 *
 * Any other by name, with the type that it gives: `func.call<number>("similarity", User.username, "ada")` →
 * `"similarity"("users"."username", $1)`, `func.call(["ext", "slug"], …)` → `"ext"."slug"(…)`. Whole numbers are integers, as
 * `literal` makes them; what else needs a type is given as a `literal`.
 */
export const func = Object.freeze({
  ...aggregates,
  ...windows,
  ...scalars,
  ...containers,
  ...search,
  call: <Result = unknown>(name: QualifiedName, ...args: readonly unknown[]): Call<Result> =>
    namedCall(name, args.map(wholeNumberTyped)),
});
