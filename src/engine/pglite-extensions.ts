/** The contrib extensions that PGlite bundles, for `CREATE EXTENSION`. */

import type { Extensions } from "@electric-sql/pglite";
import { AthanorError } from "../errors.js";

/** As PostgreSQL names them. */
export const bundledExtensions: readonly string[] = (
  "amcheck auto_explain bloom btree_gin btree_gist citext cube dict_int dict_xsyn earthdistance file_fdw fuzzystrmatch hstore intarray isn lo ltree " +
  "moddatetime pageinspect pg_buffercache pg_freespacemap pg_stat_statements pg_surgery pg_trgm pg_visibility pg_walinspect pgcrypto seg tablefunc tcn tsm_system_rows tsm_system_time unaccent uuid-ossp"
).split(" ");

/**
 * Each costs some 10 ms at start, when PGlite unpacks it.
 *
 * @throws AthanorError `extension.unknown` for a name that PGlite doesn't bundle.
 */
export async function loadExtensions(names: readonly string[] = bundledExtensions): Promise<Extensions> {
  const loaded = await Promise.all(names.map(async (name) => [name, await load(name)] as const));
  return Object.fromEntries(loaded);
}

async function load(name: string): Promise<Extensions[string]> {
  if (!bundledExtensions.includes(name))
    throw new AthanorError(
      "extension.unknown",
      `The embedded database has no extension ${JSON.stringify(name)}. It has: ${bundledExtensions.join(", ")}.`,
    );
  const file = name.replace("-", "_");
  // Every module of this folder exports its extension under the file's name.
  const module = (await import(`@electric-sql/pglite/contrib/${file}`)) as Record<string, Extensions[string]>;
  const extension = module[file];
  if (extension === undefined)
    throw new AthanorError("extension.unknown", `PGlite's module for the extension ${name} is empty; reinstall it.`);
  return extension;
}
