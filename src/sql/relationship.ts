import type { ColumnOrigin } from "./column.js";
import type { Selectable } from "./selectable.js";

/** A relationship where queries name it: `User.posts`. Immutable. */
export class Relationship<Value, Owner = unknown> {
  readonly kind = "relationship-expression";
  /** Types only, never present at run time. */
  declare readonly _value: Value;
  declare readonly _owner: Owner;

  constructor(
    readonly origin: ColumnOrigin,
    /** What it leads away from: the model's table, or an alias of it. */
    readonly from: Selectable,
  ) {
    Object.freeze(this);
  }
}
