/** Migrations in the order that their parents make. */

import { AthanorError } from "../errors.js";

interface Link {
  readonly id: string;
  readonly parent: string | null;
}

/**
 * @param place where they are, for messages.
 * @throws AthanorError `migration.parent_missing`, `migration.branch`, `migration.cycle`
 */
export function orderChain<T extends Link>(migrations: readonly T[], place: string): readonly T[] {
  const byId = new Map(migrations.map((migration) => [migration.id, migration]));
  const children = new Map<string | null, T>();
  for (const migration of migrations) {
    const { id, parent } = migration;
    if (parent !== null && !byId.has(parent)) throw parentMissing(id, parent, place);
    const sibling = children.get(parent);
    if (sibling) throw branch(sibling, migration, migrations, place);
    children.set(parent, migration);
  }
  const chain: T[] = [];
  for (let next = children.get(null); next; next = children.get(next.id)) chain.push(next);
  if (chain.length < migrations.length)
    throw cycle(migrations.find((migration) => !chain.includes(migration))!, byId, place);
  return chain;
}

function parentMissing(id: string, parent: string, place: string): AthanorError {
  return new AthanorError(
    "migration.parent_missing",
    `The migration ${id} comes after ${parent}, which is not in ${place}. Restore that file, or correct the parent of ${id}.`,
  );
}

function branch(first: Link, second: Link, migrations: readonly Link[], place: string): AthanorError {
  const [left, right] = [headFrom(first, migrations), headFrom(second, migrations)];
  const fork = first.parent === null ? "Both begin with no parent" : `They part after ${first.parent}`;
  return new AthanorError(
    "migration.branch",
    `The migrations in ${place} have two heads: ${left} and ${right}. ${fork}. Put the line that only your own database has had behind the other: delete its files after orm migrate down and generate it anew, or keep them and make ${left} the parent in the file of ${second.id} (or ${right} in that of ${first.id}).`,
  );
}

/** The end of the line that begins with a migration; where it parts again, of one of the lines. */
function headFrom(start: Link, migrations: readonly Link[]): string {
  const next = new Map(migrations.map((migration) => [migration.parent, migration.id]));
  const seen = new Set<string>();
  let id = start.id;
  for (let child = next.get(id); child !== undefined && !seen.has(child); child = next.get(id)) {
    seen.add(child);
    id = child;
  }
  return id;
}

function cycle(start: Link, byId: ReadonlyMap<string, Link>, place: string): AthanorError {
  const path: string[] = [];
  let at: Link | undefined = start;
  while (at && !path.includes(at.id)) {
    path.push(at.id);
    at = at.parent === null ? undefined : byId.get(at.parent);
  }
  const circle = at ? [...path.slice(path.indexOf(at.id)), at.id] : path;
  return new AthanorError(
    "migration.cycle",
    `The migrations in ${place} come after one another in a circle: ${circle.join(" → ")}. Correct the parent of one of them.`,
  );
}
