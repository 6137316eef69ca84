/** Finds out how relationships run: over which foreign keys, and in which direction. */

import { isSqlFragment, type SqlFragment } from "../../sql/fragment.js";
import { type ModelDefinition, modelDefinitionOf } from "../definition.js";
import { homeOf, rootOf } from "../inheritance.js";
import type { Problems } from "../problems.js";
import type { LoadStrategy, RelationSpec } from "../relations.js";
import type { ForeignKeyMetadata, Tables } from "./foreign-keys.js";
import { isKeyReference } from "./key-reference.js";
import { type ColumnMetadata, type TableMetadata, targetColumns, targetDefinition } from "./read.js";

/** A column of this side and the one it equals on the other. */
export interface ColumnPair {
  readonly local: ColumnMetadata;
  readonly remote: ColumnMetadata;
}

export interface RelationMetadata {
  readonly property: string;
  /** `User.posts`, for messages. */
  readonly origin: string;
  readonly table: TableMetadata;
  readonly target: TableMetadata;
  /** Foreign key here: many-to-one; there: one-to-many, also when it holds one only; a join table: many-to-many. */
  readonly direction: "many-to-one" | "one-to-many" | "many-to-many";
  readonly collection: boolean;
  readonly optional: boolean;
  /** What is equal: this table's column and the target's, or the join table's of a many-to-many. */
  readonly pairs: readonly ColumnPair[];
  /** Of a many-to-many: the join table, and its columns with the target's. */
  readonly secondary: { readonly table: TableMetadata; readonly pairs: readonly ColumnPair[] } | null;
  readonly backPopulates: string | null;
  readonly lazy: LoadStrategy;
  /** As SQL fragments; empty: in no order of its own. */
  readonly orderBy: () => readonly SqlFragment[];
  readonly passiveDeletes: boolean | "all";
  readonly viewOnly: boolean;
  readonly cascade: ReadonlySet<CascadeWord>;
}

const cascadeWords = ["save-update", "merge", "refresh-expire", "expunge", "delete", "delete-orphan"] as const;
export type CascadeWord = (typeof cascadeWords)[number];

/** All relationships of all tables, and whether both sides of each agree. */
export function resolveRelations(
  tables: Tables,
  foreignKeys: readonly ForeignKeyMetadata[],
  secondaries: ReadonlyMap<RelationSpec, TableMetadata>,
  problems: Problems,
): ReadonlyMap<TableMetadata, ReadonlyMap<string, RelationMetadata>> {
  const resolved = new Map<TableMetadata, ReadonlyMap<string, RelationMetadata>>();
  const context = { tables, keysBetween: finder(foreignKeys), secondaries, problems };
  for (const table of tables.all) {
    const relations = new Map<string, RelationMetadata>();
    for (const [property, spec] of table.relations) {
      const relation = resolveRelation(table, property, spec, context);
      if (relation !== null) relations.set(property, relation);
    }
    resolved.set(table, relations);
  }
  for (const relations of resolved.values())
    for (const relation of relations.values()) checkBack(relation, resolved, problems);
  return resolved;
}

/** Finds the foreign keys from one table to another. */
type KeyFinder = (from: TableMetadata, to: TableMetadata) => readonly ForeignKeyMetadata[];

function finder(foreignKeys: readonly ForeignKeyMetadata[]): KeyFinder {
  const byTable = new Map<TableMetadata, ForeignKeyMetadata[]>();
  for (const key of foreignKeys) {
    if (isKeyReference(key)) continue;
    const keys = byTable.get(key.table);
    if (keys) keys.push(key);
    else byTable.set(key.table, [key]);
  }
  return (from, to) => byTable.get(from)?.filter(({ target }) => isOneTable(target, to)) ?? [];
}

function isOneTable(a: TableMetadata, b: TableMetadata): boolean {
  return rootOf(a.definition) === rootOf(b.definition);
}

interface Context {
  readonly tables: Tables;
  readonly keysBetween: KeyFinder;
  readonly secondaries: ReadonlyMap<RelationSpec, TableMetadata>;
  readonly problems: Problems;
}

