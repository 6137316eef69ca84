/** Types that a schema defines: enums, domains, composites, ranges; and the way to any type of an extension. */

import type { SqlFragment } from "../sql/fragment.js";
import { quotePath } from "../sql/identifier.js";
import { type QualifiedName, quoteQualified } from "../sql/ordering.js";
import { type Declares, declarationOf, declare } from "./brand.js";
import { type ColumnDef, columnOf } from "./column.js";
import type { Check } from "./constraints.js";
import {
  type CompositeDefinition,
  type DomainDefinition,
  type EnumDefinition,
  type ExtensionDefinition,
  named,
  type ObjectOptions,
  type RangeDefinition,
  type TypeDefinition,
} from "./objects.js";
import type { Rights, TypePrivilege } from "./rights.js";
import type { Codec, SqlType } from "./sql-type.js";

/** Gives a column of the type at each call, and is the type's declaration when exported. */
export type TypeFactory<Value, Definition extends TypeDefinition> = (() => ColumnDef<Value>) & Declares<Definition>;

function factory<Value, D extends TypeDefinition>(
  definition: D,
  type: Omit<SqlType, "sql" | "family" | "uses" | "serial" | "transform"> & {
    readonly needs?: readonly SqlType[];
    family?: string;
  },
): TypeFactory<Value, D> {
  const { needs = [], family = JSON.stringify([definition.schema, definition.name]), ...rest } = type;
  const sqlType: SqlType = {
    ...rest,
    transform: null,
    family,
    sql: (defaultSchema) => quotePath(qualified(definition.schema ?? defaultSchema, definition.name)),
    uses: [...needs.flatMap((need) => need.uses), definition],
    serial: false,
  };
  return Object.freeze(declare(() => columnOf<Value>(sqlType), definition));
}

function qualified(schema: string | null, name: string): readonly string[] {
  return schema === null ? [name] : [schema, name];
}

export interface EnumOptions extends ObjectOptions, Rights<TypePrivilege> {
  /** Labels that had another name, new → old: `ALTER TYPE … RENAME VALUE`. */
  readonly renamedLabels?: Readonly<Record<string, string>>;
  /** Labels that are gone, removed → the label that their rows take. */
  readonly replacedLabels?: Readonly<Record<string, string>>;
}

/**
 * `pgEnum("gender", ["MALE", "FEMALE"])` → `CREATE TYPE "gender" AS ENUM ('MALE', 'FEMALE')`; the result is called for a
 * column: `gender: gender()`.
 *
 * A TypeScript string enum or a constant object gives its VALUES as labels, in order, and the column's type is the enum:
 * what is stored is what `JSON.stringify` shows. (SQLAlchemy stores the names of a Python enum's members.) An enum of
 * numbers is refused by the compiler: its values have no text.
 */
export function pgEnum<const Labels extends readonly string[]>(
  name: string,
  labels: Labels,
  options?: EnumOptions,
): TypeFactory<Labels[number], EnumDefinition>;
export function pgEnum<const Labels extends Readonly<Record<string, string>>>(
  name: string,
  labels: Labels,
  options?: EnumOptions,
): TypeFactory<Labels[keyof Labels], EnumDefinition>;
export function pgEnum(
  name: string,
  labels: readonly string[] | Readonly<Record<string, string>>,
  options: EnumOptions = {},
): TypeFactory<string, EnumDefinition> {
  const definition: EnumDefinition = {
    kind: "enum",
    ...named(name, options),
    labels: Array.isArray(labels) ? [...labels] : Object.values(labels),
    renamedLabels: options.renamedLabels ?? {},
    replacedLabels: options.replacedLabels ?? {},
  };
  return factory(definition, { value: "string", codec: null, of: null, attributes: null });
}

export interface DomainOptions extends ObjectOptions, Rights<TypePrivilege> {
  readonly notNull?: boolean;
  readonly default?: SqlFragment;
  /** ``check("positive", sql`VALUE > 0`)``. */
  readonly checks?: readonly Check[];
  /** Left out: that of the column definition it is made of. */
  readonly collation?: QualifiedName;
}

/**
 * ``domain("price", numeric(10, 2), { checks: [check("positive", sql`VALUE > 0`)] })`` →
 * `CREATE DOMAIN "price" AS numeric(10,2) CONSTRAINT "positive" CHECK (VALUE > 0)`.
 */
