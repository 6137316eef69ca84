/** Scratch databases are databases of their own: what is committed in them must never reach the one that is worked on. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseUrl } from "../../src/engine/url.js";
import { openScratch, withDatabase } from "../../src/scratch/scratch.js";
import { createDatabase } from "../support/database.js";

test("another database on the same server, however the URL names the first", () => {
  const urls = [
    "postgres://ada:secret@localhost:5433/app",
    "postgres://ada@localhost/?dbname=app",
    "postgres://ada@localhost/app?dbname=other&sslmode=disable",
    "postgres://ada@localhost/app?%64bname=other",
    "postgresql://ada@/app?host=/run/postgresql",
    "postgres://localhost",
  ];
  for (const url of urls) {
    const [before, after] = [parseUrl(url), parseUrl(withDatabase(url, "scratch one"))];
    assert.ok(before.kind === "postgres" && after.kind === "postgres");
    assert.equal(after.database, "scratch one", url);
    assert.deepEqual({ ...after, database: "" }, { ...before, database: "" }, url);
  }
});

test("what is committed in a scratch database is nowhere else, and gone with it", async () => {
  await using database = await createDatabase();
  const url = `${database.url.replace(/\/[^/]*$/, "/")}?dbname=${database.name}`;
  const scratch = await openScratch({ url, cacheFolder: "unused" });
  const [[name] = []] = (await scratch.connection.query("SELECT current_database()")).rows;
  try {
    await scratch.connection.script("CREATE TABLE left_behind (id int)");
    assert.notEqual(name, database.name);
    assert.deepEqual(await database.query("SELECT 1 FROM pg_class WHERE relname = 'left_behind'"), []);
  } finally {
    await scratch[Symbol.asyncDispose]();
  }
  assert.deepEqual(await database.query("SELECT 1 FROM pg_database WHERE datname = $1", [name]), []);
});
