/** Entities out of queries, and what is loaded with them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { func, inspect, select, sql } from "../../src/index.js";
import { onModels } from "../support/models.js";
import { fill, models, Post, Tag, User } from "./models.js";

onModels(models, (database) => {
  const counted = (): number => database().sent().length;

  test("entities and values in one row; the same row is the same object", async () => {
    await fill(database());
    await using session = database().session();
    const rows = await session.execute(
      select(Post, Tag.c.name).join(Post.tags).where(Post.title.eq("one")).orderBy(Tag.c.name),
    );
    const [first, second] = rows.all();
    assert.ok(first![0] instanceof Post);
    assert.equal(first![0], second![0]);
    assert.deepEqual([first![1], second![1]], ["blue", "red"]);
    assert.equal(await session.get(Post, 1), first![0]);
    assert.deepEqual(session.dirty, []);
  });

  test("joined and selectin loads, in two statements and those that the members need", async () => {
    await fill(database());
    await using session = database().session();
    const users = (await session.execute(select(User).orderBy(User.id))).scalars().all();
    // The users with profiles and notes, their posts, the posts' tags.
    assert.equal(counted(), 3);
    assert.equal(users.length, 3);
    const [ada, bob, eve] = users;
    assert.deepEqual(
      users.map((user) => user.profile?.city ?? null),
      ["London", null, null],
    );
    assert.deepEqual(
      ada!.notes.map(({ body }) => body),
      ["second", "first"],
    );
    assert.deepEqual([bob!.notes.length, eve!.notes.length], [1, 0]);
    assert.deepEqual(
      ada!.posts.map(({ title }) => title),
      ["two", "one"],
    );
    assert.deepEqual(
      ada!.posts[1]!.tags.map(({ name }) => name),
      ["blue", "red"],
    );
    assert.equal(eve!.posts.length, 0);
    assert.equal(ada!.posts[0]!.user, ada);
    assert.equal(counted(), 3);
    assert.deepEqual([session.dirty, session.new], [[], []]);
    await session.flush();
    assert.equal(counted(), 3);
  });

  test("LIMIT counts parents, not what is joined to them", async () => {
    await fill(database());
    await using session = database().session();
    const page = select(User).orderBy(User.username.desc()).limit(2).offset(1);
    const users = (await session.execute(page)).scalars().all();
    assert.deepEqual(
      users.map((user) => [user.username, user.notes.length]),
      [
        ["bob", 1],
        ["ada", 2],
      ],
    );
    assert.match(database().sent()[0]!, /FROM \(SELECT .* LIMIT \$1 OFFSET \$2\) AS "_page" LEFT JOIN/);
  });

  test("an aggregate beside an entity, DISTINCT and locks, with joins", async () => {
    await fill(database());
    await using session = database().session();
    const counts = select(User, func.count(Post.id)).leftJoin(User.posts).groupBy(User.id).orderBy(User.id);
    const rows = (await session.execute(counts)).all();
    assert.deepEqual(
      rows.map(([user, count]) => [user?.username, user?.notes.length, Number(count)]),
      [
        ["ada", 2, 2],
        ["bob", 1, 1],
        ["eve", 0, 0],
      ],
    );
    const locked = (await session.execute(select(User).where(User.id.eq(1)).forUpdate())).scalarOne();
    assert.equal(locked, rows[0]![0]);
    assert.equal((await session.execute(select(User).distinct())).all().length, 3);
  });

  test("what an outer join doesn't find is null", async () => {
    await fill(database());
    await using session = database().session();
    const rows = (
      await session.execute(select(User.username, Post).leftJoin(User.posts).orderBy(User.id, Post.id))
    ).all();
    assert.deepEqual(
      rows.map(([name, post]) => [name, post?.title ?? null]),
      [
        ["ada", "one"],
        ["ada", "two"],
        ["bob", "three"],
        ["eve", null],
      ],
    );
  });

  test("row 41: loaded attributes stay, unless populateExisting", async () => {
    await fill(database());
    await using session = database().session();
    const ada = (await session.get(User, 1))!;
    await session.execute(sql`UPDATE users SET username = 'other' WHERE id = 1`);
    await session.execute(sql`UPDATE notes SET user_id = 2 WHERE id = 1`);
    await session.execute(select(User));
    assert.deepEqual([ada.username, ada.notes.length], ["ada", 2]);
    await session.execute(select(User), { populateExisting: true });
    assert.deepEqual([ada.username, ada.notes.length], ["other", 1]);
    assert.deepEqual(session.dirty, []);
  });

  test("a deferred column is loaded by name, for all at once", async () => {
    await fill(database());
    await using session = database().session();
    const users = (await session.execute(select(User).orderBy(User.id))).scalars().all();
    assert.throws(() => users[0]!.photo, { code: "orm.unloaded" });
    assert.ok(inspect(users[0]!).unloaded.includes("photo"));
    database().clear();
    assert.deepEqual(await session.load(users, "photo"), ["ada.png", "bob.png", "eve.png"]);
    assert.equal(counted(), 1);
    assert.equal(await session.get(User, 1), users[0]);
    assert.equal(counted(), 1);
  });

  test("a deferred column that was assigned is a change, and is not overwritten when it is read", async () => {
    await fill(database());
    await using session = database().session();
    const ada = (await session.get(User, 1))!;
    ada.photo = "new.png";
    assert.deepEqual(inspect(ada).changed, ["photo"]);
    await session.noAutoflush(() => session.execute(select(User.photo, User)));
    assert.equal(ada.photo, "new.png");
    await session.commit();
    assert.deepEqual(await database().rows("SELECT photo FROM users WHERE id = 1"), [["new.png"]]);
  });

  test("get loads what is joined in the same statement", async () => {
    await fill(database());
    await using session = database().session();
    const ada = (await session.get(User, 1))!;
    assert.deepEqual([ada.profile?.city, ada.notes.length, ada.posts.length, counted()], ["London", 2, 2, 3]);
    await session.refresh(ada);
    assert.deepEqual([ada.profile?.city, ada.notes.length, ada.posts.length], ["London", 2, 2]);
  });

  test("a parent comes once, whatever values stand beside it", async () => {
    await fill(database());
    await using session = database().session();
    const rows = (await session.execute(select(User, sql<Date>`now()`).orderBy(User.id))).all();
    assert.deepEqual(
      rows.map(([user, now]) => [user.username, now instanceof Date]),
      [
        ["ada", true],
        ["bob", true],
        ["eve", true],
      ],
    );
  });

  test("a relationship of an object that has expired is loaded by the key that it then reads", async () => {
    await fill(database());
    await using session = database().session();
    const bob = (await session.get(User, 2))!;
    await session.rollback();
    session.expire(bob);
    assert.equal((await session.load(bob, "manager"))?.id, 1);
    assert.equal(bob.username, "bob");
  });
});
