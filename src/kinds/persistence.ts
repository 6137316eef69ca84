/**
 * Logged or not: a logged table may not reference one that isn't, so tables change one after the other; and from PostgreSQL
 * 15 on a table takes the sequences that its columns own along.
 */

import { type CatalogObject, objectId } from "../catalog/catalog.js";
import { quotePath } from "../sql/identifier.js";
import type { ForeignKeyDefinition } from "./foreign-key.js";
import type { PlanContext, Statement } from "./kind.js";
import type { OwnershipDefinition, SequenceDefinition } from "./sequence.js";
import { alterTable } from "./statements.js";
import type { TableDefinition } from "./table.js";

/** A foreign key between two tables that both change, and so in the same direction. */
interface MovingReference {
  readonly id: string;
  readonly table: string;
  readonly references: string;
}

/** `SET UNLOGGED` or `SET LOGGED`, and the sequences that are to be otherwise. */
export function tablePersistence(
  from: CatalogObject<TableDefinition>,
  to: CatalogObject<TableDefinition>,
  context: PlanContext,
): readonly Statement[] {
  if (from.definition.unlogged === to.definition.unlogged) return [];
  const word = persistenceWord(to.definition);
  return [
    { sql: alterTable(to.path, `SET ${word}`), hazards: ["rewrite"] },
    ...sequencesTaken(to.path, context)
      .filter(({ definition }) => definition.unlogged !== to.definition.unlogged)
      .map(({ path, definition }) => ({ sql: setSequencePersistence(path, definition) })),
  ];
}

/** `ALTER SEQUENCE … SET UNLOGGED`, where its table does not see to it. */
export function sequencePersistence(
  from: CatalogObject<SequenceDefinition>,
  to: CatalogObject<SequenceDefinition>,
  context: PlanContext,
): readonly Statement[] {
  if (from.definition.unlogged === to.definition.unlogged) return [];
  const owner = ownerTable(context.from.objects.get(objectId("sequence owner", to.path)));
  if (owner !== null && sequencesTaken(owner, context).some(({ id }) => id === to.id)) return [];
  return [{ sql: setSequencePersistence(to.path, to.definition) }];
}

/** Whether two tables that a foreign key joins can't be put in an order, so that it has to make room. */
export function isInCircle(foreignKey: CatalogObject, context: PlanContext): boolean {
  const references = movingReferences(context);
  const start = references.find(({ id }) => id === foreignKey.id);
  if (start === undefined) return false;
  const reached = new Set([start.references]);
  for (const table of reached) for (const next of references) if (next.table === table) reached.add(next.references);
  return reached.has(start.table);
}

/** The tables that have to change before this one does: those that it references become logged first, unlogged last. */
export function changesBefore(table: CatalogObject<TableDefinition>, context: PlanContext): readonly string[] {
  if (!changes(table.id, context)) return [];
  return movingReferences(context)
    .filter(({ id }) => context.survives("foreign key", context.to.objects.get(id)?.path ?? []))
    .flatMap(({ table: referencing, references }) => {
      if (table.definition.unlogged) return references === table.id ? [referencing] : [];
      return referencing === table.id ? [references] : [];
    });
}

function movingReferences(context: PlanContext): readonly MovingReference[] {
  const found: MovingReference[] = [];
  for (const { id, kind, path, definition } of context.to.objects.values()) {
    if (kind !== "foreign key" || !context.from.objects.has(id)) continue;
    // Objects of this kind have this definition, which their common type doesn't say.
    const references = objectId("table", (definition as ForeignKeyDefinition).table);
    const table = objectId("table", path.slice(0, 2));
    // A table may reference itself all along.
    if (table !== references && changes(table, context) && changes(references, context))
      found.push({ id, table, references });
  }
  return found;
}

function changes(id: string, { from, to }: PlanContext): boolean {
  const [before, after] = [from.objects.get(id), to.objects.get(id)] as (CatalogObject<TableDefinition> | undefined)[];
  return before !== undefined && after !== undefined && before.definition.unlogged !== after.definition.unlogged;
}

/** The sequences that change with the table: its own before and after. */
function sequencesTaken(table: readonly string[], context: PlanContext): readonly CatalogObject<SequenceDefinition>[] {
  if (context.to.serverVersion < 150000 || !changes(objectId("table", table), context)) return [];
  const found: CatalogObject<SequenceDefinition>[] = [];
  for (const owner of context.from.objects.values()) {
    if (owner.kind !== "sequence owner") continue;
    const owners = [owner, context.to.objects.get(owner.id)].map(ownerTable);
    if (!owners.every((path) => path !== null && quotePath(path) === quotePath(table))) continue;
    const sequence = context.to.objects.get(objectId("sequence", owner.path));
    if (sequence !== undefined) found.push(sequence as CatalogObject<SequenceDefinition>);
  }
  return found;
}

function ownerTable(owner: CatalogObject | undefined): readonly string[] | null {
  return owner === undefined ? null : (owner.definition as OwnershipDefinition).column.slice(0, 2);
}

/** Whether a sequence leaves a table that changes: it has to have left before, so as not to be taken along. */
export function leavesChanging(
  from: CatalogObject<OwnershipDefinition>,
  to: CatalogObject<OwnershipDefinition>,
  context: PlanContext,
): boolean {
  const [before, after] = [from, to].map(({ definition }) => objectId("table", definition.column.slice(0, 2)));
  return before !== after && [before, after].some((id) => id !== undefined && changes(id, context));
}

function setSequencePersistence(path: readonly string[], definition: SequenceDefinition): string {
  return `ALTER SEQUENCE ${quotePath(path)} SET ${persistenceWord(definition)}`;
}

function persistenceWord({ unlogged }: { readonly unlogged?: true }): string {
  return unlogged ? "UNLOGGED" : "LOGGED";
}
