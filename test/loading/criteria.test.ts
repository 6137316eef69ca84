/** Conditions that a session has for all that it reads. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  alias,
  exists,
  func,
  joinedload,
  type Query,
  remove,
  select,
  selectinload,
  update,
  withCriteria,
} from "../../src/index.js";
import { onModels } from "../support/models.js";
import { fill, models, Post, PostTag, User } from "./models.js";

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

  test("inside subqueries, CTEs, set operations, laterals and EXISTS as well", async () => {
    await fill(database());
    await using reading = session();
    const list = async (statement: Query<readonly [unknown], unknown>) =>
      (await reading.execute(statement)).scalars().all();
    const hidden = Post.title.eq("one");
    assert.deepEqual(
      await list(
        select(User.id)
          .where(User.id.in(select(Post.userId)))
          .orderBy(User.id),
      ),
      [1, 2],
    );
    assert.deepEqual(await list(select(User.id).where(User.id.in(select(Post.userId).where(hidden)))), []);
    assert.deepEqual(await list(select(User.id).where(exists(select(Post.id).where(hidden)))), []);
    assert.deepEqual(await list(select(User.id).where(User.posts.any(hidden))), []);
    const count = select(func.count(Post.id)).where(Post.userId.eq(User.id));
    assert.deepEqual(await list(select(count.scalarSubquery()).selectFrom(User).orderBy(User.id)), [1n, 1n]);
    const posts = select(Post.title).orderBy(Post.id);
    const named = posts.cte("named");
    assert.deepEqual(await list(select(named.c.title)), ["two", "three"]);
    const lateral = select(Post.title).where(Post.userId.eq(User.id)).subquery("own");
    const joined = select(lateral.c.title).selectFrom(User).joinLateral(lateral).orderBy(User.id);
    assert.deepEqual(await list(joined), ["two", "three"]);
    const both = select(User.username).union(select(Post.title));
    assert.deepEqual((await list(both)).toSorted(), ["ada", "bob", "three", "two"]);
    const other = alias(Post, "other");
    assert.deepEqual(await list(select(other.title).where(other.userId.eq(1))), ["two"]);
    const right = select(Post.title).rightJoin(User, User.id.eq(Post.userId)).orderBy(User.id);
    assert.deepEqual(await list(right), ["two", "three"]);
  });

  test("for what UPDATE and DELETE change", async () => {
    await fill(database());
    await using writing = session();
    const { rowCount } = await writing.execute(update(Post).set({ title: "x" }).where(Post.userId.eq(1)));
    assert.equal(rowCount, 1);
    await writing.execute(remove(PostTag));
    await writing.execute(remove(Post).using(User).where(Post.userId.eq(User.id)));
    await writing.commit();
    assert.deepEqual(await database().rows("SELECT title FROM posts"), [["one"]]);
  });

  test("what a criterion reads itself, it says itself", async () => {
    await fill(database());
    const first = alias(Post, "first");
    const earlier = (post: ColumnsOf) =>
      exists(select(first.id).where(first.userId.eq(post.userId), first.id.lt(post.id)));
    type ColumnsOf = typeof Post;
    await using reading = database().session({
      criteria: [withCriteria(Post, (post) => earlier(post as ColumnsOf).not())],
    });
    const found = (await reading.execute(select(Post).orderBy(Post.id))).scalars().all();
    assert.deepEqual(titles(found), ["one", "three"]);
  });

  test("for the rows of a join table that has a model", async () => {
    await fill(database());
    const criteria = [withCriteria(PostTag, (link) => link.tagId.ne(1))];
    await using reading = database().session({ criteria });
    const first = select(Post).where(Post.id.eq(1));
    for (const statement of [first.options(selectinload(Post.tags)), first.options(joinedload(Post.tags))]) {
      reading.expungeAll();
      const post = (await reading.execute(statement)).scalarOne();
      assert.deepEqual(
        post.tags.map(({ name }) => name),
        ["blue"],
      );
    }
  });
});
