/** Roles that policies name: made where a scratch database is on another server than the project's, and nowhere else. */

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { DatabaseError } from "../../src/engine/errors.js";
import { admitRoles, missingRole, preparedWithRoles } from "../../src/scratch/roles.js";
import { openScratch, type Scratch } from "../../src/scratch/scratch.js";
import { createDatabase } from "../support/database.js";
import { withConnection } from "../support/transition.js";

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

test("a role is missed in any language", () => {
  const miss = (message: string, routine = "get_role_oid", sqlstate = "42704") =>
    missingRole(new Error("around it", { cause: new DatabaseError("db.error", message, { sqlstate, routine }) }));
  const messages = [
    'PostgreSQL: role "old one" does not exist (42704)',
    "PostgreSQL: Rolle »old one« existiert nicht (42704)",
    "PostgreSQL: le rôle « old one » n'existe pas (42704)",
    "PostgreSQL: no existe el rol «old one» (42704)",
    'PostgreSQL: ロール"old one"は存在しません (42704)',
    'PostgreSQL: роль "old one" не существует (42704)',
    "PostgreSQL: role „old one“ neexistuje (42704)",
  ];
  for (const message of messages) assert.equal(miss(message), "old one", message);
  assert.equal(miss('PostgreSQL: role "a "b" c" does not exist'), 'a "b" c');
  assert.equal(miss('PostgreSQL: type "old one" does not exist', "typenameType"), null);
  assert.equal(miss('PostgreSQL: role "x" does not exist', "get_role_oid", "42501"), null);
});

test("every statement that misses one tells of a role", async () => {
  await using database = await createDatabase({ script: "CREATE TABLE t (id int)" });
  await withConnection(database.url, async (connection) => {
    const statements = [
      ...[
        "GRANT SELECT ON t TO nobody_here",
        "ALTER TABLE t OWNER TO nobody_here",
        "CREATE POLICY p ON t TO nobody_here",
      ],
      ...["GRANT nobody_here TO CURRENT_USER", "ALTER ROLE nobody_here NOLOGIN", "DROP ROLE nobody_here"],
      ...[
        "COMMENT ON ROLE nobody_here IS 'x'",
        "ALTER ROLE nobody_here SET work_mem = '8MB'",
        "REVOKE SELECT ON t FROM nobody_here",
      ],
      ...[
        "ALTER DEFAULT PRIVILEGES FOR ROLE nobody_here GRANT SELECT ON TABLES TO PUBLIC",
        "CREATE SCHEMA AUTHORIZATION nobody_here",
      ],
    ];
    for (const sql of statements)
      await assert.rejects(connection.script(sql), (error) => missingRole(error) === "nobody_here", sql);
  });
});
