/** The rows of statements, and what the compiler must refuse in them. */
import {
  alias,
  case_,
  defer,
  excluded,
  func,
  insert,
  integer,
  joinedload,
  literal,
  loadOnly,
  oldRow,
  type Row,
  raiseload,
  remove,
  rowsOf,
  type Select,
  type Session,
  select,
  selectinload,
  sql,
  tuple,
  update,
  withCriteria,
} from "athanor";
import { type Equal, expectType } from "./expect.js";
import { Post, Profile, Tag, User } from "./models.js";

/** The type of a statement's rows. */
type RowsOf<S> = S extends { readonly _rows: infer R } ? R : never;
const rowsAre =
  <R>() =>
  <S>(_statement: S, ..._same: Equal<RowsOf<S>, R> extends true ? [] : [never]): void => {};

const manager = alias(User, "manager");

// What is selected.
rowsAre<[User]>()(select(User));
rowsAre<[number, string]>()(select(User.id, User.username).where(User.id.gt(1)).orderBy(User.id).limit(1));
rowsAre<[User, string]>()(select(User, Post.title));
rowsAre<[User, number | null]>()(select(manager, manager.managerId));
rowsAre<[bigint, string, number]>()(select(func.count(), User.username.as("name"), sql<number>`1`));
rowsAre<[boolean, Date, "MALE" | "FEMALE"]>()(select(User.id.eq(1), func.now(), Profile.gender));
rowsAre<["a" | "b" | null]>()(
  select(
    case_([
      [User.id.eq(1), "a"],
      [User.id.eq(2), "b"],
    ]),
  ),
);
rowsAre<[string[] | null, number | null, number]>()(
  select(func.array_agg(User.username), func.sum(User.id), func.coalesce(User.managerId, 0)),
);
rowsAre<[string | null, string | null]>()(select(Profile.contacts.get("mail"), Profile.contacts.getText("mail")));
rowsAre<[string | null]>()(select(Profile.interests.at(1)));

// What outer joins make nullable.
rowsAre<[User, Profile]>()(select(User, Profile).join(User.profile));
rowsAre<[User, string | null, bigint]>()(
  select(User, Profile.firstName.as("name"), func.count().as("count")).leftJoin(User.profile),
);
rowsAre<[User, Profile | null, string | null]>()(select(User, Profile, Profile.firstName).leftJoin(User.profile));
rowsAre<[User, Post | null]>()(select(User, Post).leftJoin(User.posts));
rowsAre<[User | null, Post]>()(select(User, Post).rightJoin(Post, Post.userId.eq(User.id)));
rowsAre<[User | null, Post | null, bigint]>()(select(User, Post, func.count()).fullJoin(User.posts));
rowsAre<[string, string | null, User | null]>()(
  select(User.username, manager.username, manager).leftJoin(User.manager.of(manager)),
);
rowsAre<[string, string | null]>()(select(User.username, manager.username).leftJoin(manager, sql`true`));

// Subqueries, CTEs and set operations.
const recent = select(Post.userId, func.count().as("posts"), Profile.gender)
  .leftJoin(Profile, sql`true`)
  .subquery("recent");
rowsAre<[number, bigint, "MALE" | "FEMALE" | null]>()(select(recent.c.userId, recent.c.posts, recent.c.gender));
rowsAre<[string, bigint | null]>()(select(User.username, recent.c.posts).leftJoin(recent, recent.c.userId.eq(User.id)));
const people = select(User).cte("people");
rowsAre<[string, number | null]>()(select(people.c.username, people.c.managerId));
rowsAre<[number]>()(select(User.id).union(select(Post.id)));
rowsAre<[number | null]>()(select(select(Post.id).limit(1).scalarSubquery()));

const newest = alias(Post, select(Post).limit(1).subquery("newest"));
rowsAre<[Post | null, string | null, User]>()(select(newest, newest.title, User).leftJoin(newest, sql`true`));

