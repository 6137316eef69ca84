/** The floors of docs/architecture.md: a room imports only rooms below its own. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../support/project.js";

/** From the top down; rooms of one floor do not know each other. */
const floors = [
  ["cli"],
  ["migrate"],
  ["codegen", "scratch"],
  ["diff"],
  ["kinds"],
  ["session"],
  ["orm"],
  ["query"],
  ["model"],
  ["catalog", "engine"],
  ["sql"],
];
const source = join(projectRoot, "src");
const floorOf = (room: string) => floors.findIndex((rooms) => rooms.includes(room));

test("a room imports only rooms below its own", () => {
  const wrong = new Set<string>();
  for (const { file, target } of imports()) {
    const [from = "", to = ""] = [file, target].map((path) => path.split("/")[0] ?? "");
    if (from === to || floorOf(from) < 0 || floorOf(to) < 0) continue;
    if (floorOf(to) <= floorOf(from)) wrong.add(`${file} → ${target}`);
  }
  assert.deepEqual([...wrong], []);
});

test("every room has a floor", () => {
  const rooms = new Set(imports().flatMap(({ file }) => (file.includes("/") ? [file.split("/")[0] ?? ""] : [])));
  assert.deepEqual(
    [...rooms].filter((room) => floorOf(room) < 0),
    [],
  );
});

/** Every import of a file of ours by another, as paths in `src`. */
function imports(): { readonly file: string; readonly target: string }[] {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  return files.flatMap((file) => {
    const text = readFileSync(join(source, file), "utf8");
    return [...text.matchAll(/(?:from|import\() ?"(\.[^"]+)"/g)].map(([, specifier = ""]) => ({
      file,
      target: relative(source, join(source, dirname(file), specifier)),
    }));
  });
}
