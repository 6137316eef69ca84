/** Rows a batch at a time. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { containsEager, func, select, sql } from "../../src/index.js";
import { onModels } from "../support/models.js";
import { fill, models, Post, User } from "./models.js";

onModels(models, (database) => {
  const commands = () =>
    database()
      .sent()
      .map((text) => text.split(" ")[0]);

  test("objects with what they load, batch by batch, and other statements between", async () => {
    await fill(database());
    await using session = database().session();
    const seen: unknown[] = [];
    for await (const user of session.stream(select(User).orderBy(User.id), { batch: 2 }).scalars()) {
      const count = (await session.execute(select(func.count(Post.id)).where(Post.userId.eq(user.id)))).scalarOne();
      seen.push([user.username, user.profile?.city ?? null, user.notes.length, user.posts.length, Number(count)]);
    }
    assert.deepEqual(seen, [
      ["ada", "London", 2, 2, 2],
      ["bob", null, 1, 1, 1],
      ["eve", null, 0, 0, 0],
    ]);
    assert.equal(commands().filter((command) => command === "FETCH").length, 3);
    assert.deepEqual([commands()[0], commands().at(-1)], ["DECLARE", "CLOSE"]);
  });

  test("partitions; leaving the loop ends it", async () => {
    await fill(database());
    await using session = database().session();
    for await (const rows of session.stream(select(Post.title).orderBy(Post.id), { batch: 2 }).partitions()) {
      assert.deepEqual(
        rows.map(([title]) => title),
        ["one", "two"],
      );
      break;
    }
    assert.deepEqual(commands(), ["DECLARE", "FETCH", "CLOSE"]);
    await session.execute(sql`SELECT 1`);
  });

  test("a stream ends with its transaction", async () => {
    await fill(database());
    await using session = database().session();
    const rows = session.stream(select(Post.title), { batch: 1 })[Symbol.asyncIterator]();
    await rows.next();
    await session.commit();
    await assert.rejects(async () => rows.next(), { code: "session.stream_ended" });
    assert.throws(() => session.stream(select(Post), { batch: 0 }), { code: "stream.batch" });
    const contained = select(User).join(User.posts).options(containsEager(User.posts));
    assert.throws(() => session.stream(contained), { code: "session.stream_collection" });
  });
});
