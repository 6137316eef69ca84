/** semantics.md, "Mapping": rows 6 to 24, as far as objects and flushes are concerned. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect, sql } from "../../src/index.js";
import { onModels, shape } from "../support/models.js";
import { models, Note, Post, Profile, Tag, User } from "./models.js";

onModels(models, (database) => {
  const shapes = () => database().sent().map(shape);

  test("row 6: what is unset reads as null or empty, and is not recorded as set", () => {
    const user = new User({ username: "ada" });
    assert.deepEqual([user.email, user.id, user.profile, [...user.posts]], [null, null, null, []]);
    assert.deepEqual(Object.keys(user), ["username"]);
    assert.deepEqual({ ...user }, { username: "ada" });
    assert.throws(() => new User({ ...{ nick: "a" }, username: "ada" }), TypeError);
  });

  test("rows 8 and 9: changes in place of arrays and JSON are seen (we differ)", async () => {
    await using session = database().session();
    const profile = new Profile({ firstName: "Ada", interests: ["x"], contacts: { phone: { home: "1" } } });
    session.add(profile);
    await session.commit();
    profile.interests!.push("y");
    Object.assign(profile.contacts!.phone as object, { home: "2" });
    assert.equal(session.isModified(profile), true);
    await session.commit();
    assert.deepEqual(await database().rows("SELECT interests, contacts FROM profiles"), [
      [["x", "y"], { phone: { home: "2" } }],
    ]);
    database().clear();
    await session.commit();
    assert.deepEqual(database().sent(), []);
  });

  test("row 11: a default is applied at the flush, not in the constructor; null counts as not set", async () => {
    await using session = database().session();
    const post = new Post({ title: "a" });
    assert.equal(post.published, null);
    session.add(post);
    await session.flush();
    assert.equal(post.published, false);
  });

  test("row 12: server defaults are left out of the INSERT and come back with it", async () => {
    await using session = database().session();
    const post = new Post({ title: "a" });
    session.add(post);
    await session.flush();
    assert.equal(post.id, 1);
    assert.ok(post.createdAt instanceof Date);
    const [insert = ""] = database().sent();
    assert.doesNotMatch(insert.split("RETURNING")[0]!, /created_at/);
    assert.equal(database().sent().length, 1);
  });

  test("row 13: onUpdate joins every UPDATE with a change, and is readable after it (we differ)", async () => {
    await using session = database().session();
    const user = new User({ username: "ada" });
    const post = new Post({ title: "a" });
    session.addAll([user, post]);
    await session.flush();
    const before = post.updatedAt.getTime();
    await session.execute(sql`SELECT pg_sleep(0.01)`);
    post.user = user;
    database().clear();
    await session.flush();
    assert.deepEqual(shapes(), ["UPDATE posts"]);
    assert.ok(post.updatedAt.getTime() > before);
  });

  test("row 16: one to one: setting another lets the old one go, by UPDATE, before the INSERT", async () => {
    await using session = database().session();
    const user = new User({ username: "ada", profile: new Profile({ firstName: "A" }) });
    session.add(user);
    await session.flush();
    const old = user.profile!;
    database().clear();
    user.profile = new Profile({ firstName: "B" });
    assert.equal(old.user, null);
    await session.flush();
    assert.deepEqual([old.userId, user.profile.userId], [null, user.id]);
    assert.deepEqual(shapes(), ["UPDATE profiles", "INSERT profiles"]);
  });

  test("row 17: both sides are in step at once, without SQL", () => {
    const user = new User({ username: "ada" });
    const [one, two, three] = [new Post({ title: "1" }), new Post({ title: "2" }), new Post({ title: "3" })];
    user.posts.push(one, two);
    assert.deepEqual([one.user, two.user], [user, user]);
    three.user = user;
    assert.deepEqual([...user.posts], [one, two, three]);
    user.posts.splice(1, 1);
    assert.equal(two.user, null);
    one.user = null;
    assert.deepEqual([...user.posts], [three]);
    user.posts = [one];
    assert.deepEqual([three.user, one.user], [null, user]);
    user.posts.shift();
    assert.equal(one.user, null);
    const other = new User({ username: "bob", posts: [two] });
    user.posts.push(two);
    assert.deepEqual([[...other.posts], two.user], [[], user]);
    const tag = new Tag({ name: "t" });
    one.tags.push(tag);
    assert.deepEqual([...tag.posts], [one]);
    tag.posts.pop();
    assert.deepEqual([...one.tags], []);
    assert.deepEqual(database().sent(), []);
  });

  test("row 17: a change of a collection that isn't loaded is queued", async () => {
    await using session = database().session();
    session.add(new User({ username: "ada", posts: [new Post({ title: "a" }), new Post({ title: "b" })] }));
    await session.commit();
    session.expungeAll();
    const user = (await session.get(User, 1))!;
    const first = (await session.get(Post, 1))!;
    const added = new Post({ title: "c", user });
    first.user = null;
    session.add(added);
    assert.throws(() => user.posts, { code: "orm.unloaded" });
    await session.noAutoflush(async () => {
      const posts = await session.load(user, "posts");
      assert.deepEqual(
        posts.map(({ title }) => title),
        ["b", "c"],
      );
    });
    await session.commit();
    assert.deepEqual(await database().rows("SELECT title, user_id FROM posts ORDER BY title"), [
      ["a", null],
      ["b", 1],
      ["c", 1],
    ]);
  });

  test("row 17: what is assigned by index or by length is found by the flush", async () => {
    await using session = database().session();
    const user = new User({ username: "ada", posts: [new Post({ title: "a" }), new Post({ title: "b" })] });
    session.add(user);
    await session.flush();
    const [a, b] = [...user.posts];
    user.posts[0] = new Post({ title: "c" });
    user.posts.length = 1;
    await session.commit();
    assert.deepEqual([a!.user, b!.user, user.posts[0]!.user], [null, null, user]);
    assert.deepEqual(await database().rows("SELECT title, user_id FROM posts ORDER BY title"), [
      ["a", null],
      ["b", null],
      ["c", 1],
    ]);
  });

  test("row 18: no cascade through the back reference; the flush warns and leaves it out", async () => {
    await using session = database().session();
    const user = new User({ username: "ada" });
    session.add(user);
    const post = new Post({ title: "a" });
    post.user = user;
    assert.deepEqual([[...user.posts], session.contains(post)], [[post], false]);
    const warned = new Promise<Error>((resolve) => process.once("warning", resolve));
    await session.flush();
    assert.match((await warned).message, /User\.posts holds a Post that is not in the session/);
    assert.equal(post.id, null);
    const other = new Post({ title: "b" });
    user.posts.push(other);
    assert.equal(session.contains(other), true);
    session.add(post);
    await session.flush();
    assert.deepEqual([post.userId, other.userId], [user.id, user.id]);
  });

  test("row 20: save-update carries related objects into the session", async () => {
    await using session = database().session();
    const tag = new Tag({ name: "t" });
    const post = new Post({ title: "a", tags: [tag], user: new User({ username: "ada" }) });
    session.add(post);
    assert.deepEqual(session.new, [post, post.user, tag]);
    session.expungeAll();
    assert.deepEqual(session.new, []);
  });

  test("row 21: delete-orphan: removing or replacing deletes at the flush", async () => {
    await using session = database().session();
    const [one, two, three] = [new Note({ body: "1", userId: 0 }), note("2"), note("3")];
    const user = new User({ username: "ada", notes: [one, two, three] });
    session.add(user);
    await session.flush();
    database().clear();
    user.notes.splice(0, 1);
    user.notes = [three];
    await session.flush();
    assert.deepEqual(shapes(), ["DELETE notes"]);
    assert.deepEqual([inspect(one).lifecycle, inspect(three).lifecycle], ["deleted", "persistent"]);
  });

  test("row 21: a pending child that is removed again is not inserted; one that moves is kept", async () => {
    await using session = database().session();
    const [ada, bob] = [new User({ username: "ada" }), new User({ username: "bob" })];
    session.addAll([ada, bob]);
    const [gone, moved] = [note("gone"), note("moved")];
    ada.notes.push(gone, moved);
    ada.notes.splice(0, 1);
    moved.user = bob;
    await session.flush();
    assert.deepEqual([inspect(gone).lifecycle, moved.userId], ["transient", bob.id]);
    ada.notes.push(moved);
    await session.flush();
    assert.deepEqual([inspect(moved).lifecycle, moved.userId], ["persistent", ada.id]);
  });

  test("row 21: a child that never had a parent is inserted all the same", async () => {
    await using session = database().session();
    session.add(new User({ username: "ada" }));
    await session.flush();
    const alone = new Note({ body: "x", userId: 1 });
    session.add(alone);
    await session.flush();
    assert.equal(inspect(alone).lifecycle, "persistent");
  });

  test("row 22: deleting a parent: children are deleted first with the cascade, get NULL without", async () => {
    await using session = database().session();
    session.add(new User({ username: "ada", notes: [note("n")], posts: [new Post({ title: "p" })] }));
    await session.commit();
    session.expungeAll();
    const user = (await session.get(User, 1))!;
    session.delete(user);
    database().clear();
    await session.commit();
    assert.deepEqual(
      shapes().filter((each) => each !== "SELECT"),
      ["UPDATE posts", "DELETE notes", "DELETE users"],
    );
    assert.deepEqual(await database().rows("SELECT user_id FROM posts"), [[null]]);
  });

  test("row 24: link rows: after both sides as one INSERT, and deleted before either", async () => {
    await using session = database().session();
    const [x, y] = [new Tag({ name: "x" }), new Tag({ name: "y" })];
    const [a, b] = [new Post({ title: "a", tags: [x, y] }), new Post({ title: "b", tags: [x] })];
    session.addAll([a, b]);
    await session.flush();
    assert.deepEqual(shapes().slice(-1), ["INSERT post_tags"]);
    assert.equal(shapes().filter((each) => each === "INSERT post_tags").length, 1);
    database().clear();
    x.posts.splice(0, 1);
    await session.flush();
    assert.deepEqual([[...a.tags], shapes()], [[y], ["DELETE post_tags"]]);
    session.expungeAll();
    database().clear();
    session.delete((await session.get(Post, 1))!);
    await session.flush();
    assert.deepEqual(
      shapes().filter((each) => each !== "SELECT"),
      ["DELETE post_tags", "DELETE posts"],
    );
    const links = await session.execute(sql<[number, number]>`SELECT post_id, tag_id FROM post_tags`);
    assert.deepEqual(
      links.all().map((row) => [...row]),
      [[2, 1]],
    );
  });
});

/** A note whose user comes by the relationship. */
function note(body: string): Note {
  return new Note({ body, userId: 0 });
}
