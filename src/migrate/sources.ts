/**
 * Where a catalog comes from: `models`, `db`, `migrations`, `empty`, a PostgreSQL URL, an `.sql` file, or a folder of
 * migrations. Each becomes a catalog by being read back from a PostgreSQL.
 */

import { readFile, stat } from "node:fs/promises";
import { isAbsolute, relative, resolve } from "node:path";
import { type Catalog, type CatalogObject, catalogOf } from "../catalog/catalog.js";
import { maskUrl } from "../engine/url.js";
import { AthanorError } from "../errors.js";
import { declaredCatalog } from "../kinds/declare.js";
import { describe, kindOf } from "../kinds/index.js";
import { readCatalog } from "../kinds/read.js";
import { withServerPart } from "../kinds/server-part.js";
import { cached, cacheKey } from "../scratch/cache.js";
import { readExternals } from "../scratch/externals.js";
import type { Loadable } from "../scratch/load.js";
import { reprint } from "../scratch/reprint.js";
import { preparedWithRoles } from "../scratch/roles.js";
import { onScratch } from "../scratch/security-label.js";
import { readMigrations } from "./files.js";
import { declaredExternals } from "./intent.js";
import { refuseDropped, refuseNewerOptions, serverHistory } from "./on-server.js";
import { replay } from "./replay.js";
import { splitStatements } from "./statements.js";
import type { Workspace } from "./workspace.js";

/** A catalog and what else its database holds that its objects may need. */
export interface SourceCatalog {
  /** As people call it: `models`, `db`, `postgres://ada:***@localhost/app`. */
  readonly label: string;
  readonly catalog: Catalog;
  readonly externals: () => Promise<readonly Loadable[]>;
}

const nothing = async () => [];

/**
 * @throws AthanorError `source.unknown`, and what reading the source throws.
 */
export async function readSource(workspace: Workspace, source: string): Promise<SourceCatalog> {
  switch (source) {
    case "models":
      return modelsSource(workspace);
    case "db":
      return workspace.database(async (connection) => ({
        label: "db",
        catalog: await readCatalog(connection, await workspace.readingInUse()),
        externals: () => workspace.outside(),
      }));
    case "migrations":
      return migrationsSource(workspace, workspace.project.migrations);
    case "empty":
      return { label: "empty", catalog: catalogOf(0, []), externals: nothing };
  }
  if (/^(postgres(ql)?|pglite):/.test(source)) return addressSource(workspace, source);
  const path = isAbsolute(source) ? source : resolve(workspace.project.root, source);
  if (source.endsWith(".sql")) return sqlSource(workspace, path, source);
  if (await isFolder(path)) return migrationsSource(workspace, path);
  throw new AthanorError(
    "source.unknown",
    `${source} is no source: give models, db, migrations, empty, a postgres:// URL, a .sql file or a folder of migrations.`,
  );
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function addressSource(workspace: Workspace, url: string): Promise<SourceCatalog> {
  const reading = await workspace.readingInUse();
  return workspace.databaseAt(url, async (connection) => {
    const catalog = await readCatalog(connection, reading);
    const externals = await readExternals(connection, reading.schemas);
    return { label: maskUrl(url), catalog, externals: async () => externals };
  });
}

/** The models, printed by a scratch database, or from the cache where this very text was printed before. */
async function modelsSource(workspace: Workspace): Promise<SourceCatalog> {
  const declarations = await workspace.declarations();
  const declared = declaredCatalog(declarations);
  refuseDropped(declarations, declared);
  const reading = await workspace.reading();
  const serverVersion = await workspace.printerVersion();
  refuseNewerOptions(declarations, serverVersion);
  const beside = declaredExternals(declarations);
  const key = cacheKey("models", serverVersion, [...declared.objects.values()], beside, reading.schemas, reading.also);
  const printed = await cached(workspace.project.cacheFolder, key, async () =>
    reprint(await workspace.scratch(declared), declared, {
      ...reading,
      beside,
      externals: () => workspace.outside(),
      defaultSchema: declarations.defaultSchema,
    }),
  );
  refuseContradictions(declared, printed);
  return {
    label: "models",
    catalog: leaveOpen(declared, printed),
    externals: async () => [...beside, ...(await workspace.outside())],
  };
}

/** What the models say, and PostgreSQL does not. */
function refuseContradictions(declared: Catalog, printed: Catalog): void {
  const sentences = [...declared.objects.values()].flatMap((object) => {
    const found = printed.objects.get(object.id);
    const contradiction = found && kindOf(object.kind).contradiction?.(object.definition, found.definition);
    return contradiction ? [`${describe(object)}: ${contradiction}.`] : [];
  });
  if (sentences.length > 0) throw new AthanorError("model.contradiction", sentences.join("\n"));
}

/** What a declaration does not say is not compared. */
function leaveOpen(declared: Catalog, printed: Catalog): Catalog {
  const objects = new Map(printed.objects);
  for (const object of declared.objects.values()) {
    const { leaveOpen } = kindOf(object.kind);
    const found = objects.get(object.id);
    if (leaveOpen === undefined || found === undefined) continue;
    const open: CatalogObject = {
      kind: found.kind,
      path: found.path,
      id: found.id,
      comment: found.comment,
      definition: leaveOpen(object.definition, found.definition),
    };
    objects.set(found.id, open);
  }
  return { ...printed, objects };
}

async function sqlSource(workspace: Workspace, path: string, label: string): Promise<SourceCatalog> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new AthanorError("source.unreadable", `The file ${label} can't be read; does it exist?`, { cause });
  });
  const reading = await workspace.reading();
  await using scratch = await preparedWithRoles(
    (roles) => workspace.provingGround(roles),
    ({ connection }) => connection.script(scriptOnScratch(text)),
  );
  const catalog = await readCatalog(scratch.connection, reading);
  const externals = await readExternals(scratch.connection, reading.schemas);
  return { label, catalog, externals: async () => externals };
}

/** As PostgreSQL takes it there; a script without labels is not looked at any closer. */
function scriptOnScratch(text: string): string {
  if (!/security\s+label/i.test(text)) return text;
  return splitStatements(text)
    .map(({ sql }) => onScratch(sql))
    .join(";\n");
}

/** History replayed from nothing, or from the cache where these very files were replayed before. */
async function migrationsSource(workspace: Workspace, folder: string): Promise<SourceCatalog> {
  const label = folder === workspace.project.migrations ? "migrations" : relative(workspace.project.root, folder);
  const { migrations } = await readMigrations(folder);
  const reading = await workspace.reading();
  const serverVersion = await workspace.printerVersion();
  const checksums = migrations.map(({ id, checksum }) => [id, checksum]);
  const left = [...(await workspace.leaving())];
  const key = cacheKey("migrations", serverVersion, checksums, reading.schemas, reading.also, left);
  const catalog = await cached(workspace.project.cacheFolder, key, async () => {
    await using ground = await replay(workspace, migrations);
    const replayed = await readCatalog(ground.connection, reading);
    return withServerPart(replayed, await serverHistory(workspace, migrations));
  });
  return { label, catalog, externals: () => workspace.outside() };
}
