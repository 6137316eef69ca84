/** Finds what foreign keys point to. */

import type { Column } from "../../sql/column.js";
import { displayName } from "../../sql/identifier.js";
import type { ForeignKeySpec } from "../constraints.js";
import type { ModelDefinition } from "../definition.js";
import { kindsOf, ownsTable, rootOf, tableOwnerOf } from "../inheritance.js";
import type { Problems } from "../problems.js";
import { checkKeyReference } from "./key-reference.js";
import {
  type ColumnMetadata,
  type ReadConstraint,
  type TableMetadata,
  targetColumns,
  targetDefinition,
  wholeTable,
} from "./read.js";

export interface ForeignKeyMetadata {
  readonly table: TableMetadata;
  readonly columns: readonly ColumnMetadata[];
  readonly target: TableMetadata;
  readonly targetColumns: readonly ColumnMetadata[];
  readonly spec: ForeignKeySpec;
  readonly origin: string;
}

/** All tables of a load, to be found by model or by name. */
export class Tables {
  private readonly byDefinition = new Map<ModelDefinition, TableMetadata>();
  private readonly byName = new Map<string, TableMetadata>();

  constructor(readonly defaultSchema: string) {}

  get all(): readonly TableMetadata[] {
    return [...this.byDefinition.values()];
  }

  add(table: TableMetadata, problems: Problems): void {
    this.byDefinition.set(table.definition, table);
    // It goes by the model whose table it shares.
    if (!ownsTable(table.definition)) return;
    const key = JSON.stringify([table.schema, table.name]);
    const other = this.byName.get(key);
    if (other !== undefined)
      problems.add(
        "model.table_duplicate",
        `${other.label} and ${table.label} are both the table ${displayName([table.schema, table.name])}; give one of them another tablename.`,
      );
    else this.byName.set(key, table);
  }

  /** The tables that are in the database, each with what all models say of it. */
  whole(problems: Problems): readonly TableMetadata[] {
    return this.all
      .filter(({ definition }) => ownsTable(definition))
      .map((table) => {
        const kinds = kindsOf(table.definition).slice(1);
        const heirs = kinds.filter((kind) => tableOwnerOf(kind) === table.definition);
        return wholeTable(
          table,
          heirs.flatMap((heir) => this.of(heir) ?? []),
          problems,
        );
      });
  }

  of(definition: ModelDefinition | null): TableMetadata | null {
    return definition === null ? null : (this.byDefinition.get(definition) ?? null);
  }

  /** Whether no other table had its name before. */
  isFirst(table: TableMetadata): boolean {
    return this.byName.get(JSON.stringify([table.schema, table.name])) === table;
  }

  /** `users` in the schema of `from`, then in the default one; `auth.users` in that schema. */
  named(path: string, from: TableMetadata): TableMetadata | null {
    const find = (schema: string, name: string) => this.byName.get(JSON.stringify([schema, name])) ?? null;
    const dot = path.indexOf(".");
    const bare = find(from.schema, path) ?? find(this.defaultSchema, path);
    return bare ?? (dot < 0 ? null : find(path.slice(0, dot), path.slice(dot + 1)));
  }
}

/** The columns of a table behind expressions of it, or null with a problem for one of another table. */
export function ownColumns(
  table: TableMetadata,
  columns: readonly Column<unknown>[],
  what: string,
  problems: Problems,
): readonly ColumnMetadata[] | null {
  // A column's definition is always a model's: base.ts makes all of them.
  const found = columns.map((column) =>
    rootOf(column.origin.definition as ModelDefinition) === rootOf(table.definition)
      ? // Of a key that several tables have, its own.
        [...table.own.columns, ...table.columns].find((own) => own.property === column.origin.property)
      : undefined,
  );
  const strange = columns.find((_, i) => found[i] === undefined);
  if (strange === undefined) return found.flatMap((column) => column ?? []);
  problems.add(
    "model.constraint_column",
    `${what} of ${table.label} names ${displayName([...strange.qualifier, strange.name])}, which is a column of another table; take the columns that the constraints callback is given.`,
  );
  return null;
}

/** One foreign key with its target, or null with a problem. */
export function resolveForeignKey(
  table: TableMetadata,
  { origin }: ReadConstraint,
  spec: ForeignKeySpec,
  tables: Tables,
  problems: Problems,
): ForeignKeyMetadata | null {
  const columns = ownColumns(table, spec.columns, "A foreign key", problems);
  const where = origin === table.label ? `A foreign key of ${table.label}` : origin;
  const found = findTarget(table, spec, where, tables, problems);
  if (columns === null || found === null) return null;
  const { target, columns: targets } = found;
  const key = { table, columns, target, targetColumns: targets, spec, origin };
  return checkForeignKey(key, where, problems) && checkKeyReference(key, where, problems) ? key : null;
}

interface Target {
  readonly target: TableMetadata;
  readonly columns: readonly ColumnMetadata[];
}

