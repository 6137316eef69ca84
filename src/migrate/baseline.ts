/** An existing database adopted: a first migration that would build it, recorded as applied. */

import { catalogOf } from "../catalog/catalog.js";
import { compareCatalogs } from "../diff/compare.js";
import { planChanges, type Step } from "../diff/plan.js";
import { renderDifferences } from "../diff/render.js";
import { withinScope } from "../diff/scope.js";
import type { HeldConnection } from "../engine/connection.js";
import { AthanorError } from "../errors.js";
import { readCatalog } from "../kinds/read.js";
import { databasePart } from "../kinds/server-part.js";
import { admitRoles, rolesIn } from "../scratch/roles.js";
import { settleWith } from "./compare.js";
import { readMigrations } from "./files.js";
import { newMigrationId } from "./id.js";
import { MigrationSession } from "./interrupt.js";
import { mark } from "./mark.js";
import { proveOnServer } from "./on-server.js";
import { rehearse, StepError } from "./replay.js";
import { readSource, type SourceCatalog } from "./sources.js";
import { ofDatabase, planStep } from "./step.js";
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
  const found = await readSource(workspace, "db");
  // Privileges that the models leave to each database are not part of what every one of them is built from.
  const [, catalog] = withinScope(catalogOf(found.catalog.serverVersion, []), found.catalog, await workspace.scope());
  const source = { ...found, catalog };
  const steps = await buildingSteps(workspace, source);
  const description = options.message ?? "baseline";
  const id = newMigrationId(description, null);
  const down = { irreversible: "It is the database as it was found: there is nothing before it." };
  const files = await writeMigration(
    dir,
    { id, parent: null, description, up: steps, down },
    options.sqlFiles ? "sql" : "ts",
  );
  await mark(workspace.engine(), await readMigrations(dir), [id], "applied", { history });
  return { id, files, steps };
}

/** The statements that build the database from nothing, proved on a scratch database. */
async function buildingSteps(workspace: Workspace, source: SourceCatalog): Promise<readonly Step[]> {
  const { catalog } = source;
  const nothing = catalogOf(catalog.serverVersion, []);
  const up = planChanges(nothing, catalog);
  const reading = await workspace.reading();
  await using ground = await workspace.provingGround();
  await admitRoles(ground, rolesIn(catalog));
  await runOn(ground.connection, up);
  const built = await readCatalog(ground.connection, reading);
  const wanted = databasePart(catalog);
  const [settled, goal] = await settleWith(workspace, { from: source, to: source })(built, wanted);
  if (compareCatalogs(settled, goal).length === 0) {
    await proveOnServer(workspace, { from: nothing, to: catalog, up, down: [] });
    return up;
  }
  const text = renderDifferences(settled, goal, { from: "rebuilt", to: "db" });
  throw new AthanorError("proof.failed", `The baseline does not rebuild the database; nothing was written.\n${text}`);
}

async function runOn(ground: HeldConnection, steps: readonly Step[]): Promise<void> {
  try {
    await rehearse(new MigrationSession(ground), ofDatabase(steps.map(planStep)));
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    throw new AthanorError(
      "proof.failed",
      `The baseline can't be replayed on an empty database, at "${error.step.sentence}"; nothing was written: ${error.message}`,
      { cause: error.cause },
    );
  }
}
