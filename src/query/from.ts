/** FROM: what rows are read from, and how it is joined. */

import { entityOf } from "../model/entity.js";
import { Relationship } from "../model/relationship.js";
import { QueryError } from "../sql/errors.js";
import { conjuncts } from "../sql/expression.js";
import type { SqlFragment, SqlWriter } from "../sql/fragment.js";
import { clipBytes, displayName, maxIdentifierBytes, quoteIdentifier } from "../sql/identifier.js";
import { writeParts } from "../sql/operand.js";
import { type Selectable, shareName, shortName, tablesIn } from "../sql/selectable.js";
import { selectableKey } from "./subquery.js";

export type JoinType = "JOIN" | "LEFT JOIN" | "RIGHT JOIN" | "FULL JOIN" | "CROSS JOIN";

/** One join, sorted out. */
export interface Join {
  readonly type: JoinType;
  readonly lateral: boolean;
  readonly target: Selectable;
  /** The join table of a many-to-many relationship, joined with the target. */
  readonly through: { readonly table: Selectable; readonly on: readonly SqlFragment[] } | null;
  /** What the relationship leads away from, which has to be in FROM. */
  readonly from: Selectable | null;
  readonly on: readonly SqlFragment[];
}

/** What a model, an alias, a subquery or a CTE is in FROM. @throws QueryError `query.not_selectable` */
export function selectableOf(target: unknown): Selectable {
  const entity = entityOf(target);
  if (entity !== null) return entity.from;
  if (typeof target === "object" && target !== null && selectableKey in target)
    // The key is ours alone: what stands under it is a selectable.
    return target[selectableKey] as Selectable;
  throw new QueryError(
    "query.not_selectable",
    `What is joined or read from is ${target === undefined ? "undefined" : `a ${typeof target}`}, and no model, alias, subquery or CTE; a select() needs .subquery("name").`,
  );
}

/** A join with a relationship, or with something that can stand in FROM. */
export function readJoin(type: JoinType, target: unknown, conditions: readonly SqlFragment[], lateral = false): Join {
  if (!(target instanceof Relationship))
    return { type, lateral, target: selectableOf(target), through: null, from: null, on: conditions };
  const { target: entity, through, on } = target.path();
  return { type, lateral, target: entity.from, through, from: target.from.from, on: [...on, ...conditions] };
}

/**
 * ` FROM "users" JOIN "posts" ON …`; nothing where there is nothing to read from.
 *
 * @param read what the selected elements are read from, in their order.
 * @param given what `selectFrom` says; empty: what is read.
 * @returns what is yet to hold, in WHERE: which rows are meant of what is not joined.
 * @throws QueryError `query.alias_needed`, `query.no_from`
 */
export function writeFrom(
  read: Iterable<Selectable>,
  given: readonly Selectable[],
  joins: readonly Join[],
  writer: SqlWriter,
): readonly SqlFragment[] {
  const roots = rootsOf(read, given, joins, writer);
  const inside = joins.some(keepsTarget);
  for (const [i, { target, restrictions }] of roots.entries()) {
    // With a comma, a condition of a join would see the last of them only.
    writer.text(i === 0 ? " FROM " : joins.length > 0 ? " CROSS JOIN " : ", ");
    writeRestricted(target, inside ? restrictions : [], writer);
  }
  for (const join of joins) writeJoin(join, writer);
  return inside ? [] : roots.flatMap(({ restrictions }) => restrictions);
}

/** What is not joined, with which of its rows are meant. */
interface Root {
  readonly target: Selectable;
  readonly restrictions: readonly SqlFragment[];
}

function rootsOf(
  read: Iterable<Selectable>,
  given: readonly Selectable[],
  joins: readonly Join[],
  writer: SqlWriter,
): readonly Root[] {
  const roots = given.length > 0 ? given.map((each) => asRoot(each, writer)) : rootsRead(read, joins, writer);
  refuseTwice([...roots.map(({ target }) => target), ...joins.map(({ target }) => target)]);
  if (roots.length === 0 && joins.length > 0)
    throw new QueryError(
      "query.no_from",
      `Nothing is left for ${displayName(joins[0]!.target.qualifier)} to be joined to; say what with .selectFrom(Model).`,
    );
  return roots;
}

