/** What managed objects need and the tool does not manage: collations and operators, mostly. */

import { type Catalog, type CatalogObject, objectId } from "../catalog/catalog.js";
import type { Fields } from "../engine/connection.js";
import { kindOf } from "../kinds/index.js";
import type { CatalogConnection } from "../kinds/read.js";
import { byPath } from "./naming.js";

export interface NeededExternal {
  readonly object: CatalogObject;
  readonly neededBy: CatalogObject;
}

/** The unmanaged objects that managed ones need, directly or through others of them; what is needed comes first. */
export function neededExternals(catalog: Catalog): readonly NeededExternal[] {
  const unmanaged = new Map<string, CatalogObject>();
  for (const [id, object] of catalog.objects) if (kindOf(object.kind).managed === false) unmanaged.set(id, object);
  if (unmanaged.size === 0) return [];
  const needsOf = ({ id }: CatalogObject): readonly CatalogObject[] =>
    [...(catalog.dependencies.get(id) ?? [])].flatMap((need) => unmanaged.get(need) ?? []).sort(byPath);
  const found = new Map<string, NeededExternal>();
  const visit = (object: CatalogObject, neededBy: CatalogObject, seen: ReadonlySet<string>): void => {
    if (found.has(object.id) || seen.has(object.id)) return;
    for (const need of needsOf(object)) visit(need, object, new Set([...seen, object.id]));
    found.set(object.id, { object, neededBy });
  };
  const needy = [...catalog.objects.values()].filter(
    ({ id }) => !unmanaged.has(id) && [...(catalog.dependencies.get(id) ?? [])].some((need) => unmanaged.has(need)),
  );
  for (const object of needy.sort(byPath)) for (const need of needsOf(object)) visit(need, object, new Set());
  return [...found.values()];
}

/** The objects' type and identity in PostgreSQL's words, and the statements that create them. */
function definitionQuery(version: number): string {
  const icuLocale = version >= 170000 ? "c.colllocale" : version >= 150000 ? "c.colliculocale" : "c.collcollate";
  const options = {
    provider: "CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END",
    locale: `CASE WHEN c.collprovider <> 'c' THEN quote_literal(${icuLocale}) END`,
    lc_collate: "CASE WHEN c.collprovider = 'c' THEN quote_literal(c.collcollate) END",
    lc_ctype: "CASE WHEN c.collprovider = 'c' THEN quote_literal(c.collctype) END",
    deterministic: "CASE WHEN NOT c.collisdeterministic THEN 'false' END",
    ...(version >= 160000 ? { rules: "quote_literal(c.collicurules)" } : {}),
  };
  const pairs = Object.entries(options).map(([name, value]) => `'${name} = ' || ${value}`);
  return `
  SELECT o.type, o.identity, format('CREATE COLLATION %s (%s)', o.identity, concat_ws(', ', ${pairs.join(", ")}))
    FROM pg_collation c, pg_identify_object('pg_collation'::regclass, c.oid, 0) o
    WHERE c.oid >= 16384`;
}

/**
 * The statements that create what managed objects need, by the object's id; operators and what else has no definition to
 * print are missing.
 */
export async function readExternalDefinitions(
  connection: CatalogConnection,
  catalog: Catalog,
): Promise<ReadonlyMap<string, string>> {
  const needed = new Set(neededExternals(catalog).map(({ object }) => object.id));
  if (needed.size === 0) return new Map();
  const read = ([type, identity, definition]: Fields): [string, string] => [
    objectId("unmanaged", [type ?? "", identity ?? ""]),
    definition ?? "",
  ];
  const { rows } = await connection.query(definitionQuery(connection.serverVersion), [], { read });
  return new Map(rows.filter(([id]) => needed.has(id)));
}
