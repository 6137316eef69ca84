/** Of a catalog, what the database has, and what all databases of its server share. */

import type { Catalog, CatalogObject } from "../catalog/catalog.js";
import { kindOf, kinds } from "./index.js";
import type { Kind, Request } from "./kind.js";
import type { ReadOptions } from "./read.js";

const isOfServer = ({ kind }: CatalogObject) => isServerKind(kindOf(kind));

function isServerKind({ ofServer }: Kind): boolean {
  return ofServer === true;
}

/** What is asked for to read all that a server's databases share. */
export const serverRequests: readonly Request[] = [
  ...new Set(kinds.filter(isServerKind).flatMap(({ onRequest }) => onRequest ?? [])),
];

/** Reads what is shared alone. */
export const readingServer: ReadOptions = {
  schemas: [],
  also: serverRequests,
  only: isServerKind,
  dependencies: () => false,
};

/** The catalog of what is shared alone. */
export function serverPart(catalog: Catalog): Catalog {
  const objects = new Map([...catalog.objects].filter(([, object]) => isOfServer(object)));
  const needs = (object: CatalogObject) => kindOf(object.kind).needs?.(object, objects) ?? [];
  const dependencies = new Map(
    [...objects].map(([id, object]) => [id, new Set(needs(object).filter((need) => objects.has(need)))]),
  );
  return { ...catalog, objects, dependencies };
}

/** The catalog without it. */
export function databasePart(catalog: Catalog): Catalog {
  return { ...catalog, objects: new Map([...catalog.objects].filter(([, object]) => !isOfServer(object))) };
}

/** The catalog with another's shared objects in place of its own. */
export function withServerPart(catalog: Catalog, other: Catalog): Catalog {
  const [own, shared] = [databasePart(catalog), serverPart(other)];
  return {
    ...catalog,
    objects: new Map([...shared.objects, ...own.objects]),
    dependencies: new Map([...own.dependencies, ...shared.dependencies]),
  };
}
