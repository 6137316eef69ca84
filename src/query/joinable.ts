import type { AnyModel } from "../model/relations.js";
import type { Relationship } from "../model/relationship.js";
import type { SqlFragment } from "../sql/fragment.js";
import type { AliasOf } from "./alias.js";
import type { Subquery, selectableKey } from "./subquery.js";

/** What a query reads from or is joined with. */
export type Joinable =
  | AnyModel
  | AliasOf<unknown>
  | Relationship<unknown, unknown, unknown>
  | Pick<Subquery<readonly unknown[], unknown, unknown>, typeof selectableKey>;

/** A relationship says by itself what it is joined on; anything else needs a condition. */
export type JoinConditions<T> =
  T extends Relationship<unknown, unknown, unknown>
    ? readonly SqlFragment[]
    : readonly [condition: SqlFragment, ...more: SqlFragment[]];
