/** From what models declare to objects of a catalog, not yet printed by any PostgreSQL. */

import { type Catalog, catalogObject, catalogOf } from "../catalog/catalog.js";
import type { Declarations } from "../model/declarations.js";
import { kinds } from "./index.js";

/** All declared objects, parents first. Its definitions are the models' own SQL: load them into a PostgreSQL to compare. */
export function declaredCatalog(declarations: Declarations): Catalog {
  const objects = kinds.flatMap((kind) =>
    [...(kind.declare?.(declarations) ?? [])].map(({ path, comment, definition }) =>
      catalogObject(kind.name, path, comment, definition),
    ),
  );
  return catalogOf(0, objects);
}
