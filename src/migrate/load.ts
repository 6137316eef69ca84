/** From a migration's file to its steps. */

import { AthanorError } from "../errors.js";
import { inlineSql } from "../sql/writer.js";
import type { MigrationFile } from "./files.js";
import type { Migration, MigrationStep } from "./migration.js";
import { invalidMigration, loadModules } from "./module.js";
import { readSqlSteps } from "./sql-file.js";
import { controlsTransaction } from "./statements.js";
import { readStatically } from "./static.js";
import { codeStep, type Step, type Steps, statementStep } from "./step.js";

export interface LoadedMigration extends Steps {
  readonly file: MigrationFile;
}

/**
 * The steps of migrations, in the order given. A module runs only where its text alone doesn't tell what it does.
 *
 * @throws AthanorError `migration.invalid` naming file and line.
 */
export async function loadMigrations(files: readonly MigrationFile[]): Promise<readonly LoadedMigration[]> {
  const read = files.map(({ source }) =>
    source.kind === "sql" ? readSqlSteps(source.up, source.down) : readStatically(source.text),
  );
  const closed = files.flatMap(({ source }, i) => (source.kind === "module" && read[i] === null ? [source] : []));
  const modules = await loadModules(closed);
  const byPath = new Map(modules.map((module, i) => [closed[i]!.path, module]));
  return files.map((file, i) => {
    const steps = read[i] ?? stepsOfModule(file, byPath.get(file.source.path)!);
    refuseTransactionControl(file.source.path, steps);
    return { file, up: steps.up, down: steps.down, transaction: steps.transaction };
  });
}

function stepsOfModule(file: MigrationFile, migration: Migration): Steps {
  const { path } = file.source;
  const { parent, up, down, transaction = true } = migration;
  if (parent !== file.parent)
    throw invalidMigration(path, `its text gives ${file.parent} as its parent, and its code ${parent}; write it once`);
  const steps = (direction: string, list: readonly MigrationStep[]) =>
    list.map((step, i) => stepOf(step, transaction, `${path}: step ${i + 1} of ${direction}`));
  return {
    up: steps("up", up),
    down: "kind" in down ? { irreversible: down.reason } : steps("down", down),
    transaction,
  };
}

function stepOf(step: MigrationStep, transaction: boolean, place: string): Step {
  if (typeof step === "function") return codeStep(step, !transaction);
  const statement = step.kind === "sql" ? step : step.statement;
  try {
    return {
      ...statementStep(inlineSql(statement), step.kind === "outside" || !transaction),
      ...(step.kind === "server" ? { ofServer: true } : {}),
    };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new AthanorError("migration.invalid", `${place} can't be written as SQL: ${message}`, { cause });
  }
}

function refuseTransactionControl(path: string, { up, down }: Steps): void {
  const lists = { up, down: "irreversible" in down ? [] : down };
  for (const [direction, steps] of Object.entries(lists)) {
    const at = steps.findIndex(({ sql }) => sql !== null && controlsTransaction(sql));
    if (at === -1) continue;
    throw invalidMigration(
      path,
      `step ${at + 1} of its ${direction} (${steps[at]!.sentence}) begins or ends a transaction, which the runner does. Remove it; a statement that can't run in a transaction is marked outsideTransaction(sql\`…\`), or -- outside transaction in an SQL file`,
    );
  }
}
