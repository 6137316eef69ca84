/** Codec of arrays, of any number of dimensions. */

import { formatArray, parseArray } from "../engine/types/array.js";
import { formatBytea } from "../engine/types/bytes.js";
import { describe, unstorable, type ValueCodec } from "./codec-value.js";

export interface ArrayShape {
  /** Between two elements. */
  readonly delimiter: "," | ";";
  /** How many dimensions there may be: an array below them is an element, as of a `jsonb[]`. */
  readonly depth: number;
  /** The column, for messages. */
  readonly where: string;
}

/** The text of a value as part of an array or a composite. */
export function nestedText(codec: ValueCodec, value: unknown): string {
  const written = codec.write(value);
  return typeof written === "string" ? written : formatBytea(written);
}

export function arrayCodec(element: ValueCodec, { delimiter, depth, where }: ArrayShape): ValueCodec {
  const format = (value: unknown) => {
    if (value === undefined) throw unstorable(where, "has an undefined element; write null for NULL");
    return nestedText(element, value);
  };

  function equals(a: unknown, b: unknown, depth: number): boolean {
    if (depth > 0 && Array.isArray(a) && Array.isArray(b))
      return a.length === b.length && a.every((value, i) => equals(value, b[i], depth - 1));
    if (a === null || b === null) return a === b;
    return element.equals(a, b);
  }

  function copy(value: unknown, depth: number): unknown {
    if (depth > 0 && Array.isArray(value)) return value.map((nested) => copy(nested, depth - 1));
    return value === null ? null : element.copy(value);
  }

  return {
    parse: (text) => parseArray(text, element.parse, delimiter),
    write(value) {
      if (!Array.isArray(value)) throw unstorable(where, `is ${describe(value)} and its type takes an array`);
      return formatArray(value, format, delimiter, depth);
    },
    equals: (a, b) => equals(a, b, depth),
    copy: (value) => copy(value, depth),
  };
}
