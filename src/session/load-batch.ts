/** Attributes that are asked for in one turn of the event loop, loaded together: one statement for each attribute. */

import type { InstanceState } from "../model/state.js";

/** Of instances of one model, or of models with a common one. */
interface Request {
  readonly states: readonly InstanceState[];
  readonly attribute: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class LoadBatch {
  readonly #exclusive: (work: () => Promise<void>) => Promise<void>;
  readonly #load: (states: readonly InstanceState[], attribute: string) => Promise<void>;
  #waiting: Request[] = [];
  /** Ends with the batch that was begun last, so that batches come one after the other. */
  #batch: Promise<void> = Promise.resolve();

  /**
   * @param exclusive runs work while nothing else runs, and rejects where something does.
   * @param load called within it, for one attribute after the other.
   */
  constructor(
    exclusive: (work: () => Promise<void>) => Promise<void>,
    load: (states: readonly InstanceState[], attribute: string) => Promise<void>,
  ) {
    this.#exclusive = exclusive;
    this.#load = load;
  }

  /** Ends when the attribute is loaded, and the others that were asked for in the same turn. */
  add(states: readonly InstanceState[], attribute: string): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) this.#batch = this.#batch.then(() => this.#run());
      this.#waiting.push({ states, attribute, resolve, reject });
    });
  }

  /** Never rejects: each request hears of its own, once the session is free again. */
  async #run(): Promise<void> {
    const requests = this.#waiting;
    this.#waiting = [];
    const failures = new Map<Request, unknown>();
    try {
      await this.#exclusive(() => this.#loadAll(requests, failures));
    } catch (error) {
      for (const request of requests) failures.set(request, error);
    }
    for (const request of requests) {
      if (failures.has(request)) request.reject(failures.get(request));
      else request.resolve();
    }
  }

  async #loadAll(requests: readonly Request[], failures: Map<Request, unknown>): Promise<void> {
    for (const group of groupRequests(requests)) {
      const states = new Set(group.flatMap(({ states }) => states));
      try {
        await this.#load([...states], group[0]!.attribute);
      } catch (error) {
        for (const request of group) failures.set(request, error);
      }
    }
  }
}

/** By model and attribute. */
function groupRequests(requests: readonly Request[]): readonly (readonly Request[])[] {
  const groups: Request[][] = [];
  for (const request of requests) {
    const group = groups.find(
      ([first]) =>
        first?.attribute === request.attribute && first.states[0]?.definition === request.states[0]?.definition,
    );
    if (group === undefined) groups.push([request]);
    else group.push(request);
  }
  return groups;
}
