/** Where a database is: from a URL, with the `PG*` environment for what it leaves out. */

import { userInfo } from "node:os";
import { AthanorError } from "../errors.js";

export type SslMode = "disable" | "prefer" | "require" | "verify-ca" | "verify-full";

export interface PostgresTarget {
  readonly kind: "postgres";
  /** A host, or the folder of a unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  readonly sslMode: SslMode;
  /** Files, as the URL names them. */
  readonly ssl: { readonly rootCert?: string; readonly cert?: string; readonly key?: string };
  readonly channelBinding: boolean;
  readonly applicationName: string | undefined;
  /** Server settings for the session, as `-c name=value`. */
  readonly options: string | undefined;
  readonly connectTimeoutMs: number | undefined;
  readonly statementTimeoutMs: number | undefined;
  readonly lockTimeoutMs: number | undefined;
  /** `localhost:5432`, or the socket's path: for messages. */
  readonly place: string;
}

export interface PgliteTarget {
  readonly kind: "pglite";
  /** null: in memory. */
  readonly folder: string | null;
}

export type Target = PostgresTarget | PgliteTarget;
type Environment = Readonly<Record<string, string | undefined>>;

/** URL parameters that stand for a part of the URL, or for a setting of libpq's. */
const known = new Set([
  ...["host", "port", "user", "password", "dbname", "sslmode", "sslrootcert", "sslcert", "sslkey", "channel_binding"],
  ...["application_name", "connect_timeout", "options", "statement_timeout", "lock_timeout", "gssencmode"],
]);

/**
 * `postgres://user:password@host:5432/db?sslmode=require`, `pglite:./folder`, `pglite:memory`.
 *
 * A unix socket is `postgres:///db?host=/var/run/postgresql`, or the folder percent-encoded in the host's place. Times
 * are as PostgreSQL has them: `connect_timeout` in seconds, `statement_timeout` and `lock_timeout` in milliseconds.
 *
 * @throws AthanorError `url.invalid`, never with the password in it.
 */
export function parseUrl(url: string, environment: Environment = process.env): Target {
  if (url.startsWith("pglite:")) return parsePglite(url);
  if (!/^postgres(ql)?:/.test(url)) throw invalid(url, "it should begin with postgres://, postgresql:// or pglite:");
  return parsePostgres(url, environment);
}

function parsePglite(url: string): PgliteTarget {
  const rest = url.slice("pglite:".length).replace(/^\/\/(?=\/|\.|$)/, "");
  return { kind: "pglite", folder: rest === "" || rest === "memory" ? null : rest };
}

/** The URL's parts. Not by `new URL`: that lower-cases socket folders, and refuses an empty host with a user. */
const shape =
  /^postgres(?:ql)?:\/\/(?:([^:@/?#]*)(?::([^@/?#]*))?@)?(\[[^\]]*\]|[^@:/?#]*)(?::(\d*))?(?:\/([^@?#]*))?(?:\?([^#]*))?$/;

function parsePostgres(url: string, environment: Environment): PostgresTarget {
  const match = shape.exec(url);
  if (match === null)
    throw invalid(
      url,
      "it should read postgres://user:password@host:port/database; in the user and password, write @ : / ? # % as %40 %3A %2F %3F %23 %25",
    );
  const [user, password, hostInUrl, portInUrl, databaseInUrl] = match.slice(1, 6).map((part) => decode(url, part));
  const settings = new URLSearchParams(match[6]);
  for (const name of settings.keys())
    if (!known.has(name))
      throw invalid(url, `it has a parameter ${JSON.stringify(name)} that Athanor doesn't know; remove it`);

  const pick = (name: string, fromUrl: string | undefined, variable: string) =>
    settings.get(name) || fromUrl || environment[variable] || undefined;
  const seconds = number(url, "connect_timeout", pick("connect_timeout", undefined, "PGCONNECT_TIMEOUT"));
  const host = pick("host", hostInUrl?.replace(/^\[(.*)\]$/, "$1"), "PGHOST") ?? "localhost";
  const port = number(url, "port", pick("port", portInUrl, "PGPORT")) ?? 5432;
  const resolvedUser = pick("user", user, "PGUSER") ?? userInfo().username;
  return {
    kind: "postgres",
    host,
    port,
    user: resolvedUser,
    password: pick("password", password, "PGPASSWORD"),
    database: pick("dbname", databaseInUrl, "PGDATABASE") ?? resolvedUser,
    sslMode: sslMode(url, host, pick("sslmode", undefined, "PGSSLMODE")),
    ssl: {
      ...optional("rootCert", pick("sslrootcert", undefined, "PGSSLROOTCERT")),
      ...optional("cert", pick("sslcert", undefined, "PGSSLCERT")),
      ...optional("key", pick("sslkey", undefined, "PGSSLKEY")),
    },
    channelBinding: /^(prefer|require)$/.test(pick("channel_binding", undefined, "PGCHANNELBINDING") ?? ""),
    applicationName: pick("application_name", undefined, "PGAPPNAME"),
    options: pick("options", undefined, "PGOPTIONS"),
    connectTimeoutMs: seconds === undefined ? undefined : seconds * 1000,
    statementTimeoutMs: number(url, "statement_timeout", settings.get("statement_timeout") ?? undefined),
    lockTimeoutMs: number(url, "lock_timeout", settings.get("lock_timeout") ?? undefined),
    place: host.startsWith("/") ? `${host}/.s.PGSQL.${port}` : `${host.includes(":") ? `[${host}]` : host}:${port}`,
  };
}

function optional<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  // A computed key's type is widened to an index signature; this is the object that it makes.
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: string };
}

function decode(url: string, part: string | undefined): string | undefined {
  try {
    return part === undefined ? undefined : decodeURIComponent(part);
  } catch {
    throw invalid(url, "a % in it isn't followed by two hexadecimal digits; write %25 for a percent sign");
  }
}

function number(url: string, name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw invalid(url, `${name} should be a number`);
  return Number(text);
}

/** As in libpq: TLS where the server has it, unless said otherwise; never over a unix socket. */
function sslMode(url: string, host: string, text = "prefer"): SslMode {
  if (host.startsWith("/")) return "disable";
  switch (text) {
    case "disable":
    case "prefer":
    case "require":
    case "verify-ca":
    case "verify-full":
      return text;
    case "allow":
      return "prefer";
  }
  throw invalid(url, "sslmode should be disable, allow, prefer, require, verify-ca or verify-full");
}

/** The URL with `***` for the password, also where it can't be parsed. */
export function maskUrl(url: string): string {
  const masked = shape.test(url)
    ? url.replace(/^(\w+:\/\/[^:@/]*):[^@/]*@/, "$1:***@")
    : // An unescaped character may split the password, so everything up to the last @ may be part of it.
      url.replace(/^([a-z]+:\/\/)?.*@/is, "$1***@");
  return masked.replace(/([?&](?:password|sslpassword)=)[^&#]*/gi, "$1***");
}

function invalid(url: string, problem: string): AthanorError {
  return new AthanorError("url.invalid", `The database URL ${maskUrl(url)} can't be read: ${problem}.`);
}
