/** placeholder until the runner lands */
import type { Catalog } from "../catalog/catalog.js";
import type { Loadable } from "../scratch/load.js";
import type { Workspace } from "./workspace.js";
export async function replay(_w: Workspace, _f: string): Promise<{ catalog: Catalog; externals: Loadable[] }> {
  throw new Error("later");
}
