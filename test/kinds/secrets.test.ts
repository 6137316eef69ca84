/** What a catalog holds ends up in migrations, caches and messages: passwords never get there. */

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { planChanges } from "../../src/diff/plan.js";
import { readCatalog } from "../../src/kinds/read.js";
import { foreignServer, userMapping } from "../../src/model/plain/servers.js";
import { ModelError } from "../../src/model/problems.js";
import { collectDeclarations } from "../../src/model/registry.js";
import { createDatabase } from "../support/database.js";
import { readDatabase, runSteps, withConnection } from "../support/transition.js";

const script = (
  user: string,
) => `CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (uri 'mongodb://ada:hidden@h', host 'h');
  CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS ("user" '${user}', password 'hidden');
  CREATE SUBSCRIPTION sub CONNECTION 'host=nowhere password=hidden' PUBLICATION p WITH (connect = false, slot_name = NONE)`;

test("secrets are not read", async () => {
  await using database = await createDatabase({ script: script("ada") });
  const { objects } = await readDatabase(database.url);
  assert.doesNotMatch(JSON.stringify([...objects.values()].map(({ definition }) => definition)), /hidden/);
  assert.deepEqual(objects.get("foreign server s")?.definition, { wrapper: "w", options: { host: "h" } });
});

test("a change beside a secret leaves it alone", async () => {
  await using database = await createDatabase({ script: script("ada") });
  await using goal = await createDatabase({ script: script("bo") });
  const steps = planChanges(await readDatabase(database.url), await readDatabase(goal.url));
  await withConnection(database.url, (connection) => runSteps(connection, steps));
  const found = await database.query<{ umoptions: string[] }>("SELECT umoptions FROM pg_user_mappings");
  assert.deepEqual(found, [{ umoptions: ["user=bo", "password=hidden"] }]);
});

test("a role without rights reads the same objects", async () => {
  await using database = await createDatabase({ script: script("ada") });
  const role = `reader_${randomBytes(4).toString("hex")}`;
  await database.query(`CREATE ROLE ${role}`);
  try {
    const ids = await withConnection(database.url, async (connection) => {
      await connection.script(`SET ROLE ${role}`);
      return [...(await readCatalog(connection, { schemas: "*" })).objects.keys()];
    });
    assert.deepEqual(ids, [...(await readDatabase(database.url)).objects.keys()]);
  } finally {
    await database.query(`DROP ROLE ${role}`);
  }
});

test("a model that says one is refused", () => {
  const said = [
    userMapping("s", "ada", { options: { user: "ada", password: "hidden" } }),
    foreignServer("s", { wrapper: "w", options: { uri: "mongodb://ada:hidden@h" } }),
  ];
  assert.throws(
    () => collectDeclarations(said),
    (error: unknown) => {
      assert.ok(error instanceof ModelError);
      assert.deepEqual(
        error.problems.map(({ code }) => code),
        ["model.secret", "model.secret"],
      );
      assert.doesNotMatch(error.message, /hidden/);
      return true;
    },
  );
});
