/** UPDATE and DELETE of a model whose rows are in several tables, as far as one statement can do it. */

import { type ModelDefinition, modelName } from "../model/definition.js";
import type { Entity } from "../model/entity.js";
import { kindsOf, ownsTable, tableOwnersOf } from "../model/inheritance.js";
import { metadataOf } from "../model/metadata.js";
import type { Column } from "../sql/column.js";
import { QueryError } from "../sql/errors.js";
import { conjuncts } from "../sql/expression.js";
import type { SqlFragment, SqlWriter } from "../sql/fragment.js";
import { writeParts } from "../sql/operand.js";
import { JoinedTables, type Selectable } from "../sql/selectable.js";

/** The table that a statement changes, and what it reads besides. */
export interface ChangedTable {
  readonly table: Selectable;
  readonly others: readonly Selectable[];
  /** Which rows of the others belong to a row of the table, and which rows are meant. */
  readonly conditions: readonly SqlFragment[];
}

/**
 * The table with the columns of `part`, the others joined to it: `UPDATE "engineers" SET … FROM "employees" WHERE
 * "engineers"."id" = "employees"."id"`.
 *
 * @param read further elements of FROM.
 */
export function changedTable(
  { from }: Entity,
  part: object | null,
  read: readonly Selectable[],
  writer: SqlWriter,
): ChangedTable {
  const restrictions = [from, ...read].flatMap((each) => writer.restrictions(each));
  if (!(from instanceof JoinedTables)) return { table: from, others: read, conditions: restrictions };
  const { table } = from.part(part);
  const others = from.parts.flatMap((each) => (each.table === table ? [] : [each.table]));
  const [, ...joined] = from.parts;
  const matches = joined.map(
    (each): SqlFragment => ({
      atomic: true,
      writeSql: (writer) => writer.text(from.keyMatch(each)),
    }),
  );
  return { table, others: [...others, ...read], conditions: [...matches, ...restrictions] };
}

/** ` FROM "users", "posts"`, or USING. */
export function writeOthers(word: "FROM" | "USING", others: readonly Selectable[], writer: SqlWriter): void {
  for (const [i, selectable] of others.entries()) {
    writer.text(i === 0 ? ` ${word} ` : ", ");
    selectable.writeFrom(writer);
  }
}

export function writeWhere(conditions: readonly SqlFragment[], writer: SqlWriter): void {
  if (conditions.length > 0) writeParts([" WHERE ", ...conjuncts(conditions)], writer);
}

/** One INSERT fills one table. @throws QueryError `query.several_tables` */
export function refuseInsert({ definition, from }: Entity): void {
  if (from instanceof JoinedTables)
    throw refused(
      `An INSERT fills one table, and a row of ${modelName(definition)} is in several; add objects to a session: session.add(new ${modelName(definition)}({ … })).`,
    );
}

/**
 * A DELETE from the first table has the foreign keys of the others delete the rest.
 *
 * @throws QueryError `query.several_tables` where one of them doesn't.
 */
export function refuseDelete({ definition, from }: Entity): void {
  if (!(from instanceof JoinedTables)) return;
  const owners = new Set([...tableOwnersOf(definition), ...kindsOf(definition).filter(ownsTable)]);
  const stays = [...owners].find((owner) => owner.inherits !== null && !goesWithRow(owner));
  if (stays === undefined) return;
  throw refused(
    `A DELETE is of one table, and a row of ${modelName(definition)} is in several, of which that of ${modelName(stays)} does not go with the others; give its foreign key onDelete: "cascade", or delete objects: session.delete(…).`,
  );
}

function goesWithRow({ model, parent }: ModelDefinition): boolean {
  return metadataOf(model ?? parent).keyReference?.spec.options.onDelete === "cascade";
}

/**
 * The columns that are set have to be in one table, which is the first where none is set.
 *
 * @returns the model whose table has them. @throws QueryError `query.several_tables`
 */
export function partOf({ definition, from }: Entity, columns: readonly Column<unknown>[]): object | null {
  if (!(from instanceof JoinedTables)) return null;
  const part = columns[0]?.part ?? null;
  const stray = columns.find((column) => column.part !== part);
  if (stray === undefined) return part;
  throw refused(
    `An UPDATE is of one table, and ${columns[0]?.origin.property} and ${stray.origin.property} of ${modelName(definition)} are in two; write one for each, or change objects.`,
  );
}

function refused(sentence: string): QueryError {
  return new QueryError("query.several_tables", sentence);
}