function resolveRelation(
  table: TableMetadata,
  property: string,
  spec: RelationSpec,
  context: Context,
): RelationMetadata | null {
  const origin = `${table.label}.${property}`;
  const target = context.tables.of(modelDefinitionOf(spec.target));
  // Reported where relations are read.
  if (target === null) return null;
  const common = {
    property,
    origin,
    table,
    target,
    collection: spec.collection,
    optional: spec.optional,
    backPopulates: spec.options.backPopulates ?? null,
    lazy: spec.options.lazy ?? "select",
    orderBy: () => readOrder(spec.options.orderBy?.()),
    passiveDeletes: spec.options.passiveDeletes ?? false,
    viewOnly: spec.options.viewOnly ?? false,
    cascade: readCascade(spec.options.cascade, origin, context.problems),
  } as const;
  const path =
    spec.options.secondary === undefined
      ? directPath(table, target, spec, origin, context)
      : secondaryPath(table, target, spec, origin, context);
  if (path === null) return null;
  if (path.direction !== "one-to-many" && common.cascade.has("delete-orphan"))
    context.problems.add(
      "model.relation_cascade",
      `${origin} has the cascade delete-orphan, and it is ${path.direction}: an orphan has one parent only; put it on the one-to-many side.`,
    );
  return { ...common, ...path };
}

type Path = Pick<RelationMetadata, "direction" | "pairs" | "secondary">;

function directPath(
  table: TableMetadata,
  target: TableMetadata,
  spec: RelationSpec,
  origin: string,
  context: Context,
): Path | null {
  const { keysBetween, problems } = context;
  const here = keysBetween(table, target);
  const there = keysBetween(target, table);
  const usable = spec.collection ? there : isOneTable(table, target) ? here : [...here, ...there];
  const key = pickForeignKey(usable, spec, origin, target, context);
  if (key === "none") {
    const wanted = spec.collection ? [target, table] : [table, target];
    const wrongWay =
      spec.collection && here.length > 0
        ? ` (${table.label} has one to ${target.label}: then write one() or maybeOne())`
        : "";
    problems.add(
      "model.relation_no_foreign_key",
      `${origin} finds no foreign key from ${wanted[0]!.label} to ${wanted[1]!.label}${wrongWay}; add .references() to a column of ${wanted[0]!.label}, or name the join table with secondary.`,
    );
    return null;
  }
  if (key === null) return null;
  const manyToOne = !spec.collection && key.table === table;
  const pairs = key.columns.map((column, i) => {
    const other = key.targetColumns[i]!;
    return manyToOne ? { local: column, remote: other } : { local: other, remote: column };
  });
  return { direction: manyToOne ? "many-to-one" : "one-to-many", pairs, secondary: null };
}

function secondaryPath(
  table: TableMetadata,
  target: TableMetadata,
  spec: RelationSpec,
  origin: string,
  context: Context,
): Path | null {
  const { keysBetween, secondaries, problems } = context;
  const join = secondaries.get(spec);
  // Reported where join tables are found.
  if (join === undefined) return null;
  if (!spec.collection) {
    problems.add(
      "model.relation_secondary",
      `${origin} holds one and has a join table; write many(), or drop secondary.`,
    );
    return null;
  }
  const near = pickForeignKey(keysBetween(join, table), spec, origin, target, context);
  if (near === null) return null;
  const far =
    near === "none"
      ? near
      : pickForeignKey(
          keysBetween(join, target).filter((key) => key !== near),
          // On a table joined with itself, what is left is the other side; else its own key must be the only one.
          { ...spec, options: {} },
          origin,
          target,
          context,
        );
  if (far === null) return null;
  if (near === "none" || far === "none") {
    problems.add(
      "model.relation_no_foreign_key",
      `${origin} goes through ${join.label}, which has no foreign key to ${(near === "none" ? table : target).label}; add .references() to a column of ${join.label}.`,
    );
    return null;
  }
  const pairs = near.columns.map((column, i) => ({ local: near.targetColumns[i]!, remote: column }));
  const farPairs = far.columns.map((column, i) => ({ local: column, remote: far.targetColumns[i]! }));
  return { direction: "many-to-many", pairs, secondary: { table: join, pairs: farPairs } };
}

/** The one foreign key among those that fit; "none" where none does, null with a problem where several do. */
function pickForeignKey(
  keys: readonly ForeignKeyMetadata[],
  spec: RelationSpec,
  origin: string,
  target: TableMetadata,
  { tables, problems }: Context,
): ForeignKeyMetadata | "none" | null {
  const { foreignKey } = spec.options;
  const fitting =
    foreignKey === undefined ? keys : keys.filter((key) => isNamed(key, foreignKey, origin, tables, problems));
  const [first, second] = fitting;
  if (first !== undefined && second === undefined) return first;
  if (first === undefined && foreignKey === undefined) return "none";
  const list = keys.map((key) => key.columns.map((column) => column.origin).join(" + ")).join(", ");
  if (first === undefined)
    problems.add(
      "model.relation_foreign_key",
      `${origin} names a foreignKey that does not join it to ${target.label}; these do: ${list || "none"}.`,
    );
  else
    problems.add(
      "model.relation_ambiguous",
      `${origin} could follow several foreign keys (${list}); name one: foreignKey: () => ${first.columns[0]!.origin}.`,
    );
  return null;
}

