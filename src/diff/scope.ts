/** What the models speak of. The rest is the database's own, such as privileges that a team grants in production. */

import { type Catalog, type CatalogObject, objectId } from "../catalog/catalog.js";
import { kindOf, kinds, parentId } from "../kinds/index.js";
import type { Request } from "../kinds/kind.js";
import type { Declarations } from "../model/declarations.js";

/** The topics and the objects that are declared, of each kind that leaves others open. */
export interface Scope {
  /** Kind → topics; null: all. */
  readonly topics: ReadonlyMap<string, ReadonlySet<string> | null>;
  /** Ids of what is declared. */
  readonly declared: ReadonlySet<string>;
}

/**
 * @param declarations null: there are none, and what can be left open is.
 * @param whole kinds of which nothing is left open, declared or not.
 */
export function scopeOf(declarations: Declarations | null, whole: readonly string[] = []): Scope {
  const topics = new Map<string, ReadonlySet<string> | null>();
  const declared = new Set<string>();
  for (const { name, scope, declare } of kinds) {
    if (scope === undefined) continue;
    topics.set(name, whole.includes(name) ? null : new Set(declarations === null ? [] : scope.topics(declarations)));
    if (declarations !== null) for (const { path } of declare?.(declarations) ?? []) declared.add(objectId(name, path));
  }
  return { topics, declared };
}

/** What has to be asked for to read what the models speak of. */
export function requestsOf(declarations: Declarations): readonly Request[] {
  return kinds.flatMap(({ onRequest, scope }) =>
    onRequest !== undefined && scope !== undefined && [...scope.topics(declarations)].length > 0 ? [onRequest] : [],
  );
}

/**
 * The two catalogs without a difference in what is open: `to` has it as `from` does, so that it is put back with what holds
 * it, or neither has it.
 */
export function withinScope(from: Catalog, to: Catalog, scope: Scope): readonly [Catalog, Catalog] {
  const isOpen = (object: CatalogObject) => isLeftOpen(object, scope, [from, to]);
  const [open, others] = [openIn(from, isOpen), openIn(to, isOpen)];
  if (open.length === 0 && others.length === 0) return [from, to];
  const kept = open.filter(({ kind }) => kindOf(kind).scope?.isKept);
  const left = open.filter((object) => !kept.includes(object));
  const objects = without(to, others);
  const dependencies = new Map(to.dependencies);
  for (const object of kept) {
    const holder = parentId(object);
    if (holder !== null && !objects.has(holder)) continue;
    objects.set(object.id, object);
    dependencies.set(object.id, from.dependencies.get(object.id) ?? new Set());
  }
  return [
    { ...from, objects: without(from, left) },
    { ...to, objects, dependencies },
  ];
}

function isLeftOpen(object: CatalogObject, { topics, declared }: Scope, catalogs: readonly Catalog[]): boolean {
  const { scope } = kindOf(object.kind);
  if (scope === undefined || declared.has(object.id)) return false;
  const spokenOf = topics.get(object.kind);
  if (spokenOf !== null && !spokenOf?.has(scope.topicOf(object))) return true;
  return catalogs.some((catalog) => scope.isImplied?.(object, catalog) ?? false);
}

function openIn({ objects }: Catalog, isOpen: (object: CatalogObject) => boolean): readonly CatalogObject[] {
  return [...objects.values()].filter(isOpen);
}

function without({ objects }: Catalog, gone: readonly CatalogObject[]): Map<string, CatalogObject> {
  const left = new Map(objects);
  for (const { id } of gone) left.delete(id);
  return left;
}
