/** Models from an existing database. */

import { type CatalogObject, catalogOf } from "../catalog/catalog.js";
import type { GeneratedModels } from "../codegen/generate.js";
import { kindOf } from "../kinds/index.js";
import { readCatalog } from "../kinds/read.js";
import { ignoring, type Workspace } from "./workspace.js";

export interface IntrospectOptions {
  /** Whether the models say who owns what. Default: false. */
  readonly owners?: boolean;
}

/** All schemas but PostgreSQL's own, unless the project names some: there are no models yet to say which are managed. */
export function introspect(workspace: Workspace, { owners = false }: IntrospectOptions = {}): Promise<GeneratedModels> {
  const { project } = workspace;
  return workspace.database(async (connection) => {
    const options = {
      schemas: project.schemas ?? "*",
      ignore: ignoring(project),
      also: owners ? (["owners"] as const) : [],
      // They tell which of what is not managed the models need.
      dependencies: (objects: readonly CatalogObject[]) => objects.some(({ kind }) => kindOf(kind).managed === false),
    };
    // The generator is loaded while the database answers.
    const [found, { withinScope, scopeOf }, { generateModels }] = await Promise.all([
      readCatalog(connection, options),
      import("../diff/scope.js"),
      import("../codegen/generate.js"),
    ]);
    const whole = project.privileges ? ["grant", "default privileges"] : [];
    const [, catalog] = withinScope(
      catalogOf(found.serverVersion, []),
      found,
      scopeOf(null, owners ? [...whole, "owner"] : whole),
    );
    return generateModels(catalog, { defaultSchema: project.defaultSchema });
  });
}
