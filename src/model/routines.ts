/** Functions, procedures and aggregates as models declare them. Like types, they join by being exported. */

import { Operation } from "../sql/expression.js";
import type { SqlFragment } from "../sql/fragment.js";
import { element, listed } from "../sql/operand.js";
import { quoteQualified } from "../sql/ordering.js";
import { type Declares, declare } from "./brand.js";
import type { ColumnDef } from "./column.js";
import { columnType } from "./definition.js";
import { type NamedDefinition, named, type ObjectOptions } from "./objects.js";

import type { Rights, RoutinePrivilege } from "./rights.js";

type Type<Value = unknown> = ColumnDef<Value, boolean>;

/** An argument that is more than a type. Its default: `type: integer().serverDefault(sql\`1\`)`. */
export interface ArgumentOptions {
  /** Its name, where arguments are a list. */
  readonly name?: string;
  /** Left out: IN. */
  readonly mode?: "out" | "inout" | "variadic";
  readonly type: Type;
}

/** `{ price: numeric(), rate: numeric().serverDefault(sql\`0.2\`) }`, or a list where arguments have no names. */
export type Arguments = Readonly<Record<string, Type | ArgumentOptions>> | readonly (Type | ArgumentOptions)[];

interface RoutineOptions extends ObjectOptions, Rights<RoutinePrivilege> {
  readonly arguments?: Arguments;
}

/** What functions and procedures have. */
export interface ProcedureOptions extends RoutineOptions {
  /** Default: `sql`. */
  readonly language?: string;
  /** The body as a text in its language. Of `internal` and `c`: the symbol. */
  readonly body?: string | SqlFragment;
  /** An SQL-standard body in place of that: `RETURN a + b`, `BEGIN ATOMIC … END`. */
  readonly sqlBody?: string | SqlFragment;
  /** The object file of a C function: `$libdir/name`. */
  readonly library?: string;
  readonly securityDefiner?: boolean;
  /** `{ search_path: "public, pg_temp" }` → `SET search_path TO 'public', 'pg_temp'`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** `["hstore"]` → `TRANSFORM FOR TYPE hstore`. */
  readonly transforms?: readonly string[];
}

export interface FunctionOptions<Value = unknown> extends ProcedureOptions {
  /** A type, or SQL as after RETURNS: `"trigger"`, `"SETOF users"`, `"TABLE(id integer, name text)"`. */
  readonly returns: Type<Value> | string;
  /** Default: `volatile`. */
  readonly volatility?: "immutable" | "stable" | "volatile";
  /** RETURNS NULL ON NULL INPUT. */
  readonly strict?: boolean;
  readonly leakproof?: boolean;
  /** Default: `unsafe`. */
  readonly parallel?: "safe" | "restricted" | "unsafe";
  /** Of one call, in units of `cpu_operator_cost`. Default: 100; 1 for `internal` and `c`. */
  readonly cost?: number;
  /** How many rows it gives, if it is to be guessed. Default: 1000. */
  readonly rows?: number;
  /** The planner's support function, as SQL. */
  readonly support?: string;
  readonly window?: boolean;
}

/** CREATE AGGREGATE's parameters, by PostgreSQL's own names. Functions and operators are SQL, conditions text. */
export interface AggregateParameters {
  readonly sfunc: string;
  readonly stype: Type | string;
  readonly sspace?: number | string;
  readonly finalfunc?: string;
  readonly finalfunc_extra?: boolean | "true";
  readonly finalfunc_modify?: "read_only" | "shareable" | "read_write";
  readonly combinefunc?: string;
  readonly serialfunc?: string;
  readonly deserialfunc?: string;
  readonly initcond?: string;
  readonly msfunc?: string;
  readonly minvfunc?: string;
  readonly mstype?: Type | string;
  readonly msspace?: number | string;
  readonly mfinalfunc?: string;
  readonly mfinalfunc_extra?: boolean | "true";
  readonly mfinalfunc_modify?: "read_only" | "shareable" | "read_write";
  readonly minitcond?: string;
  readonly sortop?: string;
  readonly parallel?: "safe" | "restricted" | "unsafe";
  readonly hypothetical?: boolean | "true";
}

