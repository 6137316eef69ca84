/** What expressions are put together from: pieces of text, other fragments, and values. */

import { QueryError } from "./errors.js";
import { isSqlFragment, type SqlFragment, type SqlWriter, type ValueType } from "./fragment.js";

/** Text that is SQL, or something that writes itself. */
export type Part = string | SqlFragment;

export function writeParts(parts: readonly Part[], writer: SqlWriter): void {
  for (const part of parts) {
    if (typeof part === "string") writer.text(part);
    else part.writeSql(writer);
  }
}

/** A value that becomes a parameter. */
export class Bound implements SqlFragment {
  readonly kind = "bound";
  readonly atomic = true;

  constructor(
    readonly value: unknown,
    readonly type: ValueType | null,
    readonly list: boolean,
  ) {
    Object.freeze(this);
  }

  writeSql(writer: SqlWriter): void {
    writer.value(this.value, this.type, this.list);
  }
}

/** A fragment as part of a greater one: in parentheses where it could come apart. */
class Grouped implements SqlFragment {
  readonly kind = "grouped";
  readonly atomic = true;

  constructor(readonly inner: SqlFragment) {
    Object.freeze(this);
  }

  writeSql(writer: SqlWriter): void {
    writer.text("(");
    this.inner.writeSql(writer);
    writer.text(")");
  }
}

/** Parts whose columns are none of the statement's around it: a subquery's own. */
export class Scoped implements SqlFragment {
  readonly kind = "scoped";
  readonly atomic = true;

  constructor(readonly parts: readonly Part[]) {
    Object.freeze(this);
  }

  writeSql(writer: SqlWriter): void {
    writer.scope(() => writeParts(this.parts, writer));
  }
}

/**
 * One side of an operator: a value becomes a parameter of `type`, a fragment gets parentheses where it needs them.
 *
 * @throws QueryError `sql.undefined`
 */
export function operand(value: unknown, type: ValueType | null): SqlFragment {
  if (!isSqlFragment(value)) return bind(value, type);
  return value.atomic === true ? value : new Grouped(value);
}

/**
 * An element of a list (arguments, columns): a value becomes a parameter of `type`, a fragment stands as it is.
 *
 * @throws QueryError `sql.undefined`
 */
export function element(value: unknown, type: ValueType | null): SqlFragment {
  return isSqlFragment(value) ? value : bind(value, type);
}

function bind(value: unknown, type: ValueType | null): Bound {
  if (value === undefined)
    throw new QueryError(
      "sql.undefined",
      `${type === null ? "A value" : `A value for ${type.origin}`} is undefined; leave the condition out, or pass null for NULL.`,
    );
  return new Bound(value, type, false);
}

/** `a, b, c`. */
export function listed(parts: readonly SqlFragment[], separator = ", "): readonly Part[] {
  return parts.flatMap((part, i) => (i === 0 ? [part] : [separator, part]));
}
