/** What a verb holds open while it runs: the database, scratch databases, the loaded models. */

import { type Catalog, objectId } from "../catalog/catalog.js";
import type { Scope } from "../diff/scope.js";
import type { HeldConnection, Log } from "../engine/connection.js";
import { createEngine, type Engine, withConnection } from "../engine/engine.js";
import { isPartitionOf } from "../kinds/partition-of.js";
import type { ReadOptions } from "../kinds/read.js";
import { schemasIn } from "../kinds/schema.js";
import type { Declarations } from "../model/declarations.js";
import type { Loadable } from "../scratch/load.js";
import { openEmbedded, openScratch, type Scratch } from "../scratch/scratch.js";
import { historyTableNames } from "./history.js";
import type { Project } from "./project.js";

export interface WorkspaceOptions {
  readonly log?: Log | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Leave the project's database alone, as when history alone is asked about. */
  readonly offline?: boolean;
  /** Told sentences that a person should read while the verb runs. */
  readonly notice?: ((sentence: string) => void) | undefined;
}

/** Everything is opened when it is first asked for, and closed together. */
export class Workspace implements AsyncDisposable {
  readonly #closing: (() => Promise<unknown>)[] = [];
  #engine: Engine | undefined;
  #printerVersion: Promise<number> | undefined;
  #outside: Promise<readonly Loadable[]> | undefined;
  #scratch: Promise<Scratch> | undefined;
  #declarations: Promise<Declarations> | undefined;

  constructor(
    readonly project: Project,
    readonly options: WorkspaceOptions = {},
  ) {}

  /** The project's database. */
  engine(): Engine {
    if (this.#engine === undefined) {
      const { log } = this.options;
      const engine = createEngine(this.project.url, {
        applicationName: "athanor",
        ...(log === undefined ? {} : { log }),
      });
      this.#engine = engine;
      this.#closing.push(() => engine.dispose());
    }
    return this.#engine;
  }

  /** Runs `work` on a connection to the project's database. The embedded one has no other: nest no second call in it. */
  database<T>(work: (connection: HeldConnection) => Promise<T>): Promise<T> {
    return withConnection(this.engine(), work);
  }

  /** Runs `work` on a connection to another database. */
  async databaseAt<T>(url: string, work: (connection: HeldConnection) => Promise<T>): Promise<T> {
    await using engine = createEngine(url, { applicationName: "athanor" });
    return await withConnection(engine, work);
  }

  /** An empty scratch database, in which nothing is ever committed, but on a server that has the catalog's roles. */
  async scratch(catalog?: Catalog): Promise<HeldConnection> {
    if (this.#scratch === undefined) {
      this.#scratch = this.provingGround();
      const opening = this.#scratch;
      this.#closing.push(async () => (await opening)[Symbol.asyncDispose]());
    }
    const scratch = await this.#scratch;
    if (catalog !== undefined) {
      const { admitRoles, rolesIn } = await import("../scratch/roles.js");
      await admitRoles(scratch, rolesIn(catalog));
    }
    return scratch.connection;
  }

  /**
   * A new empty database to commit in; the caller disposes of it.
   *
   * @param roles which the server has to have, beside those that the models make.
   */
  async provingGround(roles: readonly string[] = []): Promise<Scratch> {
    const { shadow, url, cacheFolder } = this.project;
    const made = (await this.#said())?.roles.flatMap(({ name, dropped }) => (dropped ? [] : [name])) ?? [];
    const home = { shadow: shadow ?? undefined, url: this.options.offline ? undefined : url };
    return openScratch({ ...home, cacheFolder, roles: [...made, ...roles] });
  }

  /** A server that nobody else uses, where roles may come and go, without extensions; the caller disposes of it. */
  serverGround(): Promise<Scratch> {
    return openEmbedded(this.project, []);
  }

  /** `server_version_num` of the PostgreSQL whose printing is compared: the database's, or a scratch one's where that is left alone. */
  printerVersion(): Promise<number> {
    this.#printerVersion ??= this.options.offline
      ? this.scratch().then(({ serverVersion }) => serverVersion)
      : this.database(async ({ serverVersion }) => serverVersion);
    return this.#printerVersion;
  }

  /** What the project's database holds that managed objects may need. */
  outside(): Promise<readonly Loadable[]> {
    this.#outside ??= this.options.offline ? Promise.resolve([]) : this.#readOutside();
    return this.#outside;
  }

  // Verbs that ask for neither this nor the models don't wait for the differ and the kinds to load.
  async #readOutside(): Promise<readonly Loadable[]> {
    const { readExternals } = await import("../scratch/externals.js");
    const schemas = await this.schemas();
    return this.database((connection) => readExternals(connection, schemas));
  }

