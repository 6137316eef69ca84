/** What `new User({ … })` makes: a plain object that holds what it was given. */

import { type ModelDefinition, modelName, relationNames, relationSpec } from "./definition.js";

/** Sets what `init` gives. @throws TypeError for a key that is neither a column nor a relationship. */
export function initialise(
  instance: object,
  definition: ModelDefinition,
  init: Readonly<Record<string, unknown>> = {},
): void {
  for (const [key, value] of Object.entries(init)) {
    if (!Object.hasOwn(definition.columns, key) && !Object.hasOwn(definition.relations, key))
      throw new TypeError(`${modelName(definition)} has no column or relationship named ${JSON.stringify(key)}.`);
    if (value !== undefined) set(instance, key, value);
  }
}

/**
 * What is unset reads as null, an unset collection as an empty array; neither counts as set. Both live on the prototype,
 * so that `Object.keys(instance)` is what was set.
 */
export function defineInstanceProperties(prototype: object, definition: ModelDefinition): void {
  for (const property of Object.keys(definition.columns))
    Object.defineProperty(prototype, property, { value: null, writable: true, configurable: true });
  for (const property of relationNames(definition)) {
    Object.defineProperty(prototype, property, {
      configurable: true,
      get(this: object) {
        if (!relationSpec(definition, property).collection) return null;
        const collection: unknown[] = [];
        set(this, property, collection);
        return collection;
      },
      set(this: object, value: unknown) {
        set(this, property, value);
      },
    });
  }
}

function set(instance: object, property: string, value: unknown): void {
  Object.defineProperty(instance, property, { value, writable: true, enumerable: true, configurable: true });
}
