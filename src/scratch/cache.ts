/**
 * Catalogs kept by what they were made from, so that a check with nothing new needs no scratch database. A cache that is
 * missing, damaged or can't be written costs time and nothing else.
 */

import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Catalog, PrintedObject } from "../catalog/catalog.js";

/** Changes whenever what is kept, or how catalogs are read, changes. */
const format = 4;

interface Kept {
  readonly serverVersion: number;
  readonly objects: readonly (readonly [kind: string, id: string, comment: string | null, text: string])[];
  /** Positions in `objects`: dependant, and what it needs. */
  readonly dependencies: readonly (readonly [number, readonly number[]])[];
}

/** The key of what a catalog was made from. */
export function cacheKey(...parts: readonly unknown[]): string {
  const hash = createHash("sha256").update(String(format));
  for (const part of parts) hash.update("\0").update(typeof part === "string" ? part : JSON.stringify(part));
  return hash.digest("hex").slice(0, 32);
}

/** The catalog kept under the key, or what `make` gives, which is kept then. */
export async function cached(folder: string, key: string, make: () => Promise<Catalog>): Promise<Catalog> {
  const file = join(folder, `catalog-${key}.json`);
  const found = await readFile(file, "utf8").then(restore, () => null);
  if (found !== null) return found;
  const catalog = await make();
  await keep(folder, file, catalog);
  return catalog;
}

function restore(text: string): Catalog | null {
  try {
    // Our own file under our own key; what does not have its shape throws below, and is made anew.
    const kept = JSON.parse(text) as Kept;
    const objects = kept.objects.map((parts) => new PrintedObject(...parts));
    const id = (position: number) => objects[position]?.id ?? "";
    return {
      serverVersion: kept.serverVersion,
      objects: new Map(objects.map((object) => [object.id, object])),
      dependencies: new Map(kept.dependencies.map(([dependant, needs]) => [id(dependant), new Set(needs.map(id))])),
    };
  } catch {
    return null;
  }
}

async function keep(folder: string, file: string, catalog: Catalog): Promise<void> {
  const ids = [...catalog.objects.keys()];
  const positions = new Map(ids.map((id, position) => [id, position]));
  const position = (id: string) => positions.get(id) ?? -1;
  const kept: Kept = {
    serverVersion: catalog.serverVersion,
    objects: [...catalog.objects.values()].map((object) => [
      object.kind,
      object.id,
      object.comment,
      object instanceof PrintedObject ? object.text : JSON.stringify(object.definition),
    ]),
    dependencies: [...catalog.dependencies].map(([id, needs]) => [position(id), [...needs].map(position)]),
  };
  const draft = `${file}.${process.pid}`;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(draft, JSON.stringify(kept));
    await rename(draft, file);
  } catch {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}
