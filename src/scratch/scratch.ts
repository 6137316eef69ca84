/**
 * Scratch databases: empty ones to print definitions in and to prove migrations on. The first that serves: the one that
 * was named (`--shadow`), a throw-away database on the server at hand (needs CREATEDB), the embedded one.
 */

import { randomBytes } from "node:crypto";
import type { HeldConnection } from "../engine/connection.js";
import { createEngine, withConnection } from "../engine/engine.js";
import { DatabaseError } from "../engine/errors.js";
import { AthanorError } from "../errors.js";
import { quoteIdentifier } from "../sql/identifier.js";

export interface ScratchOptions {
  /** A database server's URL, or an empty database's, that the user set apart for this. */
  readonly shadow?: string | undefined;
  /** The URL of the database that is being worked on. */
  readonly url?: string | undefined;
  /** Where the embedded database keeps an image of itself. */
  readonly cacheFolder: string;
  /** Where the server at hand lacks one of these, which are to be made by migrations, the embedded database serves instead. */
  readonly roles?: readonly string[];
}

/** An empty database of its own, gone after use. */
export interface Scratch extends AsyncDisposable {
  readonly kind: "shadow" | "server" | "embedded";
  readonly connection: HeldConnection;
}

/**
 * @throws AthanorError `scratch.shadow` where the named shadow database can't be used.
 */
export async function openScratch(options: ScratchOptions): Promise<Scratch> {
  if (options.shadow !== undefined) return openBeside(options.shadow, "shadow");
  if (options.url !== undefined && !options.url.startsWith("pglite:")) {
    const beside = await openBeside(options.url, "server").catch((error: unknown) => {
      if (mayNotCreate(error)) return null;
      throw error;
    });
    if (beside !== null && (await missingRoles(beside.connection, options.roles ?? [])).length === 0) return beside;
    await beside?.[Symbol.asyncDispose]();
  }
  return openEmbedded(options);
}

/** The embedded database, which is a server of its own. @param offered contrib extensions; all unless said, which takes longer. */
export async function openEmbedded(
  { cacheFolder }: Pick<ScratchOptions, "cacheFolder">,
  offered?: readonly string[],
): Promise<Scratch> {
  const engine = createEngine("pglite:memory", {
    imageCache: cacheFolder,
    ...(offered === undefined ? {} : { extensions: offered }),
  });
  const connection = await engine.connect();
  const dispose = async () => {
    await connection.release();
    await engine.dispose();
  };
  return { kind: "embedded", connection, [Symbol.asyncDispose]: dispose };
}

/** Those of the roles that the server has not. */
export async function missingRoles(connection: HeldConnection, roles: readonly string[]): Promise<readonly string[]> {
  if (roles.length === 0) return [];
  const { rows } = await connection.query(
    "SELECT DISTINCT r FROM unnest($1::text[]) r WHERE r NOT IN (SELECT rolname FROM pg_roles)",
    [roles],
  );
  return rows.map(([role]) => String(role));
}

/** insufficient_privilege, and what servers that host one database only answer. */
function mayNotCreate(error: unknown): boolean {
  return error instanceof DatabaseError && (error.sqlstate === "42501" || error.sqlstate === "0A000");
}

/** A new database on the server of `url`, as like the one there as can be: encoding and collation decide what is printed. */
async function openBeside(url: string, kind: "shadow" | "server"): Promise<Scratch> {
  const name = `athanor_scratch_${process.pid}_${randomBytes(6).toString("hex")}`;
  const owner = createEngine(url, { applicationName: "athanor" });
  try {
    await withConnection(owner, (connection) => createLike(connection, name));
  } catch (error) {
    await owner.dispose();
    if (kind === "server") throw error;
    throw new AthanorError(
      "scratch.shadow",
      `The shadow server ${owner.url} can't hold a scratch database: ${error instanceof Error ? error.message : error} Give its role the right to create databases (ALTER ROLE … CREATEDB), or name another with --shadow.`,
      { cause: error },
    );
  }
  const engine = createEngine(withDatabase(url, name), { applicationName: "athanor", pool: { size: 1 } });
  let connection: HeldConnection | undefined;
  const dispose = async () => {
    await connection?.release();
    const drop = () =>
      withConnection(owner, (connection) =>
        connection.script(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`),
      );
    await drop().catch(async (error: unknown) => {
      if (!(error instanceof DatabaseError) || error.sqlstate !== objectInUse) throw error;
      await withConnection(engine, (connection) => connection.script(dropSubscriptions));
      await drop();
    });
    await engine.dispose();
    await owner.dispose();
  };
  try {
    connection = await engine.connect();
    await refuseOther(connection, name);
    return { kind, connection, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** What DROP DATABASE says where the database has subscriptions. */
export const objectInUse = "55006";

/** A database that has subscriptions can't be dropped. Their slots, if they had any, are the publisher's. */
export const dropSubscriptions = `DO $do$ DECLARE name text; BEGIN
  FOR name IN SELECT quote_ident(s.subname) FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid WHERE d.datname = current_database() LOOP
    EXECUTE 'ALTER SUBSCRIPTION ' || name || ' DISABLE';
    EXECUTE 'ALTER SUBSCRIPTION ' || name || ' SET (slot_name = NONE)';
    EXECUTE 'DROP SUBSCRIPTION ' || name;
  END LOOP; END $do$`;

/** Things are committed there: whatever the URL and what lies between may do, it has to be the new database. */
async function refuseOther(connection: HeldConnection, name: string): Promise<void> {
  const { rows } = await connection.query("SELECT current_database()");
  if (rows[0]?.[0] === name) return;
  throw new AthanorError(
    "scratch.elsewhere",
    `The scratch database ${name} was asked for, and the connection leads to ${rows[0]?.[0]}. Nothing was run there. Where a connection pooler decides on the database, name a server behind it with --shadow.`,
  );
}

async function createLike(connection: HeldConnection, name: string): Promise<void> {
  const { rows } = await connection.query(
    "SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database WHERE datname = current_database()",
  );
  const [encoding, collate, ctype] = (rows[0] ?? []).map((value) => `'${String(value).replaceAll("'", "''")}'`);
  // Copying files is several times faster for the small template; 14 does nothing else and has no word for it.
  const strategy = connection.serverVersion >= 150000 ? " STRATEGY file_copy" : "";
  await connection.script(
    `CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE template0 ENCODING ${encoding} LC_COLLATE ${collate} LC_CTYPE ${ctype}${strategy}`,
  );
}

/**
 * The same server, another database: `postgres://ada@/app?host=/run` → `postgres://ada@/name?host=/run`. Not by `URL`, which
 * refuses an address without a host; and a `dbname` parameter, which would win over the path, goes.
 */
export function withDatabase(url: string, name: string): string {
  const [, server = "", query = ""] = /^([a-z]+:\/\/[^/?#]*)[^?#]*(?:\?([^#]*))?/i.exec(url) ?? [];
  const parameters = query
    .split("&")
    .filter((parameter) => parameter !== "" && !/^dbname(=|$)/i.test(decode(parameter)));
  return `${server}/${encodeURIComponent(name)}${parameters.length === 0 ? "" : `?${parameters.join("&")}`}`;
}

function decode(parameter: string): string {
  try {
    return decodeURIComponent(parameter);
  } catch {
    return parameter;
  }
}

/** The scratch database once `work` is done on it; disposed of where that throws. */
export async function prepared(scratch: Scratch, work: () => Promise<unknown>): Promise<Scratch> {
  try {
    await work();
    return scratch;
  } catch (error) {
    await scratch[Symbol.asyncDispose]();
    throw error;
  }
}
