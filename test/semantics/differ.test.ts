/** semantics.md, "Where we differ, on purpose"; what is elsewhere: row 13 (onUpdate), rows 8 and 9 (in place), row 37. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { onModels, shape } from "../support/models.js";
import { models, Note, Post, User } from "./models.js";

onModels(models, (database) => {
  test("a unique value freed by a delete and taken by an insert or an update in one flush works", async () => {
    await using session = database().session();
    const [ada, bob] = [new User({ username: "ada" }), new User({ username: "bob" })];
    ada.posts.push(new Post({ title: "p" }));
    ada.notes.push(new Note({ body: "n", userId: 0 }));
    session.addAll([ada, bob]);
    await session.commit();
    session.delete(ada);
    session.add(new User({ username: "ada", email: "second" }));
    database().clear();
    await session.commit();
    const shapes = database().sent().map(shape);
    assert.deepEqual(
      shapes.filter((each) => each !== "SELECT"),
      ["UPDATE posts", "DELETE notes", "DELETE users", "INSERT users"],
    );
    session.delete(bob);
    (await session.get(User, 3))!.username = "bob";
    await session.commit();
    assert.deepEqual(await database().rows("SELECT username, email FROM users"), [["bob", "second"]]);
  });

  test("reading what is not loaded throws one error that names the attribute and the ways to load it", async () => {
    await using session = database().session();
    session.add(new User({ username: "ada" }));
    await session.commit();
    session.expungeAll();
    const user = (await session.get(User, 1))!;
    assert.throws(() => user.posts, {
      name: "UnloadedError",
      code: "orm.unloaded",
      message:
        'User.posts is not loaded. Load it first: await session.load(user, "posts"), or await user.awaitable.posts, or with the query: .options(selectinload(User.posts)).',
    });
    assert.deepEqual([...(await session.load(user, "posts"))], []);
  });
});
