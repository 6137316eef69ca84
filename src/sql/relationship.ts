import type { ColumnOrigin } from "./column.js";

/** A relationship where queries name it: `User.posts`. Immutable. */
export class Relationship<Value> {
  readonly kind = "relationship-expression";
  /** The type of what it holds, never present at run time. */
  declare readonly _value: Value;

  constructor(readonly origin: ColumnOrigin) {
    Object.freeze(this);
  }
}
