/** Models from an existing database. */

import { readExternalDefinitions } from "../codegen/externals.js";
import { type GeneratedModels, generateModels } from "../codegen/generate.js";
import { readCatalog } from "../kinds/read.js";
import { ignoring, type Workspace } from "./workspace.js";

/** All schemas but PostgreSQL's own, unless the project names some: there are no models yet to say which are managed. */
export function introspect(workspace: Workspace): Promise<GeneratedModels> {
  const { project } = workspace;
  return workspace.database(async (connection) => {
    const catalog = await readCatalog(connection, { schemas: project.schemas ?? "*", ignore: ignoring(project) });
    const externals = await readExternalDefinitions(connection, catalog);
    return generateModels(catalog, { externals, defaultSchema: project.defaultSchema });
  });
}
