/** Definitions as a PostgreSQL prints them: loaded into a scratch database, read back, and rolled back. */

import { type Catalog, type CatalogObject, objectId } from "../catalog/catalog.js";
import { planCreation } from "../diff/plan.js";
import type { Connection } from "../engine/connection.js";
import { AthanorError } from "../errors.js";
import { kindOf, kinds } from "../kinds/index.js";
import type { Request } from "../kinds/kind.js";
import { type ReadOptions, readCatalog } from "../kinds/read.js";
import { databasePart, withServerPart } from "../kinds/server-part.js";
import { quoteIdentifier } from "../sql/identifier.js";
import { type Loadable, loadStatements, type Refusal } from "./load.js";

export interface ReprintOptions extends Pick<ReadOptions, "ignore"> {
  /** The schemas to read back; default: the catalog's. */
  readonly schemas?: ReadOptions["schemas"];
  /** Statements to load along with the objects, whose result is read back with them. */
  readonly beside?: readonly Loadable[];
  /** Statements to load along with the objects where they need what Athanor does not manage. */
  readonly externals?: () => Promise<readonly Loadable[]>;
  /** Where names without a schema are looked for, as in SQL that people write; default: nowhere, as in printed SQL. */
  readonly defaultSchema?: string;
  /** Leave out what PostgreSQL refuses instead of failing. */
  readonly lenient?: boolean;
  /** Objects whose parts are to have the names that they have in these; default: the catalog's own. */
  readonly named?: readonly CatalogObject[];
  /** Runs inside the transaction after loading, before reading. */
  readonly afterwards?: (connection: Connection) => Promise<void>;
}

/**
 * The catalog as the scratch database's PostgreSQL prints it. What all databases of a server share stays as it is.
 *
 * @throws AthanorError `model.rejected` naming what PostgreSQL refuses.
 */
export async function reprint(connection: Connection, catalog: Catalog, options: ReprintOptions): Promise<Catalog> {
  const creations = planCreation(databasePart(catalog)).map(({ sql, sentence }) => ({ sql, origin: sentence }));
  await connection.script("BEGIN");
  try {
    await connection.script(`${emptyPublic(catalog)}; SET LOCAL check_function_bodies = off; ${searchPath(options)}`);
    const refusals = await loadWithExternals(connection, [...(options.beside ?? []), ...creations], options.externals);
    if (refusals.length > 0 && !options.lenient) throw rejection(refusals);
    await nameParts(connection, options.named ?? [...catalog.objects.values()]);
    await options.afterwards?.(connection);
    const printed = await readCatalog(connection, {
      schemas: options.schemas ?? schemasOf(catalog),
      ...ignoring(options),
      also: requestsIn(databasePart(catalog)),
      transaction: false,
    });
    return withServerPart(printed, catalog);
  } finally {
    await connection.script("ROLLBACK");
  }
}

/** What PostgreSQL names by itself is given the names that it has in a database. */
async function nameParts(connection: Connection, objects: readonly CatalogObject[]): Promise<void> {
  for (const { name, nameParts } of kinds) {
    if (nameParts === undefined) continue;
    const statements = nameParts(objects.filter(({ kind }) => kind === name));
    if (statements.length > 0) await connection.script(statements.join(";\n"));
  }
}

/** What lies outside is fetched and loaded only where something is refused without it. */
async function loadWithExternals(
  connection: Connection,
  creations: readonly Loadable[],
  externals: ReprintOptions["externals"],
): Promise<readonly Refusal[]> {
  await connection.script("SAVEPOINT creations");
  const alone = await loadStatements(connection, creations);
  if (alone.length === 0 || externals === undefined) return alone;
  const others = await externals();
  if (others.length === 0) return alone;
  await connection.script("ROLLBACK TO SAVEPOINT creations");
  const refusals = await loadStatements(connection, [...others, ...creations]);
  return refusals.filter(({ statement }) => !others.includes(statement));
}

/** The schemas that the catalog manages. */
export function schemasOf(catalog: Catalog): readonly string[] {
  return [...catalog.objects.values()].filter(({ kind }) => kind === "schema").map(({ path }) => path[0] ?? "");
}

/** A new database has a schema `public`, which the catalog may not have. */
function emptyPublic(catalog: Catalog): string {
  return catalog.objects.has(objectId("schema", ["public"])) ? "SELECT" : "DROP SCHEMA IF EXISTS public";
}

function searchPath({ defaultSchema }: ReprintOptions): string {
  return `SET LOCAL search_path = ${defaultSchema === undefined ? "''" : quoteIdentifier(defaultSchema)}`;
}

function ignoring({ ignore }: ReprintOptions): Pick<ReadOptions, "ignore"> {
  return ignore === undefined ? {} : { ignore };
}

/** What has to be asked for to be read back. */
function requestsIn({ objects }: Catalog): readonly Request[] {
  return [...new Set([...objects.values()].flatMap(({ kind }) => kindOf(kind).onRequest ?? []))];
}

function rejection(refusals: readonly Refusal[]): AthanorError {
  const shown = refusals.slice(0, 5);
  const more =
    refusals.length > shown.length ? `\n… and ${refusals.length - shown.length} more, perhaps for want of these.` : "";
  const sentences = shown.map(({ statement, error }) => `${statement.origin}: ${error.message}\n  ${statement.sql}`);
  return new AthanorError("model.rejected", `PostgreSQL refuses what is declared.\n${sentences.join("\n")}${more}`, {
    cause: refusals[0]?.error,
  });
}
