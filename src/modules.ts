/** Imports users' files: models, migrations, configuration; TypeScript or JavaScript. */

import { pathToFileURL } from "node:url";

export function isTypeScript(file: string): boolean {
  return /\.[mc]?tsx?$/.test(file);
}

/**
 * Runs `work`, in which `import()` takes TypeScript where one of `files` is of it. It is compiled in memory, without a
 * check of its types. Only where it is needed: tsx brings esbuild, which takes time to start.
 */
export async function withTypeScript<T>(files: readonly string[], work: () => Promise<T>): Promise<T> {
  if (!files.some(isTypeScript)) return work();
  const [esm, cjs] = await Promise.all([import("tsx/esm/api"), import("tsx/cjs/api")]);
  const unregisterCommonJs = cjs.register();
  const unregisterModules = esm.register();
  try {
    return await work();
  } finally {
    unregisterCommonJs();
    await unregisterModules();
  }
}

/** `:12` where the stack of an error at import shows a line of the file. esbuild's own message has the line already. */
export function lineIn(file: string, error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const after = [pathToFileURL(file).href, file]
    .map((path) => stack.split(new RegExp(`${escapeRegExp(path)}(?:\\?[^:\\s]*)?:`))[1])
    .find((rest) => rest !== undefined);
  const line = after?.match(/^\d+/)?.[0];
  return line === undefined ? "" : `:${line}`;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
