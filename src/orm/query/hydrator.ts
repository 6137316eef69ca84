/**
 * Makes objects of rows. The function is generated, one for each model and list of columns: straight code with the columns
 * in their places takes half the time of a loop over them, and objects get room for all of their attributes at once.
 */

import type { DataRow } from "../../engine/data-row.js";
import type { InstanceState } from "../../model/state.js";
import type { MappedColumn } from "../mapper.js";

/** A column that is selected, and its place among those of its entity. */
export interface ReadColumn {
  readonly column: MappedColumn;
  readonly at: number;
  /** Whether a value can be changed in place, so that the row needs one of its own. */
  readonly mutable: boolean;
}

/** Takes a new instance with what was read for it: values, and texts where a value could be changed in place. */
export type TakeInstance = (instance: object, read: unknown[]) => InstanceState;

/** The instance of the row whose columns begin at `offset`. Its model's constructor is not called: it exists already. */
export type Hydrate = (row: DataRow, offset: number) => InstanceState;

/** @param prototype the model's. */
export function makeHydrator(columns: readonly ReadColumn[], prototype: object, take: TakeInstance): Hydrate {
  try {
    return generate(columns, prototype, take);
  } catch (error) {
    // Some processes may not make code of text (`node --disallow-code-generation-from-strings`).
    if (error instanceof EvalError) return loop(columns, prototype, take);
    throw error;
  }
}

export function readValue({ codec }: MappedColumn, row: DataRow, at: number): unknown {
  if (row.isNull(at)) return null;
  if (codec.parseBytes !== null) return codec.parseBytes(row.bytes, row.start(at), row.end(at));
  return codec.parse(row.text(at)!);
}

/**
 * ```js
 * function Shell(v0, v1) { this["id"] = v0; this["settings"] = v1; }
 * Shell.prototype = prototype;
 * return (row, offset) => {
 *   const v0 = row.isNull(offset + 0) ? null : codecs[0].parseBytes(row.bytes, row.start(offset + 0), row.end(offset + 0));
 *   const t1 = row.text(offset + 1);
 *   const v1 = t1 === null ? null : codecs[1].parse(t1);
 *   return take(new Shell(v0, v1), [v0, t1]);
 * };
 * ```
 */
function generate(columns: readonly ReadColumn[], prototype: object, take: TakeInstance): Hydrate {
  const values = columns.map((_, i) => `v${i}`);
  // Only names from models are written into code, each as a string literal.
  const assignments = columns.map(({ column }, i) => `this[${JSON.stringify(column.property)}] = v${i};`);
  const code = [
    `function Shell(${values.join(", ")}) { ${assignments.join(" ")} }`,
    "Shell.prototype = prototype;",
    ...columns.map((_, i) => `const c${i} = codecs[${i}];`),
    "return (row, offset) => {",
    ...columns.map(({ column, at, mutable }, i) => {
      if (column.codec.parseBytes !== null && !mutable)
        return `const a${i} = offset + ${at}, v${i} = row.isNull(a${i}) ? null : c${i}.parseBytes(row.bytes, row.start(a${i}), row.end(a${i}));`;
      return `const t${i} = row.text(offset + ${at}), v${i} = t${i} === null ? null : c${i}.parse(t${i});`;
    }),
    `return take(new Shell(${values.join(", ")}), [${columns.map(({ mutable }, i) => (mutable ? `t${i}` : `v${i}`)).join(", ")}]);`,
    "};",
  ];
  const make = new Function("prototype", "codecs", "take", code.join("\n"));
  const codecs = columns.map(({ column }) => column.codec);
  // It returns what the code above says.
  return make(prototype, codecs, take) as Hydrate;
}

/** The same without code of its own. */
function loop(columns: readonly ReadColumn[], prototype: object, take: TakeInstance): Hydrate {
  return (row, offset) => {
    const instance = Object.create(prototype) as Record<string, unknown>;
    const read = columns.map(({ column, at, mutable }) => {
      const value = readValue(column, row, offset + at);
      instance[column.property] = value;
      return mutable ? row.text(offset + at) : value;
    });
    return take(instance, read);
  };
}
