/** FROM: what rows are read from, and how it is joined. */

import { entityOf } from "../model/entity.js";
import { Relationship } from "../model/relationship.js";
import { QueryError } from "../sql/errors.js";
import { conjuncts } from "../sql/expression.js";
import type { SqlFragment, SqlWriter } from "../sql/fragment.js";
import { displayName } from "../sql/identifier.js";
import { writeParts } from "../sql/operand.js";
import { restrictionOf, type Selectable } from "../sql/selectable.js";
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
 * @returns what is not joined, whose restrictions belong in WHERE.
 * @throws QueryError `query.alias_needed`, `query.no_from`
 */
export function writeFrom(
  read: Iterable<Selectable>,
  given: readonly Selectable[],
  joins: readonly Join[],
  writer: SqlWriter,
): readonly Selectable[] {
  const roots = rootsOf(read, given, joins);
  for (const [i, root] of roots.entries()) {
    // With a comma, a condition of a join would see the last of them only.
    writer.text(i === 0 ? " FROM " : joins.length > 0 ? " CROSS JOIN " : ", ");
    root.writeFrom(writer);
  }
  for (const join of joins) writeJoin(join, writer);
  return roots;
}

function rootsOf(
  read: Iterable<Selectable>,
  given: readonly Selectable[],
  joins: readonly Join[],
): readonly Selectable[] {
  const joined = new Set<Selectable>();
  for (const { target } of joins) {
    if (joined.has(target)) throw aliasNeeded(target);
    joined.add(target);
  }
  for (const root of given) if (joined.has(root)) throw aliasNeeded(root);
  if (given.length > 0) return given;
  const wanted = new Set([...read, ...joins.flatMap(({ from }) => from ?? [])]);
  const roots = [...wanted].filter((selectable) => !joined.has(selectable));
  if (roots.length === 0 && joins.length > 0)
    throw new QueryError(
      "query.no_from",
      `Nothing is left for ${displayName(joins[0]!.target.qualifier)} to be joined to; say what with .selectFrom(Model).`,
    );
  return roots;
}

function aliasNeeded(selectable: Selectable): QueryError {
  const name = displayName(selectable.qualifier);
  return new QueryError(
    "query.alias_needed",
    `${name} stands in FROM twice, and one of them needs another name; join alias(Model, "other").`,
  );
}

function writeJoin({ type: given, lateral, target, through, on: conditions }: Join, writer: SqlWriter): void {
  const restrictions = restrictionOf(target);
  const on = [...conditions, ...restrictions];
  const type = given === "CROSS JOIN" && restrictions.length > 0 ? "JOIN" : given;
  writer.text(` ${type} ${lateral ? "LATERAL " : ""}`);
  if (through === null) target.writeFrom(writer);
  else {
    writer.text("(");
    through.table.writeFrom(writer);
    writer.text(" JOIN ");
    target.writeFrom(writer);
    writeParts([" ON ", ...conjuncts(through.on), ")"], writer);
  }
  if (type === "CROSS JOIN") return;
  writeParts(on.length === 0 ? [" ON true"] : [" ON ", ...conjuncts(on)], writer);
}
