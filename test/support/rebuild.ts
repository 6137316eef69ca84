/** From a database to models, and from the models to another database: what introspection promises, tried whole. */

import { type Catalog, catalogOf } from "../../src/catalog/catalog.js";
import { type GeneratedModels, generateModels } from "../../src/codegen/generate.js";
import { type Change, compareCatalogs } from "../../src/diff/compare.js";
import { planChanges } from "../../src/diff/plan.js";
import type { HeldConnection } from "../../src/engine/connection.js";
import { createEngine } from "../../src/engine/engine.js";
import { declaredCatalog } from "../../src/kinds/declare.js";
import { readCatalog } from "../../src/kinds/read.js";
import { loadModels } from "../../src/model/load.js";
import { collectDeclarations } from "../../src/model/registry.js";
import { loadStatements } from "../../src/scratch/load.js";
import { reprint } from "../../src/scratch/reprint.js";
import { settle } from "../../src/scratch/settle.js";
import { createDatabase, type TestDatabase } from "./database.js";

async function withConnection<T>(url: string, work: (connection: HeldConnection) => Promise<T>): Promise<T> {
  const engine = createEngine(url);
  try {
    return await work(await engine.connect());
  } finally {
    await engine.dispose();
  }
}

/** The catalog of a database, and the models that declare it. */
export function introspect(
  url: string,
  packageName: string,
): Promise<{ catalog: Catalog; models: GeneratedModels; again: GeneratedModels }> {
  return withConnection(url, async (connection) => {
    const read = async () => {
      const catalog = await readCatalog(connection, { schemas: "*" });
      return { catalog, models: generateModels(catalog, { package: packageName }) };
    };
    const first = await read();
    return { ...first, again: (await read()).models };
  });
}

/** A new database made of the models in a folder, and what PostgreSQL refused. */
export async function rebuild(folder: string): Promise<{ database: TestDatabase; refused: readonly string[] }> {
  const { exports } = await loadModels([`${folder}/**/*.ts`]);
  const declarations = collectDeclarations(exports);
  const declared = declaredCatalog(declarations);
  const creations = planChanges(catalogOf(0, []), declared).map(({ sql, sentence }) => ({ sql, origin: sentence }));
  const externals = declarations.externals.map(({ statement, origin }) => ({ sql: statement, origin }));
  const database = await createDatabase();
  const refused = await withConnection(database.url, async (connection) => {
    await connection.script("BEGIN; SET LOCAL check_function_bodies = off; SET LOCAL search_path = ''");
    const refusals = await loadStatements(connection, [...externals, ...creations]);
    await connection.script("COMMIT");
    return refusals.map(({ statement, error }) => `${statement.origin}: ${error.message}\n  ${statement.sql}`);
  });
  return { database, refused };
}

/** What separates the rebuilt database from the catalog, once texts that print alike are taken as one. */
export async function remaining(catalog: Catalog, rebuilt: string): Promise<readonly Change[]> {
  const read = await withConnection(rebuilt, (connection) => readCatalog(connection, { schemas: "*" }));
  await using scratch = await createDatabase();
  return await withConnection(scratch.url, async (connection) => {
    const settled = await settle(catalog, read, (other) => reprint(connection, other, { lenient: true, schemas: "*" }));
    return compareCatalogs(settled, read);
  });
}
