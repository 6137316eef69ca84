/** Loader options: what each strategy sends, and what is there afterwards. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  alias,
  containsEager,
  defer,
  joinedload,
  lazyload,
  loadOnly,
  raiseload,
  type Session,
  select,
  selectinload,
  withCriteria,
} from "../../src/index.js";
import { onModels } from "../support/models.js";
import { fill, models, Note, Post, Tag, User } from "./models.js";

onModels(models, (database) => {
  const counted = (): number => database().sent().length;
  const unloaded = { code: "orm.unloaded" };
  /** A session on what `fill` makes, closed after `work`, with nothing in it changed. */
  const reading = async (work: (session: Session) => Promise<void>) => {
    await fill(database());
    await using session = database().session();
    await work(session);
    assert.deepEqual([session.dirty, session.new, session.deleted], [[], [], []]);
  };

  test("raiseload and lazyload: nothing is loaded, whatever the model says", () =>
    reading(async (session) => {
      const [ada] = (await session.execute(select(User).options(raiseload("*")))).scalars().all();
      assert.equal(counted(), 1);
      for (const attribute of ["profile", "posts", "notes"] as const) assert.throws(() => ada![attribute], unloaded);
      await session.load(ada!, "notes");
      assert.equal(counted(), 2);
      const lazy = select(User).options(lazyload(User.profile), raiseload("*"), selectinload(User.notes));
      const bob = (await session.execute(lazy.where(User.id.eq(2)))).scalarOne();
      assert.throws(() => bob.profile, unloaded);
      assert.equal(bob.notes.length, 1);
    }));

  test("a strategy for each relationship, nested to any depth", () =>
    reading(async (session) => {
      const query = select(User)
        .options(raiseload("*"), joinedload(User.posts).joinedload(Post.tags), selectinload(User.notes))
        .orderBy(User.id);
      const [ada] = (await session.execute(query)).scalars().all();
      assert.equal(counted(), 2);
      assert.deepEqual(
        ada!.posts.map((post) => [post.title, post.tags.map((tag) => tag.name)]),
        [
          ["two", []],
          ["one", ["blue", "red"]],
        ],
      );
      assert.equal(ada!.notes.length, 2);
    }));

  test("to one: JOIN where the foreign key is never NULL, LEFT JOIN else, no SQL where the session has it", () =>
    reading(async (session) => {
      await session.execute(select(Post).options(raiseload("*"), joinedload(Post.user).raiseload("*")));
      assert.match(database().sent()[0]!, / FROM "posts" JOIN "users" AS /);
      await session.execute(select(User).options(raiseload("*"), joinedload(User.manager).raiseload("*")));
      assert.match(database().sent()[1]!, / FROM "users" LEFT JOIN "users" AS /);
      session.expungeAll();
      database().clear();
      const users = (await session.execute(select(User).options(raiseload("*")))).scalars().all();
      const posts = (
        await session.execute(select(Post).options(raiseload("*"), selectinload(Post.user).raiseload("*")))
      )
        .scalars()
        .all();
      assert.equal(counted(), 2);
      assert.ok(posts.every((post) => users.includes(post.user)));
    }));

  test("containsEager: what the query joins itself, under any name", () =>
    reading(async (session) => {
      const query = select(User)
        .join(User.posts, Post.title.ne("two"))
        .options(raiseload("*"), containsEager(User.posts).raiseload("*"))
        .orderBy(User.id);
      const users = (await session.execute(query)).scalars().all();
      assert.deepEqual(
        users.map(({ username, posts }) => [username, posts.map(({ title }) => title)]),
        [
          ["ada", ["one"]],
          ["bob", ["three"]],
        ],
      );
      assert.equal(counted(), 1);
      session.expungeAll();
      const boss = alias(User, "boss");
      const managed = select(User)
        .leftJoin(User.manager.of(boss), boss.id.eq(User.managerId))
        .options(raiseload("*"), containsEager(User.manager.of(boss)).raiseload("*"))
        .orderBy(User.id);
      const [ada, bob, eve] = (await session.execute(managed)).scalars().all();
      assert.deepEqual([ada!.manager, bob!.manager, eve!.manager], [null, ada, bob]);
    }));

  test("containsEager and a page: what the query gives is joined with the rest", () =>
    reading(async (session) => {
      const query = select(Post)
        .join(Post.user)
        .options(containsEager(Post.user).options(raiseload("*"), joinedload(User.notes)), lazyload(Post.tags))
        .orderBy(User.username, Post.title)
        .limit(2);
      const posts = (await session.execute(query)).scalars().all();
      assert.deepEqual(
        posts.map((post) => [post.title, post.user.username, post.user.notes.length]),
        [
          ["one", "ada", 2],
          ["two", "ada", 2],
        ],
      );
      assert.equal(counted(), 1);
    }));

  test("loadOnly and defer: the key is always there", () =>
    reading(async (session) => {
      const [ada] = (await session.execute(select(User).options(raiseload("*"), loadOnly(User.photo)).orderBy(User.id)))
        .scalars()
        .all();
      assert.deepEqual([ada!.id, ada!.photo], [1, "ada.png"]);
      assert.throws(() => ada!.username, unloaded);
      const query = select(Post).options(
        raiseload("*"),
        defer(Post.title),
        selectinload(Post.user).options(raiseload("*"), loadOnly(User.id)),
      );
      const [post] = (await session.execute(query.orderBy(Post.id))).scalars().all();
      assert.equal(post!.published, true);
      assert.throws(() => post!.title, unloaded);
      assert.equal(post!.user, ada);
      database().clear();
      assert.equal(await session.load(ada!, "username"), "ada");
      assert.equal(counted(), 1);
    }));

  test("what a second query brings fills what wasn't loaded, and nothing else", () =>
    reading(async (session) => {
      const [ada] = (await session.execute(select(User).options(raiseload("*"), loadOnly(User.id)).orderBy(User.id)))
        .scalars()
        .all();
      await session.execute(select(User).options(raiseload("*")));
      assert.equal(ada!.username, "ada");
    }));

  test("withCriteria: wherever the model is read", () =>
    reading(async (session) => {
      const visible = withCriteria(Post, (post) => post.title.ne("two"));
      const titles = async (query: ReturnType<typeof users>) => {
        session.expungeAll();
        const found = (await session.execute(query)).scalars().all();
        return found.map((user) => user.posts.map(({ title }) => title));
      };
      const users = () => select(User).orderBy(User.id).options(visible);
      assert.deepEqual(await titles(users().options(selectinload(User.posts))), [["one"], ["three"], []]);
      assert.deepEqual(await titles(users().options(joinedload(User.posts))), [["one"], ["three"], []]);
      assert.deepEqual((await session.execute(select(Post.title).options(visible).orderBy(Post.id))).scalars().all(), [
        "one",
        "three",
      ]);
      const joined = select(User.username, Post.title).leftJoin(User.posts).orderBy(User.id, Post.id).options(visible);
      assert.deepEqual((await session.execute(joined)).tuples().all(), [
        ["ada", "one"],
        ["bob", "three"],
        ["eve", null],
      ]);
      const other = alias(Post, "other");
      assert.equal((await session.execute(select(other).options(visible))).all().length, 2);
    }));

  test("a relationship to itself goes as deep as it is told, and a default ends by itself", () =>
    reading(async (session) => {
      const deep = select(User)
        .where(User.username.eq("eve"))
        .options(raiseload("*"), joinedload(User.manager).joinedload(User.manager).joinedload(User.manager));
      const eve = (await session.execute(deep)).scalarOne();
      assert.deepEqual(
        [eve.manager?.username, eve.manager?.manager?.username, eve.manager?.manager?.manager],
        ["bob", "ada", null],
      );
      session.expungeAll();
      const selectin = select(User)
        .where(User.username.eq("eve"))
        .options(
          raiseload("*"),
          selectinload(User.manager).options(raiseload("*"), selectinload(User.manager).raiseload("*")),
        );
      database().clear();
      assert.equal((await session.execute(selectin)).scalarOne().manager?.manager?.username, "ada");
      assert.equal(counted(), 3);
    }));

  test("an option of what isn't selected is refused", () =>
    reading(async (session) => {
      const stray = selectinload(Post.user) as ReturnType<typeof selectinload<never, never>>;
      await assert.rejects(async () => session.execute(select(Note).options(stray)), { code: "orm.loader" });
      assert.equal((await session.execute(select(Tag))).all().length, 2);
    }));
});