export interface AggregateOptions extends RoutineOptions, AggregateParameters {
  /** Of an ordered-set aggregate: how many arguments stand before ORDER BY. */
  readonly directArguments?: number;
}

export interface FunctionDefinition extends NamedDefinition {
  readonly kind: "function" | "procedure";
  /** A procedure has neither a result nor what only concerns one. */
  readonly options: ProcedureOptions & Partial<FunctionOptions>;
}

export interface AggregateDefinition extends NamedDefinition {
  readonly kind: "aggregate";
  readonly options: AggregateOptions;
}

/** A function in queries: `total(Order.id)` → `"total"("orders"."id")`. */
export type SqlFunction<Value> = ((...args: readonly unknown[]) => Operation<Value>) & Declares<FunctionDefinition>;

/**
 * A function, in any language:
 *
 * ```ts
 * export const total = sqlFunction("total", {
 *   arguments: { price: numeric(), rate: numeric().serverDefault(sql`0.2`) },
 *   returns: numeric(),
 *   volatility: "immutable",
 *   body: sql`SELECT price * (1 + rate)`,
 * });
 * // CREATE FUNCTION "total"("price" numeric, "rate" numeric DEFAULT 0.2) RETURNS numeric
 * // LANGUAGE sql IMMUTABLE AS $function$SELECT price * (1 + rate)$function$
 * ```
 * In a query `total(Item.price)` is what it returns: values among the arguments become parameters.
 */
export function sqlFunction<Value = unknown>(name: string, options: FunctionOptions<Value>): SqlFunction<Value> {
  const { schema, returns } = options;
  const type = typeof returns === "string" ? null : columnType(returns.spec, `sqlFunction(${JSON.stringify(name)})`);
  const call = (...args: readonly unknown[]) => {
    const sqlName = quoteQualified(schema === undefined ? name : [schema, name]);
    const list = args.map((arg) => element(arg, null));
    return new Operation<Value>([`${sqlName}(`, ...listed(list), ")"], { type, atomic: true, name });
  };
  return Object.freeze(declare(call, { kind: "function", ...named(name, options), options } as const));
}

/**
 * ``export const purge = sqlProcedure("purge", { language: "plpgsql", body: sql`BEGIN DELETE FROM logs; END` })`` →
 * `CREATE PROCEDURE "purge"() LANGUAGE plpgsql AS …`.
 */
export function sqlProcedure(name: string, options: ProcedureOptions): Declares<FunctionDefinition> {
  return Object.freeze(declare({}, { kind: "procedure", ...named(name, options), options } as const));
}

/**
 * ``export const product = sqlAggregate("product", { arguments: [numeric()], sfunc: "numeric_mul", stype: numeric(), initcond: "1" })``
 * → `CREATE AGGREGATE "product"(numeric) (SFUNC = numeric_mul, STYPE = numeric, INITCOND = '1')`.
 */
export function sqlAggregate(name: string, options: AggregateOptions): Declares<AggregateDefinition> {
  return Object.freeze(declare({}, { kind: "aggregate", ...named(name, options), options } as const));
}

/** An argument as it was given, with the name that it goes by. */
export interface GivenArgument {
  readonly name: string | null;
  readonly mode: "out" | "inout" | "variadic" | null;
  readonly type: Type;
}

/** The arguments in their order, however they were given. */
export function argumentsOf({ arguments: given = [] }: RoutineOptions): readonly GivenArgument[] {
  const argument = (name: string | null, value: Type | ArgumentOptions): GivenArgument =>
    "spec" in value
      ? { name, mode: null, type: value }
      : { name: value.name ?? name, mode: value.mode ?? null, type: value.type };
  if (isList(given)) return given.map((value) => argument(null, value));
  return Object.entries(given).map(([name, value]) => argument(name, value));
}

/** `Array.isArray` does not tell a readonly array from a record. */
function isList(given: Arguments): given is readonly (Type | ArgumentOptions)[] {
  return Array.isArray(given);
}

/** The types that a routine uses, for their declarations. */
export function routineTypes({ kind, options }: FunctionDefinition | AggregateDefinition): readonly Type[] {
  const others = kind === "aggregate" ? [options.stype, options.mstype] : [options.returns];
  return [...argumentsOf(options).map(({ type }) => type), ...others.filter((type) => typeof type === "object")];
}
