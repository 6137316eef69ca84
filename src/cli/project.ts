/** The project that a verb works on: flags beat the environment, which beats the config file. */

import { dirname, join, resolve } from "node:path";
import type { Config } from "../config.js";
import type { Project } from "../migrate/project.js";
import { readConfigFile } from "./config-file.js";
import type { GlobalFlags } from "./flags.js";

export interface ResolvedProject {
  readonly project: Project;
  /** True where nobody said where the database is, so that the embedded one serves. */
  readonly unsaid: boolean;
}

const defaultModels = "models/**/*.{ts,js,mts,mjs}";

/**
 * @param cwd where paths in flags and in the environment start from; those in the config file start from its folder.
 * @throws AthanorError `config.*`
 */
export async function resolveProject(
  flags: GlobalFlags,
  environment: Readonly<Record<string, string | undefined>>,
  cwd: string,
): Promise<ResolvedProject> {
  const file = await readConfigFile(flags.config, cwd);
  const root = file === null ? cwd : dirname(file.path);
  const config: Config = file?.config ?? {};
  const said = urlFrom(flags.url ?? (environment.DATABASE_URL || undefined), cwd) ?? urlFrom(config.url, root);
  return {
    project: {
      root,
      url: said ?? `pglite:${join(root, ".orm/data")}`,
      models: flags.models?.map((pattern) => resolve(cwd, pattern)) ?? [config.models ?? defaultModels].flat(),
      migrations: flags.dir === undefined ? resolve(root, config.migrations ?? "migrations") : resolve(cwd, flags.dir),
      schemas: schemasFrom(flags.schema) ?? config.schemas ?? null,
      defaultSchema: config.defaultSchema ?? "public",
      shadow: urlFrom(flags.shadow, cwd) ?? urlFrom(config.shadow, root) ?? null,
      ignore: config.ignore ?? [],
      privileges: flags.privileges ?? config.privileges ?? false,
      cacheFolder: resolve(root, config.cacheFolder ?? ".orm/cache"),
      history: { schema: config.history?.schema ?? "public", table: config.history?.table ?? "orm_migrations" },
    },
    unsaid: said === undefined,
  };
}

/** A folder of the embedded database is a path like any other: it starts where it was written. */
function urlFrom(url: string | undefined, folder: string): string | undefined {
  const path = url?.match(/^pglite:(?:\/\/(?=\/|\.))?(.+)$/)?.[1];
  return path === undefined || path === "memory" ? url : `pglite:${resolve(folder, path)}`;
}

function schemasFrom(names: readonly string[] | undefined): Project["schemas"] | undefined {
  return names?.includes("*") ? "*" : names;
}
