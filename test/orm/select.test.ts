/** Statements over models, executed by a session: instances in their rows. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { insert, select } from "../../src/index.js";
import { models, Post, User } from "../semantics/models.js";
import { onModels } from "../support/models.js";

onModels(models, (database) => {
  test("row 41: select gives the objects that the session has, and flushes before", async () => {
    await using session = database().session();
    const ada = new User({ username: "ada", posts: [new Post({ title: "x" })] });
    session.add(ada);
    const rows = (await session.execute(select(User, Post.title, Post).join(User.posts))).all();
    assert.deepEqual(
      rows.map(([user, title, post]) => [user === ada, title, post === ada.posts[0]]),
      [[true, "x", true]],
    );
    session.expungeAll();
    const [loaded] = (await session.execute(select(User))).scalars().all();
    assert.deepEqual([loaded instanceof User, loaded === ada, loaded?.username], [true, false, "ada"]);
    loaded!.username = "mine";
    await session.noAutoflush(async () => {
      assert.equal((await session.execute(select(User))).scalarOne().username, "mine");
      assert.equal((await session.execute(select(User), { populateExisting: true })).scalarOne().username, "ada");
    });
  });

  test("an outer join that finds nothing gives null", async () => {
    await using session = database().session();
    session.add(new User({ username: "ada" }));
    const [row] = (await session.execute(select(User.username, Post).leftJoin(Post, Post.userId.eq(User.id)))).all();
    assert.deepEqual([...row!], ["ada", null]);
  });

  test("RETURNING gives instances", async () => {
    await using session = database().session();
    const statement = insert(User).values({ username: "ada" }).returning(User);
    const user = (await session.execute(statement)).scalarOne();
    assert.equal(user, await session.get(User, user.id));
    user.email = "x";
    await session.commit();
    assert.deepEqual(await database().rows("SELECT email FROM users"), [["x"]]);
  });
});
