import { createRequire } from "node:module";

let version: string | undefined;

/** This package's version, as in its package.json: `0.1.0`. */
export function toolVersion(): string {
  version ??= readVersion();
  return version;
}

/** By the package's name: the build joins files, and where this code comes to lie says nothing of where the package does. */
function readVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)("athanor/package.json");
  const found = typeof manifest === "object" && manifest !== null && "version" in manifest ? manifest.version : null;
  return String(found);
}
