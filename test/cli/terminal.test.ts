import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { type CliProject, createProject, ormProgram } from "../support/cli.js";
import { createDatabase, type TestDatabase } from "../support/database.js";

/** util-linux' script gives a program a pseudo-terminal; other systems' take other arguments. */
const hasScript = spawnSync("script", ["--version"], { encoding: "utf8" }).stdout?.includes("util-linux") ?? false;
const skip = hasScript ? false : "util-linux' script is not here to give a terminal";

const keys = { enter: "\r", down: "\u001b[B", interrupt: "\u0003", yes: "y", no: "n" };

/** Runs `orm` at a terminal and types each answer once its question has appeared. */
async function atTerminal(
  { folder }: CliProject,
  args: string,
  answers: readonly (readonly [question: string, typed: string])[],
): Promise<{ readonly code: number | null; readonly screen: string }> {
  const { CI: _, NO_COLOR: __, DATABASE_URL: ___, ...environment } = process.env;
  const command = `${process.execPath} ${ormProgram} ${args}`;
  const child = spawn("script", ["-qec", command, "/dev/null"], {
    cwd: folder,
    env: { ...environment, TERM: "xterm" },
    timeout: 60_000,
  });
  let screen = "";
  let seen = 0;
  const waiting = [...answers];
  child.stdout.on("data", (chunk) => {
    screen += chunk;
    const [next] = waiting;
    if (next === undefined || !screen.slice(seen).includes(next[0])) return;
    waiting.shift();
    seen = screen.length;
    child.stdin.write(next[1]);
  });
  const [code] = await once(child, "close");
  assert.deepEqual(waiting, [], screen);
  return { code, screen };
}

function model(column: string): string {
  return `import { declarativeBase, integer, text } from "athanor";
const Base = declarativeBase();
export class Users extends Base.model({ id: integer().primaryKey(), ${column}: text() }) {}\n`;
}

describe("at a terminal", { skip }, () => {
  let project: CliProject;
  let database: TestDatabase;
  before(async () => {
    database = await createDatabase();
    project = await createProject({
      "orm.config.json": JSON.stringify({ url: database.url }),
      "models/users.ts": model("nick"),
    });
  });
  after(async () => {
    await project[Symbol.asyncDispose]();
    await database.drop();
  });

  test("sync asks: no is 3, Ctrl-C is 130, yes is done", async () => {
    const declined = await atTerminal(project, "sync", [["Apply 1 step?", keys.no]]);
    assert.equal(declined.code, 3, declined.screen);
    const interrupted = await atTerminal(project, "sync", [["Apply 1 step?", keys.interrupt]]);
    assert.equal(interrupted.code, 130, interrupted.screen);
    assert.deepEqual(await database.query("SELECT to_regclass('users') AS t"), [{ t: null }]);
    const done = await atTerminal(project, "sync", [["Apply 1 step?", keys.yes]]);
    assert.equal(done.code, 0, done.screen);
  });

  test("colours, unless they are not wanted", async () => {
    await project.write({ "models/users.ts": model("nickname") });
    const green = "\u001b[32m";
    assert.ok((await atTerminal(project, "diff", [])).screen.includes(green));
    assert.ok(!(await atTerminal(project, "diff --no-color", [])).screen.includes(green));
  });

  test("a rename is asked about", async () => {
    const { code, screen } = await atTerminal(project, "diff --sql", [["users.nick renamed", keys.enter]]);
    assert.equal(code, 0, screen);
    assert.match(screen, /RENAME COLUMN "nick" TO "nickname"/);
    const gone = await atTerminal(project, "diff --sql", [["users.nick renamed", keys.down + keys.enter]]);
    assert.match(gone.screen, /DROP COLUMN "nick"/);
  });

  test("nothing is asked with --json, or in CI", async () => {
    assert.equal((await atTerminal(project, "diff --sql --json", [])).code, 2);
  });

  test("what rows become that hold a label which goes", async () => {
    const state = (labels: string) => `import { declarativeBase, integer, pgEnum } from "athanor";
const Base = declarativeBase();
export class Tasks extends Base.model({ id: integer().primaryKey(), state: pgEnum("state", [${labels}])() }) {}\n`;
    await database.query(`CREATE TYPE state AS ENUM ('open', 'stale', 'done');
      CREATE TABLE tasks (id int PRIMARY KEY, state state NOT NULL); INSERT INTO tasks VALUES (7, 'stale')`);
    await project.write({ "models/tasks.ts": state('"open", "done"'), "models/users.ts": model("nick") });
    const question = "What do rows that hold it become?";
    const shown = await atTerminal(project, "diff --sql", [[question, keys.down + keys.enter]]);
    assert.match(shown.screen, /WHEN 'stale' THEN 'done'/);
    const none = await atTerminal(project, "diff --sql", [[question, keys.down + keys.down + keys.enter]]);
    assert.ok(!none.screen.includes("WHEN 'stale'"), none.screen);
    const done = await atTerminal(project, "sync", [
      [question, keys.enter],
      ["Apply", keys.yes],
    ]);
    assert.equal(done.code, 0, done.screen);
    assert.deepEqual(await database.query("SELECT state FROM tasks"), [{ state: "open" }]);
  });

  test("init asks for the database and the folder", async () => {
    const { code, screen } = await atTerminal(project, "init asked", [
      ["Database URL", keys.enter],
      ["Folder of migrations", `changes${keys.enter}`],
    ]);
    assert.equal(code, 0, screen);
    assert.match(await project.read("asked/orm.config.ts"), /migrations: "changes"/);
  });
});
