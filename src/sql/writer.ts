/** Where statements are written: text, the parameters beside it, and what the text has met on its way. */

import { Condition } from "./expression.js";
import type { CommonTable, SqlFragment, SqlWriter, ValueType } from "./fragment.js";
import { quoteIdentifier } from "./identifier.js";
import { literal } from "./literal.js";
import { restrictionOf, type Selectable } from "./selectable.js";

/** A value beside a statement's text. */
export interface Parameter {
  readonly value: unknown;
  /** What it is compared with or stored in; null: not known. */
  readonly type: ValueType | null;
  /** The value is a list of such values, sent as one array. */
  readonly list: boolean;
}

/** Turns a fragment into text. What a value becomes is for a subclass to say. */
export abstract class TextWriter implements SqlWriter {
  #text = "";
  #scope: Set<Selectable> = new Set();
  readonly #standIns = new Map<Selectable, Selectable>();
  readonly #ctes = new Map<CommonTable, string | null>();
  #recursive = false;

  abstract value(value: unknown, type?: ValueType | null, list?: boolean): void;

  text(text: string): void {
    this.#text += text;
  }

  reference(selectable: Selectable): void {
    this.#scope.add(selectable);
  }

  scope(work: (references: ReadonlySet<Selectable>) => void): void {
    const outer = this.#scope;
    this.#scope = new Set();
    work(this.#scope);
    this.#scope = outer;
  }

  standIn(selectable: Selectable): Selectable {
    return this.#standIns.get(selectable) ?? selectable;
  }

  replacing(original: Selectable, other: Selectable, work: () => void): void {
    const before = this.standIn(original);
    this.#standIns.set(original, other);
    work();
    this.#standIns.set(original, before);
  }

  commonTable(cte: CommonTable): void {
    const known = this.#ctes.get(cte);
    if (known === null) this.#recursive = true;
    if (known !== undefined) return;
    this.#ctes.set(cte, null);
    const around = this.#text;
    this.#text = "";
    cte.writeDefinition(this);
    // What it refers to was added while it was written, and has to come before it.
    this.#ctes.delete(cte);
    this.#ctes.set(cte, this.#text);
    this.#text = around;
  }

  restrictions(selectable: Selectable): readonly SqlFragment[] {
    return restrictionOf(selectable);
  }

  /** A fragment's text alone, for what is put together otherwise. */
  fragment(fragment: SqlFragment): string {
    const around = this.#text;
    this.#text = "";
    fragment.writeSql(this);
    const text = this.#text;
    this.#text = around;
    return text;
  }

  /** The whole text, with the common table expressions that it met before it. */
  finish(): string {
    if (this.#ctes.size === 0) return this.#text;
    const definitions = [...this.#ctes].map(([cte, text]) => `${quoteIdentifier(cte.name)}${text}`);
    return `WITH ${this.#recursive ? "RECURSIVE " : ""}${definitions.join(", ")} ${this.#text}`;
  }
}

/** Conditions that hold in one statement wherever rows are read from a selectable. */
export type CriteriaOf = (selectable: Selectable) => readonly SqlFragment[];

/** Values become `$1`, `$2`, … */
export class ParameterWriter extends TextWriter {
  readonly parameters: Parameter[] = [];
  readonly #criteriaOf: CriteriaOf | null;
  /** Whether it is a criterion that is being written: what it reads itself, it says itself. */
  #inCriterion = false;

  constructor(criteriaOf: CriteriaOf | null = null) {
    super();
    this.#criteriaOf = criteriaOf;
  }

  override restrictions(selectable: Selectable): readonly SqlFragment[] {
    const own = super.restrictions(selectable);
    if (this.#criteriaOf === null || this.#inCriterion) return own;
    const criteria = this.#criteriaOf(selectable);
    return criteria.length === 0 ? own : [...own, ...criteria.map((each) => this.#criterion(each))];
  }

  #criterion(fragment: SqlFragment): SqlFragment {
    // A condition needs no more parentheses than it has: see conjuncts.
    const atomic = fragment instanceof Condition || fragment.atomic === true;
    const writeSql = (writer: SqlWriter) => {
      this.#inCriterion = true;
      fragment.writeSql(writer);
      this.#inCriterion = false;
    };
    return { atomic, writeSql };
  }

  value(value: unknown, type: ValueType | null = null, list = false): void {
    this.parameters.push({ value, type, list });
    this.text(`$${this.parameters.length}`);
  }
}

/** Values become literals, as `show` says. */
export class LiteralWriter extends TextWriter {
  constructor(private readonly show: (parameter: Parameter) => string) {
    super();
  }

  value(value: unknown, type: ValueType | null = null, list = false): void {
    this.text(this.show({ value, type, list }));
  }
}

/** SQL with its parameters beside it, ready for a driver. */
export interface CompiledSql {
  readonly text: string;
  readonly parameters: readonly unknown[];
}

/** Values become `$1`, `$2`, … */
export function compileSql(fragment: SqlFragment): CompiledSql {
  const writer = new ParameterWriter();
  fragment.writeSql(writer);
  return { text: writer.finish(), parameters: writer.parameters.map(({ value }) => value) };
}

/**
 * Values become literals, for DDL, where PostgreSQL takes no parameters: sql`length(x) > ${0}` → `length(x) > 0`.
 *
 * @throws AthanorError `literal.invalid` for a value that has no literal of its own, such as an object: write it as SQL.
 */
export function inlineSql(fragment: SqlFragment): string {
  const writer = new LiteralWriter(({ value }) => literal(value));
  fragment.writeSql(writer);
  return writer.finish();
}
