/** The driver, loaded when the first connection is wanted. */

import { createRequire } from "node:module";
import type pg from "pg";

/**
 * While it is loaded, the driver asks where it runs: by `navigator`, which Node has from 21 on, else by `Response`, and that
 * makes Node load its HTTP client, which takes 20 ms. So it finds a `navigator`, which nobody else sees: loading is
 * synchronous.
 */
export function loadDriver(): typeof pg {
  const isMissing = !("navigator" in globalThis);
  if (isMissing)
    Object.defineProperty(globalThis, "navigator", { value: { userAgent: "Node.js" }, configurable: true });
  try {
    return require("pg") as typeof pg;
  } finally {
    if (isMissing) Reflect.deleteProperty(globalThis, "navigator");
  }
}

const require = createRequire(import.meta.url);
