/** Globs: `*`, `?`, `**` for any folders, `{a,b}`. Node 20 has none of its own. */

import { readdir } from "node:fs/promises";
import { join, resolve, sep } from "node:path";

/** Whether `pattern` is a glob rather than a path. */
export function isGlob(pattern: string): boolean {
  return /[*?{]/.test(pattern);
}

/** Files that match, as absolute paths in order. Folders named node_modules or with a leading dot are not entered. */
export async function findFiles(pattern: string, cwd: string): Promise<readonly string[]> {
  const parts = pattern.split("/");
  const firstWild = parts.findIndex(isGlob);
  const root = resolve(cwd, parts.slice(0, firstWild).join("/") || (pattern.startsWith("/") ? "/" : "."));
  const matcher = globExpression(parts.slice(firstWild).join("/"));
  const found: string[] = [];
  const walk = async (folder: string, path: string): Promise<void> => {
    // A folder that isn't there matches nothing, which is reported where the pattern is.
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const inner = path === "" ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory()) {
        if (entry.name !== "node_modules" && !entry.name.startsWith(".")) await walk(join(folder, entry.name), inner);
      } else if (matcher.test(inner)) found.push(join(folder, inner.split("/").at(-1) ?? inner));
    }
  };
  await walk(root.endsWith(sep) ? root.slice(0, -1) || sep : root, "");
  return found.sort();
}

/** `models/**\/*.{ts,js}` → a regular expression over paths with `/`. */
export function globExpression(pattern: string): RegExp {
  let depth = 0;
  const source = pattern.replace(/\*\*\/|\*\*|\*|\?|\{|\}|,|[.+^$()|[\]\\]/g, (token) => {
    if (token === "**/") return "(?:[^/]+/)*";
    if (token === "**") return ".*";
    if (token === "*") return "[^/]*";
    if (token === "?") return "[^/]";
    if (token === "{") {
      depth++;
      return "(?:";
    }
    if (token === "}") return depth-- > 0 ? ")" : "\\}";
    if (token === ",") return depth > 0 ? "|" : ",";
    return `\\${token}`;
  });
  return new RegExp(`^${source}$`);
}
