/** UPDATE, DELETE and INSERT of many rows by one statement: the session's objects follow. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { insert, inspect, oldRow, raiseload, remove, select, sql, update } from "../../src/index.js";
import { onModels } from "../support/models.js";
import { fill, models, Note, Post, Tag, User } from "./models.js";

onModels(models, (database) => {
  const sent = () => database().sent();
  const users = select(User).options(raiseload("*")).orderBy(User.id);

  test("an UPDATE: what was set is in the objects, and is no change of theirs", async () => {
    await fill(database());
    await using session = database().session();
    const [ada, bob] = (await session.execute(users)).scalars().all();
    const result = await session.execute(
      update(User)
        .set({ username: User.username.concat("!") })
        .where(User.id.lt(3)),
    );
    assert.deepEqual([result.rowCount, ada!.username, bob!.username], [2, "ada!", "bob!"]);
    assert.deepEqual(session.dirty, []);
    assert.match(sent().at(-1)!, / RETURNING "users"."id", "users"."username"$/);
    await session.rollback();
    assert.throws(() => ada!.username, { code: "orm.unloaded" });
  });

  test("nothing is returned where the session has no object of the model, or it is told not to follow", async () => {
    await fill(database());
    await using session = database().session();
    await session.execute(update(User).set({ username: "x" }).where(User.id.eq(1)));
    assert.doesNotMatch(sent().at(-1)!, /RETURNING/);
    const [ada] = (await session.execute(users)).scalars().all();
    await session.execute(update(User).set({ username: "y" }).where(User.id.eq(1)), { synchronize: false });
    assert.doesNotMatch(sent().at(-1)!, /RETURNING/);
    assert.equal(ada!.username, "x");
  });

  test("what is returned besides comes as asked for, with objects as they are now", async () => {
    await fill(database());
    await using session = database().session();
    const [ada] = (await session.execute(users)).scalars().all();
    const result = await session.execute(
      update(User).set({ username: "new" }).where(User.id.eq(1)).returning(User, User.username),
    );
    const row = result.one();
    assert.deepEqual([row.length, row[0] === ada, row[0].username, row[1]], [2, true, "new", "new"]);
  });

  test("a foreign key that is set takes the object with it", async () => {
    await fill(database());
    await using session = database().session();
    const [ada, bob, eve] = (await session.execute(users)).scalars().all();
    await session.load(eve!, "manager");
    assert.equal(eve!.manager, bob);
    await session.execute(update(User).set({ managerId: 1 }).where(User.id.eq(3)));
    assert.equal(eve!.manager, ada);
  });

  test("a DELETE: the objects are deleted, and persistent again after a rollback", async () => {
    await fill(database());
    await using session = database().session();
    const notes = (await session.execute(select(Note).orderBy(Note.id))).scalars().all();
    const result = await session.execute(remove(Note).where(Note.userId.eq(1)).returning(Note.body));
    assert.deepEqual(result.scalars().all().toSorted(), ["first", "second"]);
    assert.deepEqual(
      notes.map((note) => inspect(note).lifecycle),
      ["deleted", "deleted", "persistent"],
    );
    assert.equal(await session.get(Note, 1), null);
    await session.rollback();
    assert.equal(inspect(notes[0]!).lifecycle, "persistent");
    assert.equal(await session.get(Note, 1), notes[0]);
  });

  test("INSERT of many rows gives objects of the session", async () => {
    await fill(database());
    await using session = database().session();
    const statement = insert(Post)
      .values([
        { title: "four", userId: 1 },
        { title: "five", userId: 2 },
      ])
      .returning(Post);
    const posts = (await session.execute(statement)).scalars().all();
    assert.deepEqual(
      posts.map(({ title, published }) => [title, published]),
      [
        ["four", true],
        ["five", true],
      ],
    );
    assert.equal(await session.get(Post, posts[0]!.id), posts[0]);
    posts[0]!.title = "changed";
    await session.commit();
    assert.deepEqual(await database().rows("SELECT title FROM posts WHERE id = 4"), [["changed"]]);
    assert.equal((await session.execute(insert(Tag).values({ name: "green" }))).rowCount, 1);
  });

  test("objects that an INSERT returned are transient after a rollback, as those of a flush", async () => {
    await fill(database());
    await using session = database().session();
    const tags = insert(Tag).values([{ name: "green" }, { name: "grey" }]);
    const [green, grey] = (await session.execute(tags.returning(Tag))).scalars().all() as [Tag, Tag];
    await session.rollback();
    assert.deepEqual([inspect(green).lifecycle, session.contains(grey), green.name], ["transient", false, "green"]);
    assert.equal(await session.get(Tag, green.id), null);
    session.add(green);
    await session.commit();
    assert.deepEqual(await database().rows("SELECT name FROM tags ORDER BY id"), [["red"], ["blue"], ["green"]]);
  });

  test("the same of a savepoint, and not of rows that were there before", async () => {
    await fill(database());
    await using session = database().session();
    const upsert = insert(Tag)
      .values({ id: 1, name: "crimson" })
      .onConflictDoUpdate({ target: [Tag.id], set: { name: "crimson" } });
    const made: Tag[] = [];
    const failed = session.nested(async () => {
      made.push((await session.execute(insert(Tag).values({ name: "green" }).returning(Tag))).scalarOne());
      made.push((await session.execute(upsert.returning(Tag))).scalarOne());
      throw new Error("undo");
    });
    await assert.rejects(failed, { message: "undo" });
    await session.refresh(made[1]!);
    assert.deepEqual(
      made.map((tag) => [inspect(tag).lifecycle, tag.name]),
      [
        ["transient", "green"],
        ["persistent", "red"],
      ],
    );
  });

  test("rows as they were come besides what the objects follow by", async () => {
    await fill(database());
    await using session = database().session();
    const [ada] = (await session.execute(users)).scalars().all();
    const renamed = update(User).set({ username: "new" }).where(User.id.eq(1));
    const refusal = {
      name: "ProgrammingError",
      sqlstate: "42P01",
      message: /Hint: oldRow\(\) and newRow\(\) are for RETURNING, and for PostgreSQL 18 or newer\.$/,
    };
    const returning = renamed.returning(oldRow(User).username, User.username);
    const version = (await session.execute(sql<[string]>`SHOW server_version_num`)).scalarOne();
    if (Number(version) < 180000) return assert.rejects(session.execute(returning), refusal);
    const [row] = await session.execute(returning);
    assert.deepEqual([row?.[0], row?.[1], row?.length, ada!.username], ["ada", "new", 2, "new"]);
    await assert.rejects(session.execute(renamed.where(oldRow(User).id.eq(1))), refusal);
  });

  test("pending changes are flushed before", async () => {
    await fill(database());
    await using session = database().session();
    const [ada] = (await session.execute(users)).scalars().all();
    ada!.photo = "x";
    await session.execute(update(User).set({ username: "new" }));
    assert.deepEqual([ada!.photo, ada!.username, session.dirty], ["x", "new", []]);
  });
});
