import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { describe, type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createDatabase } from "./database.js";
import { queryRows } from "./query.js";
import { type Server, serverMajor, serverUrl, startServer } from "./servers.js";

/** A process such as a test file run on its own is: it prints its server's URL and data folder, then stays. */
async function startUser(
  t: TestContext,
  environment: NodeJS.ProcessEnv,
): Promise<{ process: ChildProcess; url: string; data: string }> {
  const program = `
    const { serverUrl } = await import(${JSON.stringify(new URL("servers.ts", import.meta.url).href)});
    const { queryRows } = await import(${JSON.stringify(new URL("query.ts", import.meta.url).href)});
    const url = await serverUrl();
    const [{ data_directory: data }] = await queryRows(url, "SHOW data_directory");
    console.log(JSON.stringify({ url, data }));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", program], {
    env: environment,
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => child.kill("SIGKILL"));
  const [line] = await once(createInterface(child.stdout), "line");
  return { process: child, ...JSON.parse(line) };
}

async function comesTrue(condition: () => boolean): Promise<boolean> {
  for (let i = 0; i < 100; i++) {
    if (condition()) return true;
    await sleep(100);
  }
  return false;
}

describe("the shared server", () => {
  test("answers, in UTF-8, and says its version", async () => {
    const [row] = await queryRows<{ server_encoding: string }>(await serverUrl(), "SHOW server_encoding");
    assert.equal(row?.server_encoding, "UTF8");
    assert.ok((await serverMajor()) >= 14);
  });

  test("is one for two processes", async (t) => {
    const environment = { ...process.env, ATHANOR_TEST_URL: await serverUrl() };
    const [a, b] = await Promise.all([startUser(t, environment), startUser(t, environment)]);
    assert.equal(a.url, await serverUrl());
    assert.equal(a.data, b.data);
  });

  test("takes a publication, whatever its WAL holds", async () => {
    await using database = await createDatabase({ script: "CREATE PUBLICATION everything FOR ALL TABLES" });
    assert.equal((await database.query("SELECT FROM pg_publication")).length, 1);
  });
});

describe("a server of a process's own", () => {
  for (const signal of ["SIGINT", "SIGKILL"] as const) {
    test(`ends with it, and its data goes, after ${signal}`, async (t) => {
      const { ATHANOR_TEST_URL: _, ...environment } = process.env;
      const user = await startUser(t, environment);
      assert.notEqual(user.url, process.env.ATHANOR_TEST_URL);
      assert.ok(existsSync(user.data));
      user.process.kill(signal);
      assert.ok(await comesTrue(() => !existsSync(user.data)), `${user.data} is still there`);
      await assert.rejects(queryRows(user.url, "SELECT 1"), { code: "ECONNREFUSED" });
    });
  }

  test("takes settings", async () => {
    const server: Server = await startServer({ settings: { wal_level: "logical", max_wal_senders: 2 } });
    try {
      assert.deepEqual(await queryRows(server.url, "SHOW wal_level"), [{ wal_level: "logical" }]);
    } finally {
      await server.stop();
    }
    await assert.rejects(queryRows(server.url, "SELECT 1"), { code: "ECONNREFUSED" });
  });

  test("says what PostgreSQL said when it does not start", async () => {
    await assert.rejects(startServer({ settings: { wal_level: "nonsense" } }), /invalid value .*"wal_level"/);
    await assert.rejects(startServer({ major: 13 }), /PostgreSQL 13 is not one of 14, 15, 16, 17, 18/);
  });
});

describe("a database", () => {
  test("is empty, and a second one is another", async () => {
    await using a = await createDatabase({ script: "CREATE TABLE t (id int)" });
    await using b = await createDatabase();
    assert.notEqual(a.name, b.name);
    assert.deepEqual(await a.query("SELECT to_regclass('t')::text AS t"), [{ t: "t" }]);
    assert.deepEqual(await b.query("SELECT to_regclass('t')::text AS t"), [{ t: null }]);
  });

  test("comes in parallel", async () => {
    const databases = await Promise.all(Array.from({ length: 8 }, () => createDatabase()));
    assert.equal(new Set(databases.map((database) => database.name)).size, 8);
    await Promise.all(databases.map((database) => database.drop()));
  });

  test("takes parameters", async () => {
    await using database = await createDatabase();
    assert.deepEqual(await database.query("SELECT $1::int + 1 AS sum", [41]), [{ sum: 42 }]);
  });

  const exists = async (name: string) =>
    (await queryRows(await serverUrl(), "SELECT FROM pg_database WHERE datname = $1", [name])).length === 1;

  test("can be dropped, twice, with a connection open", async () => {
    const database = await createDatabase();
    assert.ok(await exists(database.name));
    const waiting = assert.rejects(database.query("SELECT pg_sleep(60)"), { code: "57P01" });
    await sleep(100);
    await database.drop();
    await waiting;
    await database.drop();
    assert.ok(!(await exists(database.name)));
  });

  test("does not stay behind when its script fails", async () => {
    // The script takes its database's name out in its error.
    const script = "DO $$ BEGIN RAISE EXCEPTION '%', current_database(); END $$";
    const { message } = await createDatabase({ script }).then(
      () => assert.fail("the script did not fail"),
      (error: Error) => error,
    );
    assert.match(message, /^athanor_test_/);
    assert.ok(!(await exists(message)));
  });
});