function findTarget(
  table: TableMetadata,
  spec: ForeignKeySpec,
  where: string,
  tables: Tables,
  problems: Problems,
): Target | null {
  if (spec.target === null) {
    problems.add("model.reference_table", `${where} references nothing; end it with .references(() => Model).`);
    return null;
  }
  if (typeof spec.target === "string")
    return findByName(table, spec.target, spec.targetColumns, where, tables, problems);
  const late = spec.target;
  const given = problems.attempt("model.reference_table", where, () => ({ value: late() }));
  if (given === null) return null;
  const target = tables.of(targetDefinition(given.value));
  if (target === null) {
    problems.add(
      "model.reference_table",
      `${where} references something that is neither a model nor a column of one; write references(() => Model.column).`,
    );
    return null;
  }
  const columns = ownColumns(target, targetColumns(given.value), `The target of ${where}`, problems);
  if (columns === null) return null;
  if (spec.targetColumns !== null) return byColumnNames(target, spec.targetColumns, where, problems);
  if (columns.length > 0) return holderOf(target, columns, tables) ?? { target, columns };
  return { target, columns: primaryKeyOf(target, where, problems) };
}

/** The table that has the columns: of a model that inherits, they may be in one above. */
function holderOf(table: TableMetadata, columns: readonly ColumnMetadata[], tables: Tables): Target | null {
  const held = columns.flatMap(({ property }) => table.own.columns.find((own) => own.property === property) ?? []);
  if (held.length === columns.length) return { target: table, columns: held };
  const above = tables.of(table.definition.inherits);
  return above === null ? null : holderOf(above, columns, tables);
}

function findByName(
  table: TableMetadata,
  path: string,
  names: readonly string[] | null,
  where: string,
  tables: Tables,
  problems: Problems,
): Target | null {
  const whole = tables.named(path, table);
  if (whole !== null)
    return names === null
      ? { target: whole, columns: primaryKeyOf(whole, where, problems) }
      : byColumnNames(whole, names, where, problems);
  const dot = path.lastIndexOf(".");
  const target = dot < 0 ? null : tables.named(path.slice(0, dot), table);
  if (target !== null && names === null) return byColumnNames(target, [path.slice(dot + 1)], where, problems);
  problems.add(
    "model.reference_table",
    `${where} references "${path}", and no loaded model has such a table; load its model, or correct the name (the table's, not the class's).`,
  );
  return null;
}

function byColumnNames(
  target: TableMetadata,
  names: readonly string[],
  where: string,
  problems: Problems,
): Target | null {
  const known = ownsTable(target.definition) ? target.own.columns : target.columns;
  const columns = names.map((name) => known.find((column) => column.name === name));
  const missing = names.find((_, i) => columns[i] === undefined);
  if (missing === undefined) return { target, columns: columns.flatMap((column) => column ?? []) };
  const property = known.find((column) => column.property === missing);
  const hint =
    property === undefined ? `it has ${known.map((c) => c.name).join(", ")}` : `in the database it is ${property.name}`;
  problems.add(
    "model.reference_column",
    `${where} references the column "${missing}" of ${target.label} (${displayName([target.name])}), which does not exist; ${hint}.`,
  );
  return null;
}

function primaryKeyOf(target: TableMetadata, where: string, problems: Problems): readonly ColumnMetadata[] {
  if (target.primaryKey.length === 0)
    problems.add(
      "model.reference_column",
      `${where} references ${target.label}, which has no primary key; name the columns.`,
    );
  const own = ({ property }: ColumnMetadata) => target.own.columns.find((column) => column.property === property);
  return target.primaryKey.map((column) => own(column) ?? column);
}

function checkForeignKey(key: ForeignKeyMetadata, where: string, problems: Problems): boolean {
  const { columns, target, targetColumns } = key;
  if (targetColumns.length === 0) return false;
  if (columns.length !== targetColumns.length) {
    problems.add(
      "model.reference_arity",
      `${where} has ${columns.length} column${columns.length === 1 ? "" : "s"} and references ${targetColumns.length} of ${target.label} (${targetColumns.map((c) => c.name).join(", ")}); name as many on both sides, with foreignKey() in constraints.`,
    );
    return false;
  }
  for (const [i, column] of columns.entries()) {
    const other = targetColumns[i]!;
    const [left, right] = [column.spec.type, other.spec.type];
    if (left.family !== null && right.family !== null && left.family !== right.family)
      problems.add(
        "model.reference_type",
        `${column.origin} is ${left.sql(null)} and references ${other.origin}, which is ${right.sql(null)}; give both the same type.`,
      );
  }
  if (!isKey(target, targetColumns))
    problems.add(
      "model.reference_key",
      `${where} references ${targetColumns.map((c) => c.origin).join(", ")}, which is not unique; make it the primary key or .unique().`,
    );
  return true;
}

/** A foreign key needs a primary key, unique constraint or whole unique index over just these columns. */
function isKey(table: TableMetadata, columns: readonly ColumnMetadata[]): boolean {
  const wanted = new Set(columns.map((column) => column.property));
  return table.constraints.some(({ spec }) => {
    if (spec.kind === "primary key" || spec.kind === "unique")
      return sameSet(
        spec.columns.map((c) => c.origin.property),
        wanted,
      );
    if (spec.kind !== "index" || !spec.unique || spec.where !== null) return false;
    return sameSet(spec.parts.map(partProperty), wanted);
  });
}

function partProperty(part: unknown): string | null {
  return targetColumns(part)[0]?.origin.property ?? null;
}

function sameSet(columns: readonly (string | null)[], wanted: ReadonlySet<string>): boolean {
  return columns.length === wanted.size && columns.every((column) => column !== null && wanted.has(column));
}
