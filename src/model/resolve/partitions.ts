/** Partitions of a model's table: tables of their own, which say little. */

import { isSqlFragment } from "../../sql/fragment.js";
import { sql } from "../../sql/sql.js";
import type { InheritedColumnDeclaration, TableDeclaration } from "../declarations.js";
import { columnExpressions, type PlainModelOptions, siblings } from "../definition.js";
import type { BoundValue, InheritedColumnOptions, PartitionBound, PlainPartition } from "../partition.js";
import type { Problems } from "../problems.js";
import { type RightsSpec, rightsSpec } from "../rights.js";
import type { Enabled } from "../triggers.js";
import { type Attached, declareAttached, readAttached } from "./attached.js";
import { declareConstraint, declareElement, declareIndex, type TableContext, text } from "./declare-constraint.js";
import { rightsOfModel } from "./declare-rights.js";
import { type ForeignKeyMetadata, resolveForeignKey } from "./foreign-keys.js";
import type { ReadConstraint, TableMetadata } from "./read.js";
import { tableConstraints } from "./read-constraints.js";
import { refuseSecrets } from "./secrets.js";

/** A partition as a table: its columns are those of the model. */
export interface PartitionMetadata {
  readonly table: TableMetadata;
  readonly of: TableMetadata;
  readonly partition: PlainPartition;
  readonly attached: Attached;
  /** Its owner is that of the table above, unless it says another. */
  readonly rights: RightsSpec;
}

/** All partitions of a table, each before its own. */
export function readPartitions(of: TableMetadata, problems: Problems): readonly PartitionMetadata[] {
  return partitionsOf(of, of.definition.options, rightsOfModel(of).owner, problems);
}

function partitionsOf(
  of: TableMetadata,
  { partitions, partitionBy }: Pick<PlainModelOptions, "partitions" | "partitionBy">,
  owner: string | null,
  problems: Problems,
): readonly PartitionMetadata[] {
  if (partitions !== undefined && partitionBy === undefined)
    problems.add("model.partition", `${of.label} has partitions and does not say by what; give it partitionBy.`);
  if (partitions === undefined || partitions === "unmanaged") return [];
  return partitions.flatMap((partition) => {
    const { name, options } = partition;
    const label = `The partition ${JSON.stringify(name)} of ${of.label}`;
    const constraints = tableConstraints(of.definition, options, problems, label);
    const table = { ...of, label, schema: options.schema ?? of.schema, name, constraints };
    const attached = readAttached(table, problems, options);
    const own = rightsSpec(options);
    const rights = { ...own, owner: own.owner ?? owner };
    return [{ table, of, partition, attached, rights }, ...partitionsOf(table, options, rights.owner, problems)];
  });
}

/** @param context that of the partition as a table. */
export function declarePartition(
  { table, of, partition, attached }: PartitionMetadata,
  base: Omit<TableContext, "table" | "foreignKeys">,
): TableDeclaration {
  const { bound, options } = partition;
  const context: TableContext = { ...base, table, foreignKeys: foreignKeysOf(table, base) };
  return {
    origin: table.label,
    schema: table.schema,
    name: table.name,
    comment: options.comment ?? null,
    renamedFrom: options.renamedFrom ?? null,
    columns: [],
    inheritedColumns: Object.entries(options.columns ?? {}).flatMap(([property, said]) =>
      inheritedColumn(property, said, context),
    ),
    ...declarePartitionKey(options, context),
    partitionOf: { schema: of.schema, table: of.name, bound: boundSql(bound, context) },
    inherits: [],
    ofType: null,
    ...declareTableOptions(options, context),
    constraints: table.constraints.flatMap((constraint) => declareConstraint(constraint, context)),
    indexes: table.constraints.flatMap(({ spec, origin }) =>
      spec.kind === "index" ? [declareIndex(spec, origin, context)] : [],
    ),
    ...declareAttached(attached, context),
    triggerStates: declareStates(options.triggerStates ?? {}),
  };
}

function declareStates(
  states: NonNullable<PlainPartition["options"]["triggerStates"]>,
): TableDeclaration["triggerStates"] {
  const stateOf = (enabled: Enabled | true) =>
    enabled === true ? "enabled" : enabled === false ? "disabled" : enabled;
  return Object.fromEntries(Object.entries(states).map(([trigger, enabled]) => [trigger, stateOf(enabled)]));
}

