import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { AthanorError } from "../../src/index.js";
import { readMigrations } from "../../src/migrate/files.js";
import { isMigrationId, newMigrationId, slugOf } from "../../src/migrate/id.js";
import { loadMigrations } from "../../src/migrate/load.js";
import { splitStatements } from "../../src/migrate/statements.js";
import { readStatically } from "../../src/migrate/static.js";
import { type PlannedStep, renderMigration, writeMigration } from "../../src/migrate/write.js";
import { athanor, type Folder, tempFolder } from "./helpers.js";

const first = "20260101000001_a";

async function refusal(work: Promise<unknown>): Promise<AthanorError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  assert(error instanceof AthanorError, String(error));
  return error;
}

/** Files by name, read as a folder. */
async function folderOf(files: Readonly<Record<string, string>>): Promise<Folder> {
  const folder = await tempFolder();
  for (const [name, text] of Object.entries(files)) await folder.write(name, text);
  return folder;
}

const moduleWith = (parent: string | null) =>
  `import { migration } from "athanor";\n\nexport default migration({\n  parent: ${JSON.stringify(parent)},\n  up: [],\n  down: [],\n});\n`;

test("an id is UTC time and words, behind the last one whatever the clock says", () => {
  const now = new Date("2026-11-22T10:15:00Z");
  assert.equal(newMigrationId("Create users!", null, now), "20261122101500_create_users");
  assert.equal(newMigrationId("b", "20261122101500_a", now), "20261122101501_b");
  assert.equal(newMigrationId("b", "20271231235959_a", now), "20280101000000_b");
  assert.equal(newMigrationId("b", "99991231235959_a", now), "99991231235960_b");
  assert.equal(newMigrationId("b", "30009999999999_a", now), "30010000000000_b");
});

test("a slug is ASCII, at most 60 characters, never empty", () => {
  assert.equal(slugOf("Füge users.nickname hinzu"), "fuge_users_nickname_hinzu");
  assert.equal(slugOf("加入用户"), "migration");
  assert.equal(slugOf("../../etc/passwd"), "etc_passwd");
  assert.equal(slugOf("word ".repeat(30)), Array(12).fill("word").join("_"));
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (words) => {
      const id = newMigrationId(words, null, new Date(0));
      assert(isMigrationId(id) && id.length <= 75, id);
    }),
  );
});

test("no folder is an empty one", async () => {
  assert.deepEqual((await readMigrations("/nowhere/at/all")).migrations, []);
});

test("parents make the order, names don't", async () => {
  await using folder = await folderOf({
    "20260101000001_a.ts": moduleWith("20260101000003_c"),
    "20260101000002_b.mjs": moduleWith(null),
    "20260101000003_c.js": moduleWith("20260101000002_b"),
    "README.md": "",
    "_shared.ts": "",
    ".hidden.ts": "",
    "types.d.ts": "",
  });
  const { migrations, head } = await folder.read();
  assert.deepEqual(
    migrations.map(({ id }) => id),
    ["20260101000002_b", "20260101000003_c", "20260101000001_a"],
  );
  assert.equal(head, "20260101000001_a");
});

test("a pair of SQL files: parents by comment or by name, sentences, statements outside, no way back", async () => {
  await using folder = await folderOf({
    "20260101000001_a.up.sql":
      "-- Creates a.\n-- And more.\n-- parent: none\n\n-- table a\nCREATE TABLE a (id int);\nINSERT INTO a VALUES (1);\n",
    "20260101000001_a.down.sql": "DROP TABLE a;",
    "20260101000002_b.up.sql": "-- outside transaction\n-- the index\nCREATE INDEX CONCURRENTLY i ON a (id);",
    "20260101000003_c.up.sql": "-- parent: 20260101000002_b\nSELECT 1",
    "20260101000003_c.down.sql": "-- irreversible: The rows are gone.",
  });
  const { migrations } = await folder.read();
  assert.deepEqual(
    migrations.map(({ parent, description }) => [parent, description]),
    [
      [null, "Creates a.\nAnd more."],
      [first, "the index"],
      ["20260101000002_b", null],
    ],
  );
  const [a, b, c] = await loadMigrations(migrations);
  assert.deepEqual(
    a!.up.map(({ sql, sentence, line }) => [sql, sentence, line]),
    [
      ["CREATE TABLE a (id int)", "table a", 6],
      ["INSERT INTO a VALUES (1)", "INSERT INTO a VALUES (1)", 7],
    ],
  );
  assert.deepEqual([b!.up[0]!.outside, b!.up[0]!.sentence], [true, "the index"]);
  assert.deepEqual(b!.down, { irreversible: "It has no .down.sql file." });
  assert.deepEqual(c!.down, { irreversible: "The rows are gone." });
});

