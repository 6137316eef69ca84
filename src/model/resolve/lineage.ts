/** Tables that have columns of others: of parents (INHERITS) or of a composite type (OF). */

import { displayName } from "../../sql/identifier.js";
import { declarationOf } from "../brand.js";
import type { InheritedColumnDeclaration, SequenceDeclaration, TableDeclaration } from "../declarations.js";
import { modelDefinitionOf } from "../definition.js";
import type { TableContext } from "./declare-constraint.js";
import { declareColumn } from "./declare-table.js";
import { declareComposite } from "./declare-types.js";
import { type ColumnMetadata, inheritedModels, type TableMetadata } from "./read.js";

/** Where a table's columns come from, and which are its own. */
export type Lineage = Pick<TableDeclaration, "columns" | "inheritedColumns" | "inherits" | "ofType">;

/** A column of a parent. */
interface Source {
  readonly parent: TableMetadata;
  readonly column: ColumnMetadata;
}

/** @param sequences where those of `serial()` columns are put. */
export function declareLineage(context: TableContext, sequences: SequenceDeclaration[]): Lineage {
  const { table } = context;
  const parents = parentsOf(context);
  const type = typeOf(context);
  const parentColumns = new Map<string, Source>(
    parents
      .toReversed()
      .flatMap((parent) => parent.columns.map((column) => [column.name, { parent, column }] as const)),
  );
  const attributes = new Set(type?.attributes.map(({ name }) => name));
  const isOwn = ({ name }: ColumnMetadata) => type === null && !parentColumns.has(name);
  return {
    columns: table.columns.filter(isOwn).map((column) => declareColumn(column, context, sequences)),
    inheritedColumns: table.columns
      .filter((column) => !isOwn(column))
      .map((column) => {
        const source = parentColumns.get(column.name);
        if (type !== null && !attributes.has(column.name))
          context.problems.add(
            "model.of_type",
            `${column.origin} is the column "${column.name}", which the type ${displayName([type.schema, type.name])} does not have; it has ${[...attributes].join(", ")}.`,
          );
        return differences(column, source, context);
      }),
    inherits: parents.map(({ schema, name }) => ({ schema, table: name })),
    ofType: type === null ? null : { schema: type.schema, name: type.name },
  };
}

function parentsOf({ table, tables, problems }: TableContext): readonly TableMetadata[] {
  return inheritedModels(table.definition).flatMap((model) => {
    const parent = tables.of(modelDefinitionOf(model));
    if (parent !== null) return [parent];
    problems.add("model.inherits", `${table.label} inherits from something that is no model; write inherits: [Model].`);
    return [];
  });
}

function typeOf(context: TableContext) {
  const { ofType } = context.table.definition.options;
  const definition = ofType === undefined ? null : declarationOf(ofType);
  return definition?.kind === "composite" ? declareComposite(definition, context) : null;
}

/** What a column says that where it comes from doesn't; what it says of a sequence is its source's. */
function differences(
  column: ColumnMetadata,
  source: Source | undefined,
  context: TableContext,
): InheritedColumnDeclaration {
  const declare = (each: ColumnMetadata, table: TableMetadata) =>
    declareColumn({ ...each, spec: { ...each.spec, identity: null } }, { ...context, table }, null);
  const own = declare(column, context.table);
  const above = source === undefined ? null : declare(source.column, source.parent);
  const other = <Value>(value: Value, inherited: Value | undefined) =>
    JSON.stringify(value) === JSON.stringify(inherited ?? null) ? null : value;
  return {
    origin: own.origin,
    name: own.name,
    notNull: own.notNull === (above?.notNull ?? false) ? null : own.notNull,
    default: own.default === (above?.default ?? null) ? null : (own.default ?? false),
    generated: other(own.generated, above?.generated),
    storage: other(own.storage, above?.storage),
    compression: other(own.compression ?? "default", above?.compression ?? "default"),
    statistics: own.statistics,
    options: own.options,
    comment: own.comment,
  };
}
