/**
 * What a set of models declares, resolved: every name given, every target found, every implied object (join tables,
 * indexes of `.index()`, sequences of `serial()`) spelled out. The registry makes it from the models; `kinds/` turn it
 * into objects of a catalog. Plain data: SQL in it is text already, as it is to stand in DDL.
 */

import type { PlainKind } from "./plain/plain.js";

/** Where a declaration came from, for messages: `User.email` or `pgEnum("gender")`. */
export interface Declared {
  readonly origin: string;
}

export interface Named extends Declared {
  readonly schema: string;
  readonly name: string;
  readonly comment: string | null;
  /** The name it had before, where a model says so: answers the question "is this a rename?". */
  readonly renamedFrom: string | null;
}

export interface SchemaDeclaration extends Declared {
  readonly name: string;
  readonly comment: string | null;
  readonly renamedFrom: string | null;
}

export interface ExtensionDeclaration extends Declared {
  readonly name: string;
  /** null: wherever CREATE EXTENSION puts it (the models' default schema). */
  readonly schema: string | null;
  /** null: the server's default version; not compared then. */
  readonly version: string | null;
  readonly comment: string | null;
}

export interface EnumDeclaration extends Named {
  readonly labels: readonly string[];
  /** Labels that had another name: new → old. */
  readonly renamedLabels: Readonly<Record<string, string>>;
  /** Labels that are gone: removed → the label its rows take. */
  readonly replacedLabels: Readonly<Record<string, string>>;
}

export interface DomainDeclaration extends Named {
  /** The base type as SQL. */
  readonly type: string;
  readonly notNull: boolean;
  readonly default: string | null;
  /** As SQL: `"de-x-icu"` or `"pg_catalog"."C"`. */
  readonly collation: string | null;
  readonly checks: readonly CheckDeclaration[];
}

export interface CheckDeclaration {
  readonly name: string;
  readonly expression: string;
  readonly validated: boolean;
  readonly comment: string | null;
}

export interface CompositeDeclaration extends Named {
  readonly attributes: readonly {
    readonly name: string;
    readonly type: string;
    readonly collation: string | null;
    readonly comment: string | null;
  }[];
}

export interface RangeDeclaration extends Named {
  readonly subtype: string;
  readonly operatorClass: string | null;
  readonly collation: string | null;
  readonly canonical: string | null;
  readonly difference: string | null;
  /** The multirange's name; null: PostgreSQL's own choice. */
  readonly multirange: string | null;
}

/** Sequence options as CREATE SEQUENCE takes them; null: PostgreSQL's default for the type. */
export interface SequenceOptions {
  readonly start: bigint | null;
  readonly increment: bigint | null;
  readonly min: bigint | null;
  readonly max: bigint | null;
  readonly cache: bigint | null;
  readonly cycle: boolean;
}

export interface SequenceDeclaration extends Named {
  /** `smallint`, `integer` or `bigint`. */
  readonly type: string;
  readonly options: SequenceOptions;
  readonly ownedBy: { readonly schema: string; readonly table: string; readonly column: string } | null;
  readonly unlogged: boolean;
}

/** A column of a view: its name and type are as the query gives them. */
export interface ViewColumnDeclaration
  extends Pick<
    ColumnDeclaration,
    "origin" | "name" | "type" | "default" | "storage" | "compression" | "statistics" | "options" | "comment"
  > {}

export type TriggerEvent = "insert" | "update" | "delete" | "truncate";

/** What is part of a table or a view and has a name there. */
export interface PartNamed extends Declared {
  readonly name: string;
  readonly comment: string | null;
  readonly renamedFrom: string | null;
}

/** What fires, and when it does not in ordinary sessions. */
export interface Firing {
  /** null: in sessions that don't replicate. */
  readonly state: "disabled" | "replica" | "always" | null;
}

