/** A relationship as the unit of work and the loaders see it. */

import type { ModelDefinition } from "../model/definition.js";
import { leadsIndex, type TableMetadata } from "../model/resolve/read.js";
import type { CascadeWord, ColumnPair, RelationMetadata } from "../model/resolve/relations.js";
import { modelTable } from "../model/source.js";
import type { SqlFragment } from "../sql/fragment.js";
import { quotePath } from "../sql/identifier.js";
import { type MappedColumn, type Mapper, mapColumns, mapperOf } from "./mapper.js";

/** A column of the relationship's owner and the one it equals: the target's, or the join table's. */
export interface MappedPair {
  readonly local: MappedColumn;
  readonly remote: MappedColumn;
}

/** The join table of a many-to-many relationship. */
export interface LinkTable {
  readonly definition: ModelDefinition;
  readonly label: string;
  /** Quoted, as queries have it. */
  readonly table: string;
  /** The owner's columns with the join table's. */
  readonly near: readonly MappedPair[];
  /** The join table's columns with the target's. */
  readonly far: readonly MappedPair[];
}

export class MappedRelation {
  readonly property: string;
  /** `User.posts`, for messages. */
  readonly origin: string;
  readonly direction: RelationMetadata["direction"];
  readonly collection: boolean;
  readonly #metadata: RelationMetadata;
  #target: Mapper | null = null;
  #pairs: readonly MappedPair[] | null = null;
  #link: LinkTable | null = null;
  #isIndexed: boolean | null = null;

  constructor(
    readonly owner: Mapper,
    metadata: RelationMetadata,
  ) {
    this.#metadata = metadata;
    this.property = metadata.property;
    this.origin = metadata.origin;
    this.direction = metadata.direction;
    this.collection = metadata.collection;
  }

  get target(): Mapper {
    this.#target ??= mapperOf(this.#metadata.target.definition);
    return this.#target;
  }

  /** The relationship that is kept in step with it. */
  get inverse(): MappedRelation | null {
    const { backPopulates } = this.#metadata;
    return backPopulates === null ? null : this.target.relation(backPopulates);
  }

  /** Of a relationship without a join table. */
  get pairs(): readonly MappedPair[] {
    this.#pairs ??= this.#metadata.pairs.map(({ local, remote }) => ({
      local: this.owner.column(local.property),
      remote: this.target.column(remote.property),
    }));
    return this.#pairs;
  }

  /** null: it has no join table. */
  get link(): LinkTable | null {
    const { secondary, pairs } = this.#metadata;
    if (secondary === null) return null;
    this.#link ??= mapLink(this.owner, this.target, secondary.table, pairs, secondary.pairs);
    return this.#link;
  }

  /** The owner's columns that say what it leads to. */
  get near(): readonly MappedColumn[] {
    return (this.link?.near ?? this.pairs).map(({ local }) => local);
  }

  /** Whether an index of the target finds the rows of an owner. Not with a join table. */
  get isIndexed(): boolean {
    const { secondary, pairs, target } = this.#metadata;
    const [first] = pairs;
    this.#isIndexed ??= secondary === null && first !== undefined && leadsIndex(target, first.remote.property);
    return this.#isIndexed;
  }

  get lazy(): RelationMetadata["lazy"] {
    return this.#metadata.lazy;
  }

  get viewOnly(): boolean {
    return this.#metadata.viewOnly;
  }

  get passiveDeletes(): boolean | "all" {
    return this.#metadata.passiveDeletes;
  }

  orderBy(): readonly SqlFragment[] {
    return this.#metadata.orderBy();
  }

  cascades(word: CascadeWord): boolean {
    return !this.viewOnly && this.#metadata.cascade.has(word);
  }
}

function mapLink(
  owner: Mapper,
  target: Mapper,
  table: TableMetadata,
  near: readonly ColumnPair[],
  far: readonly ColumnPair[],
): LinkTable {
  const columns = new Map(mapColumns(table).map((column) => [column.property, column]));
  return {
    definition: table.definition,
    label: table.label,
    table: quotePath(modelTable(table.definition).qualifier),
    near: near.map(({ local, remote }) => ({
      local: owner.column(local.property),
      remote: columns.get(remote.property)!,
    })),
    far: far.map(({ local, remote }) => ({
      local: columns.get(local.property)!,
      remote: target.column(remote.property),
    })),
  };
}
