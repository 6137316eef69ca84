/** All that has to be done to turn one catalog into another, there and back. */

import { type Catalog, type CatalogObject, catalogObject, objectId } from "../catalog/catalog.js";
import type { PlanOptions } from "../diff/context.js";
import { planChanges, type Step } from "../diff/plan.js";
import {
  inverseRenames,
  type Rename,
  renamedPath,
  renameQuestions,
  renameRounds,
  renameSentence,
  renameSql,
} from "../diff/rename.js";
import type { Connection } from "../engine/connection.js";
import { kindOf } from "../kinds/index.js";
import type { Loadable } from "../scratch/load.js";
import { reprint, schemasOf } from "../scratch/reprint.js";
import { settle } from "../scratch/settle.js";
import { type Decider, decideLabels, decideRenames, type LostLabel } from "./decide.js";

export interface Change {
  readonly from: Catalog;
  readonly to: Catalog;
  readonly renames: readonly Rename[];
  readonly up: readonly Step[];
  readonly down: readonly Step[];
}

export interface ChangeOptions {
  readonly decider: Decider;
  /** A scratch database, asked for only where something has to be printed again. */
  readonly scratch: () => Promise<Connection>;
  /** What `from` needs and Athanor does not manage. */
  readonly externals: () => Promise<readonly Loadable[]>;
  readonly plan?: PlanOptions;
}

/**
 * Decides on renames and plans both ways.
 *
 * @throws UnansweredError, AthanorError `plan.*`
 */
export async function computeChange(from: Catalog, to: Catalog, options: ChangeOptions): Promise<Change> {
  const again = async (catalog: Catalog) =>
    reprint(await options.scratch(), catalog, { externals: options.externals, lenient: true });
  let current = await settle(from, to, again);
  const renames: Rename[] = [];
  for (const round of renameRounds) {
    const decided = await decideRenames(renameQuestions(current, to, round), options.decider);
    if (decided.length === 0) continue;
    renames.push(...decided);
    current = await settle(await renameIn(from, renames, options), to, again);
  }
  const given = options.plan?.labelReplacements ?? new Map();
  const labelReplacements = await decideLabels(lostLabels(current, to), given, options.decider);
  return {
    from,
    to,
    renames,
    up: [...renameSteps(from, renames), ...planChanges(current, to, { ...options.plan, labelReplacements })],
    down: [...planChanges(to, current, { fill: true }), ...renameSteps(to, inverseRenames(renames))],
  };
}

/** Labels and the like that go while something uses what they are parts of. */
function lostLabels(from: Catalog, to: Catalog): LostLabel[] {
  const used = new Set([...from.dependencies.values()].flatMap((needs) => [...needs]));
  return [...to.objects.values()].flatMap(({ id, kind, path, definition }) => {
    const [parts, before] = [kindOf(kind).parts, from.objects.get(id)];
    if (parts === undefined || before === undefined || !used.has(id)) return [];
    const labels = parts.of(definition);
    const gone = parts.of(before.definition).filter((label) => !labels.includes(label));
    return gone.map((label) => ({ id, path, label, labels }));
  });
}

function renameSteps(catalog: Catalog, renames: readonly Rename[]): Step[] {
  return renames.map((rename, i) => {
    const object = objectAt(catalog, rename, renames.slice(0, i));
    return {
      sql: renameSql(object, rename),
      sentence: renameSentence(object, rename),
      hazards: [],
      transactional: true,
    };
  });
}

/** A rename names what is there when it runs: the object under the names that renames before gave it. */
function objectAt(catalog: Catalog, rename: Rename, before: readonly Rename[]): CatalogObject {
  for (const object of catalog.objects.values()) {
    if (object.kind !== rename.kind) continue;
    const path = renamedPath(object, before);
    if (JSON.stringify(path) === JSON.stringify(rename.path))
      return catalogObject(object.kind, path, object.comment, object.definition);
  }
  throw new RangeError(`There is no ${rename.kind} ${rename.path.join(".")} to be renamed.`);
}

/** The catalog as PostgreSQL prints it once the renames have run. */
async function renameIn(catalog: Catalog, renames: readonly Rename[], options: ChangeOptions): Promise<Catalog> {
  const statements = renameSteps(catalog, renames).map(({ sql }) => sql);
  const renamed = await reprint(await options.scratch(), catalog, {
    schemas: schemasOf(catalog).map((name) => renamedPath({ kind: "schema", path: [name] }, renames)[0] ?? name),
    externals: options.externals,
    afterwards: (connection) => connection.script(statements.join(";\n")),
  });
  return withUnmanaged(renamed, catalog, renames);
}

/** The scratch database holds no unmanaged objects, but they stand in the way all the same. */
function withUnmanaged(renamed: Catalog, original: Catalog, renames: readonly Rename[]): Catalog {
  const objects = new Map([...renamed.objects].filter(([, { kind }]) => kindOf(kind).managed !== false));
  const dependencies = new Map(renamed.dependencies);
  for (const object of original.objects.values()) {
    if (kindOf(object.kind).managed !== false) continue;
    objects.set(object.id, object);
    dependencies.set(object.id, new Set([...(original.dependencies.get(object.id) ?? [])].map(move)));
  }
  return { ...renamed, objects, dependencies };

  function move(id: string): string {
    const need = original.objects.get(id);
    return need === undefined ? id : objectId(need.kind, renamedPath(need, renames));
  }
}
