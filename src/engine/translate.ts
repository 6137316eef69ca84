/** From what the driver throws to our typed errors. */

import { AthanorError } from "../errors.js";
import {
  ConnectionLostError,
  DatabaseError,
  type DatabaseErrorFields,
  DataError,
  IntegrityError,
  LockTimeoutError,
  OperationalError,
  ProgrammingError,
  QueryCanceledError,
  SerializationError,
} from "./errors.js";

type ErrorClass = new (code: string, message: string, fields: DatabaseErrorFields, cause?: unknown) => DatabaseError;

/** By SQLSTATE where one stands out, else by its class (the first two characters). */
const bySqlstate: Readonly<Record<string, readonly [code: string, type: ErrorClass]>> = {
  "25006": ["db.read_only", OperationalError],
  "40001": ["db.serialization_failure", SerializationError],
  "40P01": ["db.deadlock", SerializationError],
  "53100": ["db.disk_full", OperationalError],
  "53300": ["db.too_many_connections", OperationalError],
  "55P03": ["db.lock_timeout", LockTimeoutError],
  "57014": ["db.query_canceled", QueryCanceledError],
  "57P01": ["db.connection_lost", ConnectionLostError],
  "57P02": ["db.connection_lost", ConnectionLostError],
  "57P03": ["db.starting_up", OperationalError],
  "57P05": ["db.connection_lost", ConnectionLostError],
  "25P03": ["db.connection_lost", ConnectionLostError],
  "25P04": ["db.connection_lost", ConnectionLostError],
  "08": ["db.connection_exception", OperationalError],
  "22": ["db.data_exception", DataError],
  "23": ["db.integrity_constraint_violation", IntegrityError],
  "25": ["db.invalid_transaction_state", DatabaseError],
  "28": ["db.invalid_authorization", OperationalError],
  "3D": ["db.invalid_catalog_name", OperationalError],
  "40": ["db.transaction_rollback", DatabaseError],
  "42": ["db.syntax_error_or_access_rule_violation", ProgrammingError],
  "53": ["db.insufficient_resources", OperationalError],
  "55": ["db.object_not_in_prerequisite_state", DatabaseError],
  "57": ["db.operator_intervention", OperationalError],
  "58": ["db.system_error", OperationalError],
  P0: ["db.plpgsql_error", DatabaseError],
  XX: ["db.internal_error", DatabaseError],
};

/** The driver's error for one that PostgreSQL answered has a five-character SQLSTATE as its code. */
export function sqlstateOf(error: unknown): string | undefined {
  const code = textField(error, "code");
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) && textField(error, "severity") !== undefined
    ? code
    : undefined;
}

/**
 * @param sql the statement, for the error's `sql` field; parameters stay out of errors.
 * @param place where the database is, for people: `localhost:5432`.
 */
export function translateQueryError(error: unknown, sql: string, place: string): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const sqlstate = sqlstateOf(error);
  if (sqlstate === undefined) return lost(error, sql, place);
  const [code, Type] = bySqlstate[sqlstate] ?? bySqlstate[sqlstate.slice(0, 2)] ?? ["db.error", DatabaseError];
  return new Type(code, sentence(error, sqlstate), { ...fieldsOf(error, sqlstate), sql }, error);
}

function sentence(error: unknown, sqlstate: string): string {
  const message = `PostgreSQL: ${messageOf(error)}`;
  const detail = textField(error, "detail");
  const hint = textField(error, "hint") ?? ownHint(sqlstate, message);
  return [`${message} (${sqlstate})`, detail, hint && `Hint: ${hint}`].filter(Boolean).join("\n");
}

/** What PostgreSQL can't know of. */
function ownHint(sqlstate: string, message: string): string | undefined {
  if (sqlstate !== "42P01" || !/entry for table "(?:old|new)"/.test(message)) return undefined;
  return "oldRow() and newRow() are for RETURNING, and for PostgreSQL 18 or newer.";
}

