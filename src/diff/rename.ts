/**
 * Renames: what is gone under one name and new under another may be the same thing. Proposed by likeness; decided by the
 * user, a model, or (where a rename and a drop-and-create come to the same) by itself.
 */

import type { Catalog, CatalogObject } from "../catalog/catalog.js";
import { describe, kindOf, kinds, parentId, schemaId } from "../kinds/index.js";
import { sameDefinition } from "./compare.js";
import { heldByOthers, slotHolders } from "./slots.js";

/** A rename that was decided on. `path` is the object's as it stands when the rename runs, renames before it included. */
export interface Rename {
  readonly kind: string;
  readonly path: readonly string[];
  /** The part that is renamed, such as an enum's label; absent: the object itself. */
  readonly part?: string;
  readonly name: string;
}

/** "Is this a rename?" */
export interface RenameQuestion {
  readonly kind: string;
  readonly path: readonly string[];
  readonly part?: string;
  /** New names that it may have, the likeliest first. */
  readonly candidates: readonly string[];
  /** True where the answer makes no difference to any row. */
  readonly free: boolean;
}

/** Below this nobody is asked: the two have nothing in common. */
const threshold = 0.3;

/** What is asked together. */
export interface RenameRound {
  readonly kinds: readonly string[];
  /** Whether about the objects themselves or about their parts, such as labels. */
  readonly about: "objects" | "parts";
}

/**
 * Rounds in which renames are decided: a table's new name has to be known before its columns can be compared, and the
 * columns' before the constraints on them.
 */
export const renameRounds: readonly RenameRound[] = renamesByDepth();

function renamesByDepth(): RenameRound[] {
  const depth = (name: string): number => {
    const { parent } = kindOf(name);
    return typeof parent === "string" ? 1 + depth(parent) : 1;
  };
  const renamable = kinds.filter(({ name, rename }) => rename !== undefined && name !== "schema");
  const deepest = Math.max(...renamable.map(({ name }) => depth(name)));
  const levels = Array.from({ length: deepest }, (_, i) => renamable.filter(({ name }) => depth(name) === i + 1));
  const groups = levels.flatMap((level) => [
    level.filter(({ renamesFreely }) => !renamesFreely),
    level.filter(({ renamesFreely }) => renamesFreely),
  ]);
  const withParts = kinds.filter(({ parts }) => parts !== undefined);
  return [
    { kinds: ["schema"], about: "objects" },
    ...groups.map((group): RenameRound => ({ kinds: group.map(({ name }) => name), about: "objects" })),
    { kinds: withParts.map(({ name }) => name), about: "parts" },
  ];
}

/** What may have been renamed, as one round asks. */
export function renameQuestions(from: Catalog, to: Catalog, { kinds: names, about }: RenameRound): RenameQuestion[] {
  const questions = about === "objects" ? objectQuestions : partQuestions;
  return names.flatMap((name) => questions(from, to, name));
}

function objectQuestions(from: Catalog, to: Catalog, kindName: string): RenameQuestion[] {
  const kind = kindOf(kindName);
  if (kind.rename === undefined) return [];
  const gone = only(from, to, kindName);
  const come = only(to, from, kindName);
  if (gone.length === 0 || come.length === 0) return [];
  const inside = holdings(from, to, [...gone, ...come]);
  const holders = slotHolders(from);
  const questions: RenameQuestion[] = [];
  for (const before of gone) {
    const scored = come
      .filter((after) => sameHolder(before, after) && !isTaken(after, before))
      .map((after) => ({ after, score: score(before, after, inside) }))
      .filter(({ score }) => score >= threshold)
      .sort((a, b) => b.score - a.score);
    if (scored.length > 0)
      questions.push({
        kind: kindName,
        path: before.path,
        candidates: scored.map(({ after }) => after.path.at(-1) ?? ""),
        free: kind.renamesFreely === true,
      });
  }
  return questions;

  /** Whether something else has the name still. */
  function isTaken(after: CatalogObject, before: CatalogObject): boolean {
    const slots = kind.slots?.(after) ?? [];
    return slots.some((slot) => heldByOthers(holders, slot, before.id));
  }

  function score(before: CatalogObject, after: CatalogObject, held: Holdings): number {
    if (kind.likeness === undefined) return sameDefinition(before, after) ? 1 : 0;
    return kind.likeness(before, after, { from: held.from(before.id), to: held.to(after.id) });
  }
}

