/** What managed objects need and the tool does not manage: functions in defaults, checks and indexes, mostly. */

import { type Catalog, type CatalogObject, objectId } from "../catalog/catalog.js";
import { kindOf } from "../kinds/index.js";
import type { CatalogConnection } from "../kinds/read.js";
import { byPath } from "./naming.js";

export interface NeededExternal {
  readonly object: CatalogObject;
  readonly neededBy: CatalogObject;
}

/** The unmanaged objects that managed ones need, directly or through others of them; what is needed comes first. */
export function neededExternals(catalog: Catalog): readonly NeededExternal[] {
  const found = new Map<string, NeededExternal>();
  const visit = (object: CatalogObject, neededBy: CatalogObject, seen: ReadonlySet<string>): void => {
    if (found.has(object.id) || seen.has(object.id)) return;
    for (const need of unmanagedNeeds(object, catalog)) visit(need, object, new Set([...seen, object.id]));
    found.set(object.id, { object, neededBy });
  };
  for (const object of [...catalog.objects.values()].sort(byPath))
    if (kindOf(object.kind).managed !== false)
      for (const need of unmanagedNeeds(object, catalog)) visit(need, object, new Set());
  return [...found.values()];
}

function unmanagedNeeds(object: CatalogObject, catalog: Catalog): readonly CatalogObject[] {
  return [...(catalog.dependencies.get(object.id) ?? [])]
    .flatMap((id) => catalog.objects.get(id) ?? [])
    .filter(({ kind }) => kindOf(kind).managed === false)
    .sort(byPath);
}

/** Statements by the object's type and identity, in PostgreSQL's words. */
const definitionQuery = `
  SELECT o.type, o.identity, pg_get_functiondef(p.oid)
    FROM pg_proc p, pg_identify_object('pg_proc'::regclass, p.oid, 0) o
    WHERE p.oid >= 16384 AND p.prokind IN ('f', 'p', 'w')
  UNION ALL
  SELECT o.type, o.identity, format('CREATE COLLATION %s FROM %s', o.identity, '"C"')
    FROM pg_collation c, pg_identify_object('pg_collation'::regclass, c.oid, 0) o
    WHERE false`;

/**
 * The statements that create what managed objects need, by the object's id; objects whose definition PostgreSQL does not
 * print are missing.
 */
export async function readExternalDefinitions(
  connection: CatalogConnection,
  catalog: Catalog,
): Promise<ReadonlyMap<string, string>> {
  const needed = new Set(neededExternals(catalog).map(({ object }) => object.id));
  if (needed.size === 0) return new Map();
  const { rows } = await connection.query(definitionQuery);
  const definitions = (rows as readonly (readonly [string, string, string])[]).map(
    ([type, identity, definition]): [string, string] => [objectId("unmanaged", [type, identity]), definition],
  );
  return new Map(definitions.filter(([id]) => needed.has(id)));
}
