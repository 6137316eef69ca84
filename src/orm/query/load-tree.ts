/** What a query's options say of one entity: how its columns and relationships are loaded, and what those lead to. */

import type { Entity } from "../../model/entity.js";
import type { MappedColumn } from "../mapper.js";

export interface RelationOption {
  /** `contained`: the query's own join has it. */
  readonly strategy: "joined" | "selectin" | "raise" | "contained";
  /** What a `contained` one is read from. */
  readonly entity: Entity | null;
  readonly tree: LoadTree;
}

export class LoadTree {
  constructor(
    /** By property. */
    readonly relations: ReadonlyMap<string, RelationOption>,
    /** null: all that aren't deferred. */
    private readonly only: ReadonlySet<string> | null,
    private readonly deferred: ReadonlySet<string>,
    /** Whether relationships that aren't named are loaded as their models say; false: not at all. */
    readonly defaults: boolean,
  ) {}

  loadsColumn({ property, spec }: MappedColumn): boolean {
    if (this.deferred.has(property)) return false;
    return this.only === null ? !spec.deferred : this.only.has(property);
  }
}

export const noOptions = new LoadTree(new Map(), null, new Set(), true);

/** Columns only. */
export const bare = new LoadTree(new Map(), null, new Set(), false);