/** What tables and partitions can have alike. */
export function declareTableOptions(
  options: Omit<PlainModelOptions, "constraints" | "partitions" | "partitionBy">,
  { table, problems }: TableContext,
) {
  refuseSecrets(options.foreign?.options, table.label, problems);
  return {
    foreign: options.foreign ?? null,
    unlogged: options.unlogged ?? false,
    storageParameters: text(options.with ?? {}),
    replicaIdentity: options.replicaIdentity ?? ("default" as const),
    tablespace: options.tablespace ?? null,
    accessMethod: options.accessMethod ?? null,
    rowLevelSecurity: options.rowLevelSecurity ?? ("off" as const),
  };
}

/** How a table is divided, and whether by others. */
export function declarePartitionKey(
  { partitionBy, partitions }: Pick<PlainModelOptions, "partitions" | "partitionBy">,
  context: TableContext,
): Pick<TableDeclaration, "partitionBy" | "leavesPartitions"> {
  const { table, problems } = context;
  const leavesPartitions = partitions === "unmanaged";
  if (partitionBy === undefined) return { partitionBy: null, leavesPartitions };
  const columns = columnExpressions(table.definition, null);
  // The proxy has the columns as they are, and throws for what is none.
  const guarded = siblings(columns, table.label) as typeof columns;
  const key = problems.attempt("model.partition", `partitionBy of ${table.label}`, () => partitionBy(guarded));
  if (key === null) return { partitionBy: null, leavesPartitions };
  if (isSqlFragment(key)) return { partitionBy: problems.sql(key, `partitionBy of ${table.label}`), leavesPartitions };
  const elements = key.parts.map((part) => declareElement(part, table.label, context));
  return { partitionBy: { strategy: key.strategy, elements }, leavesPartitions };
}

function foreignKeysOf(
  table: TableMetadata,
  { tables, problems }: Pick<TableContext, "tables" | "problems">,
): ReadonlyMap<ReadConstraint, ForeignKeyMetadata> {
  const found = new Map<ReadConstraint, ForeignKeyMetadata>();
  for (const constraint of table.constraints) {
    if (constraint.spec.kind !== "foreign key") continue;
    const key = resolveForeignKey(table, constraint, constraint.spec, tables, problems);
    if (key !== null) found.set(constraint, key);
  }
  return found;
}

function inheritedColumn(
  property: string,
  said: InheritedColumnOptions,
  { table, problems }: TableContext,
): readonly InheritedColumnDeclaration[] {
  const column = table.columns.find((each) => each.property === property);
  const origin = `${table.label}, column ${property}`;
  if (column === undefined) {
    problems.add("model.partition", `${table.label} speaks of a column ${property}, which its model does not have.`);
    return [];
  }
  const { serverDefault, generated } = said;
  const stored = column.spec.generated?.virtual === true ? ("virtual" as const) : ("stored" as const);
  return [
    {
      origin,
      name: column.name,
      notNull: said.notNull ?? null,
      default:
        serverDefault === undefined ? null : serverDefault === null ? false : problems.sql(serverDefault, origin),
      generated: generated === undefined ? null : { expression: problems.sql(generated, origin), storage: stored },
      storage: said.storage ?? null,
      compression: said.compression ?? null,
      statistics: said.statistics ?? null,
      options: text(said.options ?? {}),
      comment: said.comment ?? null,
    },
  ];
}

function boundSql(bound: PartitionBound, { table, problems }: TableContext): string {
  const value = (one: BoundValue) => problems.sql(isSqlFragment(one) ? one : sql`${one}`, table.label);
  const values = (some: BoundValue | readonly BoundValue[]) => `(${listOf(some).map(value).join(", ")})`;
  if (bound === "default") return "DEFAULT";
  if (isSqlFragment(bound)) return problems.sql(bound, table.label);
  if ("in" in bound) return `FOR VALUES IN ${values(bound.in)}`;
  if ("modulus" in bound) return `FOR VALUES WITH (MODULUS ${bound.modulus}, REMAINDER ${bound.remainder})`;
  return `FOR VALUES FROM ${values(bound.from)} TO ${values(bound.to)}`;
}

function listOf(some: BoundValue | readonly BoundValue[]): readonly BoundValue[] {
  // Array.isArray doesn't tell a readonly array from an object.
  return Array.isArray(some) ? some : [some as BoundValue];
}
