/** The rows of statements, and what the compiler must refuse in them. */
import { alias, type Row, type Select, type Session, select } from "athanor";
import { type Equal, expectType } from "./expect.js";
import { Post, Tag, User } from "./models.js";

export async function rows(session: Session) {
  const pairs = (await session.execute(select(User.id, User.username).where(User.username.eq("x")))).all();
  expectType<Equal<typeof pairs, [number, string][]>>();
  const names: string[] = (await session.execute(select(Tag.c.name))).scalars().all();
  const maybe: User | null = (await session.execute(select(User).where(User.id.eq(1)))).scalarOneOrNone();
  const both: [User, string][] = (await session.execute(select(User, Post.title))).all();
  const manager = alias(User, "manager");
  const managers: [User, User, number | null][] = (
    await session.execute(select(User, manager, manager.managerId))
  ).all();
  return [pairs, names, maybe, both, managers];
}

expectType<Equal<Row<[typeof User, typeof User.id]>, [User, number]>>();
const users: Select<[User]> = select(User);

// @ts-expect-error `Tag.name` is the class's own name
select(Tag.name);
// @ts-expect-error a value is not selected by itself
select(1);
// @ts-expect-error an alias is no class
new (alias(User, "manager"))({});

export { users };