  /** What the project's models declare. */
  declarations(): Promise<Declarations> {
    this.#declarations ??= this.#load();
    return this.#declarations;
  }

  async #load(): Promise<Declarations> {
    const { root, models, defaultSchema } = this.project;
    const [{ loadModels }, { collectDeclarations }] = await Promise.all([
      import("../model/load.js"),
      import("../model/registry.js"),
    ]);
    const { exports } = await loadModels(models, { cwd: root });
    return collectDeclarations(exports, { defaultSchema });
  }

  /** What the models declare, null where there are none: what needs them has said so then. */
  #said(): Promise<Declarations | null> {
    return this.declarations().catch(() => null);
  }

  /** What the models speak of, and what they leave to the database. */
  async scope(): Promise<Scope> {
    const { scopeOf } = await import("../diff/scope.js");
    return scopeOf(await this.#said(), this.project.privileges ? ["grant", "default privileges"] : []);
  }

  /** The managed schemas: the project's word, else those that the models use. */
  async schemas(): Promise<readonly string[] | "*"> {
    const { schemas, defaultSchema } = this.project;
    if (schemas !== null) return schemas;
    const used = schemasIn(await this.declarations());
    return used.length === 0 ? [defaultSchema] : used;
  }

  /** How catalogs of the project are read, on scratch databases too: without what all databases of a server share. */
  async reading(): Promise<ReadOptions> {
    const { serverRequests } = await import("../kinds/server-part.js");
    const { also = [], ...options } = await this.readingInUse();
    return { ...options, also: also.filter((request) => !serverRequests.includes(request)) };
  }

  /** The same of databases in use, with what they share. */
  async readingInUse(): Promise<ReadOptions> {
    const { requestsOf } = await import("../diff/scope.js");
    const said = await this.#said();
    return {
      schemas: await this.schemas(),
      ignore: ignoring(this.project, await this.leaving()),
      also: said === null ? [] : requestsOf(said),
    };
  }

  /** The ids of the tables whose partitions are others' business. */
  async leaving(): Promise<ReadonlySet<string>> {
    const tables = await this.#said().then((said) => said?.tables ?? []);
    const found = tables.filter(({ leavesPartitions }) => leavesPartitions);
    return new Set(found.map(({ schema, name }) => objectId("table", [schema, name])));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The last to be opened is closed first; one that fails must not keep the others open.
    const results = [];
    for (const close of this.#closing.splice(0).reverse()) results.push(...(await Promise.allSettled([close()])));
    const failed = results.find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
  }
}

/**
 * The tool's own tables, what the config says to leave alone (`extension postgis`, `table public.spatial_ref_sys`), and the
 * partitions of tables that leave them to others.
 */
export function ignoring(
  { ignore, history }: Pick<Project, "ignore" | "history">,
  leaving: ReadonlySet<string> = new Set(),
): NonNullable<ReadOptions["ignore"]> {
  const patterns = new Set(ignore);
  const own = new Set(historyTableNames(history));
  return (object) => {
    const { kind, path } = object;
    if (leaving.size > 0 && isPartitionOf(object, leaving)) return true;
    if ((kind === "table" || kind === "sequence") && path[0] === history.schema && own.has(path[1] ?? "")) return true;
    return (
      patterns.size > 0 &&
      (patterns.has(`${kind} ${path.join(".")}`) || patterns.has(`${kind} ${path.slice(1).join(".")}`))
    );
  };
}

/** Opens nothing yet. */
export function openWorkspace(project: Project, options: WorkspaceOptions = {}): Workspace {
  return new Workspace(project, options);
}
