/** An existing database adopted: a first migration that would build it, recorded as applied. */

import { catalogOf } from "../catalog/catalog.js";
import { compareCatalogs } from "../diff/compare.js";
import { planChanges, type Step } from "../diff/plan.js";
import { renderDifferences } from "../diff/render.js";
import { AthanorError } from "../errors.js";
import { readCatalog } from "../kinds/read.js";
import { Session } from "../session/session.js";
import { settleWith } from "./compare.js";
import { readMigrations } from "./files.js";
import { newMigrationId } from "./id.js";
import { mark } from "./mark.js";
import { runSteps, StepError } from "./replay.js";
import { readSource } from "./sources.js";
import { statementStep } from "./step.js";
import type { Workspace } from "./workspace.js";
import { writeMigration } from "./write.js";

export interface Baseline {
  readonly id: string;
  readonly files: readonly string[];
  readonly steps: readonly Step[];
}

/**
 * Writes a migration that makes the database as it stands, proves it on a scratch database, and records it as applied.
 *
 * @throws AthanorError `baseline.exists` where there are migrations already, `proof.failed` where what was written does not
 * rebuild the database.
 */
export async function baseline(
  workspace: Workspace,
  options: { readonly message?: string | undefined; readonly sqlFiles?: boolean } = {},
): Promise<Baseline> {
  const { migrations: dir, history } = workspace.project;
  const folder = await readMigrations(dir);
  if (folder.head !== null)
    throw new AthanorError(
      "baseline.exists",
      `There are migrations in ${dir} already, up to ${folder.head}: a baseline comes before the first one. Use orm migrate mark to record what is applied.`,
    );
  const source = await readSource(workspace, "db");
  const creations = planChanges(catalogOf(source.catalog.serverVersion, []), source.catalog);
  const externals = (await source.externals()).map(({ sql, origin }) => external(sql, origin));
  const steps = await provedSteps(
    workspace,
    [creations, [...externals, ...creations], [...creations, ...externals]],
    source,
  );
  const description = options.message ?? "baseline";
  const id = newMigrationId(description, null);
  const down = { irreversible: "It is the database as it was found: there is nothing before it." };
  const files = await writeMigration(
    dir,
    { id, parent: null, description, up: steps, down },
    options.sqlFiles ? "sql" : "ts",
  );
  const table = { schema: history.schema, name: history.table };
  await mark(workspace.engine(), await readMigrations(dir), [id], "applied", { table });
  return { id, files, steps };
}

function external(sql: string, origin: string): Step {
  return { sql, sentence: `create ${origin}, which is not managed`, hazards: [], transactional: true, apart: false };
}

/** The first of the lists that rebuilds the database: what is not managed is written only where it is needed. */
async function provedSteps(
  workspace: Workspace,
  candidates: readonly (readonly Step[])[],
  source: Awaited<ReturnType<typeof readSource>>,
): Promise<readonly Step[]> {
  let first: unknown;
  for (const steps of candidates) {
    const failure = await rebuilds(workspace, steps, source).catch((error: unknown) => error);
    if (failure === null) return steps;
    first ??= failure;
  }
  throw first;
}

async function rebuilds(
  workspace: Workspace,
  steps: readonly Step[],
  source: Awaited<ReturnType<typeof readSource>>,
): Promise<AthanorError | null> {
  await using ground = await workspace.provingGround();
  const session = new Session(ground.connection);
  try {
    await runSteps(
      session,
      steps.map(({ sql, sentence }) => statementStep(sql, false, sentence)),
    );
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    return new AthanorError(
      "proof.failed",
      `The baseline can't be replayed on an empty database, at "${error.step.sentence}": ${error.message}`,
      { cause: error.cause },
    );
  }
  const built = await readCatalog(ground.connection, await workspace.reading());
  const settled = await settleWith(workspace, { from: source, to: source })(built, source.catalog);
  if (compareCatalogs(settled, source.catalog).length === 0) return null;
  const text = renderDifferences(settled, source.catalog, { from: "rebuilt", to: "db" });
  return new AthanorError("proof.failed", `The baseline does not rebuild the database:\n${text}`);
}