export interface TriggerDeclaration extends PartNamed, Firing {
  readonly timing: "before" | "after" | "instead of";
  readonly events: readonly TriggerEvent[];
  /** UPDATE OF; empty: any. */
  readonly columns: readonly string[];
  readonly perStatement: boolean;
  readonly oldTable: string | null;
  readonly newTable: string | null;
  readonly when: string | null;
  /** As SQL. */
  readonly function: string;
  readonly arguments: readonly string[];
  readonly constraint: boolean;
  readonly deferrable: "no" | "immediate" | "deferred";
  /** As SQL. */
  readonly from: string | null;
}

export interface RuleDeclaration extends PartNamed, Firing {
  readonly event: "insert" | "update" | "delete";
  readonly where: string | null;
  readonly instead: boolean;
  /** `NOTHING`, a statement, or several in parentheses. */
  readonly action: string;
}

export interface PolicyDeclaration extends PartNamed {
  readonly command: "all" | "select" | "insert" | "update" | "delete";
  /** Empty: PUBLIC. */
  readonly roles: readonly string[];
  readonly using: string | null;
  readonly check: string | null;
  readonly restrictive: boolean;
}

export type StatisticsKind = "ndistinct" | "dependencies" | "mcv";

export interface StatisticsDeclaration extends PartNamed {
  readonly schema: string;
  /** Empty: all. */
  readonly kinds: readonly StatisticsKind[];
  readonly columns: readonly string[];
  readonly expressions: readonly string[];
  readonly target: number | null;
}

export interface MembershipDeclaration {
  readonly role: string;
  readonly admin: boolean;
  readonly inherit: boolean;
  readonly set: boolean;
}

/** Of the server, and of no database. */
export interface RoleDeclaration extends Declared {
  readonly name: string;
  readonly comment: string | null;
  /** It is to be gone; nothing else of it is said. */
  readonly dropped: boolean;
  readonly login: boolean;
  readonly inherit: boolean;
  readonly createDb: boolean;
  readonly createRole: boolean;
  readonly replication: boolean;
  readonly bypassRls: boolean;
  readonly superuser: boolean;
  /** null: any number. */
  readonly connectionLimit: number | null;
  /** ISO 8601, in UTC; null: for ever. */
  readonly validUntil: string | null;
  readonly memberOf: readonly MembershipDeclaration[];
  /** By names in lower case. */
  readonly settings: Readonly<Record<string, string>>;
  /** The same in this database alone. */
  readonly databaseSettings: Readonly<Record<string, string>>;
}

/** Of the database, and of no schema. */
export interface EventTriggerDeclaration extends PartNamed, Firing {
  readonly event: string;
  /** Empty: all. */
  readonly tags: readonly string[];
  /** As SQL. */
  readonly function: string;
}

export interface ViewDeclaration extends Named {
  readonly materialized: boolean;
  /** Without a semicolon. */
  readonly query: string;
  readonly columns: readonly ViewColumnDeclaration[];
  /** Of a view: `{ security_barrier: "true", check_option: "local" }`. */
  readonly options: Readonly<Record<string, string>>;
  readonly triggers: readonly TriggerDeclaration[];
  readonly rules: readonly RuleDeclaration[];
  /** From here on: of a materialized view. */
  readonly statistics: readonly StatisticsDeclaration[];
  readonly indexes: readonly IndexDeclaration[];
  readonly storageParameters: Readonly<Record<string, string>>;
  readonly tablespace: string | null;
  readonly accessMethod: string | null;
  readonly withData: boolean;
}

/** An argument of a function, procedure or aggregate. */
export interface ArgumentDeclaration {
  readonly name: string | null;
  /** null: IN. */
  readonly mode: "out" | "inout" | "variadic" | null;
  /** As SQL. */
  readonly type: string;
  readonly default: string | null;
}

/** What is told apart from others of its name by the types of its arguments. */
export interface RoutineNamed extends Named {
  readonly arguments: readonly ArgumentDeclaration[];
}

