/** What is loaded with the entities of a query: by joins in the same statement, and by statements after it. */

import { columnExpressions } from "../../model/definition.js";
import { type Entity, sourceEntity } from "../../model/entity.js";
import { discriminatorOf } from "../../model/inheritance.js";
import { modelSource, modelTable } from "../../model/source.js";
import type { Join } from "../../query/from.js";
import type { Column } from "../../sql/column.js";
import type { Condition } from "../../sql/expression.js";
import type { SqlFragment } from "../../sql/fragment.js";
import { clipBytes, maxIdentifierBytes } from "../../sql/identifier.js";
import { type Selectable, shortName } from "../../sql/selectable.js";
import { MappingError } from "../errors.js";
import { kindName } from "../mapped-table.js";
import { type MappedColumn, type Mapper, mapperOf } from "../mapper.js";
import type { MappedPair, MappedRelation } from "../relation.js";
import { type Criteria, readAs } from "./criteria.js";
import {
  addedRelations,
  type JoinedKind,
  type KindLoad,
  type Kinds,
  kindsWith,
  noKinds,
  tablesInline,
} from "./kinds.js";
import type { LoadTree, RelationOption } from "./load-tree.js";

/** How an entity is loaded at one place of a query. */
export interface LoadPlan {
  readonly mapper: Mapper;
  /** Where it is read, with the columns that are selected. */
  readonly entity: Entity;
  /** What brings tables of models that inherit from it. */
  readonly joins: readonly Join[];
  readonly along: readonly AlongLoad[];
  /** Columns of such models, before what is loaded after. */
  readonly kinds: readonly KindLoad[];
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
    const { definition } = entity;
    const mapper = mapperOf(definition);
    const kinds = definition.heirs.length === 0 ? noKinds : kindsWith(entity, this.#joinKinds(entity, place.tree));
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
    for (const kind of kinds.mappers) after.push(...addedRelations(kind).flatMap((each) => afterKind(each, place)));
    const relations = [...along, ...after].map(({ relation }) => relation);
    const read = selected(entity, mapper, kinds, place.tree, relations);
    const missing = kinds.mappers.flatMap((kind) => this.#loadKind(kind, read, place.tree, relations));
    return { mapper, entity: read, joins: kinds.joins, along, kinds: missing, after };
  }

  #joinKinds(entity: Entity, tree: LoadTree): readonly JoinedKind[] {
    if (this.#joins === "none") return [];
    return tablesInline(entity, tree).map((owner) => {
      const table = modelTable(owner);
      return { owner, alias: table.as(this.#name(table)) };
    });
  }

  /** The columns of a model that inherits that are to be loaded, and are not read. */
  #loadKind(
    mapper: Mapper,
    { columns }: Entity,
    tree: LoadTree,
    relations: readonly MappedRelation[],
  ): readonly KindLoad[] {
    const { definition } = mapper;
    const load = tree.loadOfKind(definition);
    const whole = load === "selectin" || (load === "inline" && this.#joins === "none");
    const near = relations.filter(({ owner }) => owner === mapper).flatMap((relation) => relation.near);
    const isRead = ({ property }: MappedColumn) =>
      Object.hasOwn(columns, property) || Object.hasOwn(columns, kindName(definition, property));
    const missing = mapper.columns.filter(
      (column) => !isRead(column) && (near.includes(column) || (whole && tree.loadsColumn(column))),
    );
    return missing.length === 0 ? [] : [{ mapper, columns: missing }];
  }

  #canJoin({ collection }: MappedRelation): boolean {
    return this.#joins === "all" || (this.#joins === "one" && !collection);
  }

  /** What a join of the query itself brings. */
  #contain(relation: MappedRelation, place: Place, { relationship }: RelationOption): AlongLoad {
    const entity = relationship?.path().target ?? sourceEntity(relation.target.definition);
    return { relation, plan: this.plan(this.#placeOf(entity), { ...place, optional: true }), join: null, order: [] };
  }

  #join(from: Entity, relation: MappedRelation, { tree, path, optional }: Place, inner: boolean): AlongLoad {
    const entity = this.#alias(relation.target.definition);
    const certain = inner || (!optional && this.#criteria.of(entity.from).length === 0 && isCertain(relation));
    const plan = this.plan(entity, { tree, path, optional: !certain });
    const order = relation.orderBy().map((by) => readAs(by, entity.definition, entity.from));
    const common = {
      type: certain ? "JOIN" : "LEFT JOIN",
      lateral: false,
      target: entity.from,
      from: from.from,
    } as const;
    const { link } = relation;
    if (link === null) {
      return { relation, plan, order, join: { ...common, through: null, on: equal(relation.pairs, from, entity) } };
    }
    const table = this.#alias(link.definition);
    const through = { table: table.from, on: equal(link.far, table, entity) };
    return { relation, plan, order, join: { ...common, through, on: equal(link.near, from, table) } };
  }

  #alias(definition: Entity["definition"]): Entity {
    const source = modelSource(definition);
    const from = source.as(this.#name(source));
    return { definition, from, columns: columnExpressions(definition, from) };
  }

  #name(source: Selectable): string {
    return clipBytes(`_${++this.#aliases}_${shortName(source)}`, maxIdentifierBytes);
  }
}

/** A relationship that only rows of one kind have: others stand in between, so it isn't joined. */
function afterKind(relation: MappedRelation, { tree: all, path }: Place): readonly AfterLoad[] {
  const { strategy, tree } = all.choose(relation, path.has(relation));
  if (strategy === "contains-eager")
    throw new MappingError(
      "orm.loader",
      `${relation.origin} can't be read from the joins of a query that selects what ${relation.owner.label} inherits from; select(${relation.owner.label}), or load it with selectinload().`,
    );
  if (strategy !== "joined" && strategy !== "selectin") return [];
  return [{ relation, tree, path: new Set([...path, relation]) }];
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
function isCertain(relation: MappedRelation): boolean {
  // Through a join table there are no pairs.
  return relation.direction === "many-to-one" && relation.pairs.every(({ local }) => !local.spec.nullable);
}

/** The entity with the columns that are to be loaded: the key always, and what the relationships start from. */
function selected(
  entity: Entity,
  mapper: Mapper,
  kinds: Kinds,
  tree: LoadTree,
  relations: readonly MappedRelation[],
): Entity {
  const discriminator = kinds.mappers.length > 0 ? discriminatorOf(mapper.definition) : null;
  const needed = new Set([...mapper.key, ...relations.flatMap(({ near }) => near)]);
  const isWanted = (column: MappedColumn | null) =>
    // What a subquery has of other kinds is none of the mapper's, and was chosen where it was made.
    column === null || column.property === discriminator || needed.has(column) || tree.loadsColumn(column);
  const own = Object.entries(entity.columns).filter(([name]) => isWanted(mapper.selected(name)));
  const more = kinds.columns
    .filter(({ mapped }) => isWanted(mapped))
    .map(({ name, column }) => [name, column] as const);
  return { ...entity, columns: Object.fromEntries([...own, ...more]) };
}
