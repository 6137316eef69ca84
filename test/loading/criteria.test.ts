/** Conditions that a session has for all that it reads. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { func, select, selectinload, withCriteria } from "../../src/index.js";
import { onModels } from "../support/models.js";
import { fill, models, Post, User } from "./models.js";

onModels(models, (database) => {
  let shown = "one";
  const session = () => {
    const criteria = [withCriteria(Post, (post) => post.title.ne(shown)), withCriteria(User, (user) => user.id.ne(3))];
    return database().session({ criteria });
  };
  const titles = (posts: readonly Post[]) => posts.map(({ title }) => title);

  test("get, load, stream and statements; asked for anew each time", async () => {
    await fill(database());
    await using reading = session();
    assert.equal(await reading.get(Post, 1), null);
    assert.equal(await reading.get(User, 3), null);
    const ada = (await reading.get(User, 1))!;
    assert.deepEqual(titles(ada.posts), ["two"]);
    assert.deepEqual((await reading.execute(select(func.count()).selectFrom(Post))).scalarOne(), 2n);
    const both = select(Post).options(withCriteria(Post, (post) => post.title.ne("two")));
    assert.deepEqual(titles((await reading.execute(both)).scalars().all()), ["three"]);
    shown = "two";
    assert.equal((await reading.get(Post, 1))?.title, "one");
    reading.expire(ada, ["posts"]);
    assert.deepEqual(titles(await reading.load(ada, "posts")), ["one"]);
    const streamed: string[] = [];
    for await (const post of reading.stream(select(Post).orderBy(Post.id)).scalars()) streamed.push(post.title);
    assert.deepEqual(streamed, ["one", "three"]);
    shown = "one";
  });

  test("a relationship to one whose row is not shown is null, and stays what it is", async () => {
    await fill(database());
    await using reading = session();
    const [one] = await reading.execute(select(Post).where(Post.id.eq(2)).options(selectinload(Post.user)));
    const post = one![0];
    assert.equal(post.user.username, "ada");
    await reading.rollback();
    await database().rows("UPDATE posts SET user_id = 3 WHERE id = 2");
    await reading.refresh(post);
    assert.equal(await reading.load(post, "user"), null);
    post.title = "renamed";
    await reading.commit();
    assert.deepEqual(await database().rows("SELECT title, user_id FROM posts WHERE id = 2"), [["renamed", 3]]);
  });

  test("what an object is, refresh says; what a flush has to know, it reads", async () => {
    await fill(database());
    await using reading = session();
    const two = (await reading.get(Post, 2))!;
    two.title = "one";
    await reading.flush();
    await reading.refresh(two);
    assert.equal(two.title, "one");
    assert.equal(await reading.get(Post, 2), two);
    // Posts that are not shown stand in the way of deleting their user, and that is said.
    reading.expungeAll();
    reading.delete((await reading.get(User, 1))!);
    await assert.rejects(reading.flush(), { code: "flush.key_blanked" });
  });
});
