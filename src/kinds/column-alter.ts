/** How a column becomes another: the longest of the kinds' alterations, in a file of its own. */

import { type CatalogObject, objectId, sameData } from "../catalog/catalog.js";
import { displayName, quoteIdentifier, quoteLiteral, quotePath } from "../sql/identifier.js";
import { type ColumnDefinition, type IdentityDefinition, identityClause } from "./column.js";
import { childrenOf, effectiveColumn, heirsOf } from "./family.js";
import { optionsAction } from "./foreign.js";
import { compressionFollowed, type InheritedColumnDefinition } from "./inherited-column.js";
import type { Alteration, Hazard, Kind, PlanContext, Statement } from "./kind.js";
import { catchUp, sequenceAlterations } from "./sequence.js";
import { alterTable, parameterChanges } from "./statements.js";
import type { TableDefinition } from "./table.js";
import { isArrayType, isUserType, typeFamily } from "./type.js";

type Column = CatalogObject<ColumnDefinition>;

/** ALTER COLUMN actions in the order in which PostgreSQL takes them, or `replace` where it has none. */
export function columnAlteration(from: Column, to: Column, context: PlanContext): Alteration {
  if (generationNeedsReplacement(from, to, context)) return { op: "replace" };
  const retype = typeChange(from, to, context) ?? storageReset(from, to, context);
  const actions = [
    ...dropIdentity(from, to),
    ...generationChange(from, to),
    ...(retype === null ? [] : [retype]),
    ...storageChanges(from, to, retype !== null, context),
    ...(from.definition.compression === to.definition.compression ? [] : compressionFollowed(to.path, context)),
    ...nullability(from, to, context),
    ...setIdentity(from, to),
    ...optionsAction(from.definition.foreignOptions, to.definition.foreignOptions).map((text) => action(to, text)),
  ];
  return {
    op: "statements",
    statements: actions,
    disturbs: (dependant, kind) => retype !== null && isInTheWay(dependant, kind, from, to),
  };
}

function action(column: Column, text: string, hazards: readonly Hazard[] = [], sentence?: string): Statement {
  const name = quoteIdentifier(column.path[2] ?? "");
  const statement = { sql: alterTable(column.path, `ALTER COLUMN ${name} ${text}`), hazards };
  return sentence === undefined ? statement : { ...statement, sentence };
}

/** A generated column's values are computed, so a change that has no ALTER may drop it; a plain column becomes one only so. */
function generationNeedsReplacement(from: Column, to: Column, context: PlanContext): boolean {
  const [before, after] = [from.definition.generated, to.definition.generated];
  if (before === undefined && after === undefined) return false;
  if (before === undefined) return true;
  if (after === undefined) return before.storage === "virtual";
  if (before.storage !== after.storage) return true;
  if (from.definition.type !== to.definition.type || from.definition.collation !== to.definition.collation) return true;
  if (context.swapsUnder(from.id).length > 0) return true;
  return before.expression !== after.expression && context.to.serverVersion < 170000;
}

function generationChange(from: Column, to: Column): Statement[] {
  const [before, after] = [from.definition.generated, to.definition.generated];
  if (before !== undefined && after === undefined) return [action(to, "DROP EXPRESSION")];
  if (before !== undefined && after !== undefined && before.expression !== after.expression)
    return [action(to, `SET EXPRESSION AS (${after.expression})`, before.storage === "stored" ? ["rewrite"] : [])];
  return [];
}

function typeChange(from: Column, to: Column, context: PlanContext): Statement | null {
  const [before, after] = [from.definition, to.definition];
  const [swap] = context.swapsUnder(from.id);
  if (before.type === after.type && before.collation === after.collation && swap === undefined) return null;
  const name = quoteIdentifier(to.path[2] ?? "");
  // A foreign table holds no values.
  const using = isForeign(to, context)
    ? null
    : (context.usingFor(to.id) ?? usingRule(name, before.type, after.type, swap));
  const collate = after.collation === undefined ? "" : ` COLLATE ${after.collation}`;
  return action(
    to,
    `TYPE ${after.type}${collate}${using === null ? "" : ` USING ${using}`}`,
    swap?.losesValues ? ["rewrite", "may-fail", "data-loss"] : ["rewrite", "may-fail"],
    before.type === after.type ? `move column ${displayName(to.path)} to the new ${after.type}` : undefined,
  );
}

function isForeign({ path }: Column, { to }: PlanContext): boolean {
  // Objects of this kind have this definition.
  const table = to.objects.get(objectId("table", path.slice(0, 2))) as CatalogObject<TableDefinition> | undefined;
  return table?.definition.foreign !== undefined;
}

/** Before PostgreSQL 16 there is no SET STORAGE DEFAULT, but the same type anew has its own storage. */
function storageReset(from: Column, to: Column, context: PlanContext): Statement | null {
  const { type, storage, collation } = to.definition;
  if (from.definition.storage === undefined || storage !== undefined || context.to.serverVersion >= 160000) return null;
  return action(to, `TYPE ${type}${collation === undefined ? "" : ` COLLATE ${collation}`}`);
}

/**
 * Within a family PostgreSQL's assignment cast does it, and refuses what does not fit (an explicit cast would cut it).
 * A user's type is reached through text, which every type can be read from. Else an explicit cast; where PostgreSQL has
 * none, the proof says so before anything runs.
 */
