/** All that has to be done to turn one catalog into another, there and back. */

import { type Catalog, type CatalogObject, catalogObject, objectId } from "../catalog/catalog.js";
import type { PlanOptions } from "../diff/context.js";
import { planChanges, type Step } from "../diff/plan.js";
import {
  inverseRename,
  type Rename,
  renamedPath,
  renameQuestions,
  renameRounds,
  renameSentence,
  renameSql,
} from "../diff/rename.js";
import { type Scope, withinScope } from "../diff/scope.js";
import type { Connection } from "../engine/connection.js";
import { kindOf } from "../kinds/index.js";
import type { Loadable } from "../scratch/load.js";
import { type ReprintOptions, reprint, schemasOf } from "../scratch/reprint.js";
import { settle } from "../scratch/settle.js";
import { type Decider, decideLabels, decideRenames, type LostLabel } from "./decide.js";
import { otherTies, type TieSteps } from "./ties.js";

export interface Change {
  readonly from: Catalog;
  readonly to: Catalog;
  readonly up: readonly Step[];
  readonly down: readonly Step[];
}

export interface ChangeOptions {
  readonly decider: Decider;
  /** A scratch database for the catalog, asked for only where something has to be printed again. */
  readonly scratch: (catalog: Catalog) => Promise<Connection>;
  /** What `from` needs and Athanor does not manage. */
  readonly externals: () => Promise<readonly Loadable[]>;
  /** What the models speak of; left out: everything. */
  readonly scope?: Scope;
  readonly plan?: PlanOptions;
}

/**
 * Decides on renames and plans both ways.
 *
 * @throws UnansweredError, AthanorError `plan.*`
 */
export async function computeChange(from: Catalog, to: Catalog, options: ChangeOptions): Promise<Change> {
  // Under a new name, what is open is still open.
  const scoped = (before: Catalog, after: Catalog) =>
    options.scope ? withinScope(before, after, options.scope) : ([before, after] as const);
  const again = async (catalog: Catalog) =>
    reprint(await options.scratch(catalog), catalog, { externals: options.externals, lenient: true });
  let current = await settle(from, to, again);
  const renames: RenameStep[] = [];
  for (const round of renameRounds) {
    const decided = await decideRenames(renameQuestions(current, to, round), options.decider);
    if (decided.length === 0) continue;
    // Those of a round don't touch each other's paths.
    renames.push(...renameSteps(current, decided));
    current = await settle(await renameIn(from, renames, options), to, again);
  }
  const ties = otherTies(current, to);
  const [start, end] = scoped(...(await untied(current, to, ties, { ...options, again })));
  const given = options.plan?.labelReplacements ?? new Map();
  const labelReplacements = await decideLabels(lostLabels(start, end), given, options.decider);
  return {
    from,
    to: scoped(current, to)[1],
    up: [
      ...renames.map(({ up }) => up),
      ...ties.from.cut,
      ...planChanges(start, end, { ...options.plan, labelReplacements }),
      ...ties.to.make,
    ],
    down: [
      ...ties.to.cut,
      ...planChanges(end, start, { isWayBack: true }),
      ...ties.from.make,
      ...renames.map(({ down }) => down).reverse(),
    ],
  };
}

/** Both catalogs as PostgreSQL prints them once the ties that differ are cut. */
async function untied(
  from: Catalog,
  to: Catalog,
  ties: ReturnType<typeof otherTies>,
  options: ChangeOptions & { readonly again: (catalog: Catalog) => Promise<Catalog> },
): Promise<readonly [Catalog, Catalog]> {
  if (ties.from.objects.length === 0 && ties.to.objects.length === 0) return [from, to];
  const cut = async (catalog: Catalog, { cut: steps, objects }: TieSteps) => {
    if (objects.length === 0) return catalog;
    // Parts keep the names that they have in the database, on both sides.
    const named = objects.flatMap(({ id }) => from.objects.get(id) ?? []);
    return applied(
      catalog,
      steps.map(({ sql }) => sql),
      [],
      { ...options, named },
    );
  };
  const [start, end] = [await cut(from, ties.from), await cut(to, ties.to)];
  return [await settle(start, end, options.again), end];
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

/** A rename, there and back. */
interface RenameStep {
  readonly rename: Rename;
  readonly up: Step;
  readonly down: Step;
}

/** @param catalog as it stands when the renames run. */
function renameSteps(catalog: Catalog, renames: readonly Rename[]): RenameStep[] {
  return renames.map((rename) => {
    const object = catalog.objects.get(objectId(rename.kind, rename.path));
    if (object === undefined)
      throw new RangeError(`There is no ${rename.kind} ${rename.path.join(".")} to be renamed.`);
    const inverse = inverseRename(rename);
    const renamed = catalogObject(object.kind, inverse.path, object.comment, object.definition);
    return { rename, up: renameStep(object, rename), down: renameStep(renamed, inverse) };
  });
}

function renameStep(object: CatalogObject, rename: Rename): Step {
  const [sql, sentence] = [renameSql(object, rename), renameSentence(object, rename)];
  return { sql, sentence, hazards: [], transactional: true };
}

/** The catalog as PostgreSQL prints it once the renames have run. */
function renameIn(catalog: Catalog, steps: readonly RenameStep[], options: ChangeOptions): Promise<Catalog> {
  const statements = steps.map(({ up }) => up.sql);
  const renames = steps.map(({ rename }) => rename);
  return applied(catalog, statements, renames, options);
}

/** The catalog as PostgreSQL prints it once the statements have run, some of which rename. */
async function applied(
  catalog: Catalog,
  statements: readonly string[],
  renames: readonly Rename[],
  options: ChangeOptions & Pick<ReprintOptions, "named">,
): Promise<Catalog> {
  const renamed = await reprint(await options.scratch(catalog), catalog, {
    schemas: schemasOf(catalog).map((name) => renamedPath({ kind: "schema", path: [name] }, renames)[0] ?? name),
    externals: options.externals,
    ...(options.named === undefined ? {} : { named: options.named }),
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
