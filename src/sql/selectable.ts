/** What rows come from: tables, and in the rooms above aliases, subqueries and common table expressions. */

import type { SqlFragment, SqlWriter } from "./fragment.js";
import { clipBytes, maxIdentifierBytes, quotePath } from "./identifier.js";

/** Something that can stand in FROM. Compared by identity: the same object is the same element of FROM. */
export interface Selectable {
  /** What stands before the names of its columns. */
  readonly qualifier: readonly string[];
  /** Writes it as an element of FROM: `"users"`, `"users" AS "manager"`, `(SELECT …) AS "recent"`. */
  writeFrom(writer: SqlWriter): void;
}

/** Which rows are meant, where they are read from `from`: the selectable itself or an alias of it; null: all. */
export type Restrict = ((from: Selectable) => SqlFragment) | null;

/** A table by its name: `"users"`, `"archive"."letter"`. */
export class Table implements Selectable {
  readonly kind = "table";

  constructor(
    readonly qualifier: readonly string[],
    readonly restrict: Restrict = null,
  ) {
    Object.freeze(this);
  }

  /** The table under another name. */
  as(name: string): TableAlias {
    return new TableAlias(this, name);
  }

  writeFrom(writer: SqlWriter): void {
    writer.text(quotePath(this.qualifier));
  }
}

/** A table under another name: `"users" AS "manager"`. */
export class TableAlias implements Selectable {
  readonly kind = "alias";
  readonly qualifier: readonly string[];

  constructor(
    readonly of: Table,
    readonly name: string,
  ) {
    this.qualifier = [name];
    Object.freeze(this);
  }

  writeFrom(writer: SqlWriter): void {
    this.of.writeFrom(writer);
    writer.text(` AS ${quotePath(this.qualifier)}`);
  }
}

/** One of several tables whose rows belong together. */
export interface JoinedPart {
  /** Whose columns are in it; compared by identity. */
  readonly owner: object;
  readonly table: Table | TableAlias;
  /** The names of its key's columns, in the order of the first table's. */
  readonly key: readonly string[];
}

/** Tables that are read as one, by their keys: `("employees" JOIN "engineers" ON "engineers"."id" = "employees"."id")`. */
export class JoinedTables implements Selectable {
  readonly kind = "joined-tables";
  readonly qualifier: readonly string[];

  constructor(
    readonly parts: readonly [JoinedPart, ...JoinedPart[]],
    readonly restrict: Restrict = null,
    /** What it is an alias of; null: of nothing. */
    readonly of: JoinedTables | null = null,
  ) {
    this.qualifier = parts[0].table.qualifier;
    Object.freeze(this);
  }

  /** The tables under other names: the first is `name`, the others begin with it. */
  as(name: string): JoinedTables {
    const [first, ...others] = this.parts;
    const renamed = (part: JoinedPart, alias: string): JoinedPart => ({ ...part, table: tableOf(part).as(alias) });
    const rest = others.map((part) => renamed(part, clipBytes(`${name}_${shortName(part.table)}`, maxIdentifierBytes)));
    return new JoinedTables([renamed(first, name), ...rest], null, this.of ?? this);
  }

  /** The one with the columns of `owner`; the first where none is. */
  part(owner: object | null): JoinedPart {
    return this.parts.find((part) => part.owner === owner) ?? this.parts[0];
  }

  writeFrom(writer: SqlWriter): void {
    const [first, ...others] = this.parts;
    writer.text("(");
    first.table.writeFrom(writer);
    for (const part of others) {
      writer.text(" JOIN ");
      part.table.writeFrom(writer);
      writer.text(` ON ${this.keyMatch(part)}`);
    }
    writer.text(")");
  }

  /** `"engineers"."id" = "employees"."id"`: what makes a row of a part belong to one of the first. */
  keyMatch({ table, key }: JoinedPart): string {
    const [first] = this.parts;
    return key
      .map(
        (name, i) =>
          `${quotePath([...table.qualifier, name])} = ${quotePath([...first.table.qualifier, first.key[i] ?? name])}`,
      )
      .join(" AND ");
  }
}

function tableOf({ table }: JoinedPart): Table {
  return table instanceof TableAlias ? table.of : table;
}

/** The tables that make it up, which are one mostly: what has a name in FROM. */
export function tablesIn(selectable: Selectable): readonly Selectable[] {
  return selectable instanceof JoinedTables ? selectable.parts.map(({ table }) => table) : [selectable];
}

/** What stands before the name of a column, of several tables the one that has those of `owner`. */
export function qualifierIn(selectable: Selectable, owner: object | null): readonly string[] {
  return selectable instanceof JoinedTables ? selectable.part(owner).table.qualifier : selectable.qualifier;
}

/** What it is an alias of, or itself. */
export function originalOf(selectable: Selectable): Selectable {
  if (selectable instanceof TableAlias) return selectable.of;
  return selectable instanceof JoinedTables ? (selectable.of ?? selectable) : selectable;
}

/** The condition for the rows of it that are meant; none: all of them. */
export function restrictionOf(selectable: Selectable): readonly SqlFragment[] {
  const original = originalOf(selectable);
  const restrict = original instanceof Table || original instanceof JoinedTables ? original.restrict : null;
  return restrict === null ? [] : [restrict(selectable)];
}

/** Its name in FROM, without a schema. */
export function shortName({ qualifier }: Selectable): string {
  return qualifier.at(-1) ?? "";
}

/** Whether two elements of FROM have a name in common, so that they can't stand in one FROM. */
export function shareName(a: Selectable, b: Selectable): boolean {
  const names = new Set(tablesIn(a).map(({ qualifier }) => quotePath(qualifier)));
  return tablesIn(b).some(({ qualifier }) => names.has(quotePath(qualifier)));
}
