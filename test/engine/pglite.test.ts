import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createEngine, sessionmaker, sql } from "../../src/index.js";
import { onEmbedded } from "../support/embedded.js";

async function folder(work: (path: string) => Promise<void>): Promise<void> {
  const path = await mkdtemp(join(tmpdir(), "athanor-"));
  try {
    await work(path);
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

test("a folder keeps its data, and extensions are there", onEmbedded, () =>
  folder(async (path) => {
    const url = `pglite:${join(path, "deep", "data")}`;
    {
      await using engine = createEngine(url);
      await sessionmaker(engine).begin(async (session) => {
        await session.execute(sql`CREATE EXTENSION citext`);
        await session.execute(sql`CREATE TABLE t AS SELECT 'Ada'::citext AS name`);
      });
    }
    await using engine = createEngine(url);
    await using session = sessionmaker(engine)();
    assert.equal((await session.execute(sql`SELECT name FROM t WHERE name = 'ADA'`)).scalar(), "Ada");
  }),
);

test("one connection: a second session waits its turn, for so long", onEmbedded, async () => {
  await using engine = createEngine("pglite:", { pool: { size: 5, acquireTimeout: 100 }, extensions: [] });
  const Sessions = sessionmaker(engine);
  const first = Sessions();
  await first.execute(sql`SELECT 1`);
  await assert.rejects(Sessions().execute(sql`SELECT 1`), {
    code: "pool.timeout",
    message: /embedded database .* its only one is in use.*: end it before\.$/,
  });
  const second = Sessions().execute(sql`SELECT 2`);
  await first.close();
  assert.equal((await second).scalar(), 2);
});

test("an image makes the next start fast; a damaged or unwritable one only makes it slow", onEmbedded, () =>
  folder(async (cache) => {
    const start = async (imageCache: string) => {
      const begin = performance.now();
      await using engine = createEngine("pglite:memory", { imageCache, extensions: [] });
      await using session = sessionmaker(engine)();
      await session.execute(sql`CREATE TABLE t ()`);
      await session.commit();
      return performance.now() - begin;
    };
    await start(cache);
    const [image, ...others] = await readdir(cache);
    assert.match(image ?? "", /^pglite-\d+\.\d+\.\d+\.tar$/);
    assert.deepEqual(others, []);
    await start(cache);
    await writeFile(join(cache, image!), "damaged");
    await start(cache);
    await writeFile(join(cache, "file"), "");
    await start(join(cache, "file", "below"));
  }),
);

test("an unknown extension is named", onEmbedded, async () => {
  await using engine = createEngine("pglite:", { extensions: ["postgis"] });
  await assert.rejects(engine.connect(), { code: "extension.unknown", message: /"postgis".*citext/ });
});
