/** What is loaded with a model of those that inherit from it: their columns and relationships, where rows are theirs. */

import { columnExpressions, type ModelDefinition } from "../../model/definition.js";
import type { Entity } from "../../model/entity.js";
import { adderOf, homeOf, kindsOf, tableOwnersOf } from "../../model/inheritance.js";
import { keyName } from "../../model/joined.js";
import { modelColumns } from "../../model/source.js";
import type { Join } from "../../query/from.js";
import { Column } from "../../sql/column.js";
import { JoinedTables, type Selectable, Table, TableAlias } from "../../sql/selectable.js";
import { kindName } from "../mapped-table.js";
import { type MappedColumn, type Mapper, mapperOf } from "../mapper.js";
import type { MappedRelation } from "../relation.js";
import type { LoadTree } from "./load-tree.js";

/** A column that only rows of some models have, where it is read. */
export interface KindColumn {
  /** Under which it is selected: see kindName. */
  readonly name: string;
  readonly mapped: MappedColumn;
  readonly column: Column<unknown>;
}

/** Columns of a model that are loaded by a statement of their own, for all objects of it. */
export interface KindLoad {
  readonly mapper: Mapper;
  readonly columns: readonly MappedColumn[];
}

/** What is known of the models that inherit from the one of an entity. */
export interface Kinds {
  readonly mappers: readonly Mapper[];
  readonly columns: readonly KindColumn[];
  /** Brings tables that the entity isn't read from. */
  readonly joins: readonly Join[];
}

export const noKinds: Kinds = { mappers: [], columns: [], joins: [] };

/** A table that is joined with an entity, for what models that inherit have in it. */
export interface JoinedKind {
  readonly owner: ModelDefinition;
  readonly alias: TableAlias;
}

/** The columns of the models that inherit, as far as they are read: from the entity's own tables, and from those joined. */
export function kindsWith(entity: Entity, joined: readonly JoinedKind[]): Kinds {
  const mappers = kindsOf(entity.definition).slice(1).map(mapperOf);
  const own = tablesRead(entity);
  const columns = mappers.flatMap((mapper) => addedColumns(mapper, entity, own, joined));
  return { mappers, columns, joins: joined.map((kind) => joinTable(entity, kind)) };
}

/** The tables that options or models have joined with an entity. */
export function tablesInline({ definition }: Entity, tree: LoadTree): readonly ModelDefinition[] {
  const inline = kindsOf(definition).filter((kind) => kind !== definition && tree.loadOfKind(kind) === "inline");
  const own = tableOwnersOf(definition);
  return [...new Set(inline.flatMap(tableOwnersOf))].filter((owner) => !own.includes(owner));
}

/** The models whose tables an entity is read from; of a subquery, none are known. */
function tablesRead({ definition, from }: Entity): readonly object[] {
  if (from instanceof JoinedTables) return from.parts.map(({ owner }) => owner);
  return from instanceof Table || from instanceof TableAlias ? tableOwnersOf(definition) : [];
}

function addedColumns(
  mapper: Mapper,
  { from }: Entity,
  own: readonly object[],
  joined: readonly JoinedKind[],
): readonly KindColumn[] {
  const { definition } = mapper;
  const read = columnExpressions(definition, from);
  return mapper.columns.flatMap((mapped): KindColumn[] => {
    const { property, computed } = mapped;
    if (adderOf(definition, property) !== definition) return [];
    const home = homeOf(definition, property);
    const alias = joined.find(({ owner }) => owner === home)?.alias;
    const column = own.includes(home)
      ? read[property]
      : alias === undefined || computed
        ? undefined
        : columnFrom(modelColumns(definition)[property], alias);
    return column === undefined ? [] : [{ name: kindName(definition, property), mapped, column }];
  });
}

function columnFrom(column: Column<unknown> | undefined, from: Selectable): Column<unknown> | undefined {
  return column && new Column(column.name, { origin: column.origin, type: column.type, from });
}

/** `LEFT JOIN "engineers" AS "_1_engineers" ON "_1_engineers"."id" = "employees"."id"`. */
function joinTable({ definition, from, columns }: Entity, { owner, alias }: JoinedKind): Join {
  const on = mapperOf(definition).key.flatMap(({ property }) => {
    const above = columns[property];
    if (above === undefined) return [];
    const { origin, type } = above;
    return [new Column(keyName(owner, property), { origin, type, from: alias }).eq(above)];
  });
  return { type: "LEFT JOIN", lateral: false, target: alias, through: null, from, on };
}

/** The relationships that a model has and the one that it inherits from has not. */
export function addedRelations({ definition, relations }: Mapper): readonly MappedRelation[] {
  const inherited = definition.inherits?.relations ?? {};
  return [...relations.values()].filter(({ property }) => !Object.hasOwn(inherited, property));
}