test("folders that make no chain say why", async () => {
  const cases: readonly [string, RegExp, Readonly<Record<string, string>>][] = [
    [
      "migration.parent_missing",
      /20260101000002_b comes after 20260101000001_x/,
      { "20260101000002_b.ts": moduleWith("20260101000001_x") },
    ],
    [
      "migration.branch",
      /two heads: 20260101000002_b and 20260101000004_d.*part after 20260101000001_a.*make 20260101000002_b the parent in the file of 20260101000003_c/s,
      {
        "20260101000001_a.ts": moduleWith(null),
        "20260101000002_b.ts": moduleWith(first),
        "20260101000003_c.ts": moduleWith(first),
        "20260101000004_d.ts": moduleWith("20260101000003_c"),
      },
    ],
    [
      "migration.branch",
      /Both begin with no parent/,
      { "20260101000001_a.ts": moduleWith(null), "20260101000002_b.ts": moduleWith(null) },
    ],
    [
      "migration.cycle",
      /20260101000002_b → 20260101000003_c → 20260101000002_b/,
      {
        "20260101000001_a.ts": moduleWith(null),
        "20260101000002_b.ts": moduleWith("20260101000003_c"),
        "20260101000003_c.ts": moduleWith("20260101000002_b"),
      },
    ],
    ["migration.cycle", /_a → 20260101000001_a/, { "20260101000001_a.ts": moduleWith(first) }],
    [
      "migration.duplicate",
      /_a\.js and .*_a\.ts/,
      { "20260101000001_a.ts": moduleWith(null), "20260101000001_a.js": "" },
    ],
    [
      "migration.duplicate",
      /_a\.ts and .*_a\.up\.sql/,
      { "20260101000001_a.ts": moduleWith(null), "20260101000001_a.up.sql": "" },
    ],
    ["migration.invalid", /create_users\.ts isn't named like a migration/, { "create_users.ts": moduleWith(null) }],
    ["migration.invalid", /no 20260101000001_a\.up\.sql beside/, { "20260101000001_a.down.sql": "" }],
    ["migration.invalid", /no default export/, { "20260101000001_a.ts": "export const a = 1;" }],
    ["migration.invalid", /not made by migration\(\)/, { "20260101000001_a.ts": "export default { up: [] };" }],
    [
      "migration.invalid",
      /_a\.ts:3 can't be loaded: broken/,
      { "20260101000001_a.ts": "const x: number = 1;\n\nthrow new Error('broken' + x);\n" },
    ],
    ["migration.invalid", /_a\.ts:2:/, { "20260101000001_a.ts": "export default 1;\nexport class {\n" }],
    ["migration.invalid", /_a\.js/, { "20260101000001_a.js": "export default ((" }],
  ];
  for (const [code, message, files] of cases) {
    await using folder = await folderOf(files);
    const error = await refusal(folder.read());
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
  }
});

test("what a migration may not hold is refused before anything runs", async () => {
  const cases: readonly [RegExp, string][] = [
    [/step 2 of its up \(COMMIT\) begins or ends a transaction/, "up: [sql`SELECT 1`, sql`COMMIT`], down: []"],
    [/step 1 of its down .* begins or ends/, "up: [], down: [sql`/* x */ start TRANSACTION`]"],
    [/step 1 of its up is neither/, "up: ['SELECT 1'], down: []"],
    [/its down has to be a list/, "up: []"],
    [/step 1 of up can't be written as SQL: .*object/, `up: [sql\`SELECT \${{}}\`], down: []`],
  ];
  for (const [message, body] of cases) {
    await using folder = await tempFolder();
    await folder.addModule("a", body);
    const error = await refusal(loadMigrations((await folder.read()).migrations));
    assert.equal(error.code, "migration.invalid");
    assert.match(error.message, message);
  }
});

test("a parent that the text and the code give differently is refused", async () => {
  await using folder = await folderOf({
    "20260101000001_a.ts": `import { migration } from ${athanor};
const text = \`
export default migration({
  parent: "20260101000000_x",
\`;
export { m as default };
const m = migration({ parent: null, up: [async () => { void text; }], down: [] });`,
    "20260101000000_x.ts": moduleWith(null),
  });
  assert.match((await refusal(loadMigrations((await folder.read()).migrations))).message, /its text gives/);
});

test("modules of the generated form are never run, whatever else the folder's modules are", async () => {
  await using folder = await tempFolder();
  // "athanor" resolves to nothing in a temporary folder: running one of these would fail.
  await folder.add("a", ["CREATE TABLE a (id int)"], ["DROP TABLE a"]);
  await folder.addModule("b", `up: [sql\`SELECT \${1}\`], down: []`);
  const [a, b] = await loadMigrations((await folder.read()).migrations);
  assert.equal(a!.up[0]!.sql, "CREATE TABLE a (id int)");
  assert.equal(b!.up[0]!.sql, "SELECT 1");
});

test("CommonJS projects' migrations load as well", async () => {
  await using folder = await tempFolder();
  await folder.write("package.json", "{}");
  await folder.addModule("a", `up: [sql\`SELECT \${1}\`], down: []`);
  const [a] = await loadMigrations((await folder.read()).migrations);
  assert.equal(a!.up[0]!.sql, "SELECT 1");
});

test("an edited module is loaded anew", async () => {
  await using folder = await tempFolder();
  const id = await folder.addModule("a", `up: [sql\`SELECT \${1}\`], down: []`);
  await loadMigrations((await folder.read()).migrations);
  const path = join(folder.dir, `${id}.ts`);
  await folder.write(`${id}.ts`, (await readFile(path, "utf8")).replace("{1}", "{2}"));
  const [a] = await loadMigrations((await folder.read()).migrations);
  assert.equal(a!.up[0]!.sql, "SELECT 2");
});

test("line endings and a byte order mark are no edit; anything else is", async () => {
  const checksums = await Promise.all(
    [moduleWith(null), `\uFEFF${moduleWith(null).replaceAll("\n", "\r\n")}`, `${moduleWith(null)} `].map(
      async (text) => {
        await using folder = await folderOf({ "20260101000001_a.ts": text });
        return (await folder.read()).migrations[0]!.checksum;
      },
    ),
  );
  assert.equal(checksums[0], checksums[1]);
  assert.notEqual(checksums[0], checksums[2]);
});

test("the module that is written", () => {
  const step = (sql: string, sentence: string, transactional = true) => ({ sql, sentence, transactional });
  const migration = {
    id: first,
    parent: "20251231000000_start",
    description: "users.nickname added",
    up: [
      step('ALTER TABLE "users" ADD COLUMN "nickname" text', "add column users.nickname"),
      step("CREATE INDEX CONCURRENTLY i ON users (nickname)", "create index i", false),
      { ...step('CREATE ROLE "reader"', "create role reader"), ofServer: true as const },
    ],
    down: [],
  };
  assert.deepEqual(renderMigration(migration), {
    [`${first}.ts`]: `import { migration, onServer, outsideTransaction, sql } from "athanor";

/** users.nickname added */
export default migration({
  parent: "20251231000000_start",
  up: [
    // add column users.nickname
    sql\`ALTER TABLE "users" ADD COLUMN "nickname" text\`,
    // create index i
    outsideTransaction(sql\`CREATE INDEX CONCURRENTLY i ON users (nickname)\`),
    // create role reader
    onServer(sql\`CREATE ROLE "reader"\`),
  ],
  down: [],
});
`,
  });
});

test("what is written reads back the same, whatever it holds", async () => {
  const hostile = fc
    .array(fc.oneof(fc.constantFrom("`", `\${`, "\\", "\r\n", "*/", "//", "$", "\u2028", '"', "é", "\n"), fc.string()))
    .map((parts) => parts.join("").replaceAll("\0", ""));
  const how = fc.constantFrom<Pick<PlannedStep, "transactional" | "ofServer">>(
    { transactional: true },
    { transactional: false },
    { transactional: true, ofServer: true },
  );
  const step = fc.tuple(hostile, hostile, how).map(([sql, sentence, rest]) => ({ sql, sentence, ...rest }));
  const migration = fc.record({
    id: fc.constant(first),
    parent: fc.constantFrom(null, "20250101000000_b"),
    description: hostile,
    up: fc.array(step),
    down: fc.oneof(
      fc.array(step),
      hostile.map((irreversible) => ({ irreversible })),
    ),
  });
  fc.assert(
    fc.property(migration, (given) => {
      const read = readStatically(renderMigration(given)[`${first}.ts`]!);
      assert(read, "it is of the generated form");
      assert.equal(read.parent, given.parent);
      assert.deepEqual(
        read.up.map(({ sql, outside, ofServer }) => [sql, !outside, ofServer]),
        given.up.map(({ sql, transactional, ofServer }) => [sql, transactional, ofServer]),
      );
      if ("irreversible" in given.down) assert.deepEqual(read.down, given.down);
    }),
  );
  await using folder = await tempFolder();
  const sql = `SELECT '\`\${x} \\n \\\\ $$', $q$ ; $q$`;
  await writeMigration(folder.dir, {
    id: first,
    parent: null,
    description: "a */ b",
    up: [{ sql, sentence: "s\n*/", transactional: true }],
    down: [],
  });
  assert.equal((await folder.read()).migrations[0]!.description, "a */ b");
  // And JavaScript reads the same as we do.
  const text = await readFile(join(folder.dir, `${first}.ts`), "utf8");
  await folder.write(`${first}.ts`, `${text.replace('"athanor"', athanor)}\nvoid 0;\n`);
  const [loaded] = await loadMigrations((await folder.read()).migrations);
  assert.equal(loaded!.up[0]!.sql, sql);
});

test("a pair that is written reads back the same", async () => {
  await using folder = await tempFolder();
  const up = [
    {
      sql: "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 2 END; END",
      sentence: "create f",
      transactional: true,
    },
    { sql: "CREATE INDEX CONCURRENTLY i ON a (b) -- why", sentence: "create\ni", transactional: false },
    { sql: "SELECT ';', E'\\';', $x$ ; -- $x$ /* ; /* ; */ */", sentence: "", transactional: true },
    { sql: 'CREATE ROLE "reader"', sentence: "create role reader", transactional: true, ofServer: true },
  ] as const;
  await writeMigration(
    folder.dir,
    { id: first, parent: null, description: "Two\nlines", up, down: { irreversible: "Because." } },
    "sql",
  );
  assert.deepEqual(
    (await readdir(folder.dir)).sort(),
    [`${first}.down.sql`, `${first}.up.sql`, "package.json"],
    "no draft is left",
  );
  const { migrations } = await folder.read();
  assert.deepEqual([migrations[0]!.parent, migrations[0]!.description], [null, "Two\nlines"]);
  const [loaded] = await loadMigrations(migrations);
  assert.deepEqual(
    loaded!.up.map(({ sql, outside, ofServer = false }) => [sql, outside, ofServer]),
    [
      [up[0].sql, false, false],
      ["CREATE INDEX CONCURRENTLY i ON a (b)", true, false],
      ["SELECT ';', E'\\';', $x$ ; -- $x$", false, false],
      ['CREATE ROLE "reader"', false, true],
    ],
  );
  assert.equal(loaded!.up[3]!.sentence, "create role reader");
  assert.deepEqual(loaded!.up.map(({ sentence }) => sentence).slice(0, 2), ["create f", "create i"]);
  assert.deepEqual(loaded!.down, { irreversible: "Because." });
});

test("a file is never overwritten", async () => {
  await using folder = await tempFolder();
  const migration = { id: first, parent: null, description: "", up: [], down: [] };
  await writeMigration(folder.dir, migration);
  const error = await refusal(writeMigration(folder.dir, { ...migration, description: "other" }));
  assert.equal(error.code, "migration.exists");
  assert.equal((await refusal(writeMigration(folder.dir, { ...migration, id: "../x" }))).code, "migration.invalid");
});

test("statements are told apart as psql does", () => {
  const script = `-- lead

CREATE RULE r AS ON INSERT TO a DO (SELECT 1; SELECT 2);
select "a;""b", 'it''s;', U&'\\;' ;;
DO $$ BEGIN; COMMIT; END $$; -- tail ;
SELECT $1, a$b, 1 /* nested /* ; */ ; */ ;
BEGIN; END`;
  assert.deepEqual(
    splitStatements(script).map(({ sql, line }) => [line, sql]),
    [
      [3, "CREATE RULE r AS ON INSERT TO a DO (SELECT 1; SELECT 2)"],
      [4, `select "a;""b", 'it''s;', U&'\\;'`],
      [5, "DO $$ BEGIN; COMMIT; END $$"],
      [6, "SELECT $1, a$b, 1"],
      [7, "BEGIN"],
      [7, "END"],
    ],
  );
});
