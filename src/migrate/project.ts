/** What every verb works on: a config file, the environment and the flags, resolved. */

/** A project with all defaults filled in. */
export interface Project {
  /** The folder of the config file, or the current one: relative paths start from here. */
  readonly root: string;
  /** The database: `postgres://…` or `pglite:…`. */
  readonly url: string;
  /** Files and globs of the models, relative to `root`. */
  readonly models: readonly string[];
  /** The folder of migration files, absolute. */
  readonly migrations: string;
  /** The managed schemas; null: those that the models use. `"*"`: all. */
  readonly schemas: readonly string[] | "*" | null;
  /** The schema of models that name none. */
  readonly defaultSchema: string;
  /** A server, or an empty database, for scratch work. */
  readonly shadow: string | null;
  /** Objects that are left alone, by kind and name: `extension postgis`, `table public.spatial_ref_sys`. */
  readonly ignore: readonly string[];
  /** Whether privileges are the models' affair everywhere, and not only where they speak of them. */
  readonly privileges: boolean;
  /** Where reprints and the embedded database's image are kept, absolute. */
  readonly cacheFolder: string;
  /** The history table. */
  readonly history: { readonly schema: string; readonly table: string };
}
