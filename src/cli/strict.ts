/** `--strict`, the same for every verb that passes over what is not managed. */

import type { Command } from "commander";

export interface StrictFlags {
  readonly strict?: boolean;
}

export function declareStrict(command: Command): void {
  command.option("--strict", "refuse to go on where anything is not managed");
}
