/** Models from an existing database. */

import { type Catalog, type CatalogObject, catalogOf, dependantsOf, objectId } from "../catalog/catalog.js";
import type { GeneratedModels } from "../codegen/generate.js";
import { kindOf, parentId } from "../kinds/index.js";
import type { Request } from "../kinds/kind.js";
import { readCatalog } from "../kinds/read.js";
import { databasePart, serverPart } from "../kinds/server-part.js";
import { ignoring, type Workspace } from "./workspace.js";

export interface IntrospectOptions {
  /** Whether the models say who owns what. Default: false. */
  readonly owners?: boolean;
  /** Whether the models have the roles that have to do with the database. Default: false. */
  readonly roles?: boolean;
}

/** All schemas but PostgreSQL's own, unless the project names some: there are no models yet to say which are managed. */
export function introspect(
  workspace: Workspace,
  { owners = false, roles = false }: IntrospectOptions = {},
): Promise<GeneratedModels> {
  const { project } = workspace;
  return workspace.database(async (connection) => {
    // Who owns what tells which roles the database has to do with.
    const also: readonly Request[] = roles ? ["owners", "roles"] : owners ? ["owners"] : [];
    const options = {
      schemas: project.schemas ?? "*",
      ignore: ignoring(project),
      also,
      // They tell which of what is not managed the models need.
      dependencies: (objects: readonly CatalogObject[]) => objects.some(({ kind }) => kindOf(kind).managed === false),
    };
    // The generator is loaded while the database answers.
    const [found, { withinScope, scopeOf }, { generateModels }] = await Promise.all([
      readCatalog(connection, options),
      import("../diff/scope.js"),
      import("../codegen/generate.js"),
    ]);
    const whole = [
      "security label",
      ...(project.privileges ? ["grant", "own privileges", "default privileges"] : []),
      ...(owners ? ["owner"] : []),
      ...(roles ? ["role", "role label"] : []),
    ];
    const related = roles ? await withRelatedRoles(found) : found;
    const [, catalog] = withinScope(catalogOf(found.serverVersion, []), related, scopeOf(null, whole));
    return generateModels(catalog, { defaultSchema: project.defaultSchema });
  });
}

/**
 * Without the roles that have nothing to do with the database: those that its objects name stay, what these are members of, and
 * their members. The rest of a server's roles are other projects'.
 */
async function withRelatedRoles(catalog: Catalog): Promise<Catalog> {
  const { rolesIn } = await import("../scratch/roles.js");
  const shared = serverPart(catalog);
  const named = rolesIn(databasePart(catalog)).map((name) => objectId("role", [name]));
  const members = dependantsOf(shared);
  const related = new Set([
    ...reached(named, (id) => shared.dependencies.get(id) ?? []),
    ...reached(named, (id) => members.get(id) ?? []),
  ]);
  const isRelated = (object: CatalogObject) =>
    [object.id, parentId(object)].some((id) => id !== null && related.has(id));
  const objects = [...catalog.objects].filter(([id, object]) => !shared.objects.has(id) || isRelated(object));
  return { ...catalog, objects: new Map(objects) };
}

function reached(starts: readonly string[], next: (id: string) => Iterable<string>): ReadonlySet<string> {
  const found = new Set(starts);
  for (const id of found) for (const other of next(id)) found.add(other);
  return found;
}
