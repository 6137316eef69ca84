/**
 * What becomes of each object: beyond those that differ, whatever must step aside for a change and be put back after it.
 */

import { type Catalog, type CatalogObject, dependantsOf } from "../catalog/catalog.js";
import { kindOf, parentId } from "../kinds/index.js";
import type { Alteration, PlanContext } from "../kinds/kind.js";
import { type Change, compareCatalogs, sameDefinition } from "./compare.js";
import type { Obstacle } from "./obstacles.js";

/** `replace`: dropped and created. `swap`: a type that steps aside under another name while columns move over. */
export type State =
  | { readonly op: "create"; readonly to: CatalogObject }
  | { readonly op: "drop"; readonly from: CatalogObject }
  | { readonly op: "replace" | "swap"; readonly from: CatalogObject; readonly to: CatalogObject }
  | { readonly op: "alter"; readonly from: CatalogObject; readonly to: CatalogObject; readonly alteration: Alteration };

export interface States {
  readonly states: ReadonlyMap<string, State>;
  readonly obstacles: readonly Obstacle[];
}

/** Decides on every object that differs, and on those around it. */
export function decideStates(
  from: Catalog,
  to: Catalog,
  contextOf: (states: ReadonlyMap<string, State>) => PlanContext,
): States {
  return new Decision(from, to, contextOf).decide(compareCatalogs(from, to));
}

class Decision {
  readonly #states = new Map<string, State>();
  readonly #obstacles = new Map<string, Obstacle>();
  readonly #dependants: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #context: PlanContext;
  /** Columns whose type is swapped though they themselves don't differ. */
  readonly #retyped = new Set<string>();

  constructor(
    readonly from: Catalog,
    readonly to: Catalog,
    contextOf: (states: ReadonlyMap<string, State>) => PlanContext,
  ) {
    this.#dependants = withChildren(from, dependantsOf(from));
    this.#context = contextOf(this.#states);
  }

  decide(changes: readonly Change[]): States {
    for (const change of changes) if (change.op !== "alter") this.#states.set(idOf(change), change);
    const altered = changes.filter((change) => change.op === "alter");
    for (const change of changes) if (change.op !== "drop") this.#renewParent(change.to);
    // Types first: how a column changes depends on which types are swapped under it.
    for (const { from, to } of altered) if (!kindOf(from.kind).retypes) this.#alter(from, to);
    for (const change of changes) if (change.op === "drop") this.#clear(change.from);
    const columns = new Map(
      altered.filter(({ from }) => kindOf(from.kind).retypes).map(({ from, to }) => [from.id, { from, to }]),
    );
    for (const id of this.#retyped) {
      const [from, to] = [this.from.objects.get(id), this.to.objects.get(id)];
      if (from && to) columns.set(id, { from, to });
    }
    for (const { from, to } of columns.values()) if (!this.#states.has(from.id)) this.#alter(from, to);
    return { states: this.#states, obstacles: [...this.#obstacles.values()] };
  }

  #alter(from: CatalogObject, to: CatalogObject): void {
    if (this.#states.has(from.id)) return;
    const alteration = this.#alterationOf(from, to);
    if (alteration.op === "replace") {
      this.#leave(from, from);
      return;
    }
    this.#states.set(from.id, { op: "alter", from, to, alteration });
    for (const dependant of this.#dependantsOf(from.id))
      if (alteration.disturbs?.(dependant, kindOf(dependant.kind))) this.#leave(dependant, from);
  }

  /** A parent that can't be given a part of it is made anew with all its parts. */
  #renewParent(object: CatalogObject): void {
    const id = parentId(object);
    const parent = id === null ? undefined : this.from.objects.get(id);
    if (parent && kindOf(object.kind).needsNewParent?.(object, this.#context)) this.#leave(parent, parent);
  }

  #alterationOf(from: CatalogObject, to: CatalogObject): Alteration {
    const kind = kindOf(from.kind);
    // Where only the comment differs the planner sees to it.
    if (!this.#retyped.has(from.id) && sameDefinition(from, to)) return { op: "statements", statements: [] };
    return kind.alter?.(from, to, this.#context) ?? { op: "replace" };
  }

  /** The object has to be gone for a while; so has all that depends on it. */
  #leave(object: CatalogObject, because: CatalogObject): void {
    const state = this.#states.get(object.id);
    if (state !== undefined && state.op !== "alter") return;
    const kind = kindOf(object.kind);
    if (kind.managed === false) {
      this.#obstacles.set(object.id, { object, because });
      return;
    }
    const to = this.to.objects.get(object.id);
    if (to === undefined || (object !== because && kind.holdsRows?.(object))) return;
    const moves = kind.swap !== undefined && this.#movesColumns(object.id, new Set());
    this.#states.set(object.id, { op: moves ? "swap" : "replace", from: object, to });
    for (const dependant of this.#dependantsOf(object.id))
      if (moves && kindOf(dependant.kind).retypes) this.#retype(dependant, object);
      else this.#leave(dependant, because.kind === object.kind ? because : object);
  }

  /** A column that uses a swapped type moves over if it stays; a generated one is computed anew. */
  #retype(column: CatalogObject, because: CatalogObject): void {
    if (this.to.objects.has(column.id)) this.#retyped.add(column.id);
    else if (!this.#states.has(column.id)) this.#leave(column, because);
  }

  /** What is dropped must not be needed any more by what stays. */
  #clear(dropped: CatalogObject): void {
    for (const dependant of this.#dependantsOf(dropped.id))
      if (!this.#states.has(dependant.id) && !this.#changesAwayFrom(dependant)) this.#leave(dependant, dropped);
  }

  /** A column that differs stops needing its old type by its own ALTER. */
  #changesAwayFrom(dependant: CatalogObject): boolean {
    return kindOf(dependant.kind).retypes === true && this.to.objects.has(dependant.id);
  }

  /** Whether a column that stays uses the type, directly or through another type. */
  #movesColumns(id: string, seen: Set<string>): boolean {
    if (seen.has(id)) return false;
    seen.add(id);
    return this.#dependantsOf(id).some((dependant) => {
      const kind = kindOf(dependant.kind);
      if (kind.retypes) return this.to.objects.has(dependant.id);
      return kind.swap !== undefined && this.#movesColumns(dependant.id, seen);
    });
  }

  #dependantsOf(id: string): CatalogObject[] {
    const found: CatalogObject[] = [];
    for (const dependant of this.#dependants.get(id) ?? []) {
      const object = this.from.objects.get(dependant);
      if (object) found.push(object);
    }
    return found;
  }
}

function idOf(change: Change): string {
  return change.op === "drop" ? change.from.id : change.to.id;
}

/** An object depends on the one that holds it. */
function withChildren(
  catalog: Catalog,
  dependants: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const all = new Map<string, Set<string>>();
  for (const [id, set] of dependants) all.set(id, new Set(set));
  for (const object of catalog.objects.values()) {
    const parent = parentId(object);
    if (parent === null) continue;
    const set = all.get(parent);
    if (set) set.add(object.id);
    else all.set(parent, new Set([object.id]));
  }
  return all;
}
