/** What `new User({ … })` makes, and what reads and writes of its attributes do. */

import { type ModelDefinition, modelName, propertyNames, relationNames } from "./definition.js";
import { getRelated, setRelated } from "./related.js";
import { type InstanceState, makeState, stateOf } from "./state.js";
import { UnloadedError } from "./unloaded.js";

/** Sets what `init` gives. @throws TypeError for a key that is neither a column nor a relationship. */
export function initialise(
  instance: object,
  definition: ModelDefinition,
  init: Readonly<Record<string, unknown>> = {},
): void {
  const attributes = makeState(definition, instance).instance;
  for (const key of Object.keys(init)) {
    if (!Object.hasOwn(definition.columns, key) && !Object.hasOwn(definition.relations, key))
      throw new TypeError(`${modelName(definition)} has no column or relationship named ${JSON.stringify(key)}.`);
    const value = init[key];
    if (value !== undefined) attributes[key] = value;
  }
}

/**
 * Columns are data properties of the instance itself. What is unset reads as null, which stands on the prototype and does
 * not count as set: `Object.keys(instance)` is what was set. Relationships are accessors on the prototype, so that
 * `{ ...user }` is the columns.
 */
export function defineInstanceProperties(prototype: object, definition: ModelDefinition): void {
  Object.defineProperty(prototype, "awaitable", {
    configurable: true,
    get(this: object) {
      return awaitable(instanceState(this));
    },
  });
  for (const property of [...Object.keys(definition.columns), ...propertyNames(definition)])
    Object.defineProperty(prototype, property, { value: null, writable: true, configurable: true });
  for (const property of relationNames(definition)) {
    Object.defineProperty(prototype, property, {
      configurable: true,
      get(this: object) {
        return getRelated(instanceState(this), property);
      },
      set(this: object, value: unknown) {
        setRelated(instanceState(this), property, value);
      },
    });
  }
}

/**
 * Makes a column read as not loaded: reading it throws, assigning to it makes it a data property again. What looks at the
 * whole object (JSON, spreading, console.log) passes it by.
 */
export function unloadColumn(instance: object, property: string): void {
  Object.defineProperty(instance, property, {
    configurable: true,
    enumerable: false,
    get(this: object) {
      throw new UnloadedError(instanceState(this), property);
    },
    set(this: object, value: unknown) {
      setColumn(this, property, value);
    },
  });
}

/** Sets a column that may be an accessor by now. */
export function setColumn(instance: object, property: string, value: unknown): void {
  Object.defineProperty(instance, property, { value, writable: true, enumerable: true, configurable: true });
}

/** Whether a column that was not loaded is still so: nothing was assigned to it since. */
export function isUnloadedColumn(instance: object, property: string): boolean {
  return Object.getOwnPropertyDescriptor(instance, property)?.get !== undefined;
}

/** `user.awaitable.posts`: the attribute as a promise, loaded where it isn't. */
function awaitable(state: InstanceState): object {
  return new Proxy(state.instance, {
    get: async (instance, property) => {
      try {
        return Reflect.get(instance, property) as unknown;
      } catch (error) {
        if (!(error instanceof UnloadedError) || state.owner === null || typeof property !== "string") throw error;
        await state.owner.load(state, property);
        return Reflect.get(instance, property) as unknown;
      }
    },
  });
}

function instanceState(instance: object): InstanceState {
  const state = stateOf(instance);
  if (state === null)
    throw new TypeError("This object was not made by its model's constructor or loaded by a session.");
  return state;
}