function usingRule(
  column: string,
  from: string,
  to: string,
  swap: { carry(expression: string, isArray: boolean): string } | undefined,
): string | null {
  if (swap !== undefined) return `${swap.carry(column, isArrayType(from))}::${to}`;
  const [familyFrom, familyTo] = [typeFamily(from), typeFamily(to)];
  if (familyFrom === familyTo) return null;
  if (familyTo === "string" || (familyTo === "string[]" && isArrayType(from))) return null;
  if (isUserType(from) || isUserType(to)) return `${column}::text::${to}`;
  return `${column}::${to}`;
}

/** What PostgreSQL would refuse to carry along, or would carry along wrongly, when the column's type changes. */
function isInTheWay(dependant: CatalogObject, kind: Kind, from: Column, to: Column): boolean {
  const related =
    typeFamily(from.definition.type) === typeFamily(to.definition.type) && from.definition.type !== to.definition.type;
  switch (dependant.kind) {
    case "default":
    case "foreign key":
      return !related;
    case "inherited column":
      // Its own default is in the way as the column's is.
      return !related && typeof (dependant.definition as InheritedColumnDefinition).default === "string";
    case "column":
      return true;
    default:
      return kind.bindsColumns?.(dependant) ?? false;
  }
}

function storageChanges(from: Column, to: Column, retyped: boolean, { to: catalog }: PlanContext): Statement[] {
  // A new type brings its own storage and compression.
  const before = retyped ? { ...from.definition, storage: undefined, compression: undefined } : from.definition;
  const after = to.definition;
  const statements = [
    ...(before.storage === after.storage ? [] : [`SET STORAGE ${after.storage?.toUpperCase() ?? "DEFAULT"}`]),
    ...(before.compression === after.compression ? [] : [`SET COMPRESSION ${after.compression ?? "DEFAULT"}`]),
    ...parameterChanges(before.options, after.options),
  ].map((text) => action(to, text));
  if (before.statistics === after.statistics) return statements;
  // Those that have the column from the table have targets of their own.
  const only = childrenOf(catalog, to.path.slice(0, 2)).length === 0 ? "" : "ONLY ";
  const name = quoteIdentifier(to.path[2] ?? "");
  const sql = `ALTER TABLE ${only}${quotePath(to.path.slice(0, 2))} ALTER COLUMN ${name} SET STATISTICS ${after.statistics ?? -1}`;
  return [...statements, { sql }];
}

function nullability(from: Column, to: Column, context: PlanContext): Statement[] {
  if (from.definition.notNull === to.definition.notNull) return [];
  if (to.definition.notNull) return [action(to, "SET NOT NULL", ["may-fail", "scan"])];
  const name = to.path[2] ?? "";
  // Those that had said so themselves would keep it.
  const keeping = heirsOf(context.from, to.path.slice(0, 2)).filter(
    ({ path, definition }) =>
      definition.mergedNotNull?.includes(name) &&
      effectiveColumn(context.to, [...path, name])?.object.definition.notNull === undefined,
  );
  return [to, ...keeping].map(({ path }) => action({ ...to, path: [...path.slice(0, 2), name] }, "DROP NOT NULL"));
}

function dropIdentity(from: Column, to: Column): Statement[] {
  return from.definition.identity && !to.definition.identity ? [action(to, "DROP IDENTITY")] : [];
}

function setIdentity(from: Column, to: Column): Statement[] {
  const [before, after] = [from.definition.identity, to.definition.identity];
  if (after === undefined) return [];
  if (before === undefined) return [action(to, `ADD ${identityClause(to.path, after)}`), ...identityCatchUp(to, after)];
  const generation = before.generation === after.generation ? [] : [`SET GENERATED ${after.generation.toUpperCase()}`];
  const alter = (changes: readonly string[]) =>
    action(
      to,
      [...generation, ...changes.map((change) => (change === "RESTART" ? change : `SET ${change}`))].join(" "),
    );
  // The sequence's type follows the column's by itself.
  const type = to.definition.type;
  const changes = sequenceAlterations(
    before.sequence ?? [],
    { ...before, type },
    { ...after, type },
    (some) => alter(some).sql,
  );
  if (changes.length === 0 && generation.length > 0) return [alter([]), ...renameSequence(before, after)];
  return [...changes, ...renameSequence(before, after)];
}

function renameSequence(before: IdentityDefinition, after: IdentityDefinition): Statement[] {
  if (before.sequence === undefined || after.sequence === undefined || sameData(before.sequence, after.sequence))
    return [];
  const [schema = "", name = ""] = after.sequence;
  const moved = [schema, before.sequence[1] ?? ""];
  return [
    ...(before.sequence[0] === schema
      ? []
      : [
          {
            sql: `ALTER SEQUENCE ${quotePath(before.sequence)} SET SCHEMA ${quoteIdentifier(schema)}`,
            sentence: `move sequence ${displayName(before.sequence)} to schema ${schema}`,
          },
        ]),
    ...(before.sequence[1] === name
      ? []
      : [
          {
            sql: `ALTER SEQUENCE ${quotePath(moved)} RENAME TO ${quoteIdentifier(name)}`,
            sentence: `rename sequence ${displayName(moved)} to ${name}`,
          },
        ]),
  ];
}

/** An identity put on a column that holds values starts after them. */
function identityCatchUp({ path, definition: { type } }: Column, identity: IdentityDefinition): Statement[] {
  const [table, name] = [quotePath(path.slice(0, 2)), path[2] ?? ""].map((text) => quoteLiteral(text).trimStart());
  return catchUp(
    `pg_get_serial_sequence(${table}, ${name})`,
    { ...identity, type },
    path,
    `start the identity of ${displayName(path)} after the values that are there`,
  );
}
