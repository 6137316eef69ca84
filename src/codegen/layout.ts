/** How literals of several entries are laid out. */

import { lineWidth } from "./source-file.js";

/** An object literal with an entry per line, itself `depth` levels in. SQL in the entries keeps its own lines. */
export function block(entries: readonly string[], depth: number): string {
  if (entries.length === 0) return "{}";
  const margin = "  ".repeat(depth);
  return `{\n${entries.map((entry) => `${margin}  ${entry},\n`).join("")}${margin}}`;
}

/** A list in one line where it fits after `head`, else an element per line. */
export function list(elements: readonly string[], depth: number, head: string): string {
  const line = `[${elements.join(", ")}]`;
  if (line.length + 2 * depth + `${head},`.length <= lineWidth && !line.includes("\n")) return line;
  const margin = "  ".repeat(depth);
  return `[\n${elements.map((element) => `${margin}  ${element},\n`).join("")}${margin}]`;
}
