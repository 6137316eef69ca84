/** The embedded database: PGlite, in process, behind the same driver as a server. */

import { Duplex } from "node:stream";
import type { PGlite } from "@electric-sql/pglite";
import type { DriverConnection } from "./driver.js";
import { OperationalError } from "./errors.js";
import { loadDriver } from "./load-driver.js";
import { loadExtensions } from "./pglite-extensions.js";
import { connectClient, type OpenOptions } from "./postgres.js";

export interface PgliteOptions {
  /** null: in memory. */
  readonly folder: string | null;
  /** Contrib extensions to offer, by name; all that PGlite bundles unless said (0.3 s more at start). */
  readonly extensions?: readonly string[] | undefined;
  /** A data directory to begin from, as a tar: see pglite-image.ts. */
  readonly image?: Blob | undefined;
}

/**
 * A started PGlite.
 *
 * @throws OperationalError `db.embedded_failed` where the folder can't be used.
 */
export async function startPglite(options: PgliteOptions): Promise<PGlite> {
  const [{ PGlite }, extensions] = await Promise.all([
    import("@electric-sql/pglite"),
    loadExtensions(options.extensions),
  ]);
  const { folder, image } = options;
  try {
    if (folder !== null) await makeParent(folder);
    return await PGlite.create({
      extensions,
      ...(folder === null ? {} : { dataDir: folder }),
      ...(image === undefined ? {} : { loadDataDir: image }),
    });
  } catch (cause) {
    const place = folder === null ? "in memory" : `in ${folder}`;
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `The embedded database ${place} can't start: ${why}. Is the folder writable, and no other process using it?`;
    throw new OperationalError("db.embedded_failed", message, {}, cause);
  }
}

/** PGlite makes the folder itself, but not the folders above it. */
async function makeParent(folder: string): Promise<void> {
  const [{ mkdir }, { dirname }] = await Promise.all([import("node:fs/promises"), import("node:path")]);
  await mkdir(dirname(folder), { recursive: true });
}

/** The one connection that a PGlite has. Closing it closes the database. */
export async function connectPglite(
  database: PGlite,
  options: Pick<OpenOptions, "log" | "logParameters" | "events" | "prepare"> & { readonly place?: string } = {},
): Promise<DriverConnection> {
  const driver = loadDriver();
  const client = new driver.Client({
    user: "postgres",
    password: "unused",
    database: "postgres",
    host: "pglite",
    ssl: false,
    stream: () => new PgliteStream(database),
  });
  return connectClient(client, {
    place: "the embedded database",
    ...options,
    refuseCopyAhead: true,
    closed: () => database.close(),
  });
}

/** What pg takes for a socket: bytes in, PGlite's answer out. */
class PgliteStream extends Duplex {
  readonly #database: PGlite;

  constructor(database: PGlite) {
    super();
    this.#database = database;
  }

  /** As a socket's; there is nothing to reach. */
  connect(): void {
    process.nextTick(() => this.emit("connect"));
  }

  setNoDelay(): void {}
  setKeepAlive(): void {}
  ref(): void {}
  unref(): void {}

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#exchange(chunk).then(() => done(), done);
  }

  /** Parse, bind, execute and sync arrive together, and are one call. */
  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#exchange(Buffer.concat(chunks.map(({ chunk }) => chunk))).then(() => done(), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.push(null);
    done();
  }

  async #exchange(message: Buffer): Promise<void> {
    // Terminate ('X') would end PGlite itself; the connection's owner closes it.
    if (message[0] === 0x58) return;
    if (this.#database.closed) throw new Error("it was closed");
    const answer = await this.#database.execProtocolRaw(message);
    if (answer.length > 0) this.push(Buffer.from(answer));
  }
}
