import { Expression, Labeled } from "./expression.js";
import type { SqlFragment, SqlWriter, ValueType } from "./fragment.js";
import { quotePath } from "./identifier.js";
import { asc, type Ordering, type QualifiedName } from "./ordering.js";
import { qualifierIn, type Selectable } from "./selectable.js";

/** Which column of which model a `Column` is; of a subquery, which of its. */
export interface ColumnOrigin {
  /** The model's definition, or the subquery; compared by identity. */
  readonly definition: object;
  readonly property: string;
}

export interface ColumnOptions {
  /** The model's column, also where a subquery hands it on; the subquery's own where it computes it. */
  readonly origin: ColumnOrigin;
  readonly type: ValueType | null;
  /** What it is read from; null in a table's own definition. */
  readonly from: Selectable | null;
  /** Where `from` is several tables: whose columns it is among. */
  readonly part?: object | null;
  /** What stands for it where it is no column of the table; a function, since it may speak of models that are yet to be loaded. */
  readonly expression?: (() => SqlFragment) | null;
}

/**
 * A column where SQL is written: `User.username` → `"users"."username"`. Immutable.
 *
 * In a table's own definition (`constraints`, `generated`) it has no table before it: `"username"`.
 *
 * `Owner` is what it is a column of, so that an outer join can say what may be null; `Name` its property there.
 */
export class Column<Value, Owner = unknown, Name extends string = string> extends Expression<Value> {
  readonly kind = "column-expression";
  readonly atomic = true;
  /** Types only, never present at run time. */
  declare readonly _owner: Owner;
  declare readonly _name: Name;
  readonly origin: ColumnOrigin;
  readonly type: ValueType | null;
  readonly from: Selectable | null;
  /** Of several tables, the one that it is in: see JoinedTables. */
  readonly part: object | null;
  /** What stands before its name: schema and table, table, or nothing. */
  readonly qualifier: readonly string[];
  /** null: it is a column of the table. */
  readonly expression: (() => SqlFragment) | null;
  /** Quoted once, when it is first written. */
  #text: string | null = null;

  constructor(
    /** Its name in the database. */
    readonly name: string,
    { origin, type, from, part = null, expression = null }: ColumnOptions,
  ) {
    super();
    this.origin = origin;
    this.type = type;
    this.from = from;
    this.part = part;
    this.qualifier = from === null ? [] : qualifierIn(from, part);
    this.expression = expression;
    Object.freeze(this);
  }

  override as<const Label extends string>(name: Label): Labeled<Value, Label, Owner> {
    return new Labeled(this, name);
  }

  /** `User.username.collate("C")` → `"users"."username" COLLATE "C"`, for an order or an index. */
  collate(collation: QualifiedName): Ordering {
    return asc(this).collate(collation);
  }

  /** An index element with its operator class: see `Ordering.opclass`. */
  opclass(name: QualifiedName, parameters?: Readonly<Record<string, string | number | boolean>>): Ordering {
    return asc(this).opclass(name, parameters);
  }

  /** Its name alone, where a qualifier is not understood: `"username"`. */
  bare(): Column<Value, Owner, Name> {
    return new Column(this.name, { origin: this.origin, type: this.type, from: null });
  }

  writeSql(writer: SqlWriter): void {
    const from = this.from === null ? null : writer.standIn(this.from);
    if (from !== null) writer.reference(from);
    const { expression } = this;
    if (expression !== null) {
      // What it reads from besides is its own affair.
      writer.scope(() => expression().writeSql(writer));
      return;
    }
    this.#text ??= quotePath([...this.qualifier, this.name]);
    writer.text(
      from === null || from === this.from ? this.#text : quotePath([...qualifierIn(from, this.part), this.name]),
    );
  }
}