const numbers = rowsOf(func.call("generate_series", 1, 3), "numbers", { n: integer() });
rowsAre<[number | null, string]>()(select(numbers.c.n, User.username).leftJoin(numbers, numbers.c.n.eq(User.id)));

// Changes.
rowsAre<[]>()(insert(Tag).values({ name: "x" }));
rowsAre<[Tag, number]>()(
  insert(Tag)
    .values([{ name: "x" }])
    .returning(Tag, Tag.id),
);
rowsAre<[User]>()(update(User).set({ username: "x", managerId: null }).returning(User));
rowsAre<[string]>()(remove(Post).where(Post.id.eq(1)).returning(Post.title));
insert(User)
  .values({ username: "a", email: sql`lower('B')`, password: new Uint8Array() })
  .onConflictDoUpdate({ target: [User.email], set: { username: excluded(User).username } });
insert(Post).fromSelect(["title", "userId"], select(User.username, User.id));

export async function executed(session: Session) {
  const pairs: [number, string][] = (await session.execute(select(User.id, User.username))).all();
  const names: string[] = (await session.execute(select(Tag.c.name))).scalars().all();
  const maybe: User | null = (await session.execute(select(User).where(User.id.eq(1)))).scalarOneOrNone();
  const both: [User, string][] = (await session.execute(select(User, Post.title))).all();
  const id: number = (await session.execute(insert(Tag).values({ name: "x" }).returning(Tag.id))).scalarOne();
  return [pairs, names, maybe, both, id];
}

expectType<Equal<Row<[typeof User, typeof User.id]>, [User, number]>>();
const users: Select<[User]> = select(User);
Post.user.eq({} as User);
tuple(Post.userId, Post.title).gt([1, "x"]);
User.id.in(select(Post.userId));
User.id.eq(User.managerId);

// Loader options.
rowsAre<[User]>()(
  select(User).options(
    selectinload(User.posts).joinedload(Post.tags),
    selectinload(User.posts).options(joinedload(Post.tags), defer(Post.title)),
    joinedload(User.profile),
    raiseload("*"),
    loadOnly(User.username, User.email),
    withCriteria(Post, (post) => post.published.eq(true)),
  ),
);
select(manager, Post.id).options(selectinload(manager.posts));
// @ts-expect-error an option of a model that is not selected
select(User).options(selectinload(Post.tags));
// @ts-expect-error it does not lead there
selectinload(User.posts).joinedload(User.profile);
// @ts-expect-error a column of another model
selectinload(User.posts).loadOnly(User.username);

// @ts-expect-error `Tag.name` is the class's own name
select(Tag.name);
rowsAre<[string | null, string]>()(update(User).set({ username: "x" }).returning(oldRow(User).username, User.username));
// @ts-expect-error nothing is selected
select();
select(...[User.id, User.username]);
// @ts-expect-error a value is not selected by itself
select(1);
// @ts-expect-error an alias is no class
new manager({});
// @ts-expect-error a model is joined on a condition
select(User).join(Post);
// @ts-expect-error a query needs a name to be joined
select(User).crossJoin(select(Post));
// @ts-expect-error a required column is missing
insert(Tag).values({});
// @ts-expect-error no such column
insert(Tag).values({ name: "x", nmae: "y" });
// @ts-expect-error a column's own type
update(User).set({ username: 1 });
// @ts-expect-error relationships are no columns
update(User).set({ posts: [] });
// @ts-expect-error the query's columns are of other types
insert(Post).fromSelect(["title", "userId"], select(User.id, User.username));
// @ts-expect-error no such column in the subquery
recent.c.title;
// @ts-expect-error strings are not among numbers
User.id.in(select(User.username));
// @ts-expect-error a tuple's values have its types
tuple(Post.userId, Post.title).gt(["x", 1]);
// @ts-expect-error no such member of the JSON
Profile.contacts.get(Symbol());
// @ts-expect-error other rows
select(User.id).union(select(User.username));
// @ts-expect-error an instance of another model
Post.user.eq({} as Tag);
// @ts-expect-error no such label
literal("x").as(1);

export { users };