function isNamed(
  key: ForeignKeyMetadata,
  named: string | (() => unknown),
  origin: string,
  tables: Tables,
  problems: Problems,
): boolean {
  if (typeof named === "string") {
    const [column] = key.columns;
    // What is inherited may be in a table above.
    const table = tables.of(homeOf(key.table.definition, column!.property)) ?? key.table;
    const path = `${table.name}.${column!.name}`;
    return key.columns.length === 1 && (named === path || named === `${table.schema}.${path}`);
  }
  const given = problems.attempt("model.relation_foreign_key", origin, () => ({ value: named() }));
  if (given === null || !isModelOf(key.table, targetDefinition(given.value))) return false;
  const properties = targetColumns(given.value).map((column) => column.origin.property);
  return (
    properties.length === key.columns.length && key.columns.every((column) => properties.includes(column.property))
  );
}

function isModelOf(table: TableMetadata, definition: ModelDefinition | null): boolean {
  return definition !== null && rootOf(definition) === rootOf(table.definition);
}

function readCascade(words: string | undefined, origin: string, problems: Problems): ReadonlySet<CascadeWord> {
  const cascade = new Set<CascadeWord>();
  for (const word of (words ?? "save-update, merge").split(",").map((part) => part.trim())) {
    const known = cascadeWords.find((candidate) => candidate === word);
    if (known !== undefined) cascade.add(known);
    else if (word === "all") for (const each of cascadeWords.filter((w) => w !== "delete-orphan")) cascade.add(each);
    else if (word !== "" && word !== "none")
      problems.add(
        "model.relation_cascade",
        `${origin} has the cascade "${word}", which is unknown; take ${cascadeWords.join(", ")}, all or none.`,
      );
  }
  return cascade;
}

function readOrder(given: unknown): readonly SqlFragment[] {
  return (Array.isArray(given) ? given : [given]).filter(isSqlFragment);
}

/** Both sides must name each other, and run over the same foreign keys. */
function checkBack(
  relation: RelationMetadata,
  resolved: ReadonlyMap<TableMetadata, ReadonlyMap<string, RelationMetadata>>,
  problems: Problems,
): void {
  // What is inherited is checked where it is said.
  const { inherits } = relation.table.definition;
  if (relation.backPopulates === null || Object.hasOwn(inherits?.relations ?? {}, relation.property)) return;
  const wrong = backMismatch(relation, relation.backPopulates, resolved);
  if (wrong !== null)
    problems.add(
      "model.relation_back",
      `${relation.origin} has backPopulates "${relation.backPopulates}", and ${wrong}.`,
    );
}

function backMismatch(
  relation: RelationMetadata,
  backPopulates: string,
  resolved: ReadonlyMap<TableMetadata, ReadonlyMap<string, RelationMetadata>>,
): string | null {
  const { property, table, target } = relation;
  const spec = target.relations.get(backPopulates);
  if (spec === undefined) return `${target.label} has no such relationship; add it there, or correct the name`;
  const back = `${target.label}.${backPopulates}`;
  if (modelDefinitionOf(spec.target) !== table.definition)
    return `${back} does not lead to ${table.label}; name the relationship that does`;
  if (spec.options.backPopulates !== property)
    return `${back} does not name it back; give it backPopulates: "${property}"`;
  const other = resolved.get(target)?.get(backPopulates);
  return other === undefined || samePath(relation, other)
    ? null
    : "the two follow different foreign keys; give both the same foreignKey";
}

function samePath(one: RelationMetadata, other: RelationMetadata): boolean {
  const ends = (pairs: readonly ColumnPair[]) =>
    pairs
      .flatMap(({ local, remote }) => [local.origin, remote.origin])
      .sort()
      .join();
  if (one.secondary === null || other.secondary === null)
    return one.direction !== other.direction && ends(one.pairs) === ends(other.pairs);
  return ends(one.pairs) === ends(other.secondary.pairs) && ends(one.secondary.pairs) === ends(other.pairs);
}
