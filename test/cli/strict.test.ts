/** `--strict` refuses where something would be left alone. */

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { createProject } from "../support/cli.js";
import { createDatabase } from "../support/database.js";

const verbs = [
  ["introspect", "--out", "made"],
  ["diff"],
  ["migrate", "generate", "--from", "db"],
  ["migrate", "check"],
];

test("what is not managed is named and refused, and nothing is written", async () => {
  await using database = await createDatabase({ script: "CREATE TYPE shell" });
  await using project = await createProject({
    "orm.config.json": JSON.stringify({ url: database.url }),
    "models/users.ts": `import { declarativeBase, integer } from "athanor";
export class User extends declarativeBase().model({ id: integer().primaryKey() }, {}, { tablename: "users" }) {}`,
  });
  for (const verb of verbs) {
    const { code, value } = await project.json<{ error: { code: string; message: string } }>([...verb, "--strict"]);
    assert.equal(code, 2, verb.join(" "));
    assert.equal(value.error.code, "strict.unmanaged");
    assert.match(value.error.message, /- type public\.shell/);
  }
  assert.deepEqual(
    readdirSync(project.folder).filter((name) => name === "made" || name === "migrations"),
    [],
  );
  await database.query("DROP TYPE shell");
  const { code } = await project.orm(["diff", "--strict"]);
  assert.equal(code, 0);
});
