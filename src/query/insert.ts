import type { ModelDefinition } from "../model/definition.js";
import { type Entity, modelEntity } from "../model/entity.js";
import type { ColumnExpressions } from "../model/model-types.js";
import { Column } from "../sql/column.js";
import { QueryError } from "../sql/errors.js";
import { conjuncts, Expression } from "../sql/expression.js";
import type { SqlFragment, SqlWriter } from "../sql/fragment.js";
import { quoteIdentifier } from "../sql/identifier.js";
import { element, listed, operand, writeParts } from "../sql/operand.js";
import {
  type Assignment,
  type Assignments,
  type ColumnValue,
  columnOf,
  type InsertRow,
  readAssignments,
  type Values,
  writeAssignments,
} from "./assign.js";
import { Change, columnsOfRow, type Target } from "./change.js";
import { type Element, readElement } from "./element.js";
import { defaultsBeside, type Overriding, writeColumnList, writeRows } from "./insert-rows.js";
import type { Query } from "./query.js";
import type { Row, Selected } from "./rows.js";
import { refuseInsert } from "./several-tables.js";
import { literal } from "./values.js";

/** What a conflict is about: columns or expressions of a unique index, with its condition; or a constraint by name. */
export interface ConflictTarget {
  readonly target?: readonly SqlFragment[];
  /** The condition of a partial index. */
  readonly targetWhere?: SqlFragment;
  readonly constraint?: string;
}

export interface ConflictUpdate<C> extends ConflictTarget {
  /** What the row that is there becomes; `excluded(Model)` has the values that were to be inserted. */
  readonly set: Assignments<C>;
  /** Rows for which it does not hold stay as they are, and are not returned. */
  readonly where?: SqlFragment;
}

interface Conflict extends ConflictTarget {
  readonly set: readonly Assignment[] | null;
  readonly where?: SqlFragment;
}

/** What it is made of. */
export interface InsertSpec {
  readonly target: Entity;
  readonly rows: readonly Values[];
  readonly source: { readonly properties: readonly string[]; readonly query: SqlFragment } | null;
  readonly overriding: Overriding | null;
  readonly conflict: Conflict | null;
  readonly returned: readonly Element[];
}

/** An INSERT. Immutable: each method gives a new one. */
export class Insert<C, R extends readonly unknown[] = [], E = unknown> extends Change<R, E> {
  readonly kind = "insert";
  readonly #spec: InsertSpec;

  constructor(spec: InsertSpec) {
    super();
    this.#spec = spec;
    Object.freeze(this);
  }

