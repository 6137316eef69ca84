/** What `orm.config.ts` says. */

/** Everything may be left out; relative paths start from the config file's folder. */
export interface Config {
  /** The database: `postgres://…` or `pglite:…`. `DATABASE_URL` and `--url` win over it. Default: the embedded database in `.orm/data`. */
  readonly url?: string | undefined;
  /** Files or globs of the models. Default: `models/**\/*.{ts,js,mts,mjs}`. */
  readonly models?: string | readonly string[] | undefined;
  /** The folder of migration files. Default: `migrations`. */
  readonly migrations?: string | undefined;
  /** The managed schemas; `"*"` for all. Default: those that the models use. */
  readonly schemas?: "*" | readonly string[] | undefined;
  /** The schema of models that name none. Default: `public`. */
  readonly defaultSchema?: string | undefined;
  /** A server, or an empty database, for scratch work. Default: a throw-away database beside `url`, or the embedded one. */
  readonly shadow?: string | undefined;
  /** Objects that are left alone, by kind and name: `extension postgis`, `table public.spatial_ref_sys`. */
  readonly ignore?: readonly string[] | undefined;
  /**
   * Whether the models say all privileges: what they don't grant is revoked, everywhere. Default: false; privileges are
   * compared only on what the models give `grants`, and left alone elsewhere.
   */
  readonly privileges?: boolean | undefined;
  /** Where the history of migrations is kept. Default: `public.orm_migrations`. */
  readonly history?: { readonly schema?: string | undefined; readonly table?: string | undefined } | undefined;
  /** Where reprints and the embedded database's image are kept. Default: `.orm/cache`. */
  readonly cacheFolder?: string | undefined;
}

/**
 * A config with its types checked, for `orm.config.ts`:
 *
 * ```ts
 * import { defineConfig } from "athanor";
 *
 * export default defineConfig({ models: "src/models/*.ts", migrations: "migrations" });
 * ```
 */
export function defineConfig(config: Config): Config {
  return config;
}
