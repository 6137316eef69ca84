/** What a query's options say, sorted by entity: how its columns and relationships are loaded, and what those lead to. */

import { type ModelDefinition, modelName } from "../../model/definition.js";
import type { Entity } from "../../model/entity.js";
import { isKindOf } from "../../model/inheritance.js";
import type { PolymorphicLoad } from "../../model/model-types.js";
import type { Relationship } from "../../model/relationship.js";
import { definitionIn, modelSource } from "../../model/source.js";
import type { CriteriaLoad, LoaderNode, LoadStrategyOption, RelationshipLoad } from "../../query/loader.js";
import type { Selectable } from "../../sql/selectable.js";
import { MappingError } from "../errors.js";
import type { MappedColumn } from "../mapper.js";
import type { MappedRelation } from "../relation.js";
import { Criteria, noCriteria } from "./criteria.js";

/** How one relationship is loaded. */
export interface RelationOption {
  readonly strategy: LoadStrategyOption | "write-only";
  /** Of a joined one: JOIN, whatever the foreign key says. */
  readonly innerJoin: boolean;
  readonly relationship: Relationship<unknown, unknown, unknown> | null;
  readonly tree: LoadTree;
}

/** The options for one entity. */
export class LoadTree {
  constructor(
    private readonly nodes: readonly LoaderNode[],
    /** Whether relationships that no option names are loaded as their models say; false: not at all. */
    private readonly defaults = true,
  ) {}

  loadsColumn({ property, spec }: MappedColumn): boolean {
    const columns = this.nodes.flatMap((node) => (node.kind === "columns" ? [node] : []));
    const names = (only: boolean) =>
      columns.some((node) => node.only === only && node.columns.some(({ origin }) => origin.property === property));
    if (names(false)) return false;
    return columns.some(({ only }) => only) ? names(true) : !spec.deferred;
  }

  /** How the columns of a model are loaded where one that it inherits from is; null: not with it. */
  loadOfKind(definition: ModelDefinition): PolymorphicLoad | null {
    const named = this.nodes.findLast((node) => node.kind === "polymorphic" && node.models.includes(definition));
    if (named?.kind === "polymorphic") return named.load;
    return this.defaults ? (definition.options.polymorphicLoad ?? null) : null;
  }

  /** @param repeated whether the relationship has led here itself: a circle ends, unless an option goes on. */
  choose({ property, lazy, owner }: MappedRelation, repeated: boolean): RelationOption {
    const options = this.nodes.flatMap((node) => (node.kind === "relationship" ? [node] : []));
    const named = options.filter(
      ({ relationship }) => relationship?.origin.property === property && isOf(relationship, owner.definition),
    );
    const option = named.at(-1) ?? options.findLast(({ relationship }) => relationship === null);
    if (option !== undefined) return optionOf(option, named);
    const strategy = this.defaults && !repeated ? lazy : "select";
    return { strategy, innerJoin: false, relationship: null, tree: noOptions };
  }
}

/** Whether a relationship that an option names may be one of the model: two that inherit may have one of the same name. */
function isOf({ origin }: Relationship<unknown, unknown, unknown>, definition: ModelDefinition): boolean {
  // A relationship's definition is always a model's: base.ts and alias() make all of them.
  const named = origin.definition as ModelDefinition;
  return isKindOf(named, definition) || isKindOf(definition, named);
}

export const noOptions = new LoadTree([]);

/** Columns only. */
export const bare = new LoadTree([], false);

/** The last one says how; what follows is said by all of them. */
function optionOf(
  { strategy, innerJoin, relationship }: RelationshipLoad,
  named: readonly RelationshipLoad[],
): RelationOption {
  return { strategy, innerJoin, relationship, tree: new LoadTree(named.flatMap(({ children }) => children)) };
}

/** The options of a statement. */
export interface StatementLoads {
  /** By what its entities are read from. */
  readonly trees: ReadonlyMap<Selectable, LoadTree>;
  readonly criteria: Criteria;
}

/**
 * @param entities those that the statement selects.
 * @throws MappingError `orm.loader` for an option that is of none of them.
 */
export function readLoaders(nodes: readonly LoaderNode[], entities: readonly Entity[]): StatementLoads {
  const sorted = new Map(entities.map(({ from }): [Selectable, LoaderNode[]] => [from, []]));
  for (const node of nodes) {
    if (node.kind === "criteria") continue;
    const owner = ownerOf(node);
    if (owner === null) for (const list of sorted.values()) list.push(node);
    else (sorted.get(owner) ?? sorted.get(aboveOf(owner, entities)) ?? refuse(node)).push(node);
  }
  return {
    trees: new Map([...sorted].map(([from, list]) => [from, new LoadTree(list)])),
    criteria: readCriteria(nodes),
  };
}

/** Of a model that inherits, the one above it that is selected: options say what holds for those of its rows. */
function aboveOf(owner: Selectable, entities: readonly Entity[]): Selectable {
  const definition = definitionIn(owner);
  if (definition === null || modelSource(definition) !== owner) return owner;
  return entities.find((entity) => isKindOf(definition, entity.definition))?.from ?? owner;
}

/** What an option starts from; null: whatever is selected. */
function ownerOf(node: Exclude<LoaderNode, CriteriaLoad>): Selectable | null {
  if (node.kind === "relationship") return node.relationship?.from.from ?? null;
  return node.kind === "polymorphic" ? node.entity.from : (node.columns[0]?.from ?? null);
}

/** The criteria among options. */
export function readCriteria(nodes: readonly LoaderNode[]): Criteria {
  return nodes.length === 0 ? noCriteria : new Criteria(nodes.flatMap(criteriaIn));
}

/** Criteria hold for the whole statement, wherever they are given. */
function criteriaIn(node: LoaderNode): readonly CriteriaLoad[] {
  if (node.kind === "criteria") return [node];
  return node.kind === "relationship" ? node.children.flatMap(criteriaIn) : [];
}

function refuse(node: Exclude<LoaderNode, CriteriaLoad>): never {
  throw new MappingError(
    "orm.loader",
    `An option says how ${loadedBy(node)} is loaded, and the statement selects nothing that it belongs to. Give it for a model or alias that is selected, or go on from one: selectinload(User.posts).joinedload(Post.tags).`,
  );
}

function loadedBy(node: Exclude<LoaderNode, CriteriaLoad>): string {
  if (node.kind === "relationship") return node.relationship?.origin.property ?? "everything";
  return node.kind === "columns"
    ? node.columns.map(({ name }) => name).join(", ")
    : node.models.map(modelName).join(", ");
}
