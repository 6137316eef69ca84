/** Connections to a PostgreSQL server. */

import type pg from "pg";
import { AthanorError } from "../errors.js";
import { DriverConnection } from "./driver.js";
import { loadDriver } from "./load-driver.js";
import type { ReportOptions } from "./log.js";
import { tapRows } from "./row-tap.js";
import { translateConnectError } from "./translate.js";
import type { PostgresTarget } from "./url.js";

export interface OpenOptions extends ReportOptions {
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs?: number | undefined;
  readonly lockTimeoutMs?: number | undefined;
  readonly applicationName?: string | undefined;
  readonly prepare?: boolean | undefined;
}

/**
 * A way to open connections to one server. Timeouts and the application's name travel in the startup packet, so no
 * statement is sent; only where the server's DateStyle isn't ISO, `SET datestyle = ISO` is.
 *
 * @throws OperationalError (the function it gives) a sentence on why the server can't be used.
 */
export function postgresOpener(target: PostgresTarget, options: OpenOptions): () => Promise<DriverConnection> {
  // `prefer` asks for TLS once; a server without it is remembered, so that later connections don't ask again.
  let tls = target.sslMode !== "disable";
  return async () => {
    const driver = loadDriver();
    const asked = tls;
    try {
      return await open(driver, target, options, asked).catch((error: unknown) => {
        if (!(asked && target.sslMode === "prefer" && isTlsRefusal(error))) throw error;
        tls = false;
        return open(driver, target, options, false);
      });
    } catch (error) {
      throw translateConnectError(error, target);
    }
  };
}

function isTlsRefusal(error: unknown): boolean {
  return error instanceof Error && error.message === "The server does not support SSL connections";
}

async function open(driver: typeof pg, target: PostgresTarget, options: OpenOptions, tls: boolean) {
  const ssl = tls ? await tlsOptions(target) : false;
  const client = new driver.Client({
    host: target.host,
    port: target.port,
    user: target.user,
    password: target.password,
    database: target.database,
    options: target.options,
    ssl,
    enableChannelBinding: target.channelBinding,
    application_name: options.applicationName ?? target.applicationName,
    statement_timeout: options.statementTimeoutMs,
    lock_timeout: options.lockTimeoutMs,
    connectionTimeoutMillis: options.connectTimeoutMs,
    keepAlive: true,
  });
  return connectClient(client, {
    place: target.place,
    prepare: options.prepare,
    log: options.log,
    logParameters: options.logParameters,
    events: options.events,
    cancel: (busy) => cancelRequest(driver, busy, target, ssl),
  });
}

/** Connects the client and wraps it; shared with the embedded database. */
export async function connectClient(
  client: pg.Client,
  options: ConstructorParameters<typeof DriverConnection>[2],
): Promise<DriverConnection> {
  const settings = new Map<string, string>();
  client.connection.on("parameterStatus", (message: { parameterName: string; parameterValue: string }) => {
    settings.set(message.parameterName, message.parameterValue);
  });
  tapRows(client);
  try {
    await client.connect();
  } catch (error) {
    // A socket that fails again while it is being closed has nothing new to say.
    client.on("error", () => {});
    client.connection.stream.destroy();
    throw error;
  }
  const connection = new DriverConnection(client, versionNumber(settings.get("server_version") ?? ""), options);
  if (settings.get("DateStyle")?.startsWith("ISO") === false) await connection.query("SET datestyle = ISO");
  return connection;
}

/** `18.4 (Debian 18.4-1)` → 180004, `9.6.24` → 90624, `19beta1` → 190000: as `server_version_num`. */
export function versionNumber(text: string): number {
  const [major = 0, minor = 0, patch = 0] = (/^[\d.]+/.exec(text)?.[0] ?? "").split(".").map(Number);
  return major >= 10 ? major * 10_000 + minor : major * 10_000 + minor * 100 + patch;
}

/** sslmode as libpq has it: `require` encrypts, and checks the certificate only where a root is given. */
async function tlsOptions({ sslMode, ssl }: PostgresTarget) {
  const [ca, cert, key] = await Promise.all([
    ssl.rootCert === "system" ? undefined : readPem("sslrootcert", ssl.rootCert),
    readPem("sslcert", ssl.cert),
    readPem("sslkey", ssl.key),
  ]);
  const verify = sslMode.startsWith("verify") || (sslMode === "require" && ca !== undefined);
  return {
    rejectUnauthorized: verify,
    ...(verify && sslMode !== "verify-full" ? { checkServerIdentity: () => undefined } : {}),
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

async function readPem(parameter: string, file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const { readFile } = await import("node:fs/promises");
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new AthanorError("url.invalid", `The file of ${parameter}, ${file}, can't be read. Check the path.`, {
      cause,
    });
  }
}

/** What pg's Connection and Client have for cancelling, beyond their type declarations. */
interface CancelWire {
  connect(portOrPath: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processId: number, secret: number): void;
}

/** Asks the server, on a connection of its own, to cancel what `busy` is doing. Ends when the server has closed it. */
function cancelRequest(
  driver: typeof pg,
  busy: pg.Client,
  { host, port }: PostgresTarget,
  ssl: Awaited<ReturnType<typeof tlsOptions>> | false,
): Promise<void> {
  const connection = new driver.Connection({ ssl });
  // The members are there (pg/lib/connection.js, client.js); only the declarations leave them out.
  const wire = connection as unknown as CancelWire;
  const { processID, secretKey } = busy as unknown as { processID: number; secretKey: number };
  return new Promise((resolve) => {
    const send = () => wire.cancel(processID, secretKey);
    connection.on("connect", () => (ssl === false ? send() : wire.requestSsl()));
    connection.on("sslconnect", send);
    // A request that doesn't arrive leaves the statement running; its own end is then what the caller sees.
    connection.on("error", () => resolve());
    connection.on("end", () => resolve());
    if (host.startsWith("/")) wire.connect(`${host}/.s.PGSQL.${port}`);
    else wire.connect(port, host);
  });
}
