/**
 * What PostgreSQL and the way to it can answer, as typed errors. The same for a server and for the embedded database,
 * because both speak through one driver.
 */

import { AthanorError } from "../errors.js";

/** What PostgreSQL says about an error, field by field (protocol: "Error and Notice Message Fields"). */
export interface DatabaseErrorFields {
  readonly sqlstate?: string | undefined;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  /** Where in the statement, counted in characters from 1. */
  readonly position?: number | undefined;
  /** PostgreSQL's own "where": the stack of functions and statements that it was in. */
  readonly where?: string | undefined;
  readonly schema?: string | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  readonly dataType?: string | undefined;
  readonly constraint?: string | undefined;
  /** PostgreSQL's function that raised it, which no language changes. */
  readonly routine?: string | undefined;
  /** The statement that failed, without its parameters. */
  readonly sql?: string | undefined;
}

/** An error that PostgreSQL answered, or that came up on the way to it. The driver's own error is the `cause`. */
export class DatabaseError extends AthanorError implements DatabaseErrorFields {
  override readonly name: string = "DatabaseError";
  readonly sqlstate: string | undefined;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  readonly position: number | undefined;
  readonly where: string | undefined;
  readonly schema: string | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;
  readonly dataType: string | undefined;
  readonly constraint: string | undefined;
  readonly routine: string | undefined;
  readonly sql: string | undefined;

  constructor(code: string, message: string, fields: DatabaseErrorFields = {}, cause?: unknown) {
    super(code, message, cause === undefined ? {} : { cause });
    this.sqlstate = fields.sqlstate;
    this.detail = fields.detail;
    this.hint = fields.hint;
    this.position = fields.position;
    this.where = fields.where;
    this.schema = fields.schema;
    this.table = fields.table;
    this.column = fields.column;
    this.dataType = fields.dataType;
    this.constraint = fields.constraint;
    this.routine = fields.routine;
    this.sql = fields.sql;
  }
}

export type IntegrityKind = "unique" | "foreignKey" | "notNull" | "check" | "exclusion" | "restrict" | "other";

const integrityKinds: Readonly<Record<string, IntegrityKind>> = {
  "23001": "restrict",
  "23502": "notNull",
  "23503": "foreignKey",
  "23505": "unique",
  "23514": "check",
  "23P01": "exclusion",
};

/** A constraint refused the data (class 23). `constraint`, `table` and `column` say which. */
export class IntegrityError extends DatabaseError {
  override readonly name = "IntegrityError";
  readonly kind: IntegrityKind;

  constructor(code: string, message: string, fields: DatabaseErrorFields = {}, cause?: unknown) {
    super(code, message, fields, cause);
    this.kind = integrityKinds[fields.sqlstate ?? ""] ?? "other";
  }
}

/** The database can't be reached, refused to talk, or ran out of something: not the statement's fault. */
export class OperationalError extends DatabaseError {
  override readonly name: string = "OperationalError";
}

/** No connection came free within the acquire timeout. */
export class PoolTimeoutError extends OperationalError {
  override readonly name = "PoolTimeoutError";
}

/** The connection was lost; what its transaction had done is rolled back by the server. */
export class ConnectionLostError extends OperationalError {
  override readonly name = "ConnectionLostError";
}

/** The statement is wrong: syntax, an unknown table, missing rights (class 42). */
export class ProgrammingError extends DatabaseError {
  override readonly name = "ProgrammingError";
}

/** A value doesn't fit: too long, out of range, division by zero (class 22). */
export class DataError extends DatabaseError {
  override readonly name = "DataError";
}

/** Serialization failure, deadlock (40001, 40P01) or a stale plan: the same transaction may succeed when it is run again. */
export class SerializationError extends DatabaseError {
  override readonly name = "SerializationError";
}

/** A lock wasn't free in time (55P03). */
export class LockTimeoutError extends DatabaseError {
  override readonly name = "LockTimeoutError";
}

/** The statement was cancelled: a signal, a statement timeout, or an administrator (57014). */
export class QueryCanceledError extends DatabaseError {
  override readonly name = "QueryCanceledError";
}
