/** semantics.md, "Session, flush, transaction": rows 26 to 42. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect, select, sessionmaker, sql, update } from "../../src/index.js";
import { onModels, shape } from "../support/models.js";
import { Account, models, Note, Post, Tag, User } from "./models.js";

onModels(models, (database) => {
  const shapes = () => database().sent().map(shape);
  const addUsers = async (...names: string[]) => {
    await using session = database().session();
    session.addAll(names.map((username) => new User({ username })));
    await session.commit();
    database().clear();
  };

  test("row 26: one object for one row, and nothing sent before the first use", async () => {
    await addUsers("ada");
    await using session = database().session();
    session.add(new Tag({ name: "x" }));
    assert.equal(session.inTransaction(), false);
    const user = await session.get(User, 1);
    assert.equal(await session.get(User, 1), user);
    assert.ok(user instanceof User);
  });

  test("row 27: the states of an object", async () => {
    await using session = database().session();
    const user = new User({ username: "ada" });
    const states = () => inspect(user).lifecycle;
    assert.equal(states(), "transient");
    session.add(user);
    assert.deepEqual([states(), session.new], ["pending", [user]]);
    await session.flush();
    assert.deepEqual([states(), session.new, session.dirty], ["persistent", [], []]);
    user.email = "a@b";
    assert.deepEqual([session.dirty, session.isModified(user), inspect(user).changed], [[user], true, ["email"]]);
    user.email = null;
    assert.deepEqual([session.dirty, session.isModified(user)], [[], false]);
    session.delete(user);
    assert.deepEqual([states(), session.deleted], ["persistent", [user]]);
    await session.flush();
    assert.deepEqual([states(), session.contains(user)], ["deleted", false]);
    await session.commit();
    assert.equal(states(), "detached");
  });

  test("row 29: closing rolls back and detaches; what was loaded stays", async () => {
    await using session = database().session();
    const user = new User({ username: "ada" });
    session.add(user);
    await session.flush();
    await session.close();
    assert.deepEqual([await database().rows("SELECT * FROM users"), user.username], [[], "ada"]);
    assert.equal(inspect(user).lifecycle, "detached");
  });

  test("row 31: add", async () => {
    await addUsers("ada");
    await using one = database().session();
    await using two = database().session();
    const user = (await one.get(User, 1))!;
    one.add(user);
    assert.throws(() => two.add(user), { code: "orm.other_session" });
    one.expunge(user);
    assert.equal(inspect(user).lifecycle, "detached");
    database().clear();
    two.add(user);
    assert.deepEqual([inspect(user).lifecycle, database().sent()], ["persistent", []]);
    const again = (await one.get(User, 1))!;
    one.expunge(again);
    assert.throws(() => two.add(again), { code: "orm.identity_taken" });
    assert.throws(() => two.add({}), { code: "orm.not_an_instance" });
    assert.throws(() => two.delete(new User({ username: "x" })), { code: "orm.not_persistent" });
  });

  test("row 31: the cascade of add stops at what the session has, and takes back no deletion", async () => {
    await using session = database().session();
    const user = new User({ username: "ada", posts: [new Post({ title: "a" })] });
    session.add(user);
    await session.flush();
    session.delete(user.posts[0]!);
    session.add(new Post({ title: "b", user }));
    await session.commit();
    assert.deepEqual(await database().rows("SELECT title FROM posts"), [["b"]]);
  });

  test("row 32: the order of a flush", async () => {
    await using session = database().session();
    session.addAll([new User({ username: "a" }), new User({ username: "b" })]);
    await session.commit();
    const [a, b] = [(await session.get(User, 1))!, (await session.get(User, 2))!];
    session.add(new Post({ title: "new", user: new User({ username: "c" }) }));
    session.add(new Note({ body: "n", userId: 0, user: a }));
    await session.flush();
    database().clear();
    b.email = "2";
    a.email = "1";
    const gone = new Post({ title: "gone", user: b });
    session.add(gone);
    await session.flush();
    assert.deepEqual(shapes(), ["UPDATE users", "INSERT posts"]);
    database().clear();
    session.delete(b);
    session.delete(gone);
    await session.commit();
    assert.deepEqual(
      shapes().filter((each) => each !== "SELECT"),
      ["DELETE posts", "DELETE users"],
    );
  });

  test("row 32: self-references are sorted by row: one INSERT for each level, one DELETE for all", async () => {
    await using session = database().session();
    const boss = new User({ username: "boss" });
    const middle = new User({ username: "middle", manager: boss });
    const low = new User({ username: "low" });
    middle.reports.push(low);
    session.addAll([low, middle, boss]);
    await session.commit();
    assert.deepEqual(shapes(), ["INSERT users", "INSERT users", "INSERT users"]);
    assert.deepEqual([middle.managerId, low.managerId], [boss.id, middle.id]);
    database().clear();
    for (const user of [boss, middle, low]) session.delete(user);
    await session.commit();
    assert.deepEqual(
      shapes().filter((each) => each !== "SELECT"),
      ["DELETE users"],
    );
  });

  test("row 33: no net change, no SQL", async () => {
    await addUsers("ada");
    await using session = database().session();
    const user = (await session.get(User, 1))!;
    database().clear();
    user.username = "bob";
    user.username = "ada";
    await session.commit();
    assert.deepEqual(database().sent(), []);
  });

  test("row 33: delete and add of the same key is one UPDATE, of all columns", async () => {
    await using session = database().session();
    session.add(new User({ username: "ada", email: "x" }));
    await session.commit();
    database().clear();
    session.delete((await session.get(User, 1))!);
    const other = new User({ id: 1, username: "bob" });
    session.add(other);
    await session.flush();
    assert.deepEqual(
      shapes().filter((each) => each !== "SELECT"),
      ["UPDATE users"],
    );
    await session.commit();
    assert.deepEqual(await database().rows("SELECT id, username, email FROM users"), [[1, "bob", null]]);
    assert.equal(await session.get(User, 1), other);
  });

  test("row 33: a row that is gone or changed meanwhile: StaleDataError", async () => {
    await addUsers("ada", "bob");
    await using session = database().session();
    const user = (await session.get(User, 1))!;
    await session.execute(sql`DELETE FROM users WHERE id = 1`);
    user.email = "x";
    await assert.rejects(session.flush(), {
      name: "StaleDataError",
      code: "flush.stale",
      message: /UPDATE of User .*\(1\)/,
    });
    await assert.rejects(session.commit(), { code: "session.pending_rollback" });
    await session.rollback();
    const other = (await session.get(User, 2))!;
    await session.execute(sql`DELETE FROM users WHERE id = 2`);
    session.delete(other);
    await assert.rejects(session.flush(), { code: "flush.stale", message: /DELETE of User/ });
  });

  test("row 33: of many rows, how many are gone", async () => {
    const names = Array.from({ length: 20 }, (_, i) => `user ${i}`);
    await addUsers(...names);
    await using session = database().session();
    const users = (await session.execute(select(User))).scalars().all();
    await session.execute(sql`DELETE FROM users WHERE id IN (3, 4)`);
    for (const user of users) session.delete(user);
    await assert.rejects(session.commit(), {
      code: "flush.stale",
      message: /DELETE of User was to meet 20 rows and 2 were not there:/,
    });
    await session.rollback();
    assert.deepEqual(await database().rows("SELECT count(*) FROM users"), [[20n]]);
  });

  test("row 34: any number of rows of a kind is one statement, and each object gets its own key", async () => {
    await using session = database().session();
    const users = Array.from({ length: 10_000 }, (_, i) => new User({ username: `user ${i}` }));
    session.addAll(users);
    await session.commit();
    assert.deepEqual(shapes(), ["INSERT users"]);
    const rows = new Map((await database().rows("SELECT id, username FROM users")) as [number, string][]);
    assert.ok(users.every((user) => rows.get(user.id) === user.username));
    database().clear();
    for (const user of users.slice(0, 1000)) user.email = `${user.username}@example.org`;
    await session.commit();
    assert.deepEqual(shapes(), ["UPDATE users"]);
    assert.deepEqual(await database().rows("SELECT count(*) FROM users WHERE email = username || '@example.org'"), [
      [1000n],
    ]);
    database().clear();
    await session.noAutoflush(() => session.load(users, "posts"));
    assert.equal(database().sent().length, 1);
  });

  test("row 35: autoflush before a query; its error says so; noAutoflush", async () => {
    await using session = database().session();
    session.add(new User({ username: "ada" }));
    assert.deepEqual((await session.execute(sql<[string]>`SELECT username FROM users`)).scalars().all(), ["ada"]);
    session.add(new User({ username: "ada" }));
    const count = sql<[bigint]>`SELECT count(*) FROM users`;
    assert.equal(await session.noAutoflush(async () => (await session.execute(count)).scalar()), 1n);
    await assert.rejects(session.execute(count), {
      name: "AutoflushError",
      code: "session.autoflush",
      message: /flushed before every query.*users_username_key/,
    });
  });

  test("row 36: after a failed flush nothing goes until rollback(), which names the first error", async () => {
    await using session = database().session();
    session.addAll([new User({ username: "ada" }), new User({ username: "ada" })]);
    await assert.rejects(session.flush(), { name: "IntegrityError" });
    await assert.rejects(session.get(User, 1), { name: "PendingRollbackError", message: /users_username_key/ });
    await session.rollback();
    assert.deepEqual(session.new, []);
    assert.equal(await session.get(User, 1), null);
  });

  test("row 37: commit flushes; expireOnCommit is a choice (we differ: off)", async () => {
    await using session = database().session();
    const user = new User({ username: "ada" });
    session.add(user);
    await session.commit();
    assert.equal(user.username, "ada");
    await using other = sessionmaker(database().engine, { expireOnCommit: true })();
    const loaded = (await other.get(User, 1))!;
    await other.commit();
    assert.throws(() => loaded.username, { code: "orm.unloaded" });
    await other.refresh(loaded);
    assert.equal(loaded.username, "ada");
  });

  test("row 38: rollback: pending is transient, deleted persistent, keys as they were, everything expired", async () => {
    await addUsers("ada", "bob");
    await using session = database().session();
    const [ada, bob] = [(await session.get(User, 1))!, (await session.get(User, 2))!];
    const [added, pending] = [new User({ username: "c" }), new User({ username: "d" })];
    session.add(added);
    session.delete(bob);
    ada.id = 7;
    await session.flush();
    assert.deepEqual([inspect(bob).lifecycle, await session.get(User, 7)], ["deleted", ada]);
    session.add(pending);
    await session.rollback();
    assert.deepEqual(
      [added, pending, bob, ada].map((user) => inspect(user).lifecycle),
      ["transient", "transient", "persistent", "persistent"],
    );
    assert.throws(() => ada.username, { code: "orm.unloaded" });
    assert.equal(ada.id, 1);
    await session.load(ada, "username");
    assert.deepEqual([ada.username, await session.get(User, 1), await session.get(User, 7)], ["ada", ada, null]);
    session.add(added);
    await session.flush();
    assert.equal(inspect(added).lifecycle, "persistent");
  });

  test("row 39: a savepoint flushes first; its rollback expires only what changed in it", async () => {
    await addUsers("ada", "bob");
    await using session = database().session();
    const [ada, bob] = [(await session.get(User, 1))!, (await session.get(User, 2))!];
    const before = new User({ username: "before" });
    session.add(before);
    const savepoint = await session.beginNested();
    assert.equal(inspect(before).lifecycle, "persistent");
    const inside = new User({ username: "inside" });
    session.add(inside);
    ada.email = "x";
    await session.flush();
    await savepoint.rollback();
    assert.deepEqual(
      [inspect(inside).lifecycle, inspect(before).lifecycle, bob.username],
      ["transient", "persistent", "bob"],
    );
    assert.throws(() => ada.email, { code: "orm.unloaded" });
    await session.nested(async () => {
      session.add(new User({ username: "kept" }));
    });
    await session.commit();
    assert.deepEqual(await database().rows("SELECT username, email FROM users ORDER BY id"), [
      ["ada", null],
      ["bob", null],
      ["before", null],
      ["kept", null],
    ]);
  });

  test("row 39: an error in a savepoint is undone with it", async () => {
    await addUsers("ada");
    await using session = database().session();
    await assert.rejects(
      session.nested(async () => {
        session.add(new User({ username: "ada" }));
        await session.flush();
      }),
      { name: "IntegrityError" },
    );
    session.add(new User({ username: "bob" }));
    await session.commit();
    assert.deepEqual(await database().rows("SELECT username FROM users ORDER BY 1"), [["ada"], ["bob"]]);
  });

  test("row 39: a savepoint's rollback brings deleted objects back", async () => {
    await addUsers("ada");
    await using session = database().session();
    const ada = (await session.get(User, 1))!;
    const savepoint = await session.beginNested();
    session.delete(ada);
    await session.flush();
    await savepoint.rollback();
    assert.equal(inspect(ada).lifecycle, "persistent");
    await session.refresh(ada);
    ada.email = "x";
    await session.commit();
    assert.deepEqual(await database().rows("SELECT email FROM users"), [["x"]]);
  });

  test("what is changed while a flush is under way is changed after it", async () => {
    await addUsers("ada");
    await using session = database().session();
    const [ada, bob] = [(await session.get(User, 1))!, new User({ username: "bob" })];
    session.add(bob);
    ada.email = "first";
    database().clear();
    const flushing = session.flush();
    while (
      !database()
        .sent()
        .some((each) => each.startsWith("INSERT"))
    )
      await new Promise(setImmediate);
    ada.email = "second";
    bob.email = "second";
    await flushing;
    await session.commit();
    assert.deepEqual(await database().rows("SELECT email FROM users"), [["second"], ["second"]]);
  });

  test("rows 20 and 40: expire follows the cascade refresh-expire", async () => {
    await using session = database().session();
    const user = new User({
      username: "ada",
      notes: [new Note({ body: "n", userId: 0 })],
      posts: [new Post({ title: "p" })],
    });
    session.add(user);
    await session.flush();
    const [[note], [post]] = [[...user.notes], [...user.posts]];
    session.expire(user);
    assert.throws(() => note!.body, { code: "orm.unloaded" });
    assert.equal(post!.title, "p");
  });

  test("row 40: get, refresh, expire", async () => {
    await addUsers("ada");
    await using session = database().session();
    const user = (await session.get(User, 1))!;
    database().clear();
    assert.equal(await session.get(User, 1), user);
    assert.deepEqual(database().sent(), []);
    assert.equal(await session.get(User, 99), null);
    await assert.rejects(session.get(User, [1, 2]), { code: "orm.key" });
    await assert.rejects(session.get(User, undefined), { code: "orm.key" });
    session.add(new User({ username: "new" }));
    database().clear();
    // A foreign key that leads nowhere: no SQL, and no flush before it.
    assert.deepEqual([await session.get(User, user.managerId), await session.get(User, [null])], [null, null]);
    assert.deepEqual(database().sent(), []);
    await session.execute(sql`UPDATE users SET email = 'new'`);
    assert.equal(user.email, null);
    await session.refresh(user, ["email"]);
    assert.equal(user.email, "new");
    session.expire(user, ["email"]);
    assert.throws(() => user.email, { code: "orm.unloaded", message: /User\.email.*session\.load\(user, "email"\)/ });
    assert.equal(await user.awaitable.email, "new");
    await session.execute(sql`DELETE FROM users`);
    await assert.rejects(session.refresh(user), { name: "ObjectDeletedError" });
    session.expire(user);
    session.expunge(user);
    assert.throws(() => user.email, { code: "orm.detached" });
    assert.throws(() => user.posts, { code: "orm.detached" });
  });

  test("row 41: what is loaded is not overwritten, unless populateExisting", async () => {
    await addUsers("ada");
    await using session = database().session();
    const user = (await session.get(User, 1))!;
    user.username = "mine";
    await session.noAutoflush(async () => {
      assert.equal((await session.get(User, 1))!.username, "mine");
      assert.equal((await session.get(User, 1, { populateExisting: true }))!.username, "ada");
    });
    assert.equal(session.isModified(user), false);
  });

  test("row 42: awaitable loads, and what is asked for in one turn goes together", async () => {
    const setup = database().session();
    setup.addAll(["a", "b", "c"].map((username) => new User({ username, posts: [new Post({ title: username })] })));
    await setup.commit();
    await setup.close();
    await using session = database().session();
    const users = [(await session.get(User, 1))!, (await session.get(User, 2))!, (await session.get(User, 3))!];
    database().clear();
    const posts = await Promise.all(users.map((user) => user.awaitable.posts));
    assert.deepEqual(
      posts.map((list) => list.map(({ title }) => title)),
      [["a"], ["b"], ["c"]],
    );
    assert.equal(database().sent().length, 1);
    // Many to one, and the session has it: no SQL.
    assert.equal(posts[0]![0]!.user, users[0]);
  });

  test("loads that are asked for at once: one statement for each attribute, one after the other", async () => {
    await addUsers("a", "b");
    await using session = database().session();
    const [a, b] = [(await session.get(User, 1))!, (await session.get(User, 2))!];
    database().clear();
    const [posts, others, notes, profile, both] = await Promise.all([
      session.load(a, "posts"),
      session.load(b, "posts"),
      session.load(b, "notes"),
      a.awaitable.profile,
      session.load([a, b], "profile"),
    ]);
    assert.deepEqual([posts.length, others.length, notes.length, profile, both], [0, 0, 0, null, [null, null]]);
    assert.equal(database().sent().length, 3);
  });

  test("tasks that load one thing after the other, side by side", async () => {
    const setup = database().session();
    setup.addAll(["a", "b"].map((username) => new User({ username, posts: [new Post({ title: username })] })));
    await setup.commit();
    await setup.close();
    await using session = database().session();
    const users = [(await session.get(User, 1))!, (await session.get(User, 2))!];
    database().clear();
    const read = async (user: User) => {
      const posts = await session.load(user, "posts");
      const tags = await posts[0]!.awaitable.tags;
      return [posts.length, tags.length, (await user.awaitable.notes).length];
    };
    assert.deepEqual(await Promise.all(users.map(read)), [
      [1, 0, 0],
      [1, 0, 0],
    ]);
    assert.equal(database().sent().length, 3);
  });

  test("a load that can't be done fails alone, and other calls don't wait for one", async () => {
    await addUsers("a");
    await using session = database().session();
    const user = (await session.get(User, 1))!;
    const results = await Promise.allSettled([
      session.load(user, ...(["nothing"] as unknown as ["posts"])),
      session.load(user, "posts"),
    ]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ["rejected", "fulfilled"],
    );
    const running = session.execute(sql`SELECT 1`);
    await assert.rejects(session.load(user, "notes"), { code: "session.busy" });
    await running;
    assert.deepEqual([...(await session.load(user, "notes"))], []);
  });

  test("optimistic locking: the version is in SET and WHERE", async () => {
    await using session = database().session();
    const account = new Account({ owner: "ada" });
    session.add(account);
    await session.commit();
    assert.equal(account.revision, 1);
    account.balance = 5;
    await session.commit();
    assert.equal(account.revision, 2);
    await database().rows("UPDATE accounts SET revision = 9");
    account.balance = 6;
    await assert.rejects(session.commit(), { code: "flush.stale", message: /changed or deleted by another/ });
    await session.rollback();
    await session.refresh(account);
    account.balance = 7;
    await session.commit();
    assert.deepEqual(await database().rows("SELECT balance, revision FROM accounts"), [[7, 10]]);
  });

  test("optimistic locking: an UPDATE of many rows counts the versions up, and objects know", async () => {
    await using session = database().session();
    const [ada, bob] = [new Account({ owner: "ada" }), new Account({ owner: "bob" })];
    session.addAll([ada, bob]);
    await session.commit();
    await session.execute(update(Account).set({ balance: 5 }).where(Account.owner.eq("ada")));
    assert.deepEqual([ada.revision, bob.revision], [2, 1]);
    ada.balance = 6;
    await session.commit();
    await session.execute(update(Account).set({ revision: 9 }), { synchronize: false });
    await session.commit();
    assert.deepEqual(await database().rows("SELECT balance, revision FROM accounts ORDER BY id"), [
      [6, 9],
      [0, 9],
    ]);
    bob.balance = 1;
    await assert.rejects(session.commit(), { code: "flush.stale" });
  });

  test("an UPDATE of keys is refused where objects would keep the old ones", async () => {
    await addUsers("ada");
    await using session = database().session();
    const statement = update(User).set({ id: User.id.plus(10) });
    await session.execute(statement);
    const user = (await session.get(User, 11))!;
    await assert.rejects(session.execute(statement), {
      name: "MappingError",
      code: "orm.key_set",
      message: /^This UPDATE sets User\.id, which is in the primary key/,
    });
    await session.execute(statement, { synchronize: false });
    session.expunge(user);
    await session.execute(statement);
    assert.equal((await session.get(User, 31))?.username, "ada");
  });

  test("merge: onto the object of the same row, with what it is related to", async () => {
    const setup = database().session();
    setup.add(new User({ username: "ada", posts: [new Post({ title: "a" })] }));
    await setup.commit();
    await setup.close();
    await using session = database().session();
    const given = new User({ id: 1, username: "new", posts: [new Post({ title: "b" })] });
    const merged = await session.merge(given);
    assert.notEqual(merged, given);
    assert.deepEqual([inspect(given).lifecycle, merged.username], ["transient", "new"]);
    await session.commit();
    assert.deepEqual(await database().rows("SELECT title, user_id FROM posts ORDER BY title"), [
      ["a", null],
      ["b", 1],
    ]);
    assert.deepEqual(await database().rows("SELECT username FROM users"), [["new"]]);
  });
});
