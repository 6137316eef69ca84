/** semantics.md, "Query and Result", for 0, 1 and many rows of entities and of values. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Result, select } from "../../src/index.js";
import { onModels } from "../support/models.js";
import { models, Post, User } from "./models.js";

const none = { code: "result.none" };
const many = { code: "result.multiple" };
const closed = { code: "result.closed" };

onModels(models, (database) => {
  const names = ["ada", "bob", "eve"];
  const query = (count: number) => select(User, User.username).orderBy(User.id).limit(count);
  /** Hands out the first so many users, as a new result each time. */
  const counts = async (work: (users: (count: number) => Promise<Result<[User, string]>>) => Promise<void>) => {
    await using session = database().session();
    session.addAll(names.map((username) => new User({ username, posts: [new Post({ title: username })] })));
    await session.flush();
    await work((count) => session.execute(query(count)));
  };

  test("all: a list; a second call gives none", () =>
    counts(async (users) => {
      for (const count of [0, 1, 3]) {
        const result = await users(count);
        assert.deepEqual(
          result.all().map(([user, name]) => [user.username, name]),
          names.slice(0, count).map((name) => [name, name]),
        );
        assert.deepEqual(result.all(), []);
      }
    }));

  test("first: the first or null, no LIMIT is added, and the result is closed", () =>
    counts(async (users) => {
      assert.equal((await users(0)).first(), null);
      for (const count of [1, 3]) {
        database().clear();
        const result = await users(count);
        assert.equal(result.first()?.[1], "ada");
        assert.throws(() => result.all(), closed);
        assert.equal(database().sent().length, 1);
      }
    }));

  test("one and scalarOne", () =>
    counts(async (users) => {
      for (const call of ["one", "scalarOne"] as const) {
        const [no, some] = [await users(0), await users(3)];
        assert.throws(() => no[call](), none);
        assert.throws(() => some[call](), many);
      }
      assert.equal((await users(1)).one()[1], "ada");
      assert.ok((await users(1)).scalarOne() instanceof User);
    }));

  test("oneOrNone and scalarOneOrNone", () =>
    counts(async (users) => {
      for (const call of ["oneOrNone", "scalarOneOrNone"] as const) {
        assert.equal((await users(0))[call](), null);
        const some = await users(3);
        assert.throws(() => some[call](), many);
      }
      assert.equal((await users(1)).oneOrNone()?.[1], "ada");
      assert.equal((await users(1)).scalarOneOrNone()?.username, "ada");
    }));

  test("scalar: the first row's first value, however many there are", () =>
    counts(async (users) => {
      assert.equal((await users(0)).scalar(), null);
      assert.equal((await users(1)).scalar()?.username, "ada");
      assert.equal((await users(3)).scalar()?.username, "ada");
    }));

  test("scalars: column 0 of each row, with the calls above", () =>
    counts(async (users) => {
      assert.deepEqual(
        (await users(3))
          .scalars()
          .all()
          .map(({ username }) => username),
        names,
      );
      assert.equal((await users(3)).scalars().first()?.username, "ada");
      const some = (await users(3)).scalars();
      assert.throws(() => some.one(), many);
      assert.equal((await users(0)).scalars().oneOrNone(), null);
    }));

  test("rows by position and by name; mappings, tuples, partitions", () =>
    counts(async (users) => {
      const row = (await users(1)).mappings().one();
      assert.deepEqual([Object.keys(row), row.username], [["User", "username"], "ada"]);
      assert.deepEqual((await users(1)).tuples().one().length, 2);
      assert.deepEqual(
        [...(await users(3)).partitions(2)].map((rows) => rows.map(([, name]) => name)),
        [["ada", "bob"], ["eve"]],
      );
      const some = await users(3);
      assert.throws(() => [...some.partitions(0)], { code: "stream.batch" });
    }));

  test("unique: each row once, and one() counts what is left", async () => {
    await using session = database().session();
    session.add(new User({ username: "ada", posts: ["x", "y"].map((title) => new Post({ title })) }));
    await session.flush();
    const joined = select(User, User.username).join(User.posts);
    const result = () => session.execute(joined);
    assert.equal((await result()).all().length, 2);
    assert.equal((await result()).unique().one()[1], "ada");
    assert.equal((await result()).scalars().unique().all().length, 1);
    assert.equal((await session.execute(select(User.username, Post.title).join(User.posts))).unique().all().length, 2);
  });

  test("select(Model) lists its columns, never *", async () => {
    await using session = database().session();
    await session.execute(select(User));
    assert.doesNotMatch(database().sent()[0]!, /\*/);
  });
});
