import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createEngine } from "../../src/index.js";
import { MigrationError } from "../../src/migrate/failure.js";
import { up } from "../../src/migrate/runner.js";
import { history, status } from "../../src/migrate/status.js";
import { queryRows } from "../support/query.js";
import { type Server, serverMajor, startServer } from "../support/servers.js";
import { outside, tempFolder } from "./helpers.js";

const big = "SELECT md5(i::text) AS word FROM generate_series(1, 1000000) i";
const space = `athanor_small_${randomBytes(4).toString("hex")}`;
let folder = "";
let url = "";
let skip: string | false = false;
let server: Server;

/**
 * A database on a disk with little room, where this user may mount one. Its server is its own: a disk that is full makes
 * checkpoints fail, and with them whatever waits for one, as other tests' DROP DATABASE does.
 */
before(async () => {
  server = await startServer({ major: await serverMajor() });
  const [found] = await queryRows<{ data_directory: string }>(server.url, "SHOW data_directory");
  const owner = await stat(found!.data_directory);
  folder = await mkdtemp(join(tmpdir(), "athanor-full-"));
  const options = `size=32m,uid=${owner.uid},gid=${owner.gid},mode=700`;
  if (spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]).status !== 0) {
    skip = "only root can mount a small file system";
    return;
  }
  await queryRows(server.url, `CREATE TABLESPACE ${space} LOCATION '${folder}'`);
  await queryRows(server.url, `CREATE DATABASE ${space} TEMPLATE template0 TABLESPACE ${space}`);
  const location = new URL(server.url);
  location.pathname = `/${space}`;
  url = location.href;
});

after(async () => {
  await server.stop();
  if (skip === false) spawnSync("umount", [folder]);
  await rm(folder, { recursive: true, force: true });
});

test("where the server's disk is full, history and schema agree, and the run goes on once there is room", async (t) => {
  if (skip) return t.skip(skip);
  await using engine = createEngine(url);
  await using migrations = await tempFolder();
  const applied = async () => (await history(engine)).map(({ id, event }) => `${id.slice(15)} ${event}`);
  const tables = async () => {
    const rows = await queryRows<{ relname: string }>(
      url,
      "SELECT relname FROM pg_class WHERE relkind = 'r' AND oid >= 16384 ORDER BY 1",
    );
    return rows.map(({ relname }) => relname);
  };
  await migrations.add("a", ["CREATE TABLE a (word text)"]);
  const b = await migrations.add("b", ["CREATE TABLE b (id int)", `CREATE TABLE c AS ${big}`]);
  await assert.rejects(up(engine, await migrations.read()), (error) => {
    assert.ok(error instanceof MigrationError);
    assert.match(
      error.message,
      /^Failed: 20260101000002_b, step 2 of 2 .*(No space left on device|wrote only \d+ of 8192 bytes)/s,
    );
    assert.match(
      error.message,
      /It was rolled back: nothing of it was done\. Applied before it, and so they stay: 20260101000001_a/,
    );
    assert.equal((error.cause as { code?: string }).code, "db.disk_full");
    return true;
  });
  assert.deepEqual([await applied(), await tables()], [["a applied"], ["a", "orm_migrations"]]);

  await rm(join(migrations.dir, `${b}.ts`));
  await migrations.write(`${b}.ts`, await outsideSource());
  await assert.rejects(
    up(engine, await migrations.read()),
    /step 2 of 2.*(No space left on device|wrote only \d+ of 8192 bytes).*Step 1 is done and recorded/s,
  );
  assert.deepEqual(await tables(), ["a", "d", "orm_migrations"]);
  const [, half] = (await status(engine, await migrations.read())).migrations;
  assert.deepEqual(
    [half?.state, await applied()],
    ["partial", ["a applied", "b applying", "b applying", "b applying"]],
  );

  await queryRows(url, "VACUUM FULL a");
  const text = (await outsideSource()).replace("1000000", "10");
  await migrations.write(`${b}.ts`, text);
  await up(engine, await migrations.read());
  assert.equal((await applied()).at(-1), "b applied");

  /** A table, and rows outside the transaction. */
  async function outsideSource(): Promise<string> {
    await using scratch = await tempFolder();
    await scratch.add("a", []);
    const id = await scratch.add("b", ["CREATE TABLE d (id int)", outside(`INSERT INTO a ${big}`)]);
    const { migrations: files } = await scratch.read();
    const source = files.find((file) => file.id === id)?.source;
    return source?.kind === "module" ? source.text : "";
  }
});
