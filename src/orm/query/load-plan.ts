/** What is loaded with the entities of a query: by joins in the same statement, and by statements after it. */

import { columnExpressions, modelColumns, modelTable } from "../../model/definition.js";
import type { Entity } from "../../model/entity.js";
import { discriminatorOf, kindsOf } from "../../model/inheritance.js";
import type { Join } from "../../query/from.js";
import type { Column } from "../../sql/column.js";
import type { Condition } from "../../sql/expression.js";
import type { SqlFragment } from "../../sql/fragment.js";
import { clipBytes, maxIdentifierBytes } from "../../sql/identifier.js";
import { Table, TableAlias } from "../../sql/selectable.js";
import { type Mapper, mapperOf } from "../mapper.js";
import type { MappedPair, MappedRelation } from "../relation.js";
import { type Criteria, readAs } from "./criteria.js";
import type { LoadTree, RelationOption } from "./load-tree.js";

/** How an entity is loaded at one place of a query. */
export interface LoadPlan {
  readonly mapper: Mapper;
  /** Where it is read, with the columns that are selected. */
  readonly entity: Entity;
  readonly along: readonly AlongLoad[];
  readonly after: readonly AfterLoad[];
}

/** A relationship that is read with its owner. */
export interface AlongLoad {
  readonly relation: MappedRelation;
  readonly plan: LoadPlan;
  /** null: the query has it already. */
  readonly join: Join | null;
  readonly order: readonly SqlFragment[];
}

/** A relationship that is loaded by a statement of its own, for all owners at once. */
export interface AfterLoad {
  readonly relation: MappedRelation;
  readonly tree: LoadTree;
  readonly path: Path;
}

/** The relationships that led to an entity. */
export type Path = ReadonlySet<MappedRelation>;

/** What is known of a place where an entity is read. */
interface Place {
  readonly tree: LoadTree;
  readonly path: Path;
  /** Whether its row may be missing: an outer join brings it. */
  readonly optional: boolean;
}

/** What a statement can be joined with; `one`: what doesn't multiply its rows. */
export type Joinability = "all" | "one" | "none";

export class LoadPlanner {
  readonly #criteria: Criteria;
  readonly #joins: Joinability;
  readonly #placeOf: (entity: Entity) => Entity;
  #aliases = 0;

  /**
   * @param placeOf where an entity of the query is read.
   */
  constructor(criteria: Criteria, joins: Joinability, placeOf: (entity: Entity) => Entity) {
    this.#criteria = criteria;
    this.#joins = joins;
    this.#placeOf = placeOf;
  }

  plan(entity: Entity, place: Place): LoadPlan {
    const mapper = mapperOf(entity.definition);
    const along: AlongLoad[] = [];
    const after: AfterLoad[] = [];
    for (const relation of mapper.relations.values()) {
      const option = place.tree.choose(relation, place.path.has(relation));
      const { strategy, tree } = option;
      const next = { tree, path: new Set([...place.path, relation]), optional: place.optional };
      if (strategy === "joined" && this.#canJoin(relation))
        along.push(this.#join(entity, relation, next, option.innerJoin));
      else if (strategy === "joined" || strategy === "selectin") after.push({ relation, tree, path: next.path });
      else if (strategy === "contains-eager") along.push(this.#contain(relation, next, option));
    }
    return { mapper, entity: selected(entity, mapper, place.tree, [...along, ...after]), along, after };
  }

  #canJoin({ collection }: MappedRelation): boolean {
    return this.#joins === "all" || (this.#joins === "one" && !collection);
  }

  /** What a join of the query itself brings. */
  #contain(relation: MappedRelation, place: Place, { relationship }: RelationOption): AlongLoad {
    const entity = relationship?.path().target ?? tableEntity(relation.target.definition);
    return { relation, plan: this.plan(this.#placeOf(entity), { ...place, optional: true }), join: null, order: [] };
  }

  #join(from: Entity, relation: MappedRelation, { tree, path, optional }: Place, inner: boolean): AlongLoad {
    const entity = this.#alias(relation.target.definition);
    const criteria = this.#criteria.of(entity.from);
    const certain = inner || (!optional && criteria.length === 0 && isCertain(relation));
    const plan = this.plan(entity, { tree, path, optional: !certain });
    const order = relation.orderBy().map((by) => readAs(by, modelTable(entity.definition), entity.from));
    const common = {
      type: certain ? "JOIN" : "LEFT JOIN",
      lateral: false,
      target: entity.from,
      from: from.from,
    } as const;
    const { link } = relation;
    if (link === null) {
      const on = [...equal(relation.pairs, from, entity), ...criteria];
      return { relation, plan, order, join: { ...common, through: null, on } };
    }
    const table = this.#alias(link.definition);
    const through = { table: table.from, on: [...equal(link.far, table, entity), ...criteria] };
    return { relation, plan, order, join: { ...common, through, on: equal(link.near, from, table) } };
  }

  #alias(definition: Entity["definition"]): Entity {
    const table = modelTable(definition);
    const name = `_${++this.#aliases}_${table.qualifier.at(-1) ?? ""}`;
    const from = new TableAlias(table, clipBytes(name, maxIdentifierBytes));
    return { definition, from, columns: columnExpressions(definition, from) };
  }
}

/** A model as it is read from its own table. */
export function tableEntity(definition: Entity["definition"]): Entity {
  return { definition, from: modelTable(definition), columns: modelColumns(definition) };
}

/** The condition under which rows of two entities belong together. */
export function equal(pairs: readonly MappedPair[], local: Entity, remote: Entity): readonly Condition[] {
  return pairs.map((pair) => columnOf(local, pair.local.property).eq(columnOf(remote, pair.remote.property)));
}

export function columnOf({ columns, definition }: Entity, property: string): Column<unknown> {
  const column = columns[property];
  if (column === undefined) throw new RangeError(`${mapperOf(definition).label}.${property} is not selected.`);
  return column;
}

/** Whether every owner has one: its foreign key is never NULL. */
function isCertain({ direction, pairs, link }: MappedRelation): boolean {
  return direction === "many-to-one" && link === null && pairs.every(({ local }) => !local.spec.nullable);
}

/** The entity with the columns that are to be loaded: the key always, and what the relationships start from. */
function selected(
  entity: Entity,
  mapper: Mapper,
  tree: LoadTree,
  loads: readonly { readonly relation: MappedRelation }[],
): Entity {
  const kinds = kindsOf(mapper.definition);
  const discriminator = kinds.length > 1 ? discriminatorOf(mapper.definition) : null;
  const needed = new Set([...mapper.key, ...loads.flatMap(({ relation }) => relation.near)]);
  const entries = Object.entries(withHeirs(entity)).filter(([property]) => {
    const column = kinds
      .map(mapperOf)
      .find((kind) => kind.has(property))
      ?.column(property);
    return property === discriminator || (column !== undefined && (needed.has(column) || tree.loadsColumn(column)));
  });
  return { ...entity, columns: Object.fromEntries(entries) };
}

/** With the columns of the models that share its table, which are read with it where rows are theirs. */
function withHeirs({ definition, from, columns }: Entity): Entity["columns"] {
  // What is read from a subquery has them already.
  if (!(from instanceof Table || from instanceof TableAlias)) return columns;
  const more = kindsOf(definition)
    .slice(1)
    .map((heir) => columnExpressions(heir, from));
  return Object.assign({}, ...more.reverse(), columns) as Entity["columns"];
}
