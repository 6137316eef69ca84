/** The public face of Athanor, nothing else. */

export { type Config, defineConfig } from "./config.js";
export type {
  Connection,
  EngineEvents,
  Fields,
  HeldConnection,
  Log,
  LogEvent,
  QueryOptions,
  QueryResult,
  StatementEvent,
  StreamOptions,
} from "./engine/connection.js";
export {
  type ConnectOptions,
  createEngine,
  type Engine,
  type EngineOptions,
  type IsolationLevel,
} from "./engine/engine.js";
export {
  ConnectionLostError,
  DatabaseError,
  DataError,
  IntegrityError,
  type IntegrityKind,
  LockTimeoutError,
  OperationalError,
  PoolTimeoutError,
  ProgrammingError,
  QueryCanceledError,
  SerializationError,
} from "./engine/errors.js";
export type { PoolOptions } from "./engine/pool-options.js";
export { AthanorError } from "./errors.js";
export {
  type DataStep,
  type Irreversible,
  irreversible,
  type Migration,
  type MigrationDefinition,
  type MigrationStep,
  migration,
  type OutsideStep,
  onServer,
  outsideTransaction,
  type ServerStep,
} from "./migrate/migration.js";
export * from "./model/index.js";
export { MappingError, ObjectDeletedError, StaleDataError } from "./orm/errors.js";
export type { RowOptions } from "./orm/get.js";
export { type Inspection, inspect } from "./orm/inspect.js";
export * from "./query/index.js";
export type { SessionStreamOptions } from "./session/batches.js";
export {
  AutoflushError,
  MultipleResultsError,
  NoResultError,
  PendingRollbackError,
  ResultClosedError,
  SessionError,
} from "./session/errors.js";
export type { SessionEvents } from "./session/events.js";
export { connection, type SessionFactory, sessionmaker, type WorkOptions } from "./session/factory.js";
export type { ExecuteOptions } from "./session/objects.js";
export type { AnyRow, Result, ScalarResult } from "./session/result.js";
export type { Savepoint } from "./session/savepoint.js";
export { Session, type SessionOptions } from "./session/session.js";
export type { RowStream } from "./session/stream.js";
export type { TransactionOptions } from "./session/transaction.js";
