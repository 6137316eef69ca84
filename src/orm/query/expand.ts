/** A SELECT of entities, with what is read along with them. */

import type { Entity } from "../../model/entity.js";
import type { Element } from "../../query/element.js";
import { Select, type SelectSpec } from "../../query/select.js";
import type { Selectable } from "../../sql/selectable.js";
import type { Criteria } from "./criteria.js";
import { type AlongLoad, type Joinability, type LoadPlan, LoadPlanner, type Path } from "./load-plan.js";
import { type LoadTree, noOptions } from "./load-tree.js";
import { makePage } from "./page.js";

/** What the options of a statement say, by what its entities are read from. */
export interface StatementOptions {
  readonly trees: ReadonlyMap<Selectable, LoadTree>;
  readonly criteria: Criteria;
  /** The rows that it selects are known to be wanted: the criteria hold for what is read along only. */
  readonly unrestricted?: boolean;
  /** The relationships that led to this statement. */
  readonly path: Path;
  readonly joins: Joinability;
}

export interface Expanded {
  readonly statement: Select<readonly unknown[]>;
  /** For each element of the query; null: a value. */
  readonly plans: readonly (LoadPlan | null)[];
}

export function expand(spec: SelectSpec, options: StatementOptions): Expanded {
  const plans = planElements(spec, options);
  if (!needsPage(spec, plans)) return joinAll(spec, plans);
  const page = makePage(spec, plans);
  return joinAll(page.spec, planElements(spec, options, page.placeOf));
}

/** @param placeOf where an entity of the query is read: as it is, or from a subquery. */
function planElements(
  spec: SelectSpec,
  { trees, criteria, path, joins }: StatementOptions,
  placeOf: (entity: Entity) => Entity = (entity) => entity,
): readonly (LoadPlan | null)[] {
  const planner = new LoadPlanner(criteria, joins, placeOf);
  const optional = spec.joins.some(({ type }) => type !== "JOIN" && type !== "CROSS JOIN");
  return spec.elements.map((element) => {
    if (element.kind === "value") return null;
    const tree = trees.get(element.entity.from) ?? noOptions;
    return planner.plan(placeOf(element.entity), { tree, path, optional });
  });
}

/** Whether the query has to stand for itself, because joins would change what it gives: LIMIT counts its rows. */
function needsPage(spec: SelectSpec, plans: readonly (LoadPlan | null)[]): boolean {
  const read = plans.flatMap((plan) => plan ?? []);
  const joins = read.flatMap(joinsOf);
  if (joins.length === 0 && !read.some(bringsTables)) return false;
  if (spec.distinct !== false || spec.group.length + spec.having.length + spec.locks.length > 0) return true;
  return (spec.limit !== null || spec.offset !== null) && joins.some(({ relation }) => relation.collection);
}

function joinsOf({ along }: LoadPlan): readonly AlongLoad[] {
  return along.flatMap((load) => [...(load.join === null ? [] : [load]), ...joinsOf(load.plan)]);
}

function bringsTables({ joins, along }: LoadPlan): boolean {
  return joins.length > 0 || along.some(({ plan }) => bringsTables(plan));
}

function joinAll(spec: SelectSpec, plans: readonly (LoadPlan | null)[]): Expanded {
  const own = spec.elements.map((element, i): Element => {
    const plan = plans[i];
    return plan === null || plan === undefined ? element : { kind: "entity", entity: plan.entity };
  });
  const read = plans.flatMap((plan) => plan ?? []);
  const along = read.flatMap(alongOf);
  const statement = new Select<readonly unknown[]>({
    ...spec,
    elements: [...own, ...along.map(({ plan }): Element => ({ kind: "entity", entity: plan.entity }))],
    joins: [
      ...spec.joins,
      ...read.flatMap(({ joins }) => joins),
      ...along.flatMap(({ join, plan }) => [...(join === null ? [] : [join]), ...plan.joins]),
    ],
    order: [...spec.order, ...along.flatMap(({ order }) => order)],
  });
  return { statement, plans };
}

/** What is read along with an entity, in the order in which its columns are selected. */
export function alongOf({ along }: LoadPlan): readonly AlongLoad[] {
  return along.flatMap((load) => [load, ...alongOf(load.plan)]);
}
