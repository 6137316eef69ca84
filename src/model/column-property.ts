/** Column properties: SQL that is loaded with an instance as if it were a column of its table. */

import { AthanorError } from "../errors.js";
import { Column, type ColumnOrigin } from "../sql/column.js";
import { Expression } from "../sql/expression.js";
import type { ValueType } from "../sql/fragment.js";
import type { Selectable } from "../sql/selectable.js";
import { type ColumnSpec, columnOf } from "./column.js";

/** By property: what gives the expression, of the model's columns. */
export type ColumnProperties = Readonly<
  Record<string, (columns: Readonly<Record<string, Column<unknown>>>) => unknown>
>;

/** An expression that is loaded only when it is asked for. */
export class Deferred<Value> {
  readonly kind = "deferred";
  /** Types only, never present at run time. */
  declare readonly _value: Value;

  constructor(readonly expression: Expression<Value>) {
    Object.freeze(this);
  }
}

/** In `properties`: loaded by name only, with `session.load` or `.awaitable`. */
export function deferred<Value>(expression: Expression<Value>): Deferred<Value> {
  return new Deferred(expression);
}

/** What a column property says. */
export interface PropertySpec {
  readonly expression: Expression<unknown>;
  /** That of a nullable column with the expression's type. */
  readonly spec: ColumnSpec;
}

/** Reads a column property when it is first asked for: it may speak of models that are yet to be loaded. */
export function readOnce(origin: string, make: () => unknown): () => PropertySpec {
  let known: PropertySpec | null = null;
  return () => {
    known ??= readProperty(origin, make());
    return known;
  };
}

/** @throws AthanorError `model.property` */
function readProperty(origin: string, given: unknown): PropertySpec {
  const expression = given instanceof Deferred ? given.expression : given;
  const type = expression instanceof Expression ? typeOf(expression) : null;
  if (!(expression instanceof Expression) || type === null)
    throw new AthanorError(
      "model.property",
      `The column property ${origin} is no expression whose type is known; write (c) => cast(…, integer()), with the type that it has.`,
    );
  const column = columnOf(type).nullable();
  return { expression, spec: (given instanceof Deferred ? column.deferred() : column).spec };
}

function typeOf({ type }: Expression<unknown>): ColumnSpec["type"] | null {
  // What has a spec is a column's type: see ColumnType.
  return type !== null && "spec" in type ? (type.spec as ColumnSpec).type : null;
}

export interface PropertyPlace {
  readonly origin: ColumnOrigin;
  readonly from: Selectable;
  /** `User.size`, for messages. */
  readonly label: string;
  readonly read: () => PropertySpec;
}

/** A column property as a column that is read from `from`. */
export function propertyColumn(name: string, { origin, from, label, read }: PropertyPlace): Column<unknown> {
  const type: ValueType & { readonly spec: ColumnSpec } = {
    origin: label,
    get spec() {
      return read().spec;
    },
  };
  return new Column(name, { origin, type, from, expression: () => read().expression });
}
