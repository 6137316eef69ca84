import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { globExpression } from "../../src/model/glob.js";
import { collectDeclarations, loadModels } from "../../src/model/index.js";

const athanor = JSON.stringify(new URL("../../src/index.js", import.meta.url).href);
let cwd = "";

before(async () => {
  cwd = await mkdtemp(join(tmpdir(), "athanor-load-"));
  await write("package.json", '{ "type": "module" }');
  await write(
    "base.ts",
    `import { declarativeBase, integer } from ${athanor}; export const Base = declarativeBase({ columns: { id: integer().primaryKey() } });`,
  );
  // The two import each other, as models do.
  await write(
    "models/a.ts",
    `import { integer, one } from ${athanor}; import { Base } from "../base.js"; import { B } from "./b.js";
export class A extends Base.model({ bId: integer().references(() => B.id) }, { get b() { return one(B); } }) {}`,
  );
  await write(
    "models/b.ts",
    `import { many } from ${athanor}; import { Base } from "../base.js"; import { A } from "./a.js";
export class B extends Base.model({}, { get as() { return many(A); } }) {}`,
  );
  await write("models/types.d.ts", "export type X = 1;");
  await write("bad/syntax.ts", "export const a = 1;\nexport class {\n");
  await write("bad/throws.ts", "const x: number = 1;\n\nthrow new Error('no ' + x);\n");
  await write("bad/none.ts", "export const a = 1;");
});

after(() => rm(cwd, { recursive: true, force: true }));

async function write(path: string, content: string): Promise<void> {
  const file = join(cwd, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}

test("TypeScript files that import each other load, once each", async () => {
  const { files, exports } = await loadModels(["models/**/*.ts", "models/a.ts"], { cwd });
  assert.deepEqual(files, [join(cwd, "models/a.ts"), join(cwd, "models/b.ts")]);
  assert.deepEqual(
    collectDeclarations(exports).tables.map((table) => table.name),
    ["a", "b"],
  );
});

for (const [what, pattern, says] of [
  ["a pattern without files", "nothing/*.ts", /^No file matches nothing\/\*\.ts in /],
  ["a path that is not there", "nothing.ts", /^There is no file nothing\.ts in /],
  ["a folder", "models", /^A folder is no file of models: models/],
  ["a syntax error", "bad/syntax.ts", /^bad\/syntax\.ts.*:2:/s],
  ["a file that throws", "bad/throws.ts", /^bad\/throws\.ts:3 can't be loaded: no 1/],
  ["a file without models", "bad/none.ts", /^No model is exported by bad\/none\.ts/],
] as const)
  test(`refused: ${what}`, async () => {
    await assert.rejects(loadModels([pattern], { cwd }), (error: Error & { code?: string }) => {
      assert.equal(error.code, "model.load");
      assert.match(error.message, says);
      return true;
    });
  });

test("models of another copy of the package are recognised", async () => {
  const copy = athanor.replace(/"$/, '?copy"');
  await write(
    "copy.js",
    `import { declarativeBase, text, pgEnum } from ${copy};
const mood = pgEnum("mood", ["ok"]);
export class Copy extends declarativeBase().model({ a: text().primaryKey(), m: mood() }) {}`,
  );
  const { exports } = await loadModels(["copy.js"], { cwd });
  const { tables, enums } = collectDeclarations(exports);
  assert.deepEqual([tables[0]?.name, enums[0]?.name], ["copy", "mood"]);
});

test("globs", () => {
  const matches = (pattern: string, path: string) => globExpression(pattern).test(path);
  assert.ok(matches("**/*.{ts,js}", "a/b/c.ts") && matches("**/*.{ts,js}", "c.js") && matches("a?.ts", "ab.ts"));
  assert.ok(!matches("*.ts", "a/b.ts") && !matches("a.ts", "abts") && matches("a,(b).ts", "a,(b).ts"));
});

test("TypeScript is joined into one module, in which classes keep their names and packages are their own files'", async () => {
  const inner = "joined/inner/node_modules/words";
  await write(
    "joined/node_modules/words/package.json",
    '{ "name": "words", "type": "module", "exports": "./outer.js" }',
  );
  await write("joined/node_modules/words/outer.js", "export default 'outer';");
  await write(`${inner}/package.json`, '{ "name": "words", "type": "module", "exports": { "import": "./inner.js" } }');
  await write(`${inner}/inner.js`, "export default 'inner';");
  const model = (schema: string) => `import { integer } from ${athanor}; import { basename } from "path";
import word from "words"; import { Base } from "${schema === "one" ? "../base.js" : "../../base.js"}";
export class Same extends Base.model({ [basename("x/" + word)]: integer() }, {}, { schema: "${schema}" }) {}
export const stack = new Error().stack;`;
  await write("joined/same.ts", model("one"));
  await write("joined/inner/same.ts", model("two"));
  const { exports } = await loadModels(["joined/**/same.ts"], { cwd });
  assert.deepEqual(
    collectDeclarations(exports).tables.map(({ schema, name, columns }) => [schema, name, columns[0]?.name]),
    [
      ["two", "same", "inner"],
      ["one", "same", "outer"],
    ],
  );
  for (const stack of exports.filter((value) => typeof value === "string")) assert.match(stack, /at data:text/);
});

test("a file that asks where it lies is told", async () => {
  await write(
    "placed.ts",
    `import { integer } from ${athanor}; import { Base } from "./base.js"; import { basename } from "node:path";
const own: string = basename(import.meta.url.replace(/\\?.*/, ""));
export class Placed extends Base.model({ [own]: integer() }) {}`,
  );
  const { exports } = await loadModels(["placed.ts"], { cwd });
  assert.equal(collectDeclarations(exports).tables[0]?.columns[0]?.name, "placed.ts");
});
