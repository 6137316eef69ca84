/**
 * How declarations are told from other exports: by a key that every copy of this package shares (a project's and the
 * command line's may be two), never by `instanceof`.
 */

import type { BaseDefinition, ModelDefinition } from "./definition.js";
import type { StandaloneDefinition } from "./objects.js";

export type Declarable = BaseDefinition | ModelDefinition | StandaloneDefinition;

export const declarationKey: unique symbol = Symbol.for("athanor.declaration");

/** Something that carries a declaration: a model class, what `pgEnum()` gives, an extension. */
export interface Declares<Definition extends Declarable = Declarable> {
  readonly [declarationKey]: Definition;
}

/** The declaration that `value` carries, if it does. */
export function declarationOf(value: unknown): Declarable | null {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return null;
  // The key is ours alone: what stands under it is a declaration.
  return (value as Partial<Declares>)[declarationKey] ?? null;
}

/** `target` with a declaration on it, hidden from enumeration. */
export function declare<T extends object, D extends Declarable>(target: T, definition: D): T & Declares<D> {
  Object.defineProperty(target, declarationKey, { value: definition });
  // defineProperty above has added just this.
  return target as T & Declares<D>;
}
