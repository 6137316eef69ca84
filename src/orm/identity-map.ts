/**
 * One object for one row, by table and key: models that share a table share its rows.
 *
 * It holds its objects for as long as the session does not expunge them. SQLAlchemy's holds clean ones weakly, which it
 * can since every assignment is seen and makes the object dirty; here attributes are plain properties, and nobody hears of
 * `(await session.get(User, 7)).name = "x"`: a weak map could lose such a change.
 */

import type { ModelDefinition } from "../model/definition.js";
import { rootOf } from "../model/inheritance.js";
import type { InstanceState } from "../model/state.js";
import { remember } from "../remember.js";

export class IdentityMap {
  readonly #byModel = new Map<ModelDefinition, Map<string, InstanceState>>();

  get(definition: ModelDefinition, key: string): InstanceState | null {
    return this.#byModel.get(rootOf(definition))?.get(key) ?? null;
  }

  /** The state has its key. */
  add(state: InstanceState): void {
    if (state.key !== null) remember(this.#byModel, rootOf(state.definition), newStates).set(state.key, state);
  }

  /** Only the very same: another may have its key by now. */
  remove(state: InstanceState): void {
    const states = this.#byModel.get(rootOf(state.definition));
    if (state.key !== null && states?.get(state.key) === state) states.delete(state.key);
  }

  clear(): void {
    this.#byModel.clear();
  }

  of(definition: ModelDefinition): Iterable<InstanceState> {
    return this.#byModel.get(rootOf(definition))?.values() ?? [];
  }

  *[Symbol.iterator](): Iterator<InstanceState> {
    for (const states of this.#byModel.values()) yield* states.values();
  }
}

function newStates(): Map<string, InstanceState> {
  return new Map();
}
