import { readFileSync } from "node:fs";

let version: string | undefined;

/** This package's version, as in its package.json: `0.1.0`. */
export function toolVersion(): string {
  version ??= readVersion();
  return version;
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const found = typeof manifest === "object" && manifest !== null && "version" in manifest ? manifest.version : null;
  return String(found);
}
