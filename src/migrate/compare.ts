/** Two sources side by side. */

import type { Catalog } from "../catalog/catalog.js";
import { compareCatalogs } from "../diff/compare.js";
import type { PlanOptions } from "../diff/context.js";
import { renderDifferences } from "../diff/render.js";
import { type Scope, withinScope } from "../diff/scope.js";
import { describe, kindOf } from "../kinds/index.js";
import { reprint } from "../scratch/reprint.js";
import { settle } from "../scratch/settle.js";
import { type Change, computeChange } from "./change.js";
import type { Decider } from "./decide.js";
import { readSource, type SourceCatalog } from "./sources.js";
import type { Workspace } from "./workspace.js";

export interface Comparison {
  readonly from: SourceCatalog;
  readonly to: SourceCatalog;
  /** How many objects differ. */
  readonly differences: number;
  /** A unified diff of definitions, without colours; empty where nothing differs. */
  readonly text: string;
  /** What Athanor does not manage, on either side. */
  readonly unmanaged: readonly string[];
  /** What has to be done; asks about renames. */
  plan(decider: Decider, options?: PlanOptions): Promise<Change>;
}

/** @param from, to sources as `readSource` takes them. */
export async function compareSources(workspace: Workspace, from: string, to: string): Promise<Comparison> {
  return compareRead(workspace, await readSource(workspace, from), await readSource(workspace, to));
}

/** The same for sources that were read before. `given`: what is compared; left out: what the models speak of. */
export async function compareRead(
  workspace: Workspace,
  from: SourceCatalog,
  to: SourceCatalog,
  given?: Scope,
): Promise<Comparison> {
  const again = printAgain(workspace, from, to);
  const scope = given ?? (await workspace.scope());
  const [before, after] = withinScope(...(await alikePrinted(from.catalog, to.catalog, again)), scope);
  const settled = await settle(before, after, again);
  return {
    from: { ...from, catalog: settled },
    to: { ...to, catalog: after },
    differences: compareCatalogs(settled, after).length,
    text: renderDifferences(settled, after, { from: from.label, to: to.label }),
    unmanaged: unmanagedIn(from.catalog, to.catalog),
    plan: (decider, options) =>
      computeChange(settled, after, {
        decider,
        scratch: (catalog) => workspace.scratch(catalog),
        externals: externalsOf(from, to),
        scope,
        ...(options === undefined ? {} : { plan: options }),
      }),
  };
}

/** Compares catalogs of a comparison's making as the comparison itself does: gives the two as they are to be compared. */
export function settleWith(
  workspace: Workspace,
  { from, to }: Pick<Comparison, "from" | "to">,
): (one: Catalog, other: Catalog) => Promise<readonly [Catalog, Catalog]> {
  const again = printAgain(workspace, from, to);
  return async (one, other) => {
    const scope = await workspace.scope();
    // What is open is as the other has it: that is what was planned for.
    const [after, before] = withinScope(other, one, scope);
    const [printed, goal] = await alikePrinted(before, after, again);
    return [await settle(printed, goal, again), goal];
  };
}

function printAgain(
  workspace: Workspace,
  from: SourceCatalog,
  to: SourceCatalog,
): (catalog: Catalog) => Promise<Catalog> {
  return async (catalog) =>
    reprint(await workspace.scratch(catalog), catalog, { externals: externalsOf(from, to), lenient: true });
}

function externalsOf(from: SourceCatalog, to: SourceCatalog) {
  return async () => {
    const all = [...(await from.externals()), ...(await to.externals())];
    return [...new Map(all.map((external) => [external.sql, external])).values()];
  };
}

/** Two majors print differently: then both sides are printed again by one. */
async function alikePrinted(
  from: Catalog,
  to: Catalog,
  again: (catalog: Catalog) => Promise<Catalog>,
): Promise<readonly [Catalog, Catalog]> {
  const major = ({ serverVersion }: Catalog) => Math.floor(serverVersion / 10_000);
  if (from.objects.size === 0 || to.objects.size === 0 || major(from) === major(to)) return [from, to];
  return [await again(from), await again(to)];
}

/** The names of what Athanor does not manage. */
export function unmanagedIn(...catalogs: readonly Catalog[]): string[] {
  const names = catalogs.flatMap(({ objects }) =>
    [...objects.values()].filter(({ kind }) => kindOf(kind).managed === false).map(describe),
  );
  return [...new Set(names)].sort();
}
