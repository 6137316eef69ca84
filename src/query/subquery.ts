/** Queries that other queries read from: subqueries and common table expressions. */

import type { OfColumns } from "../model/model-types.js";
import { Column } from "../sql/column.js";
import { QueryError } from "../sql/errors.js";
import { Expression } from "../sql/expression.js";
import type { CommonTable, SqlFragment, SqlWriter } from "../sql/fragment.js";
import { quoteIdentifier } from "../sql/identifier.js";
import type { Selectable } from "../sql/selectable.js";
import type { Element } from "./element.js";
import type { ColumnsOf } from "./rows.js";

export const selectableKey: unique symbol = Symbol("athanor.selectable");

/** A query under a name, to be read from: its columns are in `c`. `Name` is whose columns they are. */
export interface Subquery<R extends readonly unknown[], E, Name> extends OfColumns<Name> {
  readonly kind: "subquery";
  readonly [selectableKey]: Selectable;
  /** The columns of the query, by property or label: `recent.c.title` → `"recent"."title"`. */
  readonly c: ColumnsOf<R, E, Name>;
}

/** What a subquery or CTE is made of. */
export interface Source {
  readonly elements: readonly Element[];
  readonly statement: SqlFragment;
}

/** `(SELECT …) AS "recent"`. */
class DerivedTable implements Selectable {
  readonly qualifier: readonly string[];

  constructor(
    private readonly statement: SqlFragment,
    private readonly name: string,
  ) {
    this.qualifier = [name];
    Object.freeze(this);
  }

  writeFrom(writer: SqlWriter): void {
    this.statement.writeSql(writer);
    writer.text(` AS ${quoteIdentifier(this.name)}`);
  }
}

export interface CteOptions {
  /** `AS MATERIALIZED` or `AS NOT MATERIALIZED`; left out: PostgreSQL decides. */
  readonly materialized?: boolean;
}

/** `WITH "recent" AS (SELECT …)`, and `"recent"` where it is read. */
class CteTable implements Selectable, CommonTable {
  readonly qualifier: readonly string[];

  constructor(
    readonly name: string,
    /** Called when it is written: a recursive one refers to itself. */
    private readonly statement: () => SqlFragment,
    private readonly options: CteOptions,
  ) {
    this.qualifier = [name];
    Object.freeze(this);
  }

  writeFrom(writer: SqlWriter): void {
    writer.commonTable(this);
    writer.text(quoteIdentifier(this.name));
  }

  writeDefinition(writer: SqlWriter): void {
    const { materialized } = this.options;
    writer.text(materialized === undefined ? " AS " : ` AS ${materialized ? "" : "NOT "}MATERIALIZED `);
    this.statement().writeSql(writer);
  }
}

/** A query under a name. @throws QueryError `query.ambiguous_column` */
export function makeSubquery<R extends readonly unknown[], E, Name extends string>(
  { elements, statement }: Source,
  name: Name,
): Subquery<R, E, Name> {
  return derived(new DerivedTable(statement, name), elements);
}

/** A query in the statement's head. @throws QueryError `query.ambiguous_column` */
export function makeCte<R extends readonly unknown[], E, Name extends string>(
  { elements, statement }: Source,
  name: Name,
  options: CteOptions,
): Subquery<R, E, Name> {
  return derived(new CteTable(name, () => statement, options), elements);
}

/** A CTE that refers to itself: `step` gets it, and gives the whole query. */
export function makeRecursiveCte<R extends readonly unknown[], E, Name extends string>(
  elements: readonly Element[],
  name: Name,
  step: (self: Subquery<R, E, Name>) => SqlFragment,
  options: CteOptions,
): Subquery<R, E, Name> {
  const self: Subquery<R, E, Name> = derived(new CteTable(name, () => statement, options), elements);
  const statement = step(self);
  return self;
}

function derived<R extends readonly unknown[], E, Name>(
  selectable: Selectable,
  elements: readonly Element[],
): Subquery<R, E, Name> {
  const subquery = { kind: "subquery" as const, [selectableKey]: selectable };
  // Made from the very elements whose types ColumnsOf computes.
  const c = columnsOf(elements, selectable) as ColumnsOf<R, E, Name>;
  return Object.freeze({ ...subquery, c });
}

function columnsOf(elements: readonly Element[], from: Selectable): Readonly<Record<string, Column<unknown>>> {
  const columns: Record<string, Column<unknown>> = {};
  const add = (property: string, column: Column<unknown>): void => {
    const clash = Object.values(columns).some(({ name }) => name === column.name);
    if (clash || Object.hasOwn(columns, property))
      throw new QueryError(
        "query.ambiguous_column",
        `Two columns of the subquery ${JSON.stringify(from.qualifier[0])} are named ${JSON.stringify(property)}; give one a name of its own with .as("other").`,
      );
    columns[property] = column;
  };
  for (const element of elements) {
    if (element.kind === "entity") {
      for (const [property, { name, origin, type }] of Object.entries(element.entity.columns))
        add(property, new Column(name, { origin, type, from }));
    } else if (element.label !== null) add(element.label, labeled(element.label, element.fragment, from));
    else if (element.fragment instanceof Column) {
      const { name, origin, type } = element.fragment;
      add(origin.property, new Column(name, { origin, type, from }));
    }
  }
  return Object.freeze(columns);
}

/** Its own column from here on, under the label; the values are read as before. */
function labeled(label: string, fragment: SqlFragment, from: Selectable): Column<unknown> {
  const type = fragment instanceof Expression ? fragment.type : null;
  return new Column(label, { origin: { definition: from, property: label }, type, from });
}
