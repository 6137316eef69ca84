/** Attributes that are asked for in one turn of the event loop, loaded together: one statement for each attribute. */

import type { InstanceState } from "../model/state.js";

interface Request {
  readonly state: InstanceState;
  readonly attribute: string;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export class LoadBatch {
  readonly #load: (states: readonly InstanceState[], attribute: string) => Promise<void>;
  #waiting: Request[] = [];

  /** @param load called for instances of one model, one call after the other. */
  constructor(load: (states: readonly InstanceState[], attribute: string) => Promise<void>) {
    this.#load = load;
  }

  add(state: InstanceState, attribute: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) queueMicrotask(() => void this.#run());
      this.#waiting.push({ state, attribute, resolve, reject });
    });
  }

  /** Never rejects: each request hears of its own. */
  async #run(): Promise<void> {
    const requests = this.#waiting;
    this.#waiting = [];
    for (const group of groupRequests(requests)) {
      try {
        await this.#load(
          group.map(({ state }) => state),
          group[0]!.attribute,
        );
        for (const { state, attribute, resolve } of group) resolve(Reflect.get(state.instance, attribute));
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
  }
}

/** By model and attribute. */
function groupRequests(requests: readonly Request[]): readonly (readonly Request[])[] {
  const groups: Request[][] = [];
  for (const request of requests) {
    const group = groups.find(
      ([first]) => first?.attribute === request.attribute && first.state.definition === request.state.definition,
    );
    if (group === undefined) groups.push([request]);
    else group.push(request);
  }
  return groups;
}
