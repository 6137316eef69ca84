import { readFileSync } from "node:fs";

/** Of a package that is installed in bench/. */
export function versionOf(name: string): string {
  return versionIn(`../node_modules/${name}/package.json`);
}

export const athanorVersion = versionIn("../../package.json");

function versionIn(path: string): string {
  return (JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")) as { version: string }).version;
}