function lost(error: unknown, sql: string, place: string): ConnectionLostError {
  return new ConnectionLostError(
    "db.connection_lost",
    `The connection to PostgreSQL at ${place} was lost: ${messageOf(error)}. The transaction, if any, was rolled back unless it was just being committed; begin again on a new connection.`,
    { sql },
    error,
  );
}

/** Who and where, for messages about connecting. No password in it. */
export interface ConnectTarget {
  readonly place: string;
  readonly user: string;
  readonly database: string;
}

/** Why a connection could not be made, as a sentence. */
export function translateConnectError(error: unknown, target: ConnectTarget): AthanorError {
  if (error instanceof AthanorError) return error;
  const sqlstate = sqlstateOf(error);
  const [code, message] = connectFailure(error, sqlstate, target);
  return new OperationalError(code, message, sqlstate === undefined ? {} : fieldsOf(error, sqlstate), error);
}

function connectFailure(error: unknown, sqlstate: string | undefined, target: ConnectTarget): [string, string] {
  const { place, user, database } = target;
  const why = reason(error);
  const name = (text: string) => JSON.stringify(text);
  switch (sqlstate) {
    case "28P01":
      return ["db.auth_failed", `PostgreSQL at ${place} refused the password of user ${name(user)}. Check the URL.`];
    case "3D000":
      return [
        "db.database_missing",
        `There is no database ${name(database)} at ${place}. Create it, or check the URL.`,
      ];
    case "53300":
      return ["db.too_many_connections", `PostgreSQL at ${place} has no connection left: ${why}. Use a smaller pool.`];
    case "57P03":
      return ["db.starting_up", `PostgreSQL at ${place} isn't ready: ${why}. Try again in a moment.`];
  }
  if (sqlstate?.startsWith("28"))
    return [
      "db.auth_failed",
      `PostgreSQL at ${place} refused user ${name(user)}: ${why}. Check the URL and pg_hba.conf.`,
    ];
  if (sqlstate !== undefined) return ["db.connect_failed", `PostgreSQL at ${place} refused the connection: ${why}.`];
  if (/password must be a/.test(why))
    return [
      "db.auth_failed",
      `PostgreSQL at ${place} asks user ${name(user)} for a password and the URL has none. Add it there or in PGPASSWORD.`,
    ];
  if (/certificate|SSL|TLS|ssl/.test(why))
    return [
      "db.tls_failed",
      `Can't make a TLS connection to PostgreSQL at ${place}: ${why}. Check sslmode and the certificate files.`,
    ];
  return ["db.unreachable", `Can't reach PostgreSQL at ${place}: ${why}. Is it running, and is the URL right?`];
}

const socketReasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ENOTFOUND: "there is no host of that name",
  EAI_AGAIN: "the name of the host could not be looked up",
  ETIMEDOUT: "connection timed out",
  ECONNRESET: "the connection was closed from the other side",
  EHOSTUNREACH: "no route to the host",
  ENETUNREACH: "the network is unreachable",
  ENOENT: "there is no such socket file",
  EACCES: "no permission to use the socket file",
};

function reason(error: unknown): string {
  // Node tries every address of a host and then reports them together; the first stands for all.
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const message = messageOf(first);
  if (message === "timeout expired") return "no answer within the connect timeout";
  return socketReasons[textField(first, "code") ?? ""] ?? message.replace(/\.$/, "");
}

function fieldsOf(error: unknown, sqlstate: string): DatabaseErrorFields {
  const position = Number(textField(error, "position"));
  return {
    sqlstate,
    detail: textField(error, "detail"),
    hint: textField(error, "hint"),
    position: position > 0 ? position : undefined,
    where: textField(error, "where"),
    schema: textField(error, "schema"),
    table: textField(error, "table"),
    column: textField(error, "column"),
    dataType: textField(error, "dataType"),
    routine: textField(error, "routine"),
    constraint: textField(error, "constraint"),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : (textField(error, "message") ?? String(error));
}

function textField(error: unknown, field: string): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const value: unknown = Reflect.get(error, field);
  return typeof value === "string" && value !== "" ? value : undefined;
}
