/** Migrations: files, history, runner. */

export type { Progress } from "./execute.js";
export { MigrationError } from "./failure.js";
export { type MigrationFile, type MigrationFolder, type MigrationSource, readMigrations } from "./files.js";
export {
  defaultHistoryTable,
  type HistoryEntry,
  type HistoryEvent,
  type HistoryTable,
  historyTableNames,
} from "./history.js";
export { isMigrationId, newMigrationId, slugOf } from "./id.js";
export {
  changedProblem,
  checkIntegrity,
  type IntegrityProblem,
  MigrationIntegrityError,
  type ProblemKind,
} from "./integrity.js";
export { type LoadedMigration, loadMigrations } from "./load.js";
export { type Mark, type MarkOptions, mark } from "./mark.js";
export {
  type DataStep,
  type Irreversible,
  irreversible,
  type Migration,
  type MigrationDefinition,
  type MigrationStep,
  migration,
  type OutsideStep,
  outsideTransaction,
} from "./migration.js";
export {
  type DownOptions,
  down,
  type MigrateOptions,
  type MigrationResult,
  type RunResult,
  type UpOptions,
  up,
} from "./runner.js";
export { splitStatements } from "./statements.js";
export { readStatically, type StaticMigration } from "./static.js";
export { history, type MigrationState, type MigrationStatus, type Status, status } from "./status.js";
export type { Direction, Step, Steps } from "./step.js";
export { findMigration } from "./target.js";
export { type MigrationFormat, type NewMigration, type PlannedStep, renderMigration, writeMigration } from "./write.js";
