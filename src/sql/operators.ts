import { Comparison } from "./comparison.js";
import { QueryError } from "./errors.js";
import type { Condition, Expression, Operand, Operation } from "./expression.js";
import type { ValueType } from "./fragment.js";
import { operand, type Part } from "./operand.js";
import type { Sql } from "./sql.js";

/** What a container may hold as a part of it: of an array an array, of an object some of its members. */
export type PartOf<Value> = Value extends readonly unknown[] ? Value : Value extends object ? Partial<Value> : Value;
/** Members of a JSON value. */
export type JsonKey<Value> = unknown extends Value ? string | number : keyof NonNullable<Value> & (string | number);
export type JsonAt<Value, Key> = unknown extends Value
  ? unknown
  : Key extends keyof NonNullable<Value>
    ? NonNullable<Value>[Key] | null
    : unknown;
type Element<Value> = NonNullable<Value> extends readonly (infer E)[] ? E : unknown;

/** What is made of expressions: arithmetic, text, arrays, ranges, JSON, text search. */
export abstract class Operators<Value> extends Comparison<Value> {
  /** `Order.price.plus(1)` → `"orders"."price" + $1`. */
  plus(value: Operand<Value>): Operation<Value> {
    return this.combine("+", value);
  }

  /** `Order.price.minus(1)` → `"orders"."price" - $1`. */
  minus(value: Operand<Value>): Operation<Value> {
    return this.combine("-", value);
  }

  /** `Order.price.times(2)` → `"orders"."price" * $1`; of ranges: what they share. */
  times(value: Operand<Value>): Operation<Value> {
    return this.combine("*", value);
  }

  /** `Order.price.dividedBy(2)` → `"orders"."price" / $1`: integers give an integer. */
  dividedBy(value: Operand<Value>): Operation<Value> {
    return this.combine("/", value);
  }

  /** `User.id.modulo(2)` → `"users"."id" % $1`. */
  modulo(value: Operand<Value>): Operation<Value> {
    return this.combine("%", value);
  }

  /** `User.name.concat(" *")` → `"users"."name" || $1`: text, arrays or JSON; NULL if one is. */
  concat<V>(this: Expression<V>, value: Operand<PartOf<NonNullable<V>>> | Expression<unknown>): Operation<V> {
    return this.combine("||", value);
  }

  /** `Profile.interests.contains(["tea"])` → `"profiles"."interests" @> $1`: arrays, JSON, ranges. */
  contains<V>(this: Expression<V>, value: Operand<PartOf<NonNullable<V>>> | Expression<unknown>): Condition {
    return this.compare("@>", value);
  }

  /** `Profile.interests.containedBy(["tea", "ale"])` → `"profiles"."interests" <@ $1`: arrays, JSON, ranges. */
  containedBy(value: Operand<Value> | Expression<unknown>): Condition {
    return this.compare("<@", value);
  }

  /** `Booking.during.overlaps("[1,5)")` → `"bookings"."during" && $1`: arrays, ranges. */
  overlaps(value: Operand<Value> | Expression<unknown>): Condition {
    return this.compare("&&", value);
  }

  /** `Booking.during.adjacentTo("[1,5)")` → `"bookings"."during" -|- $1`: ranges with nothing between them. */
  adjacentTo(value: Operand<Value>): Condition {
    return this.compare("-|-", value);
  }

  /** `Booking.during.leftOf("[5,9)")` → `"bookings"."during" << $1`: ends before it begins. */
  leftOf(value: Operand<Value>): Condition {
    return this.compare("<<", value);
  }

  /** `Booking.during.rightOf("[5,9)")` → `"bookings"."during" >> $1`: begins after it ends. */
  rightOf(value: Operand<Value>): Condition {
    return this.compare(">>", value);
  }

  /** `Booking.during.notRightOf("[5,9)")` → `"bookings"."during" &< $1`: ends no later. */
  notRightOf(value: Operand<Value>): Condition {
    return this.compare("&<", value);
  }

  /** `Booking.during.notLeftOf("[5,9)")` → `"bookings"."during" &> $1`: begins no earlier. */
  notLeftOf(value: Operand<Value>): Condition {
    return this.compare("&>", value);
  }

  /** `Profile.interests.at(1)` → `("profiles"."interests")[$1]`, the first: arrays count from 1. */
  at<V>(this: Expression<V>, index: number | Expression<number>): Operation<Element<V> | null> {
    return this.operation(["(", this, ")[", operand(index, null), "]"], this.type?.member ?? null);
  }

