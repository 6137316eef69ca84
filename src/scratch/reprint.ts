/** Definitions as a PostgreSQL prints them: loaded into a scratch database, read back, and rolled back. */

import { type Catalog, catalogOf } from "../catalog/catalog.js";
import { planChanges } from "../diff/plan.js";
import type { Connection } from "../engine/connection.js";
import { AthanorError } from "../errors.js";
import { type ReadOptions, readCatalog } from "../kinds/read.js";
import { type Loadable, loadStatements, type Refusal } from "./load.js";

export interface ReprintOptions extends Pick<ReadOptions, "schemas" | "ignore"> {
  /** Statements to load along with the objects: what they need and Athanor does not manage. */
  readonly externals?: readonly Loadable[];
  /** Leave out what PostgreSQL refuses instead of failing. */
  readonly lenient?: boolean;
  /** Runs inside the transaction after loading, before reading. */
  readonly then?: (connection: Connection) => Promise<void>;
}

/**
 * The catalog as the scratch database's PostgreSQL prints it.
 *
 * @throws AthanorError `model.rejected` naming what PostgreSQL refuses.
 */
export async function reprint(connection: Connection, catalog: Catalog, options: ReprintOptions): Promise<Catalog> {
  const empty = catalogOf(catalog.serverVersion, []);
  const creations = planChanges(empty, catalog).map(({ sql, sentence }) => ({ sql, origin: sentence }));
  await connection.script("BEGIN");
  try {
    await connection.script(
      `${emptyPublic(catalog)}; SET LOCAL check_function_bodies = off; SET LOCAL search_path = ''`,
    );
    const refusals = await loadStatements(connection, [...(options.externals ?? []), ...creations]);
    if (refusals.length > 0 && !options.lenient) throw rejection(refusals);
    await options.then?.(connection);
    return await readCatalog(connection, { schemas: options.schemas, ...ignoring(options), transaction: false });
  } finally {
    await connection.script("ROLLBACK");
  }
}

/** A new database has a schema `public`, which the catalog may not have. */
function emptyPublic(catalog: Catalog): string {
  return catalog.objects.has('schema ["public"]') ? "SELECT" : "DROP SCHEMA IF EXISTS public";
}

function ignoring({ ignore }: ReprintOptions): Pick<ReadOptions, "ignore"> {
  return ignore === undefined ? {} : { ignore };
}

function rejection(refusals: readonly Refusal[]): AthanorError {
  const sentences = refusals.map(({ statement, error }) => `${statement.origin}: ${error.message}\n  ${statement.sql}`);
  return new AthanorError("model.rejected", `PostgreSQL refuses what is declared.\n${sentences.join("\n")}`, {
    cause: refusals[0]?.error,
  });
}
