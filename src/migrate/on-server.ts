/**
 * What all databases of a server share, such as roles. On a scratch database beside the project's own, statements about it
 * would hit what is in use: so what migrations make of it is seen in the embedded database, which is a server of our own.
 */

import { type Catalog, catalogOf, objectId } from "../catalog/catalog.js";
import { planCreation, type Step } from "../diff/plan.js";
import { AthanorError } from "../errors.js";
import { describe, kindOf } from "../kinds/index.js";
import { readCatalog } from "../kinds/read.js";
import { readingServer, serverPart } from "../kinds/server-part.js";
import type { Declarations } from "../model/declarations.js";
import { admitRoles, preparedWithRoles, rolesIn } from "../scratch/roles.js";
import type { Change } from "./change.js";
import type { MigrationFile } from "./files.js";
import { MigrationSession } from "./interrupt.js";
import { loadMigrations } from "./load.js";
import { prove } from "./proof.js";
import { rehearse, runAll } from "./replay.js";
import { planStep } from "./step.js";
import type { Workspace } from "./workspace.js";

/**
 * What history makes on a server. The embedded database is opened only where it makes anything there.
 *
 * @throws AthanorError `replay.failed`
 */
export async function serverHistory(workspace: Workspace, files: readonly MigrationFile[]): Promise<Catalog> {
  const migrations = (await loadMigrations(files)).map(({ file, up }) => ({
    id: file.id,
    steps: up.filter(({ ofServer }) => ofServer),
  }));
  if (migrations.every(({ steps }) => steps.length === 0)) return catalogOf(0, []);
  await using ground = await preparedWithRoles(
    () => workspace.serverGround(),
    async ({ connection }) => {
      const session = new MigrationSession(connection);
      for (const { id, steps } of migrations) await runAll(session, steps, id);
    },
  );
  return serverPart(await readCatalog(ground.connection, readingServer));
}

/**
 * What the models name can't be dropped.
 *
 * @throws AthanorError `model.role`
 */
export function refuseDropped({ roles }: Declarations, declared: Catalog): void {
  const dropped = new Map(roles.flatMap(({ name, origin, dropped }) => (dropped ? [[name, origin]] : [])));
  for (const object of declared.objects.values())
    for (const name of kindOf(object.kind).roles?.(object) ?? []) {
      const origin = dropped.get(name);
      if (origin !== undefined)
        throw new AthanorError(
          "model.role",
          `${origin} is to be dropped, and ${describe(object)} names it; take it out there.`,
        );
    }
}

/**
 * What the models say of memberships and the server has no words for.
 *
 * @param version `server_version_num` of the database that the models are for.
 * @throws AthanorError `model.role`
 */
export function refuseNewerOptions({ roles }: Declarations, version: number): void {
  if (version >= 160000) return;
  for (const { origin, inherit: own, memberOf } of roles)
    for (const { role, inherit, set } of memberOf)
      if (inherit !== own || !set)
        throw new AthanorError(
          "model.role",
          `${origin} is a member of ${role} with ${set ? `inherit: ${inherit}` : "set: false"}, which PostgreSQL has from 16 on; the database is of version ${Math.floor(version / 10000)}. Leave that out, or give the role its own inherit.`,
        );
}

/**
 * Runs the change's statements about the server up, down and up again, on a server of our own.
 *
 * @throws AthanorError `proof.failed`
 */
export async function proveOnServer(workspace: Workspace, { from, to, up, down }: Change): Promise<void> {
  const isHere = ({ ofServer }: Step) => ofServer === true;
  if (![...up, ...down].some(isHere)) return;
  const [start, goal] = [serverPart(from), serverPart(to)];
  await using ground = await workspace.serverGround();
  const isOurs = (name: string) => [start, goal].some(({ objects }) => objects.has(objectId("role", [name])));
  await admitRoles(
    ground,
    [start, goal].flatMap(rolesIn).filter((name) => !isOurs(name)),
  );
  await rehearse(new MigrationSession(ground.connection), planCreation(start).map(planStep));
  // The way back leaves what the way there made, since another database may use it.
  const settle = async (one: Catalog, other: Catalog) => {
    const [reached, expected] = [serverPart(one), serverPart(other)];
    const known = [...reached.objects].filter(([id]) => expected.objects.has(id) || start.objects.has(id));
    return [{ ...reached, objects: new Map(known) }, expected] as const;
  };
  await prove({ ground: ground.connection, reading: readingServer, up, down, to: goal, isHere, settle });
}
