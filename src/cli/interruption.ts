/** Ctrl-C: the first asks the verb to stop and clean up, a second ends the process. */

import { exitCodes } from "./exit.js";

/** How long a verb may take to clean up. */
const graceMs = 10_000;
const signals = ["SIGINT", "SIGTERM"] as const;

export class Interruption {
  readonly #controller = new AbortController();
  readonly #listener = () => {
    if (this.signal.aborted) process.exit(exitCodes.interrupted);
    this.#controller.abort();
    setTimeout(() => process.exit(exitCodes.interrupted), graceMs).unref();
  };

  constructor() {
    for (const signal of signals) process.on(signal, this.#listener);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  stop(): void {
    for (const signal of signals) process.off(signal, this.#listener);
  }
}
