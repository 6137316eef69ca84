import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import type { GlobalFlags } from "../../src/cli/flags.js";
import { resolveProject } from "../../src/cli/project.js";
import type { AthanorError } from "../../src/errors.js";
import { type CliProject, createProject } from "../support/cli.js";

let project: CliProject;
const url = "postgres://ada@localhost/app";

function resolve(flags: Partial<GlobalFlags> = {}, environment: Record<string, string> = {}, cwd = project.folder) {
  return resolveProject({ color: true, ...flags }, environment, cwd);
}

describe("without a config file", () => {
  before(async () => {
    project = await createProject();
  });
  after(() => project[Symbol.asyncDispose]());

  test("everything has a default, and the database is embedded", async () => {
    const root = project.folder;
    assert.deepEqual(await resolve(), {
      project: {
        root,
        url: `pglite:${path.join(root, ".orm/data")}`,
        models: ["models/**/*.{ts,js,mts,mjs}"],
        migrations: path.join(root, "migrations"),
        schemas: null,
        defaultSchema: "public",
        shadow: null,
        ignore: [],
        privileges: false,
        cacheFolder: path.join(root, ".orm/cache"),
        history: { schema: "public", table: "orm_migrations" },
      },
      unsaid: true,
    });
  });

  test("flags beat the environment; paths in them start from the current folder", async () => {
    const { project: found, unsaid } = await resolve(
      { url, dir: "m", models: ["a.ts", "b/*.ts"], schema: ["a", "b"], shadow: "pglite:s" },
      { DATABASE_URL: "postgres://other" },
    );
    const at = (name: string) => path.join(project.folder, name);
    assert.equal(unsaid, false);
    assert.equal(found.url, url);
    assert.equal(found.migrations, at("m"));
    assert.deepEqual(found.models, [at("a.ts"), at("b/*.ts")]);
    assert.deepEqual(found.schemas, ["a", "b"]);
    assert.equal(found.shadow, `pglite:${at("s")}`);
    assert.equal((await resolve({ schema: ["*"] })).project.schemas, "*");
  });

  test("an empty DATABASE_URL says nothing", async () => {
    assert.equal((await resolve({}, { DATABASE_URL: "" })).unsaid, true);
  });

  test("a file that was named has to be there", async () => {
    await assert.rejects(resolve({ config: "nope.ts" }), { code: "config.missing" });
  });
});

describe("a config file", () => {
  beforeEach(async () => {
    project = await createProject();
  });
  const sources: Record<string, string> = {
    "orm.config.ts": `import { defineConfig } from "athanor"; const url: string = "${url}"; export default defineConfig({ url });`,
    "orm.config.js": `export default { url: "${url}" };`,
    "orm.config.mjs": `export default { url: "${url}" };`,
    "orm.config.json": `{ "url": "${url}" }`,
  };
  for (const [name, source] of Object.entries(sources))
    test(`${name} is found, from a folder below too`, async () => {
      await using here = project;
      await here.write({ [name]: source });
      const below = path.join(here.folder, "src/deep");
      await mkdir(below, { recursive: true });
      const { project: found } = await resolve({}, {}, below);
      assert.equal(found.url, url);
      assert.equal(found.root, here.folder);
    });

  test("is TypeScript in a package of CommonJS too", async () => {
    await using here = project;
    await here.write({ "package.json": "{}", "orm.config.ts": sources["orm.config.ts"] ?? "" });
    assert.equal((await resolve()).project.url, url);
  });

  test("gives way to DATABASE_URL; its paths start from its folder", async () => {
    await using here = project;
    const config = { url, migrations: "db/migrations", models: ["a.ts"], history: { schema: "meta" } };
    await here.write({ "orm.config.json": JSON.stringify(config), "src/.keep": "" });
    const cwd = path.join(here.folder, "src");
    const { project: found } = await resolve({}, { DATABASE_URL: "pglite:data" }, cwd);
    assert.equal(found.url, `pglite:${path.join(cwd, "data")}`);
    assert.equal(found.migrations, path.join(here.folder, "db/migrations"));
    assert.deepEqual(found.models, ["a.ts"]);
    assert.deepEqual(found.history, { schema: "meta", table: "orm_migrations" });
  });

  const wrong: readonly (readonly [name: string, source: string, code: string, sentence: RegExp])[] = [
    [
      "orm.config.json",
      '{ "modles": "x" }',
      "config.unknown_key",
      /orm\.config\.json: .* modles\. Did you mean models\?/,
    ],
    ["orm.config.json", '{ "zzz": 1 }', "config.unknown_key", /It takes url, models/],
    ["orm.config.json", '{ "history": { "tabel": "x" } }', "config.unknown_key", /history\.tabel.*history\.table/],
    ["orm.config.json", '{ "url": 7 }', "config.invalid", /url should be a string that is not empty, and is a number/],
    ["orm.config.json", '{ "url": "" }', "config.invalid", /and is an empty string/],
    ["orm.config.json", '{ "models": [1] }', "config.invalid", /a glob, or a list/],
    ["orm.config.json", '{ "schemas": "public" }', "config.invalid", /a list of names, or "\*"/],
    ["orm.config.json", "[]", "config.invalid", /gives a list/],
    ["orm.config.json", '{\n  "url": "x",\n  oops\n}', "config.load", /orm\.config\.json:3 is not JSON/],
    ["orm.config.mjs", "export const url = 1;", "config.invalid", /gives undefined; write export default/],
    ["orm.config.mjs", "\n\nthrow new Error('broken');", "config.load", /orm\.config\.mjs:3 can't be loaded: broken/],
    ["orm.config.mjs", "\nexport default {{;", "config.load", /orm\.config\.mjs:2 can't be loaded/],
    ["orm.config.ts", "\nconst a: = 1;", "config.load", /orm\.config\.ts.*:2:/s],
  ];
  for (const [name, source, code, sentence] of wrong)
    test(`${name} with ${JSON.stringify(source)}`, async () => {
      await using here = project;
      await here.write({ [name]: source });
      await assert.rejects(resolve(), (error: AthanorError) => {
        assert.equal(error.code, code);
        assert.match(error.message, sentence);
        return true;
      });
    });
});