export function domain<T>(
  name: string,
  of: ColumnDef<T, boolean>,
  options: DomainOptions = {},
): TypeFactory<T, DomainDefinition> {
  const definition: DomainDefinition = {
    kind: "domain",
    ...named(name, options),
    of,
    notNull: options.notNull ?? false,
    default: options.default ?? null,
    collation: options.collation ?? of.spec.collation,
    checks: (options.checks ?? []).map((check) => check.spec),
  };
  const { attributes, family } = of.spec.type;
  const shape = { value: "domain", codec: null, attributes, of: of.spec.type, needs: [of.spec.type] } as const;
  return factory(definition, family === null ? shape : { ...shape, family });
}

/** The value of a composite type: an object with its attributes. */
export type CompositeValue<Attributes> = {
  -readonly [K in keyof Attributes]: Attributes[K] extends ColumnDef<infer V, boolean> ? V : never;
};

/**
 * `composite("address", { street: text(), zip: char(5) })` → `CREATE TYPE "address" AS ("street" text, "zip" character(5))`.
 *
 * An attribute's name in the database is its property in snake case, or what `.named()` says. PostgreSQL lets every
 * attribute be NULL; `.nullable()` says so to TypeScript.
 */
export function composite<Attributes extends Readonly<Record<string, ColumnDef<unknown, boolean>>>>(
  name: string,
  attributes: Attributes,
  options: ObjectOptions & Rights<TypePrivilege> = {},
): TypeFactory<CompositeValue<Attributes>, CompositeDefinition> {
  const types = Object.fromEntries(Object.entries(attributes).map(([property, { spec }]) => [property, spec.type]));
  const definition: CompositeDefinition = { kind: "composite", ...named(name, options), attributes };
  return factory(definition, {
    value: "composite",
    codec: null,
    of: null,
    attributes: types,
    needs: Object.values(types),
  });
}

export interface RangeOptions extends ObjectOptions, Rights<TypePrivilege> {
  readonly subtype: ColumnDef<unknown, boolean>;
  readonly operatorClass?: QualifiedName;
  readonly collation?: QualifiedName;
  readonly canonical?: QualifiedName;
  readonly difference?: QualifiedName;
  /** The multirange's name; left out: PostgreSQL's choice. */
  readonly multirange?: string;
}

/** `rangeType("timerange", { subtype: time() })` → `CREATE TYPE "timerange" AS RANGE (SUBTYPE = time)`. Its value is text. */
export function rangeType(name: string, options: RangeOptions): TypeFactory<string, RangeDefinition> {
  const definition: RangeDefinition = {
    kind: "range",
    ...named(name, options),
    subtype: options.subtype,
    operatorClass: options.operatorClass ?? null,
    collation: options.collation ?? null,
    canonical: options.canonical ?? null,
    difference: options.difference ?? null,
    multirange: options.multirange ?? null,
  };
  return factory(definition, {
    value: "string",
    codec: null,
    of: null,
    attributes: null,
    needs: [options.subtype.spec.type],
  });
}

export interface CustomTypeOptions<T> {
  /** The schema that the type is in; left out: `search_path` finds it. */
  readonly schema?: string;
  /** The extension that brings it, which then joins the declarations. */
  readonly extension?: Declares<ExtensionDefinition>;
  /** How values become text and back; left out, the value is PostgreSQL's text. */
  readonly codec?: Codec<T>;
}

/**
 * Any other type, by its SQL: `customType("vector(3)", { extension: extension("vector") })` → `vector(3)`; with
 * `{ schema: "ext" }` → `"ext".vector(3)`. Its value is a string, unless a codec makes it another.
 */
export function customType<T extends string = string>(sql: string, options?: CustomTypeOptions<T>): ColumnDef<T>;
export function customType<T>(sql: string, options: CustomTypeOptions<T> & { readonly codec: Codec<T> }): ColumnDef<T>;
export function customType(sql: string, options: CustomTypeOptions<unknown> = {}): ColumnDef<unknown> {
  const prefix = options.schema === undefined ? "" : `${quoteQualified(options.schema)}.`;
  const extension = declarationOf(options.extension);
  return columnOf({
    sql: () => prefix + sql,
    value: "string",
    codec: options.codec ?? null,
    transform: null,
    family: null,
    of: null,
    attributes: null,
    uses: extension?.kind === "extension" ? [extension] : [],
    serial: false,
  });
}

/** `citext`: text compared without case, from the extension of that name. */
export function citext(options: { readonly schema?: string } = {}): ColumnDef<string> {
  const { schema = null } = options;
  const extension: Declares<ExtensionDefinition> = declare(
    {},
    { kind: "extension", name: "citext", schema, version: null, comment: null },
  );
  return customType("citext", { extension, ...options });
}
