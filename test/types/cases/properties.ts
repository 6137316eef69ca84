/** Hybrid attributes and column properties, also of models that lead to each other. */
import {
  alias,
  type Column,
  cast,
  declarativeBase,
  deferred,
  type Expression,
  func,
  hybrid,
  integer,
  many,
  one,
  type RelationDef,
  select,
  sql,
  text,
} from "athanor";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const exactly = <_T extends true>() => {};

const Base = declarativeBase({ columns: { id: integer().primaryKey().identity() } });

class Writer extends Base.model(
  { first: text(), last: text() },
  {
    get works(): RelationDef<Work[]> {
      return many(Work, { backPopulates: "writer" });
    },
  },
  {
    properties: {
      workCount: (c) =>
        cast(select(func.count()).selectFrom(Work).where(Work.writerId.eq(c.id)).scalarSubquery(), integer()),
      initials: (c) => deferred(cast(sql`left(${c.first}, 1)`, text())),
    },
  },
) {
  static fullName = hybrid(Writer, (c) => sql<string>`${c.first} || ' ' || ${c.last}`);
  static prolific = hybrid(Writer, (c) => c.workCount.gte(2));

  get fullName(): string {
    return `${this.first} ${this.last}`;
  }
}

class Work extends Base.model(
  { title: text(), writerId: integer().references("writer.id") },
  {
    get writer(): RelationDef<Writer> {
      return one(Writer, { backPopulates: "works" });
    },
  },
  {
    properties: {
      // Both have properties that speak of the other: one of them says its type.
      author: (c): Expression<string> =>
        cast(select(Writer.first).where(Writer.id.eq(c.writerId)).scalarSubquery(), text()),
    },
  },
) {}

const writer = new Writer({ first: "a", last: "b", works: [] });
exactly<Equal<typeof writer.workCount, number>>();
exactly<Equal<typeof writer.initials, string>>();
exactly<Equal<Work["author"], string>>();
const column: Column<number> = Writer.workCount;
const awaited: Promise<number> = writer.awaitable.workCount;
// @ts-expect-error a column property is only for reading
writer.workCount = 3;
// @ts-expect-error nor does the constructor take it
new Writer({ first: "a", last: "b", workCount: 3 });
// @ts-expect-error a number is not compared with a string
Writer.workCount.eq("x");
// @ts-expect-error no such column
Base.model({ a: text() }, {}, { properties: { b: (c) => c.nothing } });

const byName = select(Writer.fullName, Writer).where(Writer.fullName.eq("a b"), Writer.prolific);
exactly<Equal<(typeof byName)["_rows"], [string, Writer]>>();
const other = alias(Writer, "other");
const aliased = select(other.fullName, other.workCount).where(other.fullName.like("a%"));
exactly<Equal<(typeof aliased)["_rows"], [string, number]>>();
// @ts-expect-error a string is not compared with a number
Writer.fullName.eq(3);

export const used = [column, awaited];