/** Labels and the like: gone from one place, and new at that very place. */
function partQuestions(from: Catalog, to: Catalog, kindName: string): RenameQuestion[] {
  const { parts } = kindOf(kindName);
  if (parts === undefined) return [];
  const questions: RenameQuestion[] = [];
  for (const after of to.objects.values()) {
    const before = after.kind === kindName ? from.objects.get(after.id) : undefined;
    if (before === undefined) continue;
    const [old, now] = [parts.of(before.definition), parts.of(after.definition)];
    for (const part of old) {
      if (now.includes(part)) continue;
      const next = old.slice(old.indexOf(part) + 1).find((other) => now.includes(other));
      const end = next === undefined ? now.length : now.indexOf(next);
      const previous = old.slice(0, old.indexOf(part)).findLast((other) => now.includes(other));
      const start = previous === undefined ? 0 : now.indexOf(previous) + 1;
      const candidates = now.slice(start, end).filter((other) => !old.includes(other));
      if (candidates.length > 0) questions.push({ kind: kindName, path: before.path, part, candidates, free: false });
    }
  }
  return questions;
}

/** The rename's statement. */
export function renameSql(object: CatalogObject, { part, name }: Rename): string {
  const { parts, rename } = kindOf(object.kind);
  const sql = part === undefined ? rename?.(object, name) : parts?.rename(object, part, name);
  if (sql === undefined) throw new RangeError(`A ${object.kind} can't be renamed.`);
  return sql;
}

/** The rename that undoes this one. */
export function inverseRename({ kind, path, part, name }: Rename): Rename {
  return part === undefined
    ? { kind, path: [...path.slice(0, -1), name], name: path.at(-1) ?? "" }
    : { kind, path, part: name, name: part };
}

/** An object's path once the renames have run. */
export function renamedPath(
  { kind, path }: Pick<CatalogObject, "kind" | "path">,
  renames: readonly Rename[],
): readonly string[] {
  let current = path;
  for (const rename of renames) {
    if (rename.part !== undefined) continue;
    const length = rename.path.length;
    if (!rename.path.every((name, i) => name === current[i]) || !isWithin(kind, rename.kind)) continue;
    current = [...current.slice(0, length - 1), rename.name, ...current.slice(length)];
  }
  return current;
}

/** Whether an object of the one kind lies within an object of the other whose path begins its own. */
function isWithin(kind: string, holder: string): boolean {
  if (holder === "schema" && kind !== holder) return !kindOf(kind).inNoSchema;
  if (kind === holder) return true;
  const { parent } = kindOf(kind);
  return typeof parent === "string" && isWithin(parent, holder);
}

/** `rename column users.nick to nickname`. */
export function renameSentence(object: CatalogObject, { part, name }: Rename): string {
  const label = part === undefined ? "" : `${kindOf(object.kind).parts?.word ?? "part"} ${part} of `;
  return `rename ${label}${describe(object)} to ${name}`;
}

interface Holdings {
  from(id: string): readonly CatalogObject[];
  to(id: string): readonly CatalogObject[];
}

/** What the objects hold: a table's columns; all that lies in a schema. */
function holdings(from: Catalog, to: Catalog, wanted: readonly CatalogObject[]): Holdings {
  const ids = new Set(wanted.map(({ id }) => id));
  const collect = (catalog: Catalog) => {
    const held = new Map<string, CatalogObject[]>();
    for (const object of catalog.objects.values())
      for (const holder of [parentId(object), schemaId(object)]) {
        if (holder === null || !ids.has(holder)) continue;
        const list = held.get(holder);
        if (list) list.push(object);
        else held.set(holder, [object]);
      }
    return (id: string) => held.get(id) ?? [];
  };
  return { from: collect(from), to: collect(to) };
}

function only(catalog: Catalog, other: Catalog, kind: string): CatalogObject[] {
  return [...catalog.objects.values()].filter((object) => object.kind === kind && !other.objects.has(object.id));
}

function sameHolder(a: CatalogObject, b: CatalogObject): boolean {
  return JSON.stringify(a.path.slice(0, -1)) === JSON.stringify(b.path.slice(0, -1));
}