  /**
   * One row or many; called again, more:
   *
   * ```ts
   * insert(Tag).values({ name: "red" })                        // INSERT INTO "tags" ("name") VALUES ($1)
   * insert(Tag).values([{ name: "red" }, { name: "blue" }])    // … ("name") SELECT * FROM unnest($1::text[])
   * ```
   * What a row leaves out gets the model's `default`, or the database's, or NULL; so does a null where there is a default.
   *
   * @throws QueryError `query.unknown_property`
   */
  values(rows: InsertRow<C> | readonly InsertRow<C>[]): Insert<C, R, E> {
    const given: readonly Values[] = isRows(rows) ? rows : [rows];
    for (const row of given) for (const property of Object.keys(row)) columnOf(this.#spec.target, property);
    return this.with({ rows: [...this.#spec.rows, ...given] });
  }

  /**
   * The rows of a query: `insert(Tag).fromSelect(["name"], select(Post.title))` →
   * `INSERT INTO "tags" ("name") SELECT "posts"."title" FROM "posts"`. The model's defaults are the same for all of them.
   *
   * @throws QueryError `query.unknown_property`
   */
  fromSelect<const K extends readonly (keyof C & string)[]>(
    columns: K,
    query: Query<{ [I in keyof K]: ColumnValue<C[K[I]]> }, unknown>,
  ): Insert<C, R, E> {
    for (const property of columns) columnOf(this.#spec.target, property);
    return this.with({ source: { properties: columns, query } });
  }

  /**
   * What becomes of values that are given for identity columns: `"system"` stores them also where the column is `always`,
   * `"user"` draws from the sequence in their place.
   *
   * `insert(Ticket).overriding("system").values({ id: 7 })` → `INSERT INTO "tickets" ("id") OVERRIDING SYSTEM VALUE VALUES ($1)`
   */
  overriding(overriding: Overriding): Insert<C, R, E> {
    return this.with({ overriding });
  }

  /** `ON CONFLICT DO NOTHING`, or of one sort only: `.onConflictDoNothing({ target: [User.username] })`. */
  onConflictDoNothing(target: ConflictTarget = {}): Insert<C, R, E> {
    return this.with({ conflict: { ...target, set: null } });
  }

  /**
   * ```ts
   * .onConflictDoUpdate({ target: [User.username], set: { mood: excluded(User).mood } })
   * // ON CONFLICT ("username") DO UPDATE SET "mood" = "excluded"."mood"
   * ```
   * The model's `onUpdate` is not applied here: say it in `set`.
   *
   * @throws QueryError `query.unknown_property`
   */
  onConflictDoUpdate({ set, ...target }: ConflictUpdate<C>): Insert<C, R, E> {
    return this.with({ conflict: { ...target, set: readAssignments(this.#spec.target, set) } });
  }

  /** `.returning(User)` or `.returning(User.id)` → `RETURNING "users"."id"`: the rows as they are in the table now. */
  returning<const Elements extends readonly Selected[]>(...elements: Elements): Insert<C, Row<Elements>, Elements> {
    return new Insert({ ...this.#spec, returned: elements.map(readElement) });
  }

  /** What it is made of. */
  get spec(): InsertSpec {
    return this.#spec;
  }

  get returned(): readonly Element[] {
    return this.#spec.returned;
  }

  withReturned(returned: readonly Element[]): Insert<C, readonly unknown[]> {
    return new Insert({ ...this.#spec, returned });
  }

  protected writeChange(writer: SqlWriter): void {
    const { target, rows, source, overriding, conflict } = this.#spec;
    refuseInsert(target);
    writer.text("INSERT INTO ");
    target.from.writeFrom(writer);
    if (source !== null) writeSource(target, source, overriding, writer);
    else if (rows.length > 0) writeRows(target, rows, overriding, writer);
    else throw new QueryError("query.no_rows", "An INSERT has no rows; give it some with values() or fromSelect().");
    if (conflict !== null) writeConflict(conflict, writer);
  }

  private with(change: Partial<InsertSpec>): Insert<C, R, E> {
    return new Insert({ ...this.#spec, ...change });
  }
}

/**
 * `insert(Tag).values({ name: "red" })` → `INSERT INTO "tags" ("name") VALUES ($1)`.
 *
 * @throws QueryError `query.not_a_model`
 */
export function insert<C>(model: Target<C>): Insert<C> {
  return new Insert({
    target: modelEntity(model),
    rows: [],
    source: null,
    overriding: null,
    conflict: null,
    returned: [],
  });
}

/** In ON CONFLICT DO UPDATE, the row that was to be inserted: `excluded(User).mood` → `"excluded"."mood"`. */
export function excluded<C>(model: Target<C>): ColumnExpressions<C> {
  return columnsOfRow(model, "excluded");
}

function writeSource(
  target: Entity,
  { properties, query }: NonNullable<InsertSpec["source"]>,
  overriding: Overriding | null,
  writer: SqlWriter,
): void {
  const defaults = defaultsBeside(target, properties);
  const columns = [
    ...properties.map((property) => columnOf(target, property)),
    ...defaults.map(({ column }) => column),
  ];
  writeColumnList(columns, overriding, writer);
  const values = defaults.map(({ column, value }) => asColumn(target.definition, column, value));
  if (values.length === 0) writeParts([" ", query], writer);
  else writeParts([' SELECT "source".*, ', ...listed(values), " FROM ", query, ' AS "source"'], writer);
}

/** In a SELECT, PostgreSQL does not look at the table for a value's type. */
function asColumn(definition: ModelDefinition, { origin, type }: Column<unknown>, value: unknown): SqlFragment {
  const column = definition.columns[origin.property];
  const given = element(value, type);
  return column === undefined || given instanceof Expression ? given : literal(value, column);
}

function writeConflict({ target = [], targetWhere, constraint, set, where }: Conflict, writer: SqlWriter): void {
  writer.text(" ON CONFLICT");
  if (constraint !== undefined) writer.text(` ON CONSTRAINT ${quoteIdentifier(constraint)}`);
  else if (target.length > 0) writeParts([" (", ...listed(target.map(indexElement)), ")"], writer);
  if (targetWhere !== undefined) writeParts([" WHERE ", ...conjuncts([targetWhere])], writer);
  if (set === null) {
    writer.text(" DO NOTHING");
    return;
  }
  writer.text(" DO UPDATE SET ");
  writeAssignments(set, writer);
  if (where !== undefined) writeParts([" WHERE ", ...conjuncts([where])], writer);
}

/** In a conflict's target, columns go by their bare names, and expressions stand in parentheses. */
function indexElement(part: SqlFragment): SqlFragment {
  return part instanceof Column ? part.bare() : operand(part, null);
}

function isRows(rows: Values | readonly Values[]): rows is readonly Values[] {
  return Array.isArray(rows);
}
