/** Roles that policies name: made where a scratch database is on another server than the project's, and nowhere else. */

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { admitRoles, preparedWithRoles } from "../../src/scratch/roles.js";
import { openScratch, type Scratch } from "../../src/scratch/scratch.js";
import { createDatabase } from "../support/database.js";

const cacheFolder = mkdtempSync(path.join(tmpdir(), "athanor-roles-"));
after(() => rmSync(cacheFolder, { recursive: true, force: true }));

const newRole = () => `role "${randomBytes(6).toString("hex")}`;
const quoted = (role: string) => `"${role.replaceAll('"', '""')}"`;

async function hasRole({ connection }: Scratch, role: string): Promise<boolean> {
  return (await connection.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [role])).rows.length > 0;
}

test("on a shadow server and in the embedded database, not on the project's own server", async () => {
  await using database = await createDatabase();
  const homes = { shadow: { shadow: database.url }, embedded: {}, server: { url: database.url } };
  for (const [kind, home] of Object.entries(homes)) {
    const role = newRole();
    const scratch = await openScratch({ ...home, cacheFolder });
    try {
      assert.equal(scratch.kind, kind);
      await admitRoles(scratch, [role, role]);
      await admitRoles(scratch, [role]);
      assert.equal(await hasRole(scratch, role), kind !== "server");
    } finally {
      await scratch[Symbol.asyncDispose]();
      await database.query(`DROP ROLE IF EXISTS ${quoted(role)}`);
    }
  }
});

test("what fails for want of roles is done again with them, each time on a new database", async () => {
  const [first, second] = [newRole(), newRole()];
  let runs = 0;
  const work = async ({ connection }: Scratch) => {
    runs++;
    await connection.script("CREATE TABLE t (id int)");
    for (const role of [first, second]) await connection.script(`GRANT SELECT ON t TO ${quoted(role)}`);
  };
  const open = () => openScratch({ cacheFolder });
  const scratch = await preparedWithRoles(open, work);
  assert.equal(runs, 3);
  assert.ok(await hasRole(scratch, second));
  await scratch[Symbol.asyncDispose]();
  await assert.rejects(
    preparedWithRoles(open, ({ connection }) => connection.script("SELECT nothing")),
    /column "nothing" does not exist/,
  );
});
