/** Codec of composite types: `("a b",,3)` and an object with the attributes. */

import { nestedText } from "./codec-array.js";
import { describe, unreadable, unstorable, type ValueCodec } from "./codec-value.js";

export interface CompositeAttribute {
  readonly property: string;
  readonly codec: ValueCodec;
}

/** @param attributes in the type's order. */
export function compositeCodec(attributes: readonly CompositeAttribute[], where: string): ValueCodec {
  const known = new Set(attributes.map(({ property }) => property));

  function write(value: unknown): string {
    const given = members(value);
    if (given === null) throw unstorable(where, `is ${describe(value)} and its type takes an object`);
    const stray = Object.keys(given).find((property) => !known.has(property));
    if (stray !== undefined) throw unstorable(where, `has ${JSON.stringify(stray)}, which is none of its attributes`);
    const fields = attributes.map(({ property, codec }) => {
      const member = given[property] ?? null;
      return member === null ? "" : quoteField(nestedText(codec, member));
    });
    return `(${fields.join(",")})`;
  }

  return {
    parse(text) {
      const fields = parseComposite(text);
      // A composite of no attributes and one of a single NULL are both written ().
      if (fields.length !== Math.max(attributes.length, 1))
        throw unreadable(where, `has ${fields.length} attributes, and the model's type ${attributes.length}`);
      return Object.fromEntries(
        attributes.map(({ property, codec }, i) => {
          const field = fields[i] ?? null;
          return [property, field === null ? null : codec.parse(field)];
        }),
      );
    },
    write,
    equals(left, right) {
      const [a, b] = [members(left), members(right)];
      if (a === null || b === null) return false;
      return attributes.every(({ property, codec }) => {
        const [x, y] = [a[property] ?? null, b[property] ?? null];
        return x === null || y === null ? x === y : codec.equals(x, y);
      });
    },
    copy(value) {
      const given = members(value);
      if (given === null) return value;
      return Object.fromEntries(
        Object.entries(given).map(([property, member]) => {
          const attribute = attributes.find((one) => one.property === property);
          return [
            property,
            attribute && member !== null && member !== undefined ? attribute.codec.copy(member) : member,
          ];
        }),
      );
    },
  };
}

/** An object's members; null for what is none. */
function members(value: unknown): Readonly<Record<string, unknown>> | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  return value as Readonly<Record<string, unknown>>; // what an object's members are is checked one by one
}

/** `("a ""b""",,3)` → `['a "b"', null, '3']`. Parts of a field may be quoted; one with nothing in it at all is NULL. */
function parseComposite(text: string): (string | null)[] {
  const fields: (string | null)[] = [];
  let value: string | null = null;
  let quoted = false;
  for (let at = 1; at < text.length; at++) {
    const character = text[at]!;
    if (character === '"') {
      // Two quotes inside of a quoted part are one.
      if (!quoted && text[at - 1] === '"' && value !== null) value += '"';
      quoted = !quoted;
      value ??= "";
    } else if (!quoted && (character === "," || character === ")")) {
      fields.push(value);
      value = null;
    } else {
      value = (value ?? "") + (character === "\\" ? text[++at] : character);
    }
  }
  return fields;
}

function quoteField(text: string): string {
  return text !== "" && !/[\s"\\(),]/.test(text) ? text : `"${text.replace(/["\\]/g, "$&$&")}"`;
}
