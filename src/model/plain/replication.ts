/** Logical replication: what is published, and what is subscribed to. */

import type { SqlFragment } from "../../sql/fragment.js";
import type { Declares } from "../brand.js";
import type { Labelled } from "../security-labels.js";
import { type DatabaseObjectOptions, type PlainDefinition, plain } from "./plain.js";

export interface PublishedTable {
  /** As SQL: `users`, `app.users`. */
  readonly table: string;
  /** Default: all; PostgreSQL 15. */
  readonly columns?: readonly string[];
  /** Which rows; PostgreSQL 15. */
  readonly where?: SqlFragment | string;
}

export interface PublicationOptions {
  readonly allTables?: boolean;
  readonly tables?: readonly (PublishedTable | string)[];
  /** All tables of these schemas; PostgreSQL 15. */
  readonly schemas?: readonly string[];
  /** Default: all four. */
  readonly publish?: readonly ("insert" | "update" | "delete" | "truncate")[];
  /** Whether rows of partitions are published as those of the table that they are partitions of. */
  readonly viaRoot?: boolean;
  /** Generated columns that are stored; PostgreSQL 18. */
  readonly generatedColumns?: "stored";
}

/**
 * ``publication("changes", { tables: ["users", { table: "posts", columns: ["id", "title"], where: sql`published` }] })`` →
 * `CREATE PUBLICATION "changes" FOR TABLE users, posts ("id", "title") WHERE (published)`.
 */
export function publication(
  name: string,
  options: PublicationOptions & DatabaseObjectOptions & Labelled = {},
): Declares<PlainDefinition> {
  return plain("publication", { factory: "publication", name }, options, { inSchema: false });
}

export interface SubscriptionOptions {
  readonly publications: readonly string[];
  readonly binary?: boolean;
  /** Default: `off`; from PostgreSQL 18 on `parallel`. */
  readonly streaming?: "on" | "off" | "parallel";
  readonly synchronousCommit?: string;
  readonly disableOnError?: boolean;
  /** PostgreSQL 16 and later. */
  readonly passwordRequired?: boolean;
  readonly runAsOwner?: boolean;
  readonly origin?: "any" | "none";
}

/**
 * `CREATE SUBSCRIPTION "name" CONNECTION '' PUBLICATION "changes" WITH (connect = false, slot_name = NONE)`. Nothing ever
 * connects for it: its connection string, which may hold a password, its slot and whether it is enabled are set on the
 * database itself, and are neither read nor written.
 */
export function subscription(
  name: string,
  options: SubscriptionOptions & DatabaseObjectOptions & Labelled,
): Declares<PlainDefinition> {
  return plain("subscription", { factory: "subscription", name }, options, { inSchema: false });
}
