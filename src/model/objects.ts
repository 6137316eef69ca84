/**
 * What stands beside the models: extensions, schemas, sequences, objects that are only needed. Types (enums, domains, …)
 * are in named-types.ts. An object joins the declarations by being exported from a loaded file; a type also by being
 * used in a column.
 */

import type { SqlFragment } from "../sql/fragment.js";
import type { QualifiedName } from "../sql/ordering.js";
import { type Declares, declare } from "./brand.js";
import type { ColumnDef, SequenceSettings } from "./column.js";
import type { CheckSpec } from "./constraints.js";
import type { PlainDefinition } from "./plain/plain.js";
import {
  type DefaultPrivilegesDefinition,
  type Rights,
  type RightsDefinition,
  type RightsSpec,
  rightsSpec,
  type SchemaPrivilege,
  type SequencePrivilege,
} from "./rights.js";
import type { RoleDefinition } from "./roles.js";
import type { AggregateDefinition, FunctionDefinition } from "./routines.js";
import type { EventTriggerDefinition } from "./triggers.js";

export interface NamedDefinition {
  readonly name: string;
  /** null: the default schema. */
  readonly schema: string | null;
  readonly comment: string | null;
  readonly renamedFrom: string | null;
  readonly rights: RightsSpec;
}

export interface EnumDefinition extends NamedDefinition {
  readonly kind: "enum";
  readonly labels: readonly string[];
  readonly renamedLabels: Readonly<Record<string, string>>;
  readonly replacedLabels: Readonly<Record<string, string>>;
}

export interface DomainDefinition extends NamedDefinition {
  readonly kind: "domain";
  readonly of: ColumnDef<unknown, boolean>;
  readonly notNull: boolean;
  readonly default: SqlFragment | null;
  readonly collation: QualifiedName | null;
  readonly checks: readonly CheckSpec[];
}

export interface CompositeDefinition extends NamedDefinition {
  readonly kind: "composite";
  readonly attributes: Readonly<Record<string, ColumnDef<unknown, boolean>>>;
}

export interface RangeDefinition extends NamedDefinition {
  readonly kind: "range";
  readonly subtype: ColumnDef<unknown, boolean>;
  readonly operatorClass: QualifiedName | null;
  readonly collation: QualifiedName | null;
  readonly canonical: QualifiedName | null;
  readonly difference: QualifiedName | null;
  readonly multirange: string | null;
}

export interface ExtensionDefinition {
  readonly kind: "extension";
  readonly name: string;
  readonly schema: string | null;
  readonly version: string | null;
  readonly comment: string | null;
}

export interface SchemaDefinition {
  readonly kind: "schema";
  readonly name: string;
  readonly comment: string | null;
  readonly renamedFrom: string | null;
  readonly rights: RightsSpec;
}

export interface SequenceDefinition extends NamedDefinition {
  readonly kind: "sequence";
  readonly type: "smallint" | "integer" | "bigint";
  readonly settings: SequenceSettings;
  readonly ownedBy: (() => unknown) | null;
  readonly unlogged: boolean;
}

export interface ExternalDefinition {
  readonly kind: "external";
  readonly statement: SqlFragment;
}

export type TypeDefinition = EnumDefinition | DomainDefinition | CompositeDefinition | RangeDefinition;

export type StandaloneDefinition =
  | TypeDefinition
  | ExtensionDefinition
  | SchemaDefinition
  | SequenceDefinition
  | FunctionDefinition
  | AggregateDefinition
  | EventTriggerDefinition
  | RoleDefinition
  | PlainDefinition
  | DefaultPrivilegesDefinition
  | RightsDefinition
  | ExternalDefinition;

/** What every named object can say of itself. */
export interface ObjectOptions {
  /** Left out: the default schema. */
  readonly schema?: string;
  readonly comment?: string;
  /** The name it had before: `ALTER … RENAME TO`, and no question asked. */
  readonly renamedFrom?: string;
}

/** Name and options as a definition holds them. */
export function named(name: string, options: ObjectOptions & Rights<string>): NamedDefinition {
  return {
    name,
    schema: options.schema ?? null,
    comment: options.comment ?? null,
    renamedFrom: options.renamedFrom ?? null,
    rights: rightsSpec(options),
  };
}

export interface ExtensionOptions {
  /** Where its objects go; left out: the default schema, or where the extension itself says. */
  readonly schema?: string;
  /** Left out: the server's default, and no difference is seen between versions. */
  readonly version?: string;
  readonly comment?: string;
}

/** `export const trgm = extension("pg_trgm")` → `CREATE EXTENSION "pg_trgm"`. */
export function extension(name: string, options: ExtensionOptions = {}): Declares<ExtensionDefinition> {
  const { schema = null, version = null, comment = null } = options;
  return Object.freeze(declare({}, { kind: "extension", name, schema, version, comment } as const));
}

/**
 * `export const auth = schema("auth", { comment: "who may do what" })` → `CREATE SCHEMA "auth"`.
 *
 * Only needed for its comment, its rights or a rename: a schema that a model names is declared by that.
 */
export function schema(
  name: string,
  options: Omit<ObjectOptions, "schema"> & Rights<SchemaPrivilege> = {},
): Declares<SchemaDefinition> & { readonly name: string } {
  const { comment = null, renamedFrom = null } = options;
  const definition = { kind: "schema", name, comment, renamedFrom, rights: rightsSpec(options) } as const;
  return Object.freeze(declare({ name }, definition));
}

export interface SequenceObjectOptions extends ObjectOptions, Rights<SequencePrivilege>, SequenceSettings {
  /** Default: bigint. */
  readonly type?: "smallint" | "integer" | "bigint";
  /** `() => Invoice.number`: OWNED BY that column, and dropped with it. */
  readonly ownedBy?: () => unknown;
  readonly unlogged?: boolean;
}

/**
 * ``export const numbers = sequence("invoice_numbers", { start: 1000 })`` → `CREATE SEQUENCE "invoice_numbers" START WITH 1000`.
 * Its values: ``serverDefault(sql`nextval('invoice_numbers')`)``.
 */
export function sequence(name: string, options: SequenceObjectOptions = {}): Declares<SequenceDefinition> {
  const { type = "bigint", ownedBy = null, unlogged = false } = options;
  const definition = { kind: "sequence", ...named(name, options), type, settings: options, ownedBy, unlogged } as const;
  return Object.freeze(declare({}, definition));
}

/**
 * An object that no form of the models says, by the statement that creates it: ``external(sql`CREATE OPERATOR …`)``. Where
 * Athanor manages its kind it is managed; else it is created where it is missing, and never changed or dropped.
 */
export function external(statement: SqlFragment): Declares<ExternalDefinition> {
  return Object.freeze(declare({}, { kind: "external", statement } as const));
}