  /** `Profile.interests.slice(1, 2)` → `("profiles"."interests")[$1:$2]`: an array of the first two. */
  slice(from: number | Expression<number>, to: number | Expression<number>): Operation<Value> {
    return this.operation(["(", this, ")[", operand(from, null), ":", operand(to, null), "]"], this.type);
  }

  /**
   * A member of JSON, as JSON: `Profile.contacts.get("mail")` → `"profiles"."contacts" -> $1`; of a list by its index
   * from 0, `.get(0)` → `-> $1::integer`.
   */
  get<V, const Key extends JsonKey<V>>(this: Expression<V>, key: Key): Operation<JsonAt<V, Key>> {
    return this.operation([operand(this, null), " -> ", ...jsonKey(key)], this.memberType());
  }

  /** A member of JSON, as text: `Profile.contacts.getText("mail")` → `"profiles"."contacts" ->> $1`. */
  getText<V, const Key extends JsonKey<V>>(this: Expression<V>, key: Key): Operation<string | null> {
    return this.operation([operand(this, null), " ->> ", ...jsonKey(key)], null);
  }

  /** What is deeper in JSON, as JSON: `.getPath("a", 0)` → `#> $1`, `["a", "0"]`. */
  getPath<Found = unknown>(...path: readonly (string | number)[]): Operation<Found | null> {
    return this.operation([operand(this, null), " #> ", operand(path.map(String), null)], this.memberType());
  }

  /** What is deeper in JSON, as text: `.getPathText("a", 0)` → `#>> $1`, `["a", "0"]`. */
  getPathText(...path: readonly (string | number)[]): Operation<string | null> {
    return this.operation([operand(this, null), " #>> ", operand(path.map(String), null)], null);
  }

  /** `Profile.contacts.hasKey("mail")` → `"profiles"."contacts" ? $1`, of jsonb. */
  hasKey(key: string | Expression<string>): Condition {
    return this.condition([operand(this, null), " ? ", operand(key, null)]);
  }

  /** `.hasAnyKey(["mail", "phone"])` → `?| $1`, of jsonb. */
  hasAnyKey(keys: readonly string[]): Condition {
    return this.condition([operand(this, null), " ?| ", operand(keys, null)]);
  }

  /** `.hasAllKeys(["mail", "phone"])` → `?& $1`, of jsonb. */
  hasAllKeys(keys: readonly string[]): Condition {
    return this.condition([operand(this, null), " ?& ", operand(keys, null)]);
  }

  /** Whether a jsonpath finds something: `.pathExists("$.a[*] ? (@ > 2)")` → `@? $1`. */
  pathExists(path: string): Condition {
    return this.condition([operand(this, null), " @? ", operand(path, null)]);
  }

  /** What a jsonpath predicate says: `.pathMatches("$.a == 1")` → `@@ $1`. */
  pathMatches(path: string): Condition {
    return this.condition([operand(this, null), " @@ ", operand(path, null)]);
  }

  /** Text search: `Post.words.matchesQuery(func.websearch_to_tsquery("tea"))` → `"posts"."words" @@ websearch_to_tsquery($1)`. */
  matchesQuery(query: string | Expression<unknown> | Sql): Condition {
    return this.condition([operand(this, null), " @@ ", operand(query, null)]);
  }

  /**
   * Any other operator: `User.path.operator<boolean>("@", "x")` → `"users"."path" @ $1`.
   *
   * @throws QueryError `sql.operator` for a text that is no operator.
   */
  operator<Result>(operator: string, value: unknown): Operation<Result> {
    if (!/^[-+*/<>=~!@#%^&|`?]{1,63}$/.test(operator) || /--|\/\*/.test(operator))
      throw new QueryError(
        "sql.operator",
        `${JSON.stringify(operator)} is no operator of PostgreSQL's; for other SQL take the sql tag.`,
      );
    return this.combine(operator, value);
  }

  /** Of JSON: what is in it is JSON as well. */
  private memberType(): ValueType | null {
    return this.type?.member ?? this.type;
  }

  private combine<Result>(operator: string, value: unknown): Operation<Result> {
    return this.operation([operand(this, null), ` ${operator} `, this.side(value)], this.type);
  }
}

function jsonKey(key: string | number): readonly Part[] {
  return typeof key === "number" ? [operand(key, null), "::integer"] : [operand(key, null)];
}
