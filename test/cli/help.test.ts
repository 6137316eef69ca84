import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { laterVerbs, verbs } from "../../src/cli/verbs.js";
import { type CliProject, createProject } from "../support/cli.js";
import { createDatabase } from "../support/database.js";

let project: CliProject;
before(async () => {
  project = await createProject();
});
after(() => project[Symbol.asyncDispose]());

/** Preloaded into the process: keeps a list of the modules that are imported. */
const recorder = `data:text/javascript,${encodeURIComponent(`
  import { register } from "node:module";
  const hooks = \`
    import { appendFileSync } from "node:fs";
    export async function load(url, context, next) {
      appendFileSync(\${JSON.stringify(process.env.LOADED)}, url + "\\\\n");
      return next(url, context);
    }\`;
  register("data:text/javascript," + encodeURIComponent(hooks));
`)}`;

/** The addresses of all modules that a run of `orm` loads. */
async function loadedBy(...parameters: string[]): Promise<string[]> {
  const list = path.join(project.folder, `loaded-${parameters[0]}.txt`);
  const { code, stderr } = await project.orm(parameters, {
    environment: { LOADED: list, NODE_OPTIONS: `--import ${JSON.stringify(recorder)}` },
  });
  assert.equal(code, 0, stderr);
  return (await readFile(list, "utf8")).trim().split("\n");
}

/** The modules of the project among them: a file of `dist/` says of each that it was made of. */
async function ownModules(loaded: readonly string[]): Promise<string[]> {
  const files = loaded.filter((url) => url.includes("/dist/")).map((url) => fileURLToPath(url));
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
  const modules = texts.flatMap((text) =>
    [...text.matchAll(/^\/\/ src\/(.*)\.ts$/gm)].map(([, module]) => module ?? ""),
  );
  return [...new Set(modules)];
}

test("orm migrate status loads neither the ORM nor what compares catalogs", async () => {
  await using database = await createDatabase();
  const loaded = await loadedBy("migrate", "status", "--url", database.url);
  const own = await ownModules(loaded);
  assert.ok(own.includes("migrate/status") && own.length <= 90, own.join(", "));
  const unneeded = own.filter((file) => /^(orm\/(?!query\/unique)|query|diff|codegen|kinds\/read)/.test(file));
  assert.deepEqual(unneeded, []);
});

describe("orm --help", () => {
  test("lists verbs and flags, and none that is not there yet", async () => {
    const { code, stdout, stderr } = await project.orm(["--help"]);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    for (const word of ["init", "introspect", "diff", "sync", "migrate", "--config", "--shadow"])
      assert.match(stdout, new RegExp(`^ +${word}`, "m"));
    assert.doesNotMatch(stdout, /diagram/);
  });

  test("loads commander and next to nothing else", async () => {
    const loaded = await loadedBy("--help");
    const packages = loaded.flatMap((url) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []);
    assert.deepEqual([...new Set(packages)], ["commander"]);
    const own = await ownModules(loaded);
    assert.ok(own.length > 0 && own.length <= 20, own.join(", "));
    assert.deepEqual(
      own.filter((file) => /^(engine|model|session|migrate|cli\/verbs)\//.test(file)),
      [],
    );
  });

  for (const { name } of verbs)
    test(`tells of ${name}, as orm help ${name} does`, async () => {
      const { code, stdout } = await project.orm([...name.split(" "), "--help"]);
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`^Usage: orm ${name} `));
      assert.match(stdout, /Global Options:[\s\S]*--url/);
      assert.equal((await project.orm(["help", ...name.split(" ")])).stdout, stdout);
    });

  test("prints the version", async () => {
    const { code, stdout } = await project.orm(["--version"]);
    assert.equal(code, 0);
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  });
});

describe("what the command line does not take", () => {
  const cases: readonly (readonly [args: string, code: string, hint: RegExp])[] = [
    ["dif", "usage.unknown_verb", /Did you mean orm diff\?/],
    ["generate", "usage.unknown_verb", /Did you mean orm migrate generate\?/],
    ["migrate generat", "usage.unknown_verb", /Did you mean orm migrate generate\?/],
    ["xyz", "usage.unknown_verb", /orm --help/],
    ["diff --exitcode", "usage.unknown_option", /Did you mean --exit-code\?/],
    ["diff --jsn", "usage.unknown_option", /Did you mean --json\?/],
    ["--zzz diff", "usage.unknown_option", /--help/],
    ["migrate generate words", "usage.excess_arguments", /--help/],
    ["diff --from", "usage.option_missing_argument", /--from/],
    ["migrate mark", "usage.missing_argument", /migration/],
    ["migrate mark x", "usage.mark", /applied, reverted/],
    ["migrate down -n few", "usage.number", /-n takes a whole number/],
    ["migrate down x -n 2", "usage.down", /not both/],
    ["migrate generate --from models", "usage.from", /db or migrations/],
    ["diff --rename x", "usage.rename", /from=to/],
    ["diff --map x=y", "usage.map", /enum\.label=label/],
    ["diff --answers none.json", "usage.answers", /none\.json/],
    ...laterVerbs.map((name) => [name, "usage.not_yet", /not in this version yet/] as const),
  ];
  for (const [args, code, hint] of cases)
    test(`orm ${args}`, async () => {
      const result = await project.orm(args.split(" "));
      assert.deepEqual({ code: result.code, stdout: result.stdout }, { code: 2, stdout: "" });
      assert.match(result.stderr, hint);
      assert.match(result.stderr, new RegExp(`^error: .*\\n\\(${code}\\)\\n$`));
    });

  test("is one JSON document with --json, before the verb or after it", async () => {
    for (const args of [
      ["--json", "dif"],
      ["dif", "--json"],
    ]) {
      const { code, stdout, stderr } = await project.orm(args);
      assert.deepEqual({ code, stderr }, { code: 2, stderr: "" });
      assert.equal(JSON.parse(stdout).error.code, "usage.unknown_verb");
    }
  });

  test("no verb at all: help on stderr", async () => {
    for (const args of [[], ["migrate"]]) {
      const { code, stdout, stderr } = await project.orm(args);
      assert.deepEqual({ code, stdout }, { code: 2, stdout: "" });
      assert.match(stderr, /^Usage: orm/);
    }
  });
});
