import assert from "node:assert/strict";
import { test } from "node:test";
import { createEngine } from "../../src/index.js";
import { onBoth } from "../support/engines.js";
import { startProxy } from "../support/proxy.js";

const thousand = "SELECT i FROM generate_series(1, 1000) i";

async function collect<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

onBoth((database) => {
  test("rows come in batches, in and outside of a transaction", async () => {
    await using held = await database().engine.connect();
    for (const around of [
      ["SELECT 1", "SELECT 1"],
      ["BEGIN", "COMMIT"],
    ] as const) {
      await held.query(around[0]);
      for (const batch of [1, 7, 999, 1000, 1001]) {
        const all = await collect(held.stream(thousand, [], { batch }));
        assert.deepEqual(
          all.flat(),
          Array.from({ length: 1000 }, (_, i) => i + 1),
          `by ${batch}`,
        );
      }
      assert.deepEqual(await collect(held.stream("SELECT $1::int WHERE false", [1])), []);
      assert.deepEqual(await collect(held.stream("")), []);
      assert.deepEqual(await collect(held.stream("SELECT 1", [], { read: ([text]) => text })), ["1"]);
      await held.query(around[1]);
      assert.equal(held.transactionStatus, "idle");
    }
  });

  test("leaving the loop ends the stream, and the connection goes on", async () => {
    await using held = await database().engine.connect();
    for await (const [i] of held.stream(thousand, [], { batch: 10 })) if (i === 15) break;
    assert.deepEqual((await held.query("SELECT 1")).rows, [[1]]);
    const thrown = async () => {
      for await (const _ of held.stream(thousand, [], { batch: 10 })) throw new RangeError("mine");
    };
    await assert.rejects(thrown(), { message: "mine" });
    assert.deepEqual((await held.query("SELECT 1")).rows, [[1]]);
  });

  test("meanwhile, the connection refuses anything else", async () => {
    await using held = await database().engine.connect();
    for await (const _ of held.stream("SELECT 1")) {
      await assert.rejects(held.query("SELECT 2"), { code: "stream.open" });
      await assert.rejects(held.script("SELECT 2"), { code: "stream.open" });
      await assert.rejects(collect(held.stream("SELECT 2")), { code: "stream.open" });
    }
    await assert.rejects(collect(held.stream("SELECT 1", [], { batch: 0 })), { code: "stream.batch" });
  });

  test("errors: of the statement, at its first row or later, at its end, and of the reader", async () => {
    await using held = await database().engine.connect();
    await held.script(
      "DROP TABLE IF EXISTS streamed; CREATE TABLE streamed (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)",
    );
    const late = "SELECT 1 / (20 - i) FROM generate_series(1, 30) i";
    const atEnd = "INSERT INTO streamed VALUES (1), (1) RETURNING id";
    for (const [text, sqlstate] of [
      ["SELEC", "42601"],
      ["SELECT 1/0", "22012"],
      [late, "22012"],
      [atEnd, "23505"],
    ] as const) {
      await assert.rejects(collect(held.stream(text, [], { batch: 5 })), { sqlstate, sql: text });
      assert.equal(held.transactionStatus, "idle");
      assert.deepEqual((await held.query("SELECT 1")).rows, [[1]], text);
    }
    await assert.rejects(collect(held.stream("COPY streamed FROM STDIN")), { sqlstate: "57014" });
    const read = ([text]: readonly (string | null)[]) => {
      if (text === "15") throw new RangeError("mine");
    };
    await assert.rejects(collect(held.stream(thousand, [], { batch: 10, read })), { message: "mine" });
    assert.deepEqual((await held.query("SELECT 1")).rows, [[1]]);
    await held.query("BEGIN");
    await assert.rejects(collect(held.stream(late, [], { batch: 5 })), { sqlstate: "22012" });
    assert.equal(held.transactionStatus, "failed");
    await held.query("ROLLBACK");
    await held.query("DROP TABLE streamed");
  });

  test("a stream that nobody reads on ends when its connection is given back", async () => {
    const { engine } = database();
    const held = await engine.connect();
    const rows = held.stream(thousand, [], { batch: 10 })[Symbol.asyncIterator]();
    await rows.next();
    await held.release();
    await using other = await engine.connect();
    assert.deepEqual((await other.query("SELECT 1")).rows, [[1]]);
    for (let i = 1; i < 10; i++) await rows.next();
    await assert.rejects(rows.next(), { code: "db.connection_lost" });
    assert.deepEqual((await other.query("SELECT 1")).rows, [[1]]);
  });

  test("a batch may be on its way when the connection is given back", async () => {
    const { engine } = database();
    const held = await engine.connect();
    const rows = held.stream(thousand, [], { batch: 10 })[Symbol.asyncIterator]();
    const first = rows.next();
    await held.release();
    assert.deepEqual(await first, { done: false, value: [1] });
    await using other = await engine.connect();
    assert.deepEqual((await other.query("SELECT 1")).rows, [[1]]);
    await rows.return?.();
  });

  test("a signal ends it", async () => {
    await using held = await database().engine.connect();
    const controller = new AbortController();
    const read = async () => {
      for await (const [i] of held.stream(thousand, [], { batch: 10, signal: controller.signal }))
        if (i === 15) controller.abort();
    };
    await assert.rejects(read(), { code: "db.query_canceled" });
    assert.deepEqual((await held.query("SELECT 1")).rows, [[1]]);
  });

  test("one event in the log", async () => {
    await using held = await database().engine.connect();
    const { events } = database();
    events.length = 0;
    await collect(held.stream(thousand, [], { batch: 400 }));
    assert.deepEqual(
      events.map(({ sql, rowCount }) => [sql, rowCount]),
      [[thousand, 1000]],
    );
  });
});

test("a round trip for each batch, and one to end", async () => {
  await using proxy = await startProxy();
  await using engine = createEngine(`${proxy.url}?sslmode=disable`);
  await using held = await engine.connect();
  await held.query("SELECT 1");
  proxy.messages();
  await collect(held.stream(thousand, [], { batch: 400 }));
  assert.equal(proxy.messages(), "PBDEHEHEHS");
  for await (const _ of held.stream(thousand, [], { batch: 400 })) break;
  assert.equal(proxy.messages(), "PBDEHCS");
});

test("a connection that is lost in the middle", async () => {
  await using proxy = await startProxy();
  await using engine = createEngine(`${proxy.url}?sslmode=disable`);
  await using held = await engine.connect();
  const read = async () => {
    for await (const [i] of held.stream(thousand, [], { batch: 10 })) {
      if (i !== 5) continue;
      proxy.cut();
      // Until it is known.
      while (!held.broken) await new Promise(setImmediate);
    }
  };
  await assert.rejects(read(), { code: "db.connection_lost" });
});
