/** A statement with the plan of its rows, ready to be run. */

import type { Entity } from "../../model/entity.js";
import { modelColumns } from "../../model/source.js";
import { Change } from "../../query/change.js";
import { compile } from "../../query/compile.js";
import type { ColumnPlan, Element, ValuePlan } from "../../query/element.js";
import { namesOf } from "../../query/read.js";
import { Select } from "../../query/select.js";
import type { Statement } from "../../query/statement.js";
import type { CriteriaOf } from "../../sql/writer.js";
import type { Criteria } from "./criteria.js";
import { alongOf, expand, type StatementOptions } from "./expand.js";
import { kindsWith } from "./kinds.js";
import { type Joinability, type LoadPlan, LoadPlanner } from "./load-plan.js";
import { noOptions, readLoaders } from "./load-tree.js";

export interface PreparedQuery {
  readonly text: string;
  readonly parameters: readonly unknown[];
  /** Of the rows' elements. */
  readonly names: readonly string[];
  readonly elements: readonly PreparedElement[];
  /** Whether a row of the query may come several times, once for each member of a collection that is read along. */
  readonly repeats: boolean;
  /** Whether it changes nothing and takes no lock that a transaction would wait for. */
  readonly onlyReads: boolean;
}

export type PreparedElement =
  | { readonly kind: "entity"; readonly plan: LoadPlan }
  | { readonly kind: "value"; readonly plan: ValuePlan }
  /** A value that whoever runs the query reads for himself. */
  | { readonly kind: "place" };

export function prepareQuery(statement: Statement<readonly unknown[]>, options: StatementOptions): PreparedQuery {
  if (!(statement instanceof Select)) return prepareAlone(statement, options);
  const columns = statement.plan();
  const names = namesOf(columns);
  const { statement: expanded, plans } = expand(statement.spec, options);
  const { text, parameters } = compile(expanded, criteriaIn(options, statement.entities));
  const elements = columns.map((column, i) => prepareElement(column, plans[i] ?? null));
  return { text, parameters, names, elements, repeats: plans.some(repeats), onlyReads: onlyReads(text) };
}

/** A statement that takes no joins. What it returns of a model has what its table has of those that inherit from it. */
function prepareAlone(given: Statement<readonly unknown[]>, options: StatementOptions): PreparedQuery {
  const statement = given instanceof Change ? given.withReturned(given.returned.map(withKinds)) : given;
  const columns = statement.plan();
  const { text, parameters } = compile(statement, criteriaIn(options, []));
  const elements = columns.map((column) => prepareElement(column, planAlone(column, options)));
  return { text, parameters, names: namesOf(columns), elements, repeats: false, onlyReads: false };
}

/** @param entities those of the statement, whose rows may be wanted whatever the criteria say. */
function criteriaIn({ criteria, unrestricted }: StatementOptions, entities: readonly Entity[]): CriteriaOf | null {
  if (criteria.all.length === 0) return null;
  const wanted = new Set(unrestricted ? entities.map(({ from }) => from) : []);
  return (selectable) => (wanted.has(selectable) ? [] : criteria.of(selectable));
}

/** WITH may hold an INSERT; FOR UPDATE and advisory locks may stand in any part. Values are not in the text. */
function onlyReads(text: string): boolean {
  return text.startsWith("SELECT ") && !/\bfor\s+(?:no\s+key\s+|key\s+)?(?:update|share)\b|advisory/i.test(text);
}

function withKinds(element: Element): Element {
  if (element.kind === "value" || element.entity.definition.heirs.length === 0) return element;
  const { entity } = element;
  const more = kindsWith(entity, []).columns.map(({ name, column }) => [name, column] as const);
  return { kind: "entity", entity: { ...entity, columns: { ...entity.columns, ...Object.fromEntries(more) } } };
}

function prepareElement(column: ColumnPlan, plan: LoadPlan | null): PreparedElement {
  if (column.kind === "value") return { kind: "value", plan: column };
  if (plan === null) throw new RangeError(`${column.name} is an entity without a plan.`);
  return { kind: "entity", plan };
}

/**
 * A statement as the session is given it: with its own options.
 *
 * @param general the session's criteria, which hold besides its own.
 */
export function prepareStatement(
  statement: Statement<readonly unknown[]>,
  general: Criteria,
  joins: Joinability = "all",
): {
  readonly query: PreparedQuery;
  readonly criteria: Criteria;
} {
  const loaders = statement instanceof Select ? statement.loaders : [];
  const entities = statement instanceof Select ? statement.entities : [];
  const { trees, criteria: own } = readLoaders(loaders, entities);
  const criteria = general.and(own);
  return { query: prepareQuery(statement, { trees, criteria, path: new Set(), joins }), criteria };
}

/** The entity of a statement that takes no joins: what would be read along comes by statements of its own. */
function planAlone(column: ColumnPlan, { criteria, trees, path }: StatementOptions): LoadPlan | null {
  if (column.kind === "value") return null;
  const { definition, alias: from, properties } = column;
  const planner = new LoadPlanner(criteria, "none", (entity) => entity);
  const columns = modelColumns(definition);
  const plan = planner.plan(
    { definition, from, columns },
    { tree: trees.get(from) ?? noOptions, path, optional: true },
  );
  const read = { ...plan.entity.columns, ...columns };
  const entries = properties.flatMap((property) => {
    const found = read[property];
    return found === undefined ? [] : [[property, found] as const];
  });
  return { ...plan, entity: { ...plan.entity, columns: Object.fromEntries(entries) } };
}

function repeats(plan: LoadPlan | null): boolean {
  return plan !== null && alongOf(plan).some(({ relation }) => relation.collection);
}
