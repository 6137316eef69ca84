/** What an engine calls before and after each statement. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { type LogEvent, type StatementEvent, sessionmaker, sql } from "../../src/index.js";
import { onBoth } from "../support/engines.js";

const heard: [moment: "before" | "after", event: StatementEvent | LogEvent][] = [];
let refused: string | null = null;

const events = {
  beforeExecute: (event: StatementEvent) => {
    if (event.sql === refused) throw new Error(`${event.sql} is not wanted`);
    heard.push(["before", event]);
  },
  afterExecute: (event: LogEvent) => heard.push(["after", event]),
};

onBoth(
  (database) => {
    const shown = () => heard.map(([moment, { sql: text, parameterCount }]) => [moment, text, parameterCount]);

    beforeEach(async () => {
      refused = null;
      await using held = await database().engine.connect();
      await held.query("SELECT 1");
      heard.length = 0;
    });

    test("each statement, those that travel together included, and none of its values", async () => {
      await using session = sessionmaker(database().engine)();
      await session.execute(sql`SELECT ${1}::int + ${2}::int`);
      await session.commit();
      assert.deepEqual(shown(), [
        ["before", "BEGIN", 0],
        ["before", "SELECT $1::int + $2::int", 2],
        ["after", "BEGIN", 0],
        ["after", "SELECT $1::int + $2::int", 2],
        ["before", "COMMIT", 0],
        ["after", "COMMIT", 0],
      ]);
      assert.ok(heard.every(([, event]) => !("parameters" in event)));
      const [, answered] = heard[3]!;
      assert.ok("milliseconds" in answered && answered.rowCount === 1);
    });

    test("a stream is one statement", async () => {
      await using held = await database().engine.connect();
      const found: unknown[] = [];
      for await (const row of held.stream("SELECT generate_series(1, $1::int)", [3], { batch: 2 })) found.push(row);
      assert.deepEqual(shown(), [
        ["before", "SELECT generate_series(1, $1::int)", 1],
        ["after", "SELECT generate_series(1, $1::int)", 1],
      ]);
    });

    test("what fails is told after, with its error", async () => {
      await using held = await database().engine.connect();
      await assert.rejects(held.query("SELECT nothing"), { sqlstate: "42703" });
      const [, failed] = heard[1]!;
      assert.ok("error" in failed && failed.error instanceof Error);
    });

    test("what beforeExecute throws is the caller's, and nothing is sent", async () => {
      await using session = sessionmaker(database().engine)();
      refused = "SELECT 2";
      await assert.rejects(session.execute(sql`SELECT 2`), { message: "SELECT 2 is not wanted" });
      await session.execute(sql`SELECT 3`);
      await assert.rejects(session.execute(sql`SELECT 2`), { message: "SELECT 2 is not wanted" });
      // The transaction has seen no error, and goes on.
      await session.execute(sql`SELECT 4`);
      await session.commit();
      assert.deepEqual(
        heard.filter(([moment]) => moment === "after").map(([, event]) => event.sql),
        ["BEGIN", "SELECT 3", "SELECT 4", "COMMIT"],
      );
    });
  },
  { events },
);
