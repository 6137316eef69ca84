/** Operators, and the families and classes by which indexes use them. */

import type { Declares } from "../brand.js";
import type { ObjectOptions } from "../objects.js";
import { type PlainDefinition, plain, type TypeName, typeInName } from "./plain.js";

export interface OperatorOptions {
  /** Left out: it stands before its only operand. */
  readonly left?: TypeName;
  /** Left out: it stands after its operand; PostgreSQL 13 had the last of those. */
  readonly right?: TypeName;
  /** As SQL: the name of a function of these operands. */
  readonly function: string;
  /** The operators that give the same with operands exchanged, and the opposite: `<~>`, or `app.<~>`. */
  readonly commutator?: string;
  readonly negator?: string;
  /** Estimators, as SQL: `eqsel`, `eqjoinsel`. */
  readonly restrict?: string;
  readonly join?: string;
  readonly hashes?: boolean;
  readonly merges?: boolean;
}

/**
 * ``export const near = operator("<~>", { left: text(), right: text(), function: "texteq", commutator: "<~>" })`` →
 * `CREATE OPERATOR "public".<~> (FUNCTION = texteq, LEFTARG = text, RIGHTARG = text, COMMUTATOR = …)`.
 */
export function operator(
  name: string,
  options: OperatorOptions & Omit<ObjectOptions, "renamedFrom">,
): Declares<PlainDefinition> {
  return plain("operator", { factory: "operator", name }, options, {
    inSchema: true,
    path: ({ left, right }) => [
      `${name}(${[left, right].map((type) => (type ? typeInName(type) : "NONE")).join(", ")})`,
    ],
  });
}

export interface OperatorFamilyOptions {
  /** The access method: `btree`, `hash`, `gist`, … */
  readonly using: string;
  /** What belongs to no class of it: see the class's. */
  readonly members?: readonly string[];
}

/**
 * ``operatorFamily("numbers", { using: "btree", members: ["OPERATOR 1 public.<(integer, mytype)"] })`` →
 * `CREATE OPERATOR FAMILY "numbers" USING btree` and `ALTER OPERATOR FAMILY … ADD …`. A class without a family has one of
 * its own name by itself.
 */
export function operatorFamily(
  name: string,
  options: OperatorFamilyOptions & ObjectOptions,
): Declares<PlainDefinition> {
  return plain("operator family", { factory: "operatorFamily", name }, options, {
    inSchema: true,
    path: ({ using }) => [using, name],
  });
}

export interface OperatorClassOptions {
  readonly using: string;
  readonly type: TypeName;
  /** Whether columns of the type take it where none is said. */
  readonly default?: boolean;
  /** As SQL. Left out: the family of the class's own name. */
  readonly family?: string;
  readonly storage?: TypeName;
  /** As SQL: `OPERATOR 1 <(integer, integer)`, `FUNCTION 1 (integer, integer) btint4cmp(integer, integer)`. */
  readonly members: readonly string[];
}

/**
 * ``operatorClass("by_size", { using: "btree", type: box(), members: ["OPERATOR 1 <(box, box)", …] })`` →
 * `CREATE OPERATOR CLASS "by_size" FOR TYPE box USING btree AS OPERATOR 1 <(box, box), …`.
 */
export function operatorClass(name: string, options: OperatorClassOptions & ObjectOptions): Declares<PlainDefinition> {
  return plain("operator class", { factory: "operatorClass", name }, options, {
    inSchema: true,
    path: ({ using }) => [using, name],
  });
}