function asRoot(target: Selectable, writer: SqlWriter): Root {
  return { target, restrictions: writer.restrictions(target) };
}

/** Without those that others bring: the tables of a model that inherits have those of what it inherits from. */
function rootsRead(read: Iterable<Selectable>, joins: readonly Join[], writer: SqlWriter): readonly Root[] {
  const joined = new Set(joins.map(({ target }) => target));
  const wanted = new Set([...read, ...joins.flatMap(({ from }) => from ?? [])]);
  const selectables = [...wanted].filter((selectable) => !joined.has(selectable));
  if (selectables.length < 2) return selectables.map((each) => asRoot(each, writer));
  const largestFirst = [...selectables].sort((a, b) => tablesIn(b).length - tablesIn(a).length);
  const roots: Selectable[] = [];
  for (const each of largestFirst) if (!roots.some((root) => brings(root, each))) roots.push(each);
  const brought = (root: Selectable) => selectables.filter((each) => brings(root, each));
  return selectables
    .filter((each) => roots.includes(each))
    .map((target) => ({ target, restrictions: brought(target).flatMap((each) => writer.restrictions(each)) }));
}

/** Whether all names that one would have in FROM are another's already. */
function brings(root: Selectable, other: Selectable): boolean {
  const names = new Set(tablesIn(root).map(({ qualifier }) => displayName(qualifier)));
  return tablesIn(other).every(({ qualifier }) => names.has(displayName(qualifier)));
}

function refuseTwice(selectables: readonly Selectable[]): void {
  for (const [i, each] of selectables.entries()) {
    if (!selectables.slice(0, i).some((other) => shareName(other, each))) continue;
    throw new QueryError(
      "query.alias_needed",
      `${displayName(each.qualifier)} stands in FROM twice, and one of them needs another name; join alias(Model, "other").`,
    );
  }
}

/** Whether rows of the target stay that match nothing: a condition of the join doesn't keep any out. */
function keepsTarget({ type }: Join): boolean {
  return type === "RIGHT JOIN" || type === "FULL JOIN";
}

function writeJoin(join: Join, writer: SqlWriter): void {
  const { lateral, target, through, on: conditions } = join;
  const restrictions = writer.restrictions(target);
  const inside = keepsTarget(join);
  const on = inside ? conditions : [...conditions, ...restrictions];
  const type = join.type === "CROSS JOIN" && restrictions.length > 0 ? "JOIN" : join.type;
  writer.text(` ${type} ${lateral ? "LATERAL " : ""}`);
  if (through === null) writeRestricted(target, inside ? restrictions : [], writer);
  else {
    writer.text("(");
    through.table.writeFrom(writer);
    writer.text(" JOIN ");
    target.writeFrom(writer);
    const linked = writer.restrictions(through.table);
    writeParts([" ON ", ...conjuncts([...through.on, ...linked, ...(inside ? restrictions : [])]), ")"], writer);
  }
  if (type === "CROSS JOIN") return;
  writeParts(on.length === 0 ? [" ON true"] : [" ON ", ...conjuncts(on)], writer);
}

/**
 * Only the rows that are meant, under the same name: `("employees" JOIN (SELECT) AS "_of_employees" ON "employees"."kind" =
 * $1)`. A SELECT of nothing is one row, and leaves names as they are, where a subquery would hide a schema.
 */
function writeRestricted(target: Selectable, restrictions: readonly SqlFragment[], writer: SqlWriter): void {
  if (restrictions.length === 0) {
    target.writeFrom(writer);
    return;
  }
  writer.text("(");
  target.writeFrom(writer);
  writer.text(` JOIN (SELECT) AS ${quoteIdentifier(clipBytes(`_of_${shortName(target)}`, maxIdentifierBytes))}`);
  writeParts([" ON ", ...conjuncts(restrictions), ")"], writer);
}