/** A function or a procedure. */
export interface FunctionDeclaration extends RoutineNamed {
  /** As after RETURNS; null: a procedure. */
  readonly returns: string | null;
  readonly language: string;
  readonly window: boolean;
  readonly volatility: "immutable" | "stable" | "volatile";
  readonly strict: boolean;
  readonly securityDefiner: boolean;
  readonly leakproof: boolean;
  readonly parallel: "safe" | "restricted" | "unsafe";
  /** null: the language's own. */
  readonly cost: number | null;
  readonly rows: number | null;
  readonly support: string | null;
  /** SET name TO value. */
  readonly settings: Readonly<Record<string, string>>;
  /** TRANSFORM FOR TYPE, as SQL. */
  readonly transforms: readonly string[];
  /** A text in its language. */
  readonly body: string | null;
  /** `RETURN …` or `BEGIN ATOMIC … END`, in place of a text. */
  readonly sqlBody: string | null;
  /** The object file of a C function. */
  readonly library: string | null;
}

export interface AggregateDeclaration extends RoutineNamed {
  /** Arguments before ORDER BY; null: it is no ordered-set aggregate. */
  readonly directArguments: number | null;
  /** As CREATE AGGREGATE takes them: `{ sfunc: "int4pl", stype: "integer" }`. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** How a table is divided into partitions. */
export interface PartitionKeyDeclaration {
  readonly strategy: "range" | "list" | "hash";
  readonly elements: readonly IndexElement[];
}

/** What a table says of a column that comes from another; null: as it comes. */
export interface InheritedColumnDeclaration
  extends Pick<ColumnDeclaration, "origin" | "name" | "generated" | "storage" | "statistics" | "options" | "comment"> {
  readonly notNull: boolean | null;
  readonly compression: "pglz" | "lz4" | "default" | null;
  /** False: none. */
  readonly default: string | false | null;
}

export interface TableDeclaration extends Named {
  /** Its own; those of its parents or its type are not among them. */
  readonly columns: readonly ColumnDeclaration[];
  readonly inheritedColumns: readonly InheritedColumnDeclaration[];
  /** A text: as after PARTITION BY. */
  readonly partitionBy: PartitionKeyDeclaration | string | null;
  readonly partitionOf: { readonly schema: string; readonly table: string; readonly bound: string } | null;
  /** Its partitions are made and dropped by others. */
  readonly leavesPartitions: boolean;
  readonly inherits: readonly { readonly schema: string; readonly table: string }[];
  readonly ofType: { readonly schema: string; readonly name: string } | null;
  readonly constraints: readonly ConstraintDeclaration[];
  readonly indexes: readonly IndexDeclaration[];
  /** Where its rows are, if not here. */
  readonly foreign: { readonly server: string; readonly options?: Readonly<Record<string, string>> } | null;
  readonly unlogged: boolean;
  /** Storage parameters, `toast.`-prefixed ones included: `{ fillfactor: "70" }`. */
  readonly storageParameters: Readonly<Record<string, string>>;
  readonly replicaIdentity: "default" | "full" | "nothing" | { readonly index: string };
  readonly tablespace: string | null;
  readonly accessMethod: string | null;
  readonly rowLevelSecurity: "off" | "on" | "forced";
  readonly triggers: readonly TriggerDeclaration[];
  /** Of a partition: when triggers of the table above fire on it, by name. */
  readonly triggerStates: Readonly<Record<string, NonNullable<Firing["state"]> | "enabled">>;
  readonly rules: readonly RuleDeclaration[];
  readonly policies: readonly PolicyDeclaration[];
  readonly statistics: readonly StatisticsDeclaration[];
}

export interface ColumnDeclaration extends Declared {
  readonly name: string;
  /** As SQL, user types qualified: `numeric(10,2)`, `"public"."gender"[]`. */
  readonly type: string;
  readonly notNull: boolean;
  readonly default: string | null;
  readonly generated: { readonly expression: string; readonly storage: "stored" | "virtual" } | null;
  readonly identity: {
    readonly generation: "always" | "by default";
    /** The sequence's name, in the table's schema; null: PostgreSQL's own choice. */
    readonly sequence: string | null;
    readonly options: SequenceOptions;
  } | null;
  readonly collation: string | null;
  readonly storage: "plain" | "external" | "extended" | "main" | null;
  readonly compression: "pglz" | "lz4" | null;
  /** ALTER COLUMN … SET STATISTICS; null: the server's default. */
  readonly statistics: number | null;
  /** Attribute options such as `n_distinct`. */
  readonly options: Readonly<Record<string, string>>;
  /** Of a foreign table. */
  readonly foreignOptions: Readonly<Record<string, string>>;
  readonly comment: string | null;
  readonly renamedFrom: string | null;
  /** How values become the new type when the column's type changes: the expression after USING. */
  readonly using: string | null;
}

export interface ConstraintBase extends PartNamed {
  readonly deferrable: "no" | "immediate" | "deferred";
}

/** What an index has, on its own and under a constraint. */
export interface IndexSettingsDeclaration {
  readonly include: readonly string[];
  readonly storageParameters: Readonly<Record<string, string>>;
  readonly tablespace: string | null;
  /** CLUSTER … USING was run, or ALTER TABLE … CLUSTER ON. */
  readonly clustered: boolean;
}

export interface KeyConstraint extends ConstraintBase, IndexSettingsDeclaration {
  readonly type: "primary key" | "unique";
  readonly columns: readonly string[];
  readonly nullsNotDistinct: boolean;
  /** The last column is a range, compared WITHOUT OVERLAPS; PostgreSQL 18. */
  readonly withoutOverlaps: boolean;
}

export interface CheckConstraint extends ConstraintBase {
  readonly type: "check";
  readonly expression: string;
  readonly noInherit: boolean;
  readonly validated: boolean;
  /** NOT ENFORCED, PostgreSQL 18. */
  readonly enforced: boolean;
}

export interface ExclusionConstraint extends ConstraintBase, IndexSettingsDeclaration {
  readonly type: "exclusion";
  readonly method: string;
  readonly elements: readonly (IndexElement & { readonly operator: string })[];
  readonly where: string | null;
}

export type ReferentialAction = "no action" | "restrict" | "cascade" | "set null" | "set default";

export interface ForeignKeyConstraint extends ConstraintBase {
  readonly type: "foreign key";
  readonly columns: readonly string[];
  readonly references: { readonly schema: string; readonly table: string; readonly columns: readonly string[] };
  /** The last column is a PERIOD; PostgreSQL 18. */
  readonly period: boolean;
  readonly match: "simple" | "full";
  readonly onUpdate: ReferentialAction;
  readonly onDelete: ReferentialAction;
  /** SET NULL (columns) and SET DEFAULT (columns), PostgreSQL 15; empty: all. */
  readonly onDeleteColumns: readonly string[];
  readonly validated: boolean;
  readonly enforced: boolean;
}

export type ConstraintDeclaration = KeyConstraint | CheckConstraint | ExclusionConstraint | ForeignKeyConstraint;

/** A column by name, or an expression in SQL (without the outer parentheses). */
export type IndexTarget = { readonly column: string } | { readonly expression: string };

export interface IndexElement {
  readonly target: IndexTarget;
  /** As SQL, qualified or not: `"pg_catalog"."C"`; null: the column's own. */
  readonly collation: string | null;
  /** The operator class as SQL; null: the type's default. */
  readonly operatorClass: string | null;
  readonly operatorClassParameters: Readonly<Record<string, string>>;
  readonly order: "asc" | "desc";
  /** null: PostgreSQL's default for the order (last for asc, first for desc). */
  readonly nulls: "first" | "last" | null;
}

export interface IndexDeclaration extends PartNamed, IndexSettingsDeclaration {
  readonly method: string;
  readonly unique: boolean;
  readonly nullsNotDistinct: boolean;
  readonly elements: readonly IndexElement[];
  readonly where: string | null;
  /** Statistics targets of expression elements, by position from 1. */
  readonly statistics: Readonly<Record<string, number>>;
}

/**
 * An object that no model form declares: created from its text. What it makes of a kind that is managed is managed; the
 * rest, such as an operator, is created where it is missing, never changed, never dropped.
 */
export interface ExternalDeclaration extends Declared {
  /** The statement that creates it. */
  readonly statement: string;
}

/** An object that a name and options say whole, such as a collation. */
export interface PlainDeclaration extends Declared {
  /** The kind's name in `kinds/`, whose definition is `PlainSettings` of it. */
  readonly kind: PlainKind;
  /** null: it lies in none. */
  readonly schema: string | null;
  readonly path: readonly string[];
  readonly comment: string | null;
  readonly renamedFrom: string | null;
  readonly definition: object;
}

export interface GrantDeclaration {
  readonly privileges: readonly string[];
  /** Roles; `public`: everybody. */
  readonly to: readonly string[];
  /** By their names; null: the object as a whole. */
  readonly columns: readonly string[] | null;
  readonly grantable: boolean;
}

/** What is said of an object beside its own declaration. */
export interface DeclaredOf extends Declared {
  /** The object's kind, as `kinds/` call it. */
  readonly of: string;
  /** null: it lies in none. */
  readonly schema: string | null;
  readonly name: string;
  /** Of a routine; else null. */
  readonly arguments: readonly ArgumentDeclaration[] | null;
}

/** What the models say of an object's owner and privileges. */
export interface RightsDeclaration extends DeclaredOf {
  /** null: nothing is said. */
  readonly owner: string | null;
  readonly grants: readonly GrantDeclaration[] | null;
}

/** One provider's labels on an object, null for none. */
export interface SecurityLabelDeclaration extends DeclaredOf {
  readonly provider: string;
  readonly label: string | null;
  /** On columns, by their names. */
  readonly columns: Readonly<Record<string, string | null>>;
}

export interface DefaultPrivilegesDeclaration extends Declared {
  readonly role: string;
  /** null: any. */
  readonly schema: string | null;
  /** `tables`, `functions`, … */
  readonly sort: string;
  readonly grantee: string;
  /** Privilege → whether with the grant option. */
  readonly privileges: Readonly<Record<string, boolean>>;
}

/** All that the models declare. */
export interface Declarations {
  /** The schema of everything that names none. */
  readonly defaultSchema: string;
  readonly schemas: readonly SchemaDeclaration[];
  readonly extensions: readonly ExtensionDeclaration[];
  readonly enums: readonly EnumDeclaration[];
  readonly domains: readonly DomainDeclaration[];
  readonly composites: readonly CompositeDeclaration[];
  readonly ranges: readonly RangeDeclaration[];
  readonly sequences: readonly SequenceDeclaration[];
  readonly functions: readonly FunctionDeclaration[];
  readonly procedures: readonly FunctionDeclaration[];
  readonly aggregates: readonly AggregateDeclaration[];
  readonly tables: readonly TableDeclaration[];
  readonly views: readonly ViewDeclaration[];
  readonly eventTriggers: readonly EventTriggerDeclaration[];
  readonly roles: readonly RoleDeclaration[];
  readonly plain: readonly PlainDeclaration[];
  readonly rights: readonly RightsDeclaration[];
  readonly securityLabels: readonly SecurityLabelDeclaration[];
  readonly defaultPrivileges: readonly DefaultPrivilegesDeclaration[];
  readonly externals: readonly ExternalDeclaration[];
}

/** What has a name in a schema, tables and views last. */
export function namedIn(declarations: Declarations): readonly Named[] {
  const { enums, domains, composites, ranges, sequences, functions, procedures, aggregates, tables, views } =
    declarations;
  const types = [...enums, ...domains, ...composites, ...ranges];
  return [...types, ...sequences, ...functions, ...procedures, ...aggregates, ...tables, ...views];
}
