/** How a model's table is divided into partitions. */

import type { SqlFragment } from "../sql/fragment.js";
import { sql } from "../sql/sql.js";
import type { ColumnSpec } from "./column.js";
import type { IndexPart, StorageParameters } from "./constraints.js";
import type { PlainModelOptions } from "./definition.js";
import type { ModelOptions } from "./model-types.js";
import type { Labelled } from "./security-labels.js";
import type { Enabled } from "./triggers.js";

/** What rows are told apart by. Made by `range()`, `list()` and `hash()`. */
export interface PartitionKey {
  readonly kind: "partition key";
  readonly strategy: "range" | "list" | "hash";
  readonly parts: readonly IndexPart[];
}

const keyOf =
  (strategy: PartitionKey["strategy"]) =>
  (...parts: readonly IndexPart[]): PartitionKey =>
    Object.freeze({ kind: "partition key", strategy, parts });

/** `partitionBy: (c) => range(c.createdAt)` → `PARTITION BY RANGE ("created_at")`. */
export const range = keyOf("range");
/** ``partitionBy: (c) => list(sql`lower(${c.region})`)`` → `PARTITION BY LIST ((lower("region")))`. */
export const list = keyOf("list");
/** `partitionBy: (c) => hash(c.userId)` → `PARTITION BY HASH ("user_id")`. */
export const hash = keyOf("hash");

/** Below all values: `{ from: minvalue, to: 0 }` → `FROM (MINVALUE) TO (0)`. */
export const minvalue: SqlFragment = sql`MINVALUE`;
/** Above all values. */
export const maxvalue: SqlFragment = sql`MAXVALUE`;

/** A value of a partition key, as SQL has it: dates and the like as text. */
export type BoundValue = string | number | bigint | boolean | null | SqlFragment;

/**
 * Which rows a partition holds. `from` is in it, `to` is not; of a key of several columns a list of as many values.
 * SQL: as after the table's name, ``sql`FOR VALUES IN ('de')` ``.
 */
export type PartitionBound =
  | { readonly from: BoundValue | readonly BoundValue[]; readonly to: BoundValue | readonly BoundValue[] }
  | { readonly in: readonly BoundValue[] }
  | { readonly modulus: number; readonly remainder: number }
  | "default"
  | SqlFragment;

/** What a table that has its columns from another says of one of them. */
export interface InheritedColumnOptions extends Labelled {
  readonly notNull?: boolean;
  /** null: none, though the other has one. */
  readonly serverDefault?: SqlFragment | null;
  /** Another expression of a generated column. */
  readonly generated?: SqlFragment;
  readonly storage?: NonNullable<ColumnSpec["storage"]>;
  readonly compression?: NonNullable<ColumnSpec["compression"]> | "default";
  readonly statistics?: number;
  readonly options?: StorageParameters;
  readonly comment?: string;
}

type TableOptions<C> = Pick<
  ModelOptions<C>,
  | "comment"
  | "constraints"
  | "triggers"
  | "rules"
  | "policies"
  | "statistics"
  | "owner"
  | "grants"
  | "securityLabels"
  | "foreign"
  | "unlogged"
  | "with"
  | "replicaIdentity"
  | "tablespace"
  | "accessMethod"
  | "rowLevelSecurity"
  | "renamedFrom"
  | "partitionBy"
  | "partitions"
>;

/** What a partition has for itself. `constraints` are its own, beside those of its table. */
export interface PartitionOptions<C> extends TableOptions<C> {
  /** Left out: its table's. */
  readonly schema?: string;
  /**
   * When triggers of its table fire on it, where that is otherwise: `{ audit: false }` →
   * `ALTER TABLE "events_2026" DISABLE TRIGGER "audit"`; true: it fires. It goes for its own partitions too.
   */
  readonly triggerStates?: Readonly<Record<string, Enabled | true>>;
  /** What is otherwise with its columns: ``{ kind: { serverDefault: sql`'late'` } }``. */
  readonly columns?: { readonly [K in keyof C]?: InheritedColumnOptions };
}

/** One partition. Immutable. */
export interface Partition<C> {
  readonly kind: "partition";
  readonly name: string;
  readonly bound: PartitionBound;
  readonly options: PartitionOptions<C>;
}

/** A partition whatever its table's columns: where they are looked up by name. */
export interface PlainPartition extends Omit<Partition<unknown>, "options"> {
  readonly options: Omit<PlainModelOptions, "inherits" | "ofType" | "properties"> & {
    readonly columns?: Readonly<Record<string, InheritedColumnOptions>>;
    readonly triggerStates?: Readonly<Record<string, Enabled | true>>;
  };
}

/** TypeScript's `NoInfer`, which came with 5.4: the columns are those of the table, whatever the options name. */
type NotInferred<C> = [C][C extends unknown ? 0 : never];

/**
 * `partition("events_2026", { from: "2026-01-01", to: "2027-01-01" })` →
 * `CREATE TABLE "events_2026" PARTITION OF "events" FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')`;
 * `partition("events_rest", "default")` → `… DEFAULT`.
 */
export function partition<C>(
  name: string,
  bound: PartitionBound,
  // C is known by where the partition stands.
  options: PartitionOptions<NotInferred<C>> = {},
): Partition<C> {
  return Object.freeze({ kind: "partition", name, bound, options });
}
