/** A query as a subquery, to be joined with what is read along: `FROM (SELECT … LIMIT 10) AS "_page" LEFT JOIN …`. */

import type { Entity } from "../../model/entity.js";
import type { Element } from "../../query/element.js";
import { selectableOf } from "../../query/from.js";
import { emptySelect, Select, type SelectSpec } from "../../query/select.js";
import { Column } from "../../sql/column.js";
import type { SqlFragment } from "../../sql/fragment.js";
import { Ordering } from "../../sql/ordering.js";
import type { Selectable } from "../../sql/selectable.js";
import type { LoadPlan } from "./load-plan.js";

export interface Page {
  /** What reads the subquery: the elements of the query, in its order. */
  readonly spec: SelectSpec;
  /** The entity as the subquery gives it. */
  readonly placeOf: (entity: Entity) => Entity;
}

interface Labeled {
  readonly label: string;
  readonly fragment: SqlFragment;
}

/** @param plans those of the query's elements; what its own joins contain is read from the subquery as well. */
export function makePage(query: SelectSpec, plans: readonly (LoadPlan | null)[]): Page {
  const labeled: Labeled[] = [];
  const add = (fragment: SqlFragment): string => {
    const label = `c${labeled.length}`;
    labeled.push({ label, fragment });
    return label;
  };
  const values = query.elements.map((element) => (element.kind === "value" ? add(element.fragment) : null));
  const entities = new Map<Selectable, ReadonlyMap<string, string>>();
  for (const plan of plans.flatMap((plan) => (plan === null ? [] : ownOf(plan))))
    entities.set(plan.entity.from, new Map(ownColumns(plan).map(([name, column]) => [name, add(column)])));
  const order = query.order.map((by) => add(by instanceof Ordering ? by.spec.target : by));

  const inner = new Select<readonly unknown[]>({
    ...query,
    elements: labeled.map(({ label, fragment }): Element => ({ kind: "value", fragment, label })),
    order: query.order.map((by, i) => orderBy(by, bareColumn(order[i] ?? ""))),
  });
  const page = inner.subquery("_page");
  // The labels are the subquery's columns, by the names given above.
  const columns = page.c as unknown as Readonly<Record<string, Column<unknown>>>;

  const placeOf = (entity: Entity): Entity => {
    const labels = entities.get(entity.from) ?? new Map<string, string>();
    const own = [...labels].flatMap(([property, label]) => {
      const column = columns[label];
      return column === undefined ? [] : [[property, column] as const];
    });
    return { definition: entity.definition, from: selectableOf(page), columns: Object.fromEntries(own) };
  };
  const elements = query.elements.map((element, i): Element => {
    if (element.kind === "entity") return { kind: "entity", entity: placeOf(element.entity) };
    return { ...element, fragment: columns[values[i] ?? ""] ?? element.fragment };
  });
  return {
    spec: { ...emptySelect, elements, order: query.order.map((by, i) => orderBy(by, columns[order[i] ?? ""] ?? by)) },
    placeOf,
  };
}

/** What an entity is read from itself; the tables of models that inherit from it are joined outside. */
function ownColumns({ entity, joins }: LoadPlan): readonly (readonly [string, Column<unknown>])[] {
  const added = new Set<Selectable | null>(joins.map(({ target }) => target));
  return Object.entries(entity.columns).filter(([, { from }]) => !added.has(from));
}

/** The entities that the query itself reads. */
function ownOf(plan: LoadPlan): readonly LoadPlan[] {
  return [plan, ...plan.along.flatMap((load) => (load.join === null ? ownOf(load.plan) : []))];
}

/** The name of a column of the result. */
function bareColumn(name: string): Column<unknown> {
  return new Column(name, { origin: { definition: emptySelect, property: name }, type: null, from: null });
}

function orderBy(by: SqlFragment, target: SqlFragment): SqlFragment {
  return by instanceof Ordering ? new Ordering({ ...by.spec, target }) : target;
}
